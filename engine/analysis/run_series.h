// SPDX-License-Identifier: GPL-3.0-or-later
// A recording over time, in a bounded number of equally long bins, ready to be drawn. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

struct SeriesBin
{
    std::uint32_t steps = 0;                        ///< that ended in it
    std::uint64_t replyTokens = 0;                  ///< that came in it
    double tokensPerSecond = 0.0;                   ///< replyTokens by the bin's length
    double prefillTokens = 0.0, decodeTokens = 0.0; ///< a step, on average
    double running = 0.0, waiting = 0.0;            ///< after a step, on average
    double referenced = 0.0, cached = 0.0; ///< 0 … 1 of the pool, on average; without a step as before it
    std::uint32_t preemptions = 0;
};

struct RunSeries
{
    std::int64_t startNs = 0;
    double binSeconds = 0.0;
    std::vector<SeriesBin> bins; ///< empty when the recording has no step or takes no time
};

/// From the first step's start to the end of the last one; at most `mostBins`.
RunSeries runSeries(std::span<const RecordedStep> steps, std::size_t mostBins = 120);

} // namespace vitrine::engine
