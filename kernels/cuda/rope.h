// SPDX-License-Identifier: GPL-3.0-or-later
// Rotary position embedding (Su et al. 2021), RMSNorm of queries and keys before it, and the write of keys
// and values into their pages.
#pragma once

#include <cstdint>

#include "kernels/cuda/kv_pages.h"
#include "kernels/cuda/number.h"
#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

/// angles[token, i] = (cos, sin) of positions[token] * frequencies[i], times `magnitude`, computed in double.
/// frequencies [halfDim], positions [tokens], angles [tokens, halfDim, 2]. Device memory.
Status ropeAngles(const double* frequencies, std::int64_t halfDim, float magnitude,
                  const std::int32_t* positions, std::int64_t tokens, float* angles, Stream stream);

enum class RopePairs : std::uint8_t { Interleaved, Halves }; ///< (2i, 2i+1), or (i, i + headDim/2)

/// All pointers are device memory.
struct RotateStep
{
    void* qkv =
        nullptr; // [tokens, (heads + 2 * kvHeads) * headDim] of `number`; queries are rotated in place
    Number number = Number::BF16;
    std::int64_t tokens = 0;
    std::int64_t heads = 0;
    const float* qBias = nullptr; // [heads * headDim]: added before all else; null: none
    const float* kBias = nullptr; // [kvHeads * headDim]; null: none
    const float* vBias = nullptr; // [kvHeads * headDim]; null: none
    const float* qNorm = nullptr; // [headDim]; null: none
    const float* kNorm = nullptr; // [headDim]; null: none
    float epsilon = 0.0F;
    const float* angles = nullptr; // [tokens, rotated / 2, 2]; null: no rotation
    std::int64_t rotated = 0;      ///< elements of a head that rotate, from its first on: even; 0: all
    RopePairs pairs = RopePairs::Interleaved;
    const std::int32_t* slots = nullptr; // [tokens]: page * blockSize + offset; negative: a padding row
    KvPages kv;
    std::int64_t layer = 0; ///< in its page
};

Status rotateAndStore(const RotateStep& step, Stream stream);

} // namespace vitrine::kernels::cuda
