// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as tables: steps in FILE.csv, requests in FILE.requests.csv and, where NVTX was captured, what
// was told to it in FILE.nvtx.csv. Times are seconds: of steps and of NVTX from the start of the first step,
// of requests from the beginning of the recording, then from each one's arrival. Any thread.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "engine/base/result.h"
#include "engine/trace/timeline.h"

namespace vitrine::engine {

/// A line of the table of requests; no value: it did not come so far.
struct CsvRequest
{
    std::string id; ///< as it stands in the cell, before quoting
    std::uint32_t sample = 0;
    std::string client;
    std::uint32_t promptTokens = 0, cachedTokens = 0, preemptions = 0;
    std::uint64_t tokens = 0;
    FinishReason reason = FinishReason::None;
    double arrival = 0.0;
    std::optional<double> queue, firstToken, endToEnd;
};

void writeStepHeader(std::ostream& out);
void writeStepLine(std::ostream& out, const StepFigures& step, std::int64_t beginNs);
void writeRequestHeader(std::ostream& out);
void writeRequestLine(std::ostream& out, const CsvRequest& request);

/// "run.requests.csv" and "run.nvtx.csv" of "run.csv".
std::string requestTableOf(const std::string& path);
std::string nvtxTableOf(const std::string& path);

void writeCsvTables(const Timeline& timeline, std::ostream& steps, std::ostream& requests,
                    const TraceRange& range = {});

/// What was told to NVTX, cut at the ends of the range; before the first step times are negative.
void writeNvtxTable(const Timeline& timeline, std::ostream& out, const TraceRange& range = {});

/// All tables: steps and requests that lie in the range at least in part, whole. Each file is replaced,
/// whole or not at all; without NVTX there is no third one.
Result<void> writeCsvTables(const Timeline& timeline, const std::string& path, const TraceRange& range = {});

} // namespace vitrine::engine
