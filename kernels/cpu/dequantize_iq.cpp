// SPDX-License-Identifier: GPL-3.0-or-later
// The "IQ" types of 1 to 3 bits: codes point at points of a grid, groups of 4 or 8 values at once; signs and
// scales come beside them. 256 values a block, scales for 16 or 32 of them.
#include <bit>

#include "kernels/cpu/dequantize_blocks.h"
#include "kernels/cpu/iq_grids_generated.h"
#include "kernels/half.h"

namespace vitrine::kernels::cpu {

namespace {

constexpr std::size_t kValues = 256;
constexpr std::size_t kGroups = 8; // of 32 values
constexpr float kDelta = 0.125F;   // one-bit grids lie off zero by this much, up or down

constexpr std::uint8_t kIq2Steps[] = {8, 25, 43};
constexpr std::uint8_t kIq3XxsSteps[] = {4, 12, 20, 28, 36, 44, 52, 62};

/// Seven sign bits; the eighth makes their number even.
std::uint32_t completeSigns(std::uint32_t seven)
{
    return seven | (static_cast<std::uint32_t>(std::popcount(seven)) & 1U) << 7U;
}

float signedBy(float value, std::uint32_t signs, std::size_t bit)
{
    return (signs >> bit & 1U) != 0 ? -value : value;
}

void eightOfIq2(std::uint32_t point, std::uint32_t signs, float scale, float* target)
{
    for (std::size_t i = 0; i < 8; ++i)
        target[i] = signedBy(scale * static_cast<float>(kIq2Steps[point >> (2 * i) & 3U]), signs, i);
}

void fourOfIq3Xxs(std::uint32_t point, std::uint32_t signs, float scale, float* target)
{
    for (std::size_t i = 0; i < 4; ++i)
        target[i] = signedBy(scale * static_cast<float>(kIq3XxsSteps[point >> (3 * i) & 7U]), signs, i);
}

void fourOfIq3S(std::uint32_t point, std::uint32_t signs, float scale, float* target)
{
    for (std::size_t i = 0; i < 4; ++i)
        target[i] = signedBy(scale * static_cast<float>(2 * (point >> (3 * i) & 7U) + 1), signs, i);
}

void eightOfIq1(std::uint32_t point, float delta, float scale, float* target)
{
    for (std::size_t i = 0; i < 8; ++i)
        target[i] = scale * (static_cast<float>(static_cast<int>(point >> (2 * i) & 3U) - 1) + delta);
}

} // namespace

// scale, then for 32 values: 4 grid codes, and a word of 4 × 7 signs and a 4-bit scale
void dequantizeIq2Xxs(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 66) {
        for (std::size_t group = 0; group < kGroups; ++group) {
            const std::uint8_t* codes = source + 2 + group * 8;
            const auto word = loadAs<std::uint32_t>(codes + 4);
            const float scale = loadHalf(source) * (0.5F + static_cast<float>(word >> 28U)) * 0.25F;
            for (std::size_t part = 0; part < 4; ++part, target += 8)
                eightOfIq2(kIq2XxsGrid[codes[part]], completeSigns(word >> (7 * part) & 127U), scale, target);
        }
    }
}

// scale, 32 codes of 9 grid and 7 sign bits, 8 bytes of scale nibbles for 16 values each
void dequantizeIq2Xs(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 74) {
        for (std::size_t part = 0; part < 32; ++part, target += 8) {
            const std::uint32_t code = loadAs<std::uint16_t>(source + 2 + part * 2);
            const int nibble = source[66 + part / 4] >> (part / 2 % 2 * 4) & 15;
            const float scale = loadHalf(source) * (0.5F + static_cast<float>(nibble)) * 0.25F;
            eightOfIq2(kIq2XsGrid[code & 511U], completeSigns(code >> 9U), scale, target);
        }
    }
}

