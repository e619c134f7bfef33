// SPDX-License-Identifier: GPL-3.0-or-later
// Words of four bytes: how they are read where they may lie on any boundary, and what is done to all four at
// once. Little endian.
#pragma once

#include <cstdint>

#include "kernels/cuda/device.h"

namespace vitrine::kernels::cuda {

/// Words from `from`, which lies on Aligned bytes. On 1 and 2 bytes the aligned words that hold them are read
/// (so that up to three bytes before `from` are, never one behind the end) and shifted together.
template<int Aligned, int Count>
__device__ void loadWords(const std::uint8_t* from, std::uint32_t (&words)[Count])
{
    if constexpr (Aligned == 16) {
        static_assert(Count == 4);
        const uint4 four = *reinterpret_cast<const uint4*>(from);
        words[0] = four.x;
        words[1] = four.y;
        words[2] = four.z;
        words[3] = four.w;
    } else if constexpr (Aligned == 8) {
#pragma unroll
        for (int k = 0; k < Count; k += 2) {
            const uint2 two = *reinterpret_cast<const uint2*>(from + 4 * k);
            words[k] = two.x;
            words[k + 1] = two.y;
        }
    } else if constexpr (Aligned == 4) {
#pragma unroll
        for (int k = 0; k < Count; ++k)
            words[k] = *reinterpret_cast<const std::uint32_t*>(from + 4 * k);
    } else {
        const unsigned beyond = static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(from) & 3U);
        const std::uint8_t* aligned = from - beyond;
#pragma unroll
        for (int k = 0; k < Count; ++k)
            words[k] = *reinterpret_cast<const std::uint32_t*>(aligned + 4 * k);
        const std::uint8_t* rest = aligned + 4 * Count; // of it `beyond` bytes are wanted
        std::uint32_t last = 0;
        if (Aligned == 2 || (beyond & 2U) != 0) // where none are wanted, any two of them
            last = *reinterpret_cast<const std::uint16_t*>(rest - (beyond == 0 ? 2 : 0));
        if (Aligned == 1 && (beyond & 1U) != 0)
            last |= std::uint32_t{rest[beyond - 1]} << (8 * (beyond - 1));
#pragma unroll
        for (int k = 0; k < Count; ++k)
            words[k] = __funnelshift_r(words[k], k + 1 < Count ? words[k + 1] : last, 8 * beyond);
    }
}

__device__ inline float lowHalf(std::uint32_t word)
{
    return __half2float(__ushort_as_half(static_cast<unsigned short>(word & 0xFFFFU)));
}

__device__ inline float highHalf(std::uint32_t word)
{
    return lowHalf(word >> 16U);
}

/// REQUIRES: on 2 bytes.
__device__ inline float halfAt(const std::uint8_t* from)
{
    return lowHalf(*reinterpret_cast<const std::uint16_t*>(from));
}

__device__ inline std::uint32_t lowNibbles(std::uint32_t word)
{
    return word & 0x0F0F0F0FU;
}

__device__ inline std::uint32_t highNibbles(std::uint32_t word)
{
    return word >> 4U & 0x0F0F0F0FU;
}

/// Each byte less Bias, as signed bytes. REQUIRES: bytes < 128 and Bias ≤ 64, so that nothing carries over.
template<int Bias>
__device__ int centred(std::uint32_t bytes)
{
    return static_cast<int>((bytes + (0x80U - Bias) * 0x01010101U) ^ 0x80808080U);
}

/// Bits 0 to 3 as bit 4 of the four bytes.
__device__ inline std::uint32_t fifthBits(std::uint32_t bits)
{
    return (bits & 15U) * 0x02040810U & 0x10101010U;
}

/// Sixteen signed bytes.
struct StepWords
{
    std::uint32_t words[4];
};

/// {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113}: IQ4_NL and IQ4_XS.
__device__ constexpr StepWords unevenSteps()
{
    return {{0xBFAD9881U, 0xF6EADDCFU, 0x26190D01U, 0x71594535U}};
}

/// Twice the values of a 4-bit float: MXFP4.
__device__ constexpr StepWords float4Steps()
{
    return {{0x03020100U, 0x0C080604U, 0xFDFEFF00U, 0xF4F8FAFCU}};
}

/// The steps of four nibbles in the low 16 bits.
__device__ inline std::uint32_t stepsOf(const StepWords& steps, std::uint32_t nibbles)
{
    const std::uint32_t places = nibbles & 0x7777U;
    const std::uint32_t low = __byte_perm(steps.words[0], steps.words[1], places);
    const std::uint32_t high = __byte_perm(steps.words[2], steps.words[3], places);
    return __byte_perm(low, high, 0x3210U | (nibbles & 0x8888U) >> 1U);
}

/// The steps of the low nibbles of four bytes, and of the high ones.
__device__ inline void lookUp(const StepWords& steps, std::uint32_t word, int& low, int& high)
{
    const std::uint32_t first = stepsOf(steps, word), second = stepsOf(steps, word >> 16U);
    low = static_cast<int>(__byte_perm(first, second, 0x6420U));
    high = static_cast<int>(__byte_perm(first, second, 0x7531U));
}

} // namespace vitrine::kernels::cuda
