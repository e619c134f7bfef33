// SPDX-License-Identifier: GPL-3.0-or-later
// One layer's attention over the paged KV cache, from rotated queries to quantised output rows.
#pragma once

#include <cstdint>

#include "engine/execution/step_context.h"

namespace vitrine::engine {

/// Called by every rank; starts after a barrier that follows the KV writes and ends with one.
void attend(StepContext& step, std::size_t layer, std::uint32_t rank);

} // namespace vitrine::engine
