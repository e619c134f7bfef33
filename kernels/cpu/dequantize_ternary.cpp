// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks of 256 values of -1, 0 and 1 with one scale.
#include "kernels/cpu/dequantize_blocks.h"
#include "kernels/half.h"

namespace vitrine::kernels::cpu {

namespace {

constexpr std::size_t kValues = 256;

/// A byte is five base-3 digits as a fraction of 256; digit `place` counts from the most significant one.
int ternaryDigit(std::uint8_t byte, std::size_t place)
{
    constexpr std::uint8_t kPowers[] = {1, 3, 9, 27, 81};
    const auto shifted = static_cast<std::uint8_t>(byte * kPowers[place]);
    return shifted * 3 >> 8;
}

/// `bytes` bytes, first digits of them all, then second digits … Returns where the next values go.
float* unpackDigits(const std::uint8_t* source, std::size_t bytes, std::size_t digits, float scale,
                    float* target)
{
    for (std::size_t place = 0; place < digits; ++place) {
        for (std::size_t i = 0; i < bytes; ++i)
            *target++ = scale * static_cast<float>(ternaryDigit(source[i], place) - 1);
    }
    return target;
}

} // namespace

// 32 and 16 bytes of five digits, 4 bytes of four digits, scale
void dequantizeTq1_0(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 54) {
        const float scale = loadHalf(source + 52);
        target = unpackDigits(source, 32, 5, scale, target);
        target = unpackDigits(source + 32, 16, 5, scale, target);
        target = unpackDigits(source + 48, 4, 4, scale, target);
    }
}

// 64 bytes of 2-bit values, scale; half blocks of 128 values take 32 bytes
void dequantizeTq2_0(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= kValues, source += 66, target += kValues) {
        const float scale = loadHalf(source + 64);
        for (std::size_t i = 0; i < kValues; ++i) {
            const int value = source[i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3;
            target[i] = scale * static_cast<float>(value - 1);
        }
    }
}

} // namespace vitrine::kernels::cpu
