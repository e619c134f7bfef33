// SPDX-License-Identifier: GPL-3.0-or-later
// Biases of products, of one matrix or of each row's own expert.
#pragma once

#include <cstdint>

#include "kernels/cuda/number.h"
#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

/// rows[i, column] += bias[entries[i], column]. Device memory.
struct RowBias
{
    void* rows = nullptr; // [count, columns] of `number`, `stride` apart
    Number number = Number::BF16;
    std::int64_t count = 0, columns = 0, stride = 0;
    const float* bias = nullptr;           // [entries, columns]
    const std::int32_t* entries = nullptr; // [count]; negative: nothing is added. Null: 0 for all
};
Status addRowBias(const RowBias& step, Stream stream);

} // namespace vitrine::kernels::cuda
