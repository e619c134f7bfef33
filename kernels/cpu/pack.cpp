// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/pack.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "kernels/cpu/dequantize.h"

namespace vitrine::kernels::cpu {

namespace {

/// Rows of the tensor in the file.
struct SourceRows
{
    QuantType type;
    std::int64_t step;      ///< columns unpacked at once
    std::int64_t stepBytes; ///< and their bytes
    std::int64_t rowBytes;
    const std::uint8_t* data;
};

SourceRows sourceRows(QuantType type, const std::uint8_t* data, std::int64_t columns)
{
    const QuantInfo info = quantInfo(type);
    const std::int64_t step = info.blockValues > 32 ? info.blockValues : 32;
    const std::int64_t bytesOf32 = 32 / static_cast<std::int64_t>(info.blockValues ? info.blockValues : 1);
    const std::int64_t stepBytes = info.blockBytes * (info.blockValues > 32 ? 1 : bytesOf32);
    return {type, step, stepBytes, columns / step * stepBytes, data};
}

void placeNibbles(const std::uint8_t* levels, std::uint8_t* block, std::int64_t n)
{
    for (int j = 0; j < 4; ++j)
        for (int i = 0; i < 4; ++i)
            block[64 * j + 4 * n + i] =
                static_cast<std::uint8_t>((levels[4 * j + i] & 15U) | (levels[16 + 4 * j + i] & 15U) << 4U);
}

void placeFifthBits(const std::uint8_t* levels, std::uint8_t* bits, std::int64_t n)
{
    for (int word = 0; word < 8; ++word) {
        unsigned four = 0;
        for (int i = 0; i < 4; ++i)
            four |= (levels[4 * word + i] >> 4U & 1U) << i;
        bits[8 * word + n / 2] = static_cast<std::uint8_t>(bits[8 * word + n / 2] | four << (n % 2 * 4));
    }
}

void placeBytes(const std::uint8_t* levels, std::uint8_t* block, std::int64_t n)
{
    for (int j = 0; j < 8; ++j)
        std::memcpy(block + 64 * j + 4 * n, levels + 4 * j, 4);
}

void placeHalf(float value, std::uint8_t* halves, std::int64_t n)
{
    const std::uint16_t half = halfFromFloat(value);
    std::memcpy(halves + 2 * n, &half, sizeof half);
}

void placeGroup(PanelLayout layout, const LevelGroup& group, float inverse, std::uint8_t* block,
                std::int64_t n)
{
    if (hasByteLevels(layout))
        placeBytes(group.levels, block, n);
    else
        placeNibbles(group.levels, block, n);
    if (hasFifthBits(layout))
        placeFifthBits(group.levels, block + 256, n);
    placeHalf(group.scale * inverse, block + levelBytes(layout), n);
    if (hasSecond(layout))
        placeHalf(group.second * inverse, block + levelBytes(layout) + 32, n);
}

/// A power of two that brings the largest scale of the row to 2^13 … 2^14, so that float16 keeps eleven bits
/// of every scale down to 2^-28 of the largest.
float rowFactor(const SourceRows& source, std::int64_t row, std::int64_t columns)
{
    float largest = 0.0F;
    LevelGroup groups[8];
    for (std::int64_t k = 0; k < columns; k += source.step) {
        const int count = unpackLevels(
            source.type, source.data + row * source.rowBytes + k / source.step * source.stepBytes, groups);
        for (int g = 0; g < count; ++g)
            largest = std::fmax(largest, std::fmax(std::fabs(groups[g].scale), std::fabs(groups[g].second)));
    }
    if (!(largest > 0.0F) || !std::isfinite(largest))
        return 1.0F;
    const int exponent = std::ilogb(largest) - 13;
    return std::ldexp(1.0F, exponent < -126 ? -126 : exponent);
}

void packRow(const SourceRows& source, const PackedMatrix& matrix, std::int64_t row, std::uint8_t* panel)
{
    const PanelLayout layout = panelLayout(matrix);
    const std::int64_t n = row % kPanelRows;
    const float factor = hasRowFactors(matrix) ? rowFactor(source, row, matrix.columns) : 1.0F;
    if (hasRowFactors(matrix))
        std::memcpy(panel + matrix.panelBytes - 64 + 4 * n, &factor, sizeof factor);
    LevelGroup groups[8];
    const std::uint8_t* from = source.data + row * source.rowBytes;
    std::uint8_t* block = panel;
    for (std::int64_t k = 0; k < matrix.columns; k += source.step, from += source.stepBytes) {
        const int count = unpackLevels(source.type, from, groups);
        for (int g = 0; g < count; ++g, block += blockBytes(layout))
            placeGroup(layout, groups[g], 1.0F / factor, block, n);
    }
}

} // namespace

bool canPack(QuantType type, std::int64_t columns)
{
    const QuantInfo info = quantInfo(type);
    return info.blockValues != 0 && columns > 0 && columns % kBlockColumns == 0 &&
           columns % info.blockValues == 0 && canDequantize(type);
}

std::size_t describePacked(QuantType type, std::int64_t rows, std::int64_t columns, PackedMatrix* matrix)
{
    matrix->rows = rows;
    matrix->columns = columns;
    matrix->layout = layoutFor(type);
    matrix->panelBytes =
        static_cast<std::size_t>(columns / kBlockColumns) * blockBytes(panelLayout(*matrix)) +
        (hasRowFactors(*matrix) ? 64 : 0);
    return static_cast<std::size_t>((rows + kPanelRows - 1) / kPanelRows) * matrix->panelBytes;
}

void pack(QuantType type, const std::uint8_t* source, const PackedMatrix& matrix, std::int64_t firstPanel,
          std::int64_t endPanel, std::uint8_t* destination)
{
    const SourceRows rows = sourceRows(type, source, matrix.columns);
    for (std::int64_t p = firstPanel; p < endPanel; ++p) {
        std::uint8_t* panel = destination + static_cast<std::size_t>(p) * matrix.panelBytes;
        std::memset(panel, 0, matrix.panelBytes);
        const std::int64_t end = (p + 1) * kPanelRows < matrix.rows ? (p + 1) * kPanelRows : matrix.rows;
        for (std::int64_t row = p * kPanelRows; row < end; ++row)
            packRow(rows, matrix, row, panel);
    }
}

} // namespace vitrine::kernels::cpu
