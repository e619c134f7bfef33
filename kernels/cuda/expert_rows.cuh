// SPDX-License-Identifier: GPL-3.0-or-later
// Which rows a tile of grouped pairs reads and writes, for the kernels that multiply tiles.
#pragma once

#include <cstdint>

#include "kernels/cuda/device.h"
#include "kernels/cuda/expert_groups.h"

namespace vitrine::kernels::cuda {

inline constexpr std::int64_t kMostGroupedPairs = 0x7FFFFFFF; ///< counted in 32 bits

/// The row of the activations and the pair of each place of the tile; of places too many the last one's row
/// and -1. By the block's first `places` threads; others see them behind a barrier.
__device__ inline void findRows(const ExpertTile& tile, const std::int32_t* order, int perRow, int places,
                                int* rows, int* pairs)
{
    const int i = static_cast<int>(threadIdx.x);
    if (i >= places)
        return;
    const std::int32_t pair = order[tile.first + min(i, tile.count - 1)];
    rows[i] = pair / perRow;
    pairs[i] = i < tile.count ? pair : -1;
}

} // namespace vitrine::kernels::cuda
