// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks of GGUF tensors as integer levels with a scale for each 32 (or 16) columns. Types that have no such
// form are requantised to 8 bits from their float values.
#include <bit>
#include <cmath>
#include <cstring>

#include "kernels/cpu/dequantize.h"
#include "kernels/cpu/pack.h"

namespace vitrine::kernels::cpu {

namespace {

float halfAt(const std::uint8_t* bytes)
{
    std::uint16_t half = 0;
    std::memcpy(&half, bytes, sizeof half);
    return floatFromHalf(half);
}

void splitNibbles(const std::uint8_t* packed, std::uint8_t* levels)
{
    for (int i = 0; i < 16; ++i) {
        levels[i] = packed[i] & 15U;
        levels[i + 16] = packed[i] >> 4U;
    }
}

void addFifthBits(const std::uint8_t* bytes, std::uint8_t* levels)
{
    std::uint32_t bits = 0;
    std::memcpy(&bits, bytes, sizeof bits);
    for (int i = 0; i < 32; ++i)
        levels[i] = static_cast<std::uint8_t>(levels[i] | (bits >> i & 1U) << 4U);
}

/// Q4_0, IQ4_NL, Q4_1, Q5_0 and Q5_1: scale, minimum where `affine`, fifth bits where `five`, nibbles.
void unpackSimple(const std::uint8_t* block, bool affine, bool five, LevelGroup* group)
{
    group->scale = halfAt(block);
    group->second = affine ? halfAt(block + 2) : 0.0F;
    const std::uint8_t* rest = block + (affine ? 4 : 2);
    splitNibbles(rest + (five ? 4 : 0), group->levels);
    if (five)
        addFifthBits(rest, group->levels);
}

void unpackQ8(const std::uint8_t* block, LevelGroup* group)
{
    group->scale = halfAt(block);
    group->second = 0.0F;
    for (int i = 0; i < 32; ++i)
        group->levels[i] = static_cast<std::uint8_t>(block[2 + i] ^ 0x80U);
}

/// The six-bit scale and minimum of sub-block `index` (0..7) of Q4_K and Q5_K, out of their 12 bytes.
void subScale(const std::uint8_t* bytes, int index, unsigned* scale, unsigned* minimum)
{
    if (index < 4) {
        *scale = bytes[index] & 63U;
        *minimum = bytes[index + 4] & 63U;
    } else {
        *scale = (bytes[index + 4] & 15U) | (bytes[index - 4] >> 6U) << 4U;
        *minimum = static_cast<unsigned>(bytes[index + 4] >> 4U) | (bytes[index] >> 6U) << 4U;
    }
}

/// Q4_K, or Q5_K with its 32 bytes of fifth bits.
void unpackAffineK(const std::uint8_t* block, bool five, LevelGroup* groups)
{
    const float d = halfAt(block);
    const float dMinimum = halfAt(block + 2);
    const std::uint8_t* fifth = block + 16;
    const std::uint8_t* nibbles = block + (five ? 48 : 16);
    for (int g = 0; g < 8; ++g) {
        unsigned scale = 0;
        unsigned minimum = 0;
        subScale(block + 4, g, &scale, &minimum);
        groups[g].scale = d * static_cast<float>(scale);
        groups[g].second = -dMinimum * static_cast<float>(minimum);
        for (int i = 0; i < 32; ++i) {
            const unsigned byte = nibbles[g / 2 * 32 + i];
            const unsigned high = five ? (fifth[i] >> g & 1U) << 4U : 0U;
            groups[g].levels[i] = static_cast<std::uint8_t>((g % 2 ? byte >> 4U : byte & 15U) | high);
        }
    }
}

void unpackQ6K(const std::uint8_t* block, LevelGroup* groups)
{
    const float d = halfAt(block + 208);
    for (int g = 0; g < 8; ++g) {
        const int half = g / 4; // 128 columns, with 64 bytes of low and 32 of high bits
        const int quarter = g % 4;
        const std::uint8_t* low = block + half * 64 + quarter % 2 * 32;
        const std::uint8_t* high = block + 128 + half * 32;
        const std::uint8_t* scales = block + 192 + g * 2;
        groups[g].scale = d * static_cast<float>(static_cast<std::int8_t>(scales[0]));
        groups[g].second = d * static_cast<float>(static_cast<std::int8_t>(scales[1]));
        for (int i = 0; i < 32; ++i) {
            const unsigned nibble = quarter < 2 ? low[i] & 15U : low[i] >> 4U;
            const unsigned level = nibble | (high[i] >> (2 * quarter) & 3U) << 4U;
            groups[g].levels[i] = static_cast<std::uint8_t>(level + 128U - 32U);
        }
    }
}

/// IQ4_XS: a scale, two upper bits of each group's scale, their lower nibbles, codes.
void unpackIq4Xs(const std::uint8_t* block, LevelGroup* groups)
{
    const float d = halfAt(block);
    const unsigned high = block[2] | static_cast<unsigned>(block[3]) << 8U;
    for (unsigned g = 0; g < 8; ++g) {
        const unsigned low = static_cast<unsigned>(block[4 + g / 2]) >> (g % 2 * 4) & 15U;
        const unsigned scale = low | (high >> (2 * g) & 3U) << 4U;
        groups[g].scale = d * static_cast<float>(static_cast<int>(scale) - 32);
        groups[g].second = 0.0F;
        splitNibbles(block + 8 + static_cast<std::size_t>(g) * 16, groups[g].levels);
    }
}

void unpackMxfp4(const std::uint8_t* block, LevelGroup* group)
{
    group->scale = halfPowerOfTwo(block[0]);
    group->second = 0.0F;
    splitNibbles(block + 1, group->levels);
}

void requantize(const float* values, LevelGroup* group)
{
    float largest = 0.0F;
    for (int i = 0; i < 32; ++i)
        largest = std::fmax(largest, std::fabs(values[i]));
    const bool usable = largest > 1e-30F && std::isfinite(largest);
    const float inverse = usable ? 127.0F / largest : 0.0F;
    group->scale = usable ? largest / 127.0F : 0.0F;
    group->second = 0.0F;
    for (int i = 0; i < 32; ++i) {
        const float level = std::isfinite(values[i]) ? values[i] * inverse : 0.0F;
        group->levels[i] = static_cast<std::uint8_t>(128 + static_cast<int>(std::lrint(level)));
    }
}

int unpackFloats(QuantType type, const std::uint8_t* block, LevelGroup* groups)
{
    const int count = quantInfo(type).blockValues > 32 ? static_cast<int>(quantInfo(type).blockValues) : 32;
    float values[256];
    dequantize(type, block, values, static_cast<std::size_t>(count));
    for (int g = 0; g < count / 32; ++g)
        requantize(values + 32 * g, groups + g);
    return count / 32;
}

} // namespace

std::int32_t layoutFor(QuantType type)
{
    const auto number = [](PanelLayout layout) { return static_cast<std::int32_t>(layout); };
    switch (type) {
    case QuantType::Q4_0:
        return number(PanelLayout::NibbleScaled);
    case QuantType::Q4_1:
        return number(PanelLayout::NibbleAffine);
    case QuantType::Q4_K:
        return number(PanelLayout::NibbleAffine) | kRowFactors;
    case QuantType::Q5_0:
        return number(PanelLayout::FiveScaled);
    case QuantType::Q5_1:
        return number(PanelLayout::FiveAffine);
    case QuantType::Q5_K:
        return number(PanelLayout::FiveAffine) | kRowFactors;
    case QuantType::Q6_K:
        return number(PanelLayout::ByteHalfScaled) | kRowFactors;
    case QuantType::Q8_0:
        return number(PanelLayout::ByteScaled);
    case QuantType::IQ4_NL:
        return number(PanelLayout::NibbleUneven);
    case QuantType::IQ4_XS:
        return number(PanelLayout::NibbleUneven) | kRowFactors;
    case QuantType::MXFP4:
        return number(PanelLayout::NibbleFloat4) | kRowFactors;
    default:
        return number(PanelLayout::ByteScaled) | kRowFactors;
    }
}

bool becomesEightBits(QuantType type)
{
    return type != QuantType::Q8_0 && panelLayout({.layout = layoutFor(type)}) == PanelLayout::ByteScaled;
}

int unpackLevels(QuantType type, const std::uint8_t* block, LevelGroup* groups)
{
    switch (type) {
    case QuantType::Q4_0:
    case QuantType::IQ4_NL:
        unpackSimple(block, false, false, groups);
        return 1;
    case QuantType::Q4_1:
        unpackSimple(block, true, false, groups);
        return 1;
    case QuantType::Q5_0:
        unpackSimple(block, false, true, groups);
        return 1;
    case QuantType::Q5_1:
        unpackSimple(block, true, true, groups);
        return 1;
    case QuantType::Q8_0:
        unpackQ8(block, groups);
        return 1;
    case QuantType::Q4_K:
        unpackAffineK(block, false, groups);
        return 8;
    case QuantType::Q5_K:
        unpackAffineK(block, true, groups);
        return 8;
    case QuantType::Q6_K:
        unpackQ6K(block, groups);
        return 8;
    case QuantType::IQ4_XS:
        unpackIq4Xs(block, groups);
        return 8;
    case QuantType::MXFP4:
        unpackMxfp4(block, groups);
        return 1;
    default:
        return unpackFloats(type, block, groups);
    }
}

float floatFromHalf(std::uint16_t half)
{
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000U) << 16U;
    const std::uint32_t exponent = half >> 10U & 31U;
    const std::uint32_t mantissa = half & 1023U;
    if (exponent == 0) {
        const float magnitude = std::ldexp(static_cast<float>(mantissa), -24);
        return sign ? -magnitude : magnitude;
    }
    const std::uint32_t bits = exponent == 31 ? 0x7f800000U : (exponent + 112U) << 23U;
    return std::bit_cast<float>(sign | bits | mantissa << 13U);
}

std::uint16_t halfFromFloat(float value)
{
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = bits >> 16U & 0x8000U;
    const std::uint32_t magnitude = bits & 0x7fffffffU;
    if (magnitude > 0x7f800000U)
        return static_cast<std::uint16_t>(sign | 0x7e00U);
    if (magnitude >= 0x477ff000U) // rounds to 65536 or beyond
        return static_cast<std::uint16_t>(sign | 0x7c00U);
    if (magnitude < 0x38800000U) { // below 2^-14: a multiple of 2^-24
        const float scaled = std::ldexp(std::bit_cast<float>(magnitude), 24);
        return static_cast<std::uint16_t>(sign | static_cast<std::uint32_t>(std::lrint(scaled)));
    }
    const std::uint32_t rounded = magnitude + 0xfffU + (magnitude >> 13U & 1U);
    return static_cast<std::uint16_t>(sign | ((rounded - 0x38000000U) >> 13U));
}

} // namespace vitrine::kernels::cpu
