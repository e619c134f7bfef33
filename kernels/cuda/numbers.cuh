// SPDX-License-Identifier: GPL-3.0-or-later
// Activations in device code: one at a time, by a number that is known when a kernel starts.
#pragma once

#include "kernels/cuda/device.h"
#include "kernels/cuda/number.h"

namespace vitrine::kernels::cuda {

__device__ __forceinline__ float loadNumber(Number number, const void* from, std::int64_t i)
{
    return number == Number::F32 ? static_cast<const float*>(from)[i]
                                 : __bfloat162float(static_cast<const __nv_bfloat16*>(from)[i]);
}

__device__ __forceinline__ void storeNumber(Number number, void* to, std::int64_t i, float value)
{
    if (number == Number::F32)
        static_cast<float*>(to)[i] = value;
    else
        static_cast<__nv_bfloat16*>(to)[i] = __float2bfloat16_rn(value);
}

} // namespace vitrine::kernels::cuda
