// SPDX-License-Identifier: GPL-3.0-or-later
// How a packed matrix lies in memory. A panel is 16 output rows; it is a run of blocks of 32 columns, then
// (with kRowFactors) 16 floats that the finished sums of its rows are multiplied by.
//
// A block begins with its levels (unsigned integers), then come 16 float16 scales, then for some layouts 16
// more float16. Column k = 16 h + 4 j + i (h 0..1, j 0..3, i 0..3) of row n:
//   Nibble  256 bytes: byte 64 j + 4 n + i, low nibble for h = 0, high nibble for h = 1
//   Five    the same, then 64 bytes of fifth bits: bit 4 n + i of the 64-bit word 4 h + j
//   Byte    512 bytes: byte 256 h + 64 j + 4 n + i
// so that one 64-byte vector holds four columns of every row, as byte dot products want them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/cpu/codebook_steps.h"
#include "kernels/cpu/linear.h"

namespace vitrine::kernels::cpu {

/// The weight of a level u with scale d (and second value e).
enum class PanelLayout : std::int32_t {
    NibbleScaled,   ///< d (u - 8)
    NibbleAffine,   ///< d u + e
    FiveScaled,     ///< d (u - 16)
    FiveAffine,     ///< d u + e
    ByteScaled,     ///< d (u - 128)
    ByteHalfScaled, ///< d (u - 128) for h = 0, e (u - 128) for h = 1
    NibbleUneven,   ///< d kUnevenSteps[u]
    NibbleFloat4,   ///< d kFloat4Steps[u]
};

/// Added to the number of the layout: a panel ends with 16 row factors (powers of two), which keep scales
/// that are not float16 in the file within float16's range.
inline constexpr std::int32_t kRowFactors = 0x100;

inline constexpr std::int64_t kBlockColumns = 32;

constexpr PanelLayout panelLayout(const PackedMatrix& matrix)
{
    return static_cast<PanelLayout>(matrix.layout & ~kRowFactors);
}
constexpr bool hasRowFactors(const PackedMatrix& matrix)
{
    return (matrix.layout & kRowFactors) != 0;
}
constexpr bool hasFifthBits(PanelLayout layout)
{
    return layout == PanelLayout::FiveScaled || layout == PanelLayout::FiveAffine;
}
constexpr bool hasByteLevels(PanelLayout layout)
{
    return layout == PanelLayout::ByteScaled || layout == PanelLayout::ByteHalfScaled;
}
/// Levels are places in a table of CentredSteps, whose entries the products see: bytes with zero at 128.
constexpr bool isLookedUp(PanelLayout layout)
{
    return layout == PanelLayout::NibbleUneven || layout == PanelLayout::NibbleFloat4;
}
constexpr const CentredSteps& stepsOf(PanelLayout layout)
{
    return layout == PanelLayout::NibbleUneven ? kCentredUneven : kCentredFloat4;
}
/// The products see levels of up to eight bits, not of up to five.
constexpr bool isWide(PanelLayout layout)
{
    return hasByteLevels(layout) || isLookedUp(layout);
}
constexpr std::size_t levelBytes(PanelLayout layout)
{
    return hasByteLevels(layout) ? 512 : hasFifthBits(layout) ? 320 : 256;
}
constexpr bool hasSecond(PanelLayout layout)
{
    return layout == PanelLayout::NibbleAffine || layout == PanelLayout::FiveAffine ||
           layout == PanelLayout::ByteHalfScaled;
}
constexpr std::size_t blockBytes(PanelLayout layout)
{
    return levelBytes(layout) + (hasSecond(layout) ? 64 : 32);
}
/// The level, as the products see it, that stands for zero in layouts without a minimum.
constexpr int zeroLevel(PanelLayout layout)
{
    return layout == PanelLayout::NibbleScaled ? 8 : layout == PanelLayout::FiveScaled ? 16 : 128;
}

bool canPack(QuantType type, std::int64_t columns);
std::size_t describePacked(QuantType type, std::int64_t rows, std::int64_t columns, PackedMatrix* matrix);
void pack(QuantType type, const std::uint8_t* source, const PackedMatrix& matrix, std::int64_t firstPanel,
          std::int64_t endPanel, std::uint8_t* destination);

/// 32 columns of one row as levels of its layout.
struct LevelGroup
{
    std::uint8_t levels[kBlockColumns];
    float scale;
    float second;
};

/// The layout a type is packed in, with kRowFactors where its scales need them.
std::int32_t layoutFor(QuantType type);
/// One block of `type` (or 32 values of a type with smaller blocks) as 1 or 8 groups; returns how many.
int unpackLevels(QuantType type, const std::uint8_t* block, LevelGroup* groups);

/// To the nearest float16, ties to even; too large becomes infinite.
std::uint16_t halfFromFloat(float value);
float floatFromHalf(std::uint16_t half);

} // namespace vitrine::kernels::cpu
