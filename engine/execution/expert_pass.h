// SPDX-License-Identifier: GPL-3.0-or-later
// The feed-forward part of a layer with experts: norm, router, the tokens gathered by expert, each chosen
// expert's network over its tokens, and the weighted sum into the residual. An expert that nobody chose is
// not read. The router computes in float32 whatever the weights are packed to: experts that are nearly equal
// would change places otherwise. Every rank calls it; stages are separated by the pool's barrier.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/execution/step_context.h"

namespace vitrine::engine {

/// Starts and ends with all ranks in step. A token's numbers do not depend on the tokens beside it, but for
/// what the executor's many-row path changes.
void runExperts(StepContext& step, std::size_t layer, std::uint32_t rank);

} // namespace vitrine::engine
