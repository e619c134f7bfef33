// SPDX-License-Identifier: GPL-3.0-or-later
// The pairs of a step by expert, so that what goes to the same expert is multiplied together. Made on the
// device; the host knows only how many there can be at most.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

/// Pairs order[first] to order[first + count - 1] all go to this expert.
struct ExpertTile
{
    std::int32_t expert, first, count;
};

/// Device memory. The same whatever order threads run in.
struct ExpertGroups
{
    std::int32_t* order = nullptr; // [pairs]: those of expert 0, then of 1 …, each rising; of these as many
                                   // as have an expert
    ExpertTile* tiles = nullptr;   // [mostExpertTiles()]: by expert, each of tilePairs pairs but its last
    std::int32_t* tileCount = nullptr; // [1]: tiles that there are
    std::int64_t tilePairs = 0;
};

constexpr std::int64_t mostExpertTiles(std::int64_t pairs, std::int64_t experts, std::int64_t tilePairs)
{
    return std::min(pairs / tilePairs + std::min(experts, pairs), pairs);
}

/// `chosen`: [pairs], each an expert below `experts`, or negative for none.
Status groupPairs(const std::int32_t* chosen, std::int64_t pairs, std::int64_t experts,
                  const ExpertGroups& groups, Stream stream);

} // namespace vitrine::kernels::cuda
