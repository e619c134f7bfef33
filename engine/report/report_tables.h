// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of a recording's report. Any thread.
#pragma once

#include <span>
#include <string>

#include "engine/analysis/preemption.h"
#include "engine/analysis/prefix_tree.h"
#include "engine/analysis/run_figures.h"
#include "engine/report/report_charts.h"
#include "engine/report/report_document.h"

namespace vitrine::engine {

ReportTable requestTable(const RunFigures& run, const TitleOf& titleOf, std::size_t mostRows);
ReportTable preemptionTable(const RunFigures& run, std::span<const PreemptionDetail> list,
                            const TitleOf& titleOf, std::size_t mostRows);
/// Beginnings that several requests share, those first by which most tokens passed.
ReportTable prefixTable(const PrefixTree& tree, std::size_t mostRows);

/// Why it came to a preemption, in one sentence.
std::string preemptionCause(const PreemptionDetail& detail, const TitleOf& titleOf);

} // namespace vitrine::engine
