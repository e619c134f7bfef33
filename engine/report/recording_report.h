// SPDX-License-Identifier: GPL-3.0-or-later
// The report of a recording or of a part of it: what ran, its figures, charts over time, distributions,
// the slowest requests, preemptions, common beginnings. Any thread; time follows the recording, the report's
// size is bounded and what was left out is said.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/report/report_document.h"
#include "engine/trace/trace.h"

namespace vitrine::engine {

/// What a report is about; everything must outlive the call.
struct ReportSource
{
    const TraceOrigin& origin;
    std::span<const RecordedStep> steps; ///< the recording's, or those of a selection
    const std::map<RequestId, TraceLabel>& labels;
    const std::map<TokenId, std::string>& vocabulary;
    std::uint64_t dropped = 0;
    std::string damage;     ///< as Trace says it
    bool selection = false; ///< a part of a recording
};

struct ReportOptions
{
    std::vector<ReportSection> findings; ///< of an advisor: they stand behind the figures
    std::vector<ReportSection> appendix; ///< at the end
    std::size_t mostRequests = 100;      ///< rows of the table
    std::size_t mostPreemptions = 50;
    std::size_t mostPrefixes = 25;
    std::size_t slowest = 20; ///< requests in the timeline
};

ReportDocument recordingReport(const ReportSource& source, const ReportOptions& options = {});
ReportDocument recordingReport(const Trace& trace, const ReportOptions& options = {});

} // namespace vitrine::engine
