// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdint>

#include "kernels/cpu/amx_tiles.h"

namespace vitrine::kernels::cpu::amx {

bool tilesMultiply();

/// A product of two tiles with a known result. Faults where tiles do not work.
bool tilesMultiply()
{
    constexpr std::uint16_t kOne = 0x3F80; // bfloat16
    constexpr int kTileNumbers = 512;
    alignas(64) std::uint16_t ones[kTileNumbers];
    alignas(64) float sums[kTileRows * kTileRows] = {};
    for (std::uint16_t& one : ones)
        one = kOne;
    const Tiles tiles;
    zeroTile<0>();
    loadTile<4>(ones);
    loadTile<6>(ones);
    addProducts<0, 4, 6>();
    storeTile<0>(sums);
    bool right = true;
    for (const float sum : sums)
        right = right && sum == 32.0F;
    return right;
}

} // namespace vitrine::kernels::cpu::amx
