// SPDX-License-Identifier: GPL-3.0-or-later
// A value a thread. Bound by memory: 6 bytes a value in BF16.
#include "kernels/cuda/device.h"

#include "kernels/cuda/round_rows.h"
#include "kernels/cuda/row_values.cuh"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kThreads = 256;

template<class T>
__global__ void __launch_bounds__(kThreads) roundValues(const float* values, std::int64_t count, T* out)
{
    const std::int64_t step = std::int64_t{gridDim.x} * kThreads;
    for (std::int64_t i = std::int64_t{blockIdx.x} * kThreads + threadIdx.x; i < count; i += step)
        writeValue(out + i, values[i]);
}

template<class T>
Status launch(const float* values, std::int64_t count, void* out, Stream stream)
{
    const std::int64_t blocks = divideUp<std::int64_t>(count, kThreads);
    VT_LAUNCH(roundValues<T>, blocksFor(blocks, kMostBlocksX), kThreads, 0, stream, values, count,
              static_cast<T*>(out));
    return launched();
}

} // namespace

Status roundRows(const float* values, std::int64_t count, Number number, void* out, Stream stream)
{
    if (count <= 0)
        return {};
    return number == Number::F32 ? launch<float>(values, count, out, stream)
                                 : launch<BFloat16>(values, count, out, stream);
}

} // namespace vitrine::kernels::cuda
