// SPDX-License-Identifier: GPL-3.0-or-later
// Half-precision numbers as they lie in files, to float32, exactly, and back. Any thread.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace vitrine::kernels {

/// IEEE 754 binary16: 1 sign, 5 exponent, 10 mantissa bits. A NaN becomes quiet.
inline float halfToFloat(std::uint16_t half)
{
    const std::uint32_t sign = (half & 0x8000U) << 16U;
    const std::uint32_t magnitude = half & 0x7FFFU;
    if (magnitude < 0x0400U) // zero or subnormal: mantissa * 2^-24
        return std::bit_cast<float>(sign |
                                    std::bit_cast<std::uint32_t>(static_cast<float>(magnitude) * 0x1p-24F));
    const std::uint32_t quiet = magnitude > 0x7C00U ? 0x00400000U : 0U;
    const std::uint32_t rebias = magnitude >= 0x7C00U ? (255U - 31U) << 23U : (127U - 15U) << 23U;
    return std::bit_cast<float>(sign | quiet | ((magnitude << 13U) + rebias));
}

/// The nearest, of two as near the even one; infinity beyond all. A NaN stays one.
inline std::uint16_t floatToHalf(float value)
{
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = (bits >> 16U) & 0x8000U;
    const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
    if (magnitude > 0x7F800000U)
        return static_cast<std::uint16_t>(sign | 0x7E00U);
    if (magnitude >= 0x477FF000U) // 65520, half way to what comes after the largest
        return static_cast<std::uint16_t>(sign | 0x7C00U);
    if (magnitude < 0x38800000U) { // subnormal: adding 0.5 leaves multiples of 2^-24 in the last bits
        const float moved = std::bit_cast<float>(magnitude) + 0.5F;
        return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(moved) - 0x3F000000U));
    }
    const std::uint32_t rounded = magnitude + 0x0FFFU + ((magnitude >> 13U) & 1U);
    return static_cast<std::uint16_t>(sign | ((rounded - 0x38000000U) >> 13U));
}

/// bfloat16: the upper half of a float32.
inline float bf16ToFloat(std::uint16_t bits)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U);
}

template<class T>
T loadAs(const std::uint8_t* source)
{
    T value;
    std::memcpy(&value, source, sizeof(T));
    return value;
}

/// A binary16 at any address.
inline float loadHalf(const std::uint8_t* source)
{
    return halfToFloat(loadAs<std::uint16_t>(source));
}

} // namespace vitrine::kernels
