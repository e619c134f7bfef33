// SPDX-License-Identifier: GPL-3.0-or-later
// The sum over the ranks of a group, of what lies in their places of a stage. Any thread, while nobody writes
// there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/parallel/rank_group.h"

namespace vitrine::engine {

/// out[i] = the sum of everybody's float32 value first + i, in the order of the ranks. REQUIRES: `out` is not
/// among them.
void addInOrder(const RankGroup& group, std::uint32_t stage, std::size_t first, std::span<float> out);

} // namespace vitrine::engine
