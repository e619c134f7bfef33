// SPDX-License-Identifier: GPL-3.0-or-later
// RMSNorm (Zhang and Sennrich 2019) and what stands around it in a layer, as one kernel.
#pragma once

#include <cstdint>

#include "kernels/cuda/number.h"
#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

/// For every token: residual += delta, or residual += RMSNorm(delta) * postWeight; then
/// out = RMSNorm(residual) * weight. With `rows` out[i] is of token rows[i] (zeros where that is negative),
/// and the residual is read only: what delta adds is in the output alone.
/// All pointers are device memory; arrays start on 16 bytes.
struct NormStep
{
    float* residual = nullptr;          // [tokens, columns]
    const void* delta = nullptr;        // [tokens, columns] of `number`; null: nothing is added
    const float* postWeight = nullptr;  // [columns]; null: delta is added as it is
    const float* weight = nullptr;      // [columns]; null: no output
    void* out = nullptr;                // [tokens or rows, columns] of `number`
    float* exact = nullptr;             // [tokens, columns]: the output before it is rounded; null: nobody
                                        // wants it. Not with `rows`
    const std::int32_t* rows = nullptr; // [count]; null: every token
    std::int64_t count = 0;             ///< tokens, or rows
    std::int64_t columns = 0;           ///< at most 32768, or 8192 where it is no multiple of 4
    float epsilon = 0.0F;
    Number number = Number::BF16;
};

Status addAndNormalize(const NormStep& step, Stream stream);

} // namespace vitrine::kernels::cuda
