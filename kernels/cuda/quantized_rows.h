// SPDX-License-Identifier: GPL-3.0-or-later
// Activations as int8 for products with quantised weights: a scale for every 32 values.
#pragma once

#include <cstdint>

#include "kernels/cuda/number.h"
#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

inline constexpr std::int64_t kQuantGroup = 32; ///< values that share a scale
inline constexpr std::int64_t kSumGroup = 16;   ///< values that share a sum

/// [tokens, columns], columns a multiple of kQuantGroup. x = value * scale. Device memory.
struct QuantizedRows
{
    std::int8_t* values = nullptr; // [tokens, columns]
    float* scales = nullptr;       // [tokens, columns / kQuantGroup]
    float* sums = nullptr;         // [tokens, columns / kSumGroup]: scale times the sum of the values
    std::int64_t columns = 0;
};

/// Bytes of each part for so many tokens, in the order of the struct; each part starts on 256 bytes.
struct QuantizedRowsBytes
{
    std::size_t values = 0, scales = 0, sums = 0;
};
constexpr QuantizedRowsBytes quantizedRowsBytes(std::int64_t tokens, std::int64_t columns)
{
    const auto count = static_cast<std::size_t>(tokens * columns);
    return {count, count / kQuantGroup * 4, count / kSumGroup * 4};
}

/// Rounds to the nearest; a group of zeros gets scale 0. `rows`: [tokens, columns] of `number`.
Status quantizeRows(Number number, const void* rows, std::int64_t tokens, const QuantizedRows& out,
                    Stream stream);

} // namespace vitrine::kernels::cuda
