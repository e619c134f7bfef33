// SPDX-License-Identifier: GPL-3.0-or-later
// A row of logits as a block sees it: weights, their masses as integers, and keys that order tokens.
#pragma once

#include <cstdint>

#include "kernels/cuda/block_select.cuh"
#include "kernels/cuda/device.h"

namespace vitrine::kernels::cuda {

/// NaN becomes -inf, +inf the largest float, -0 becomes 0.
__device__ inline float cleanLogit(float x)
{
    return x > -INFINITY ? fminf(x, 3.402823466e38F) + 0.0F : -INFINITY;
}

/// exp for x ≤ 0 with the bits of the CPU's: nothing is fused. 0 below about -87.7.
__device__ inline float expNegative(float x)
{
    const float safe = x > -88.0F ? x : -88.0F;
    constexpr float kMagic = 12582912.0F; // 1.5 * 2^23: adding it rounds to an integer in the low bits
    const float shifted = __fadd_rn(__fmul_rn(safe, 1.44269504F), kMagic);
    const float n = __fsub_rn(shifted, kMagic);
    const float r = __fadd_rn(__fsub_rn(safe, __fmul_rn(n, 0.693359375F)), __fmul_rn(n, 2.12194440e-4F));
    float p = 1.9875691500e-4F;
    p = __fadd_rn(__fmul_rn(p, r), 1.3981999507e-3F);
    p = __fadd_rn(__fmul_rn(p, r), 8.3334519073e-3F);
    p = __fadd_rn(__fmul_rn(p, r), 4.1665795894e-2F);
    p = __fadd_rn(__fmul_rn(p, r), 1.6666665459e-1F);
    p = __fadd_rn(__fmul_rn(p, r), 5.0000001201e-1F);
    p = __fadd_rn(__fadd_rn(__fmul_rn(__fmul_rn(p, r), r), r), 1.0F);
    return __fmul_rn(p, __uint_as_float((__float_as_uint(shifted) << 23U) + (127U << 23U)));
}

/// A weight of at most 1 in units of 2^-40: sums of a vocabulary stay below 2^64.
__device__ inline Count64 massOf(float weight)
{
    return static_cast<Count64>(weight * 0x1p40F);
}

/// Orders as the numbers do.
__device__ inline std::uint32_t orderedBits(float value)
{
    const std::uint32_t bits = __float_as_uint(value);
    return (bits & 0x80000000U) != 0 ? ~bits : bits | 0x80000000U;
}

__device__ inline float valueOfBits(std::uint32_t ordered)
{
    return __uint_as_float((ordered & 0x80000000U) != 0 ? ordered & 0x7FFFFFFFU : ~ordered);
}

struct LogitRow
{
    const float* logits = nullptr;
    int vocab = 0;
    float top = 0.0F, scale = 1.0F;

    __device__ float weight(float logit) const { return expNegative((logit - top) * scale); }

    /// Larger first, the lower id among equals; never 0.
    __device__ Count64 key(float value, int id) const
    {
        return static_cast<Count64>(orderedBits(value)) << 32U | static_cast<std::uint32_t>(vocab - id);
    }
    __device__ int idOf(Count64 key) const
    {
        return vocab - static_cast<int>(static_cast<std::uint32_t>(key));
    }

    __device__ float logit(int id) const { return cleanLogit(logits[id]); }

    /// The ids that are this warp's, in whole turns of its lanes: all of them once, in order from warp to
    /// warp.
    __device__ int segment() const { return (vocab + kSelectThreads - 1) / kSelectThreads * kWarp; }

    /// use(id, logit) for this thread's ids.
    template<class Use>
    __device__ void each(Use use) const
    {
        const int begin = static_cast<int>(threadIdx.x) / kWarp * segment();
        const int end = begin + segment() < vocab ? begin + segment() : vocab;
#pragma unroll 4
        for (int id = begin + static_cast<int>(threadIdx.x) % kWarp; id < end; id += kWarp)
            use(id, logit(id));
    }
};

} // namespace vitrine::kernels::cuda