// scale, 32 low code bytes, 32 sign bytes, 8 bytes of upper code bits, 8 bytes of scale nibbles
void dequantizeIq2S(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 82) {
        for (std::size_t part = 0; part < 32; ++part, target += 8) {
            const std::uint32_t high = source[66 + part / 4] >> (part % 4 * 2) & 3U;
            const int nibble = source[74 + part / 4] >> (part / 2 % 2 * 4) & 15;
            const float scale = loadHalf(source) * (0.5F + static_cast<float>(nibble)) * 0.25F;
            eightOfIq2(kIq2SGrid[source[2 + part] | high << 8U], source[34 + part], scale, target);
        }
    }
}

// scale, 64 codes for 4 values each, 8 words of 4 × 7 signs and a 4-bit scale
void dequantizeIq3Xxs(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 98) {
        for (std::size_t part = 0; part < 32; ++part, target += 8) {
            const auto word = loadAs<std::uint32_t>(source + 66 + part / 4 * 4);
            const float scale = loadHalf(source) * (0.5F + static_cast<float>(word >> 28U)) * 0.5F;
            const std::uint32_t signs = completeSigns(word >> (part % 4 * 7) & 127U);
            fourOfIq3Xxs(kIq3XxsGrid[source[2 + part * 2]], signs, scale, target);
            fourOfIq3Xxs(kIq3XxsGrid[source[3 + part * 2]], signs >> 4U, scale, target + 4);
        }
    }
}

// scale, 64 low code bytes, 8 bytes of ninth code bits, 32 sign bytes, 4 bytes of scale nibbles
void dequantizeIq3S(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 110) {
        for (std::size_t part = 0; part < 64; ++part, target += 4) {
            const std::uint32_t high = source[66 + part / 8] >> (part % 8) & 1U;
            const std::uint32_t signs = source[74 + part / 2] >> (part % 2 * 4) & 15U;
            const int nibble = source[106 + part / 16] >> (part / 8 % 2 * 4) & 15;
            const float scale = loadHalf(source) * static_cast<float>(1 + 2 * nibble);
            fourOfIq3S(kIq3SGrid[source[2 + part] | high << 8U], signs, scale, target);
        }
    }
}

// scale, 32 low code bytes, 8 words: 4 × 3 upper code bits, a 3-bit scale, the sign of the offset
void dequantizeIq1S(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 50) {
        for (std::size_t part = 0; part < 32; ++part, target += 8) {
            const std::uint32_t word = loadAs<std::uint16_t>(source + 34 + part / 4 * 2);
            const float scale = loadHalf(source) * static_cast<float>(2 * (word >> 12U & 7U) + 1);
            const float delta = (word & 0x8000U) != 0 ? -kDelta : kDelta;
            const std::uint32_t high = word >> (part % 4 * 3) & 7U;
            eightOfIq1(kIq1Grid[source[part + 2] | high << 8U], delta, scale, target);
        }
    }
}

// 32 low code bytes, 16 bytes of nibbles (3 upper code bits, sign of the offset), 4 words: 4 × 3-bit scales
// for 16 values each and a quarter of the block's scale
void dequantizeIq1M(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 56) {
        std::uint32_t blockScale = 0;
        for (std::size_t i = 0; i < 4; ++i)
            blockScale |= static_cast<std::uint32_t>(loadAs<std::uint16_t>(source + 48 + 2 * i) >> 12)
                          << (4 * i);
        for (std::size_t part = 0; part < 32; ++part, target += 8) {
            const std::uint32_t scales = loadAs<std::uint16_t>(source + 48 + part / 8 * 2);
            const std::uint32_t small = scales >> (part / 2 % 4 * 3) & 7U;
            const float scale =
                halfToFloat(static_cast<std::uint16_t>(blockScale)) * static_cast<float>(2 * small + 1);
            const std::uint32_t nibble = source[32 + part / 2] >> (part % 2 * 4) & 15U;
            const float delta = (nibble & 8U) != 0 ? -kDelta : kDelta;
            eightOfIq1(kIq1Grid[source[part] | (nibble & 7U) << 8U], delta, scale, target);
        }
    }
}

} // namespace vitrine::kernels::cpu
