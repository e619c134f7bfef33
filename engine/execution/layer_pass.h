// SPDX-License-Identifier: GPL-3.0-or-later
// One transformer layer of a step: norm, q k v, rotation and KV write, attention, output, feed-forward part.
// Every rank calls it; stages are separated by the pool's barrier.
#pragma once

#include <cstdint>

#include "engine/execution/step_context.h"

namespace vitrine::engine {

/// Starts and ends with all ranks in step (a barrier before, one as its last act).
void runLayer(StepContext& step, std::size_t layer, std::uint32_t rank);

} // namespace vitrine::engine
