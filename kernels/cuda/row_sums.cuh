// SPDX-License-Identifier: GPL-3.0-or-later
// Sums and maxima over the lanes of a warp, in a fixed order.
#pragma once

#include "kernels/cuda/device.h"

namespace vitrine::kernels::cuda {

inline constexpr unsigned kWholeWarp = 0xFFFFFFFFU;

__device__ __forceinline__ float warpSum(float value)
{
#pragma unroll
    for (int mask = 16; mask > 0; mask /= 2)
        value += __shfl_xor_sync(kWholeWarp, value, mask);
    return value;
}

__device__ __forceinline__ float warpMaximum(float value)
{
#pragma unroll
    for (int mask = 16; mask > 0; mask /= 2)
        value = fmaxf(value, __shfl_xor_sync(kWholeWarp, value, mask));
    return value;
}

/// Sums of kCount values over the lanes that differ in the bits from kMask down to kLast. As long as there
/// are several, each lane goes on with half of them: of lanes with the bit set the upper half. Every value is
/// summed in the same order whatever kCount is.
template<int kCount, int kMask, int kLast, int kSize>
__device__ __forceinline__ void scatterSums(float (&values)[kSize], int lane)
{
    if constexpr (kMask >= kLast) {
        constexpr int kHalf = kCount / 2;
        if constexpr (kCount > 1) {
            const bool upper = (lane & kMask) != 0;
#pragma unroll
            for (int i = 0; i < kHalf; ++i) {
                const float sent = upper ? values[i] : values[i + kHalf];
                const float kept = upper ? values[i + kHalf] : values[i];
                values[i] = kept + __shfl_xor_sync(kWholeWarp, sent, kMask);
            }
            scatterSums<kHalf, kMask / 2, kLast>(values, lane);
        } else {
            values[0] += __shfl_xor_sync(kWholeWarp, values[0], kMask);
            scatterSums<1, kMask / 2, kLast>(values, lane);
        }
    }
}

} // namespace vitrine::kernels::cuda
