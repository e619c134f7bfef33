// SPDX-License-Identifier: GPL-3.0-or-later
// Units of blocks as plain numbers, and the types of files that are plain numbers already.
#pragma once

#include "kernels/cuda/device.h"
#include "kernels/cuda/quant_groups.cuh"
#include "kernels/cuda/row_values.cuh"

namespace vitrine::kernels::cuda {

/// use(a value of the type), and true; false for other types.
template<class Use>
bool withPlainType(QuantType type, Use use)
{
    switch (type) {
    case QuantType::F32:
        use(float{});
        return true;
    case QuantType::F16:
        use(__half{});
        return true;
    case QuantType::BF16:
        use(BFloat16{});
        return true;
    default:
        return false;
    }
}

/// Four packed bytes as values; `values` is of a group.
template<bool HasLeast>
__device__ void unpackFour(int packed, float d, float m, float* values)
{
#pragma unroll
    for (int i = 0; i < 4; ++i) {
        const auto q = static_cast<float>(static_cast<std::int8_t>(packed >> (8 * i)));
        values[i] = HasLeast ? d * q + m : d * q;
    }
}

/// out[position] = value * scale for the values of a unit; out: of the block.
template<class Format, class T>
__device__ void writeUnit(const std::uint8_t* block, int unit, float scale, T* out)
{
    typename Format::Unit numbers;
    Format::read(block, unit, numbers);
#pragma unroll
    for (int g = 0; g < Format::kGroups; ++g) {
        T* to = out + Format::position(unit, g);
#pragma unroll
        for (int k = 0; k < 4; k += 2) {
            float values[8];
            unpackFour<Format::kHasLeast>(numbers.q[g][k], numbers.d[g], numbers.m[g], values);
            unpackFour<Format::kHasLeast>(numbers.q[g][k + 1], numbers.d[g], numbers.m[g], values + 4);
#pragma unroll
            for (float& value : values)
                value *= scale;
            writeEight(to + 4 * k, values);
        }
    }
}

} // namespace vitrine::kernels::cuda
