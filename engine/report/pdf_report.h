// SPDX-License-Identifier: GPL-3.0-or-later
// A report as PDF: A4, light paper, page numbers; neither a chart nor a table's row is broken between pages.
// Text goes through Pango, which finds fonts for every script that the machine has. Any thread.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/report/report_document.h"

namespace vitrine::engine {

/// False in a build without Pango.
bool canWritePdf();

/// The bytes of the file; OutOfResources when it cannot be made.
Result<std::string> pdfReport(const ReportDocument& document);

} // namespace vitrine::engine
