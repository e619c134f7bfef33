// SPDX-License-Identifier: GPL-3.0-or-later
// Plain floats, and blocks of 32 values with one scale.
#include <cstring>

#include "kernels/cpu/dequantize_blocks.h"
#include "kernels/half.h"

namespace vitrine::kernels::cpu {

namespace {

constexpr std::size_t kValues = 32;
constexpr std::size_t kHalfBlock = kValues / 2;

/// Low nibbles are the first 16 values, high nibbles the last 16; the fifth bit of value i is bit i of
/// `high`.
int fiveBits(const std::uint8_t* nibbles, std::uint32_t high, std::size_t i)
{
    const int low = i < kHalfBlock ? nibbles[i] & 15 : nibbles[i - kHalfBlock] >> 4;
    return low | static_cast<int>((high >> i & 1U) << 4U);
}

} // namespace

void dequantizeF32(const std::uint8_t* source, float* target, std::size_t count)
{
    std::memcpy(target, source, count * sizeof(float));
}

void dequantizeF16(const std::uint8_t* source, float* target, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        target[i] = loadHalf(source + 2 * i);
}

void dequantizeBf16(const std::uint8_t* source, float* target, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        target[i] = bf16ToFloat(loadAs<std::uint16_t>(source + 2 * i));
}

// scale, 16 bytes of nibbles
void dequantizeQ4_0(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 18, target += kValues) {
        const float scale = loadHalf(source);
        for (std::size_t i = 0; i < kHalfBlock; ++i) {
            const std::uint8_t pair = source[2 + i];
            target[i] = scale * static_cast<float>((pair & 15) - 8);
            target[i + kHalfBlock] = scale * static_cast<float>((pair >> 4) - 8);
        }
    }
}

// scale, least value, 16 bytes of nibbles
void dequantizeQ4_1(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 20, target += kValues) {
        const float scale = loadHalf(source);
        const float least = loadHalf(source + 2);
        for (std::size_t i = 0; i < kHalfBlock; ++i) {
            const std::uint8_t pair = source[4 + i];
            target[i] = scale * static_cast<float>(pair & 15) + least;
            target[i + kHalfBlock] = scale * static_cast<float>(pair >> 4) + least;
        }
    }
}

// scale, 32 fifth bits, 16 bytes of nibbles
void dequantizeQ5_0(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 22, target += kValues) {
        const float scale = loadHalf(source);
        const auto high = loadAs<std::uint32_t>(source + 2);
        for (std::size_t i = 0; i < kValues; ++i)
            target[i] = scale * static_cast<float>(fiveBits(source + 6, high, i) - 16);
    }
}

// scale, least value, 32 fifth bits, 16 bytes of nibbles
void dequantizeQ5_1(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 24, target += kValues) {
        const float scale = loadHalf(source);
        const float least = loadHalf(source + 2);
        const auto high = loadAs<std::uint32_t>(source + 4);
        for (std::size_t i = 0; i < kValues; ++i)
            target[i] = scale * static_cast<float>(fiveBits(source + 8, high, i)) + least;
    }
}

// scale, 32 signed bytes
void dequantizeQ8_0(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 34, target += kValues) {
        const float scale = loadHalf(source);
        for (std::size_t i = 0; i < kValues; ++i)
            target[i] = scale * static_cast<float>(static_cast<std::int8_t>(source[2 + i]));
    }
}

} // namespace vitrine::kernels::cpu
