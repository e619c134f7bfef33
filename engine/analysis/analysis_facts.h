// SPDX-License-Identifier: GPL-3.0-or-later
// What an analysis would like to know beside the recording, as far as its caller does. Values; any thread,
// but for factsOf().
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "engine/execution/executor.h"
#include "engine/scheduler/scheduler_options.h"

namespace vitrine::engine {

struct AnalysisFacts
{
    std::optional<std::uint32_t> threads; ///< that compute
    std::optional<std::uint32_t> cores;   ///< that this process may use
    std::optional<KvFormat> kvFormat;
    std::optional<std::uint64_t> weightBytes;     ///< read by a step of one token
    std::optional<double> readBandwidth;          ///< bytes a second, measured
    std::optional<std::uint64_t> memoryTotal;     ///< bytes
    std::optional<std::uint64_t> memoryAvailable; ///< the least while it was recorded
    std::optional<std::uint64_t> kvBytes;         ///< of the pool
    std::optional<SchedulerOptions> scheduler;
    std::optional<bool> prefixCache;
    const std::map<TokenId, std::string>* vocabulary = nullptr; ///< lives as long as the facts
};

class Engine;

/// All but the measured bandwidth (measureReadBandwidth) and the vocabulary. On the engine's thread.
AnalysisFacts factsOf(const Engine& engine);

} // namespace vitrine::engine
