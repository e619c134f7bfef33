// SPDX-License-Identifier: GPL-3.0-or-later
// The real scheduler and KV cache on a clock that is reckoned instead of waited for: what would this load
// have been like with other settings? No model is run; replies are given, and a step takes what `cost` says.
// Gives a recording like any other. Any thread; bounded by `mostSteps`.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/scheduler/scheduler.h"
#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

struct SimulatedRequest
{
    std::int64_t arrivalNs = 0;
    std::vector<TokenId> prompt;
    std::uint32_t replyTokens = 1;   ///< ≥ 1
    std::vector<TokenId> reply = {}; ///< that many, or made up
    std::string client = {};
};

/// Nanoseconds of a step, one after the other.
struct SimulatedCost
{
    std::int64_t scheduleNs = 0, transferNs = 0, forwardNs = 0, sampleNs = 0, emitNs = 0;
    std::int64_t gapNs = 0; ///< until the next one begins
};

struct SimulationSetup
{
    KvCacheOptions pool;
    SchedulerOptions scheduler;
    std::function<SimulatedCost(const ScheduledBatch&, std::int64_t timeNs)> cost;
    std::size_t mostSteps = 200'000;
};

struct Simulation
{
    RecordingStart start;
    std::vector<RecordedStep> steps;
    bool complete = false; ///< every request that was accepted has ended
};

/// Requests in order of arrival; one that can never fit is left out.
Simulation simulateServing(const SimulationSetup& setup, const std::vector<SimulatedRequest>& requests);

} // namespace vitrine::engine
