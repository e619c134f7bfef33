// SPDX-License-Identifier: GPL-3.0-or-later
// One transformer layer of a step: norm, q k v, rotation and KV write, attention, output, feed-forward part.
// Every rank calls it; stages are separated by the pool's barrier.
#pragma once

#include <cstdint>

#include "engine/execution/step_context.h"

namespace vitrine::engine {

/// Starts behind a barrier, or where all ranks have only their own tokens' residual rows to write. False:
/// what was exchanged with other processes before failed, and the step ends here on all ranks.
bool runLayer(StepContext& step, std::size_t layer, std::uint32_t rank);

} // namespace vitrine::engine
