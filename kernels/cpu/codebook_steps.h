// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of 16 uneven steps that four-bit codes point into, as the GGUF format fixes them.
#pragma once

#include <bit>
#include <cstdint>

namespace vitrine::kernels::cpu {

/// IQ4_NL and IQ4_XS.
inline constexpr std::int8_t kUnevenSteps[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                                 1,    13,   25,  38,  53,  69,  89,  113};
/// MXFP4: twice the values of a 4-bit float (1 sign, 2 exponent, 1 mantissa bit).
inline constexpr std::int8_t kFloat4Steps[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

/// Steps plus 128, the form in which the matrix kernels take levels of eight bits.
struct CentredSteps
{
    alignas(16) std::uint8_t levels[16];

    constexpr explicit CentredSteps(const std::int8_t (&steps)[16]) : levels{}
    {
        for (int i = 0; i < 16; ++i)
            levels[i] = static_cast<std::uint8_t>(steps[i] + 128);
    }
};
inline constexpr CentredSteps kCentredUneven(kUnevenSteps);
inline constexpr CentredSteps kCentredFloat4(kFloat4Steps);

/// Half of 2^(exponent - 127); the two smallest are subnormal numbers.
inline float halfPowerOfTwo(std::uint8_t exponent)
{
    return exponent < 2 ? std::bit_cast<float>(0x00200000U << exponent)
                        : std::bit_cast<float>((exponent - 1U) << 23U);
}

} // namespace vitrine::kernels::cpu
