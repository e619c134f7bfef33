// SPDX-License-Identifier: GPL-3.0-or-later
// RMSNorm over a part of each row, in place: all heads of the queries, or of the keys, together.
#pragma once

#include <cstdint>

#include "kernels/cuda/number.h"
#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

/// rows[i, column] = rows[i, column] / sqrt(mean of the row's squares + epsilon) * weight[column]. Device
/// memory.
struct PartNorm
{
    void* rows = nullptr; // [count, columns] of `number`, `stride` apart
    Number number = Number::BF16;
    std::int64_t count = 0, columns = 0, stride = 0;
    const float* weight = nullptr; // [columns]
    float epsilon = 0.0F;
};
Status normalizePart(const PartNorm& step, Stream stream);

} // namespace vitrine::kernels::cuda
