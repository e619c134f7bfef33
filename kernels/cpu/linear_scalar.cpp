// SPDX-License-Identifier: GPL-3.0-or-later
// The reference that every other variant equals to the bit.
#include <cmath>
#include <cstring>

#include "kernels/cpu/linear_variants.h"
#include "kernels/cpu/pack.h"

namespace vitrine::kernels::cpu::scalar {

namespace {

constexpr int kTileRows = 8;

/// One block of a panel, unpacked.
struct Block
{
    std::uint8_t levels[kPanelRows][kBlockColumns];
    float scale[kPanelRows];
    float second[kPanelRows];
};

void unpackNibbles(const std::uint8_t* from, Block* block)
{
    for (int j = 0; j < 4; ++j) {
        for (int n = 0; n < kPanelRows; ++n) {
            for (int i = 0; i < 4; ++i) {
                const unsigned byte = from[64 * j + 4 * n + i];
                block->levels[n][4 * j + i] = byte & 15U;
                block->levels[n][16 + 4 * j + i] = static_cast<std::uint8_t>(byte >> 4U);
            }
        }
    }
}

void addFifthBits(const std::uint8_t* bits, Block* block)
{
    for (int word = 0; word < 8; ++word)
        for (int n = 0; n < kPanelRows; ++n)
            for (int i = 0; i < 4; ++i) {
                const unsigned bit = bits[8 * word + n / 2] >> (n % 2 * 4 + i) & 1U;
                std::uint8_t& level = block->levels[n][4 * word + i];
                level = static_cast<std::uint8_t>(level | bit << 4U);
            }
}

void unpackBytes(const std::uint8_t* from, Block* block)
{
    for (int j = 0; j < 8; ++j)
        for (int n = 0; n < kPanelRows; ++n)
            std::memcpy(&block->levels[n][4 * j], from + 64 * j + 4 * n, 4);
}

void lookUp(const CentredSteps& steps, Block* block)
{
    for (auto& row : block->levels)
        for (std::uint8_t& level : row)
            level = steps.levels[level];
}

void unpackHalves(const std::uint8_t* from, float* to)
{
    for (int n = 0; n < kPanelRows; ++n) {
        std::uint16_t half = 0;
        std::memcpy(&half, from + 2 * n, sizeof half);
        to[n] = floatFromHalf(half);
    }
}

void unpack(PanelLayout layout, const std::uint8_t* from, Block* block)
{
    if (hasByteLevels(layout))
        unpackBytes(from, block);
    else
        unpackNibbles(from, block);
    if (hasFifthBits(layout))
        addFifthBits(from + 256, block);
    if (isLookedUp(layout))
        lookUp(stepsOf(layout), block);
    unpackHalves(from + levelBytes(layout), block->scale);
    if (hasSecond(layout))
        unpackHalves(from + levelBytes(layout) + 32, block->second);
    else
        for (int n = 0; n < kPanelRows; ++n)
            block->second[n] = block->scale[n] * static_cast<float>(-zeroLevel(layout));
}

int dotHalf(const std::uint8_t* levels, const std::int8_t* q)
{
    int sum = 0;
    for (int k = 0; k < 16; ++k)
        sum += levels[k] * q[k];
    return sum;
}

/// Adds a block times one group of activations to sums[16].
void addBlock(PanelLayout layout, const Block& block, const ActivationGroup& x, float* sums)
{
    for (int n = 0; n < kPanelRows; ++n) {
        const int low = dotHalf(block.levels[n], x.q);
        const int high = dotHalf(block.levels[n] + 16, x.q + 16);
        if (layout == PanelLayout::ByteScaled || isLookedUp(layout)) {
            const int sum = low + high + x.offsets[0] + x.offsets[1];
            sums[n] = std::fma(static_cast<float>(sum), block.scale[n] * x.scale, sums[n]);
        } else if (layout == PanelLayout::ByteHalfScaled) {
            const auto first = static_cast<float>(low + x.offsets[0]);
            const auto second = static_cast<float>(high + x.offsets[1]);
            sums[n] = std::fma(first, block.scale[n] * x.scale, sums[n]);
            sums[n] = std::fma(second, block.second[n] * x.scale, sums[n]);
        } else {
            sums[n] = std::fma(static_cast<float>(low + high), block.scale[n] * x.scale, sums[n]);
            sums[n] = std::fma(block.second[n], x.weightedSum, sums[n]);
        }
    }
}

void store(const PackedMatrix& w, std::int64_t panelIndex, const float* sums, float* y, bool accumulate)
{
    const std::uint8_t* panel = w.data + static_cast<std::size_t>(panelIndex) * w.panelBytes;
    for (std::int64_t n = 0; n < kPanelRows && panelIndex * kPanelRows + n < w.rows; ++n) {
        float factor = 1.0F;
        if (hasRowFactors(w))
            std::memcpy(&factor, panel + w.panelBytes - 64 + 4 * n, sizeof factor);
        float& out = y[panelIndex * kPanelRows + n];
        out = accumulate ? out + sums[n] * factor : sums[n] * factor;
    }
}

} // namespace

void quantize(const float* x, std::int64_t row, std::int64_t firstColumn, std::int64_t endColumn,
              const ActivationRows& rows)
{
    for (std::int64_t k = firstColumn; k < endColumn; k += kActivationGroup) {
        ActivationGroup& group = rows.groups[(row * rows.columns + k) / kActivationGroup];
        float largest = 0.0F;
        for (int i = 0; i < kActivationGroup; ++i)
            largest = std::fabs(x[k + i]) > largest ? std::fabs(x[k + i]) : largest;
        const float inverse = largest > 1e-30F ? 127.0F / largest : 0.0F;
        group.scale = largest > 1e-30F ? largest / 127.0F : 0.0F;
        std::int32_t sums[2] = {0, 0};
        for (int i = 0; i < kActivationGroup; ++i) {
            const long rounded = std::lrint(x[k + i] * inverse);
            group.q[i] = static_cast<std::int8_t>(rounded < -127 ? -127 : rounded > 127 ? 127 : rounded);
            sums[i / 16] += group.q[i];
        }
        group.weightedSum = group.scale * static_cast<float>(sums[0] + sums[1]);
        group.offsets[0] = -128 * sums[0];
        group.offsets[1] = -128 * sums[1];
    }
}

void multiply(const PackedMatrix& w, const ActivationRows& x, std::int64_t firstRow, std::int64_t count,
              std::int64_t firstPanel, std::int64_t endPanel, float* y, std::int64_t stride, bool accumulate)
{
    const PanelLayout layout = panelLayout(w);
    const std::int64_t blocks = w.columns / kBlockColumns;
    for (std::int64_t p = firstPanel; p < endPanel; ++p) {
        for (std::int64_t m = 0; m < count; m += kTileRows) {
            const std::int64_t rows = count - m < kTileRows ? count - m : kTileRows;
            float sums[kTileRows][kPanelRows] = {};
            const std::uint8_t* from = w.data + static_cast<std::size_t>(p) * w.panelBytes;
            for (std::int64_t b = 0; b < blocks; ++b, from += blockBytes(layout)) {
                Block block;
                unpack(layout, from, &block);
                for (std::int64_t i = 0; i < rows; ++i)
                    addBlock(layout, block, x.groups[(firstRow + m + i) * blocks + b], sums[i]);
            }
            for (std::int64_t i = 0; i < rows; ++i)
                store(w, p, sums[i], y + (m + i) * stride, accumulate);
        }
    }
}

} // namespace vitrine::kernels::cpu::scalar
