// SPDX-License-Identifier: GPL-3.0-or-later
// Small kinds of floats, written by tests.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace vitrine::test {

/// A number that E4M3 has exactly, near to x: so the files of both kinds have the same weights.
inline float roundedToE4M3(float x)
{
    if (x == 0)
        return 0;
    int exponent = 0;
    const float fraction = std::frexp(x, &exponent);
    return exponent < -5 ? 0.0F : std::ldexp(std::round(fraction * 16.0F) / 16.0F, exponent);
}

inline std::uint8_t e4m3Of(float x)
{
    if (x == 0)
        return 0;
    int exponent = 0;
    const float fraction = std::abs(std::frexp(x, &exponent)); // 0.5…1
    const auto mantissa = static_cast<std::uint32_t>(fraction * 16.0F) - 8;
    return static_cast<std::uint8_t>((x < 0 ? 0x80U : 0U) | static_cast<std::uint32_t>(exponent + 6) << 3U |
                                     mantissa);
}

inline std::uint16_t toBf16(float x)
{
    return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(x) >> 16U);
}

} // namespace vitrine::test
