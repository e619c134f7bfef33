// SPDX-License-Identifier: GPL-3.0-or-later
// The vocabulary head: final norm, then the logits of the rows that want them, or only the largest.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/execution/step_context.h"

namespace vitrine::engine {

/// SPMD: every rank of the step's pool calls it, after the last layer.
void runHead(StepContext& step, std::uint32_t rank);

/// Of a step with batch.bestOnly, once every rank is through: the token of each row.
void gatherBest(const StepContext& step, std::vector<TokenId>& tokens);

} // namespace vitrine::engine
