// SPDX-License-Identifier: GPL-3.0-or-later
// A report into a file, in the format that its suffix names. Any thread.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/report/report_document.h"

namespace vitrine::engine {

/// ".html" and ".pdf" are reports; pass the suffix with its point.
bool isReportSuffix(const std::string& suffix);

/// Empty when this build can write a report with that suffix, else what to do instead.
std::string reportProblem(const std::string& suffix);

/// InvalidArgument for another suffix, OutOfResources when the file cannot be written.
Result<void> writeReport(const ReportDocument& document, const std::string& path);

} // namespace vitrine::engine
