// SPDX-License-Identifier: GPL-3.0-or-later
// Everything a person or a flag can choose about the engine.
#pragma once

#include <cstdint>

#include "engine/execution/executor.h"
#include "engine/scheduler/scheduler.h"

namespace vitrine::engine {

inline constexpr std::uint32_t kMostKvBlocks = 1U << 24;
/// As many as the KV pool has, or fewer where a quarter of the free memory is less.
inline constexpr std::uint32_t kLikeKvBlocks = 0xFFFFFFFFU;

struct EngineOptions
{
    ExecutorOptions executor;
    SchedulerOptions scheduler;
    std::uint32_t kvBlocks = 0; ///< 0: from free memory and the model's context
    std::uint32_t blockSize = 16;
    /// Blocks of host memory that preempted and evicted KV may go to; they take memory once they are used.
    std::uint32_t hostBlocks = kLikeKvBlocks;
    bool prefixCache = true;
    std::uint64_t cacheSeed = 0; ///< 0: random per process
    /// As many ranks as are predicted to be fastest here, instead of executor.rankCount: on the CPU, without
    /// stages. PreparedModel::plan then says what a number that follows the load needs.
    bool planRanks = false;
};

} // namespace vitrine::engine
