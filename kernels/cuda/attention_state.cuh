// SPDX-License-Identifier: GPL-3.0-or-later
// States of a running softmax and the order in which they are merged (Milakov and Gimelshein 2018).
//
// Keys are taken in partitions of kPartitionKeys, counted from position 0. States of partitions are merged as
// a binary tree over their numbers: (0, 1), (2, 3), then ((0, 1), (2, 3)), …; what is not there is left out,
// which changes nothing. A run of 2^n partitions that begins at a multiple of 2^n is a subtree, so that any
// such runs may be computed by different blocks, and the result has the same bits however they are cut.
#pragma once

#include "kernels/cuda/attention.h"
#include "kernels/cuda/device.h"

namespace vitrine::kernels::cuda {

inline constexpr int kPartitionKeys = 128;
inline constexpr float kNoMaximum = -1e30F; ///< of a state that has seen no key
inline constexpr float kLog2E = 1.4426950408889634F;

__device__ __forceinline__ float weightOf(float score, float maximum)
{
    return exp2f((score - maximum) * kLog2E);
}

/// One element of an output that is not divided yet.
struct SoftmaxState
{
    float maximum = kNoMaximum;
    float sum = 0;
    float out = 0;
};

__device__ __forceinline__ SoftmaxState merged(const SoftmaxState& a, const SoftmaxState& b)
{
    const float maximum = fmaxf(a.maximum, b.maximum);
    const float ofA = weightOf(a.maximum, maximum);
    const float ofB = weightOf(b.maximum, maximum);
    return {maximum, fmaf(b.sum, ofB, a.sum * ofA), fmaf(b.out, ofB, a.out * ofA)};
}

__device__ __forceinline__ float finished(SoftmaxState state, const float* sinks, std::int64_t head)
{
    if (sinks != nullptr) {
        const SoftmaxState sink{sinks[head], 1.0F, 0.0F};
        state = merged(state, sink);
    }
    return state.sum != 0 ? state.out / state.sum : 0.0F; // NaN stays
}

/// How the partitions of a query are cut into `count` subtrees of 2^shift partitions.
struct RowParts
{
    int firstKey = 0;
    int first = 0; ///< partitions [first, end)
    int end = 0;
    int shift = 0;
    int base = 0; ///< number of the first subtree
    int count = 0;
};

VT_HOST_DEVICE inline RowParts rowParts(std::int64_t context, std::int64_t window, std::int64_t splits)
{
    RowParts parts;
    parts.firstKey = static_cast<int>(window > 0 && context > window ? context - window : 0);
    parts.first = parts.firstKey / kPartitionKeys;
    parts.end = static_cast<int>((context + kPartitionKeys - 1) / kPartitionKeys);
    for (;; ++parts.shift) {
        parts.base = parts.first >> parts.shift;
        parts.count = ((parts.end - 1) >> parts.shift) + 1 - parts.base;
        if (parts.count <= splits)
            return parts;
    }
}

} // namespace vitrine::kernels::cuda
