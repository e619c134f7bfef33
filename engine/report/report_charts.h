// SPDX-License-Identifier: GPL-3.0-or-later
// The charts of a recording's report. Any thread.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/analysis/run_figures.h"
#include "engine/analysis/run_series.h"
#include "engine/report/report_document.h"
#include "engine/trace/request_life.h"

namespace vitrine::engine {

using TitleOf = std::function<std::string(RequestId)>;

ReportChart throughputChart(const RunFigures& run, const RunSeries& series);
ReportChart kvChart(const RunFigures& run, const RunSeries& series);
ReportChart batchChart(const RunFigures& run, const RunSeries& series);
/// How often which time was measured; median and 95th percentile marked.
ReportChart distributionChart(const std::string& title, const Samples& samples);
/// Lives of these requests, one a row.
ReportChart timelineChart(const RunFigures& run, std::span<const RequestLife* const> lives,
                          const TitleOf& titleOf);

} // namespace vitrine::engine
