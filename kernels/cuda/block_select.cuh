// SPDX-License-Identifier: GPL-3.0-or-later
// What a block of 1,024 threads does with 64-bit integers: sums, largest, scans, sorting. All exact, so that
// no order of threads shows. Every thread of the block calls them together.
#pragma once

#include <cstdint>

#include "kernels/cuda/device.h"
#include "kernels/cuda/row_values.cuh"

namespace vitrine::kernels::cuda {

using Count64 = unsigned long long;

inline constexpr int kSelectThreads = 1024;
inline constexpr int kListed = 2 * kSelectThreads; ///< what a list in shared memory holds

template<class Combine>
__device__ Count64 warpCombine(Count64 value, Combine combine)
{
#pragma unroll
    for (int distance = kWarp / 2; distance > 0; distance /= 2)
        value = combine(value, __shfl_xor_sync(kAllLanes, value, distance));
    return value;
}

/// In every thread. `partial` [32] is shared and may be used again at once.
template<class Combine>
__device__ Count64 blockCombine(Count64 value, Count64* partial, Combine combine)
{
    value = warpCombine(value, combine);
    if (threadIdx.x % kWarp == 0)
        partial[threadIdx.x / kWarp] = value;
    __syncthreads();
    value = warpCombine(partial[threadIdx.x % kWarp], combine);
    __syncthreads();
    return value;
}

__device__ inline Count64 blockTotal(Count64 value, Count64* partial)
{
    return blockCombine(value, partial, [](Count64 a, Count64 b) { return a + b; });
}

__device__ inline Count64 blockLargest(Count64 value, Count64* partial)
{
    return blockCombine(value, partial, [](Count64 a, Count64 b) { return a > b ? a : b; });
}

/// Of the warp's lanes up to this one.
__device__ inline Count64 warpScan(Count64 value)
{
    const unsigned lane = threadIdx.x % kWarp;
#pragma unroll
    for (unsigned distance = 1; distance < kWarp; distance *= 2) {
        const Count64 before = __shfl_up_sync(kAllLanes, value, distance);
        value += lane >= distance ? before : 0;
    }
    return value;
}

/// Of the block's threads up to this one.
__device__ inline Count64 blockScan(Count64 value, Count64* partial)
{
    const unsigned warp = threadIdx.x / kWarp;
    value = warpScan(value);
    if (threadIdx.x % kWarp == kWarp - 1)
        partial[warp] = value;
    __syncthreads();
    const Count64 before = warp > 0 ? warpScan(partial[threadIdx.x % kWarp]) : 0;
    value += __shfl_sync(kAllLanes, before, warp > 0 ? static_cast<int>(warp) - 1 : 0);
    __syncthreads();
    return value;
}

/// Largest first. `size`: a power of two, at most kListed. Bitonic.
__device__ inline void sortList(Count64* list, int size)
{
    for (int run = 2; run <= size; run *= 2)
        for (int distance = run / 2; distance > 0; distance /= 2) {
            for (int i = static_cast<int>(threadIdx.x); i < size; i += kSelectThreads) {
                const int other = i ^ distance;
                if (other > i && (list[i] < list[other]) == ((i & run) == 0)) {
                    const Count64 kept = list[i];
                    list[i] = list[other];
                    list[other] = kept;
                }
            }
            __syncthreads();
        }
}

} // namespace vitrine::kernels::cuda
