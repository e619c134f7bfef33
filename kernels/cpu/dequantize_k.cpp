// SPDX-License-Identifier: GPL-3.0-or-later
// The "K" types: 256 values share a scale, and groups of 16 or 32 of them have small scales of their own.
#include "kernels/cpu/dequantize_blocks.h"
#include "kernels/half.h"

namespace vitrine::kernels::cpu {

namespace {

constexpr std::size_t kValues = 256;

struct ScaleAndMin
{
    int scale;
    int least;
};

/// Eight pairs of 6-bit numbers in 12 bytes: four pairs in the low six bits of the first eight bytes; the
/// other four have their low bits in the nibbles of the last four bytes and their high bits on top of the
/// first eight.
ScaleAndMin unpackPair(const std::uint8_t* packed, std::size_t group)
{
    if (group < 4)
        return {packed[group] & 63, packed[group + 4] & 63};
    const std::uint8_t low = packed[group + 4];
    return {(low & 15) | packed[group - 4] >> 6 << 4, low >> 4 | packed[group] >> 6 << 4};
}

/// Sixteen 6-bit numbers in 12 bytes: nibbles in the first eight, pairs of high bits in the last four.
int unpackScale(const std::uint8_t* packed, std::size_t group)
{
    const int low = group < 8 ? packed[group] & 15 : packed[group - 8] >> 4;
    const int high = packed[8 + group % 4] >> (2 * (group / 4)) & 3;
    return (low | high << 4) - 32;
}

} // namespace

// 16 bytes of (scale, least) nibbles, 64 bytes of 2-bit values, scale, scale of the least values.
// Each half block of 128 values takes 32 bytes: bits 0-1 of them all first, then bits 2-3 …
void dequantizeQ2_K(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 84, target += kValues) {
        const float scale = loadHalf(source + 80);
        const float leastScale = loadHalf(source + 82);
        for (std::size_t i = 0; i < kValues; ++i) {
            const std::uint8_t pair = source[i / 16];
            const int value = source[16 + i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3;
            target[i] = scale * static_cast<float>(pair & 15) * static_cast<float>(value) -
                        leastScale * static_cast<float>(pair >> 4);
        }
    }
}

// 32 bytes of third bits, 64 bytes of 2-bit values, 12 bytes of scales, scale.
void dequantizeQ3_K(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 110, target += kValues) {
        const float scale = loadHalf(source + 108);
        for (std::size_t i = 0; i < kValues; ++i) {
            const int low = source[32 + i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3;
            const int high = source[i % 32] >> (i / 32) & 1;
            target[i] = scale * static_cast<float>(unpackScale(source + 96, i / 16)) *
                        static_cast<float>(low + 4 * high - 4);
        }
    }
}

// scale, scale of the least values, 12 bytes of (scale, least), 128 bytes of nibbles: each 32 bytes hold the
// low nibbles of one group, then the high nibbles of the next.
void dequantizeQ4_K(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 144, target += kValues) {
        for (std::size_t group = 0; group < 8; ++group) {
            const ScaleAndMin pair = unpackPair(source + 4, group);
            const float scale = loadHalf(source) * static_cast<float>(pair.scale);
            const float least = loadHalf(source + 2) * static_cast<float>(pair.least);
            const std::uint8_t* nibbles = source + 16 + group / 2 * 32;
            for (std::size_t i = 0; i < 32; ++i) {
                const int value = nibbles[i] >> (group % 2 * 4) & 15;
                target[group * 32 + i] = scale * static_cast<float>(value) - least;
            }
        }
    }
}

// As Q4_K, with 32 bytes of fifth bits before the nibbles: bit `group` of byte i.
void dequantizeQ5_K(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 176, target += kValues) {
        for (std::size_t group = 0; group < 8; ++group) {
            const ScaleAndMin pair = unpackPair(source + 4, group);
            const float scale = loadHalf(source) * static_cast<float>(pair.scale);
            const float least = loadHalf(source + 2) * static_cast<float>(pair.least);
            const std::uint8_t* nibbles = source + 48 + group / 2 * 32;
            for (std::size_t i = 0; i < 32; ++i) {
                const int low = nibbles[i] >> (group % 2 * 4) & 15;
                const int high = source[16 + i] >> group & 1;
                target[group * 32 + i] = scale * static_cast<float>(low | high << 4) - least;
            }
        }
    }
}

// 128 bytes of nibbles, 64 bytes of upper bit pairs, 16 signed scales, scale. A half block of 128 values
// takes 64 bytes of nibbles (low ones are its first 64 values) and 32 bytes of bit pairs.
void dequantizeQ6_K(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 210, target += kValues) {
        const float scale = loadHalf(source + 208);
        for (std::size_t i = 0; i < kValues; ++i) {
            const std::size_t half = i / 128;
            const std::size_t inHalf = i % 128;
            const int low = source[half * 64 + inHalf % 64] >> (inHalf / 64 * 4) & 15;
            const int high = source[128 + half * 32 + inHalf % 32] >> (inHalf / 32 * 2) & 3;
            const auto groupScale = static_cast<std::int8_t>(source[192 + i / 16]);
            target[i] = scale * static_cast<float>(groupScale) * static_cast<float>((low | high << 4) - 32);
        }
    }
}

} // namespace vitrine::kernels::cpu
