// SPDX-License-Identifier: GPL-3.0-or-later
// A report as one HTML file that needs nothing else: style sheet and charts (SVG) are in it, there is no
// script, and it follows the reader's light or dark look. Any thread.
#pragma once

#include <string>

#include "engine/report/report_document.h"

namespace vitrine::engine {

std::string htmlReport(const ReportDocument& document);

} // namespace vitrine::engine
