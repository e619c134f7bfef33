// SPDX-License-Identifier: GPL-3.0-or-later
// What a loaded model takes of memory besides its weights, in this order: room for the largest step, the KV
// pool, the host tier.
#pragma once

#include <cstdint>

#include "engine/engine_options.h"
#include "engine/execution/executor.h"
#include "engine/model/model_config.h"

namespace vitrine::engine {

/// The largest step that a scheduler with these options makes.
StepLimits stepLimits(const SchedulerOptions& options, const ModelConfig& config, std::uint32_t blockSize);
/// Smaller steps where fewer tokens or sequences than `asked` have room.
void keepWithin(SchedulerOptions& options, const StepLimits& asked, const StepLimits& granted);

/// Sizes and reserves all three; `options` become what there was memory for. What nobody asked for by number
/// becomes smaller where memory is short; what somebody did is refused with OutOfResources.
Result<KvPlan> reserveMemory(Executor& executor, const ModelConfig& config, EngineOptions& options);

} // namespace vitrine::engine
