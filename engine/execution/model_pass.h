// SPDX-License-Identifier: GPL-3.0-or-later
// A whole step on one rank: embedding or the rows that come in, layers, head where there is one.
#pragma once

#include <cstdint>

#include "engine/execution/step_context.h"

namespace vitrine::engine {

/// Called by every rank of the pool. Leaves the wanted logits in the workspace, and the hidden rows.
void runModel(StepContext& step, std::uint32_t rank);

} // namespace vitrine::engine
