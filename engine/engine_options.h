// SPDX-License-Identifier: GPL-3.0-or-later
// Everything a person or a flag can choose about the engine.
#pragma once

#include <cstdint>

#include "engine/execution/executor.h"
#include "engine/scheduler/scheduler.h"

namespace vitrine::engine {

struct EngineOptions
{
    ExecutorOptions executor;
    SchedulerOptions scheduler;
    std::uint32_t kvBlocks = 0; ///< 0: from free memory and the model's context
    std::uint32_t blockSize = 16;
    bool prefixCache = true;
    std::uint64_t cacheSeed = 0; ///< 0: random per process
};

} // namespace vitrine::engine
