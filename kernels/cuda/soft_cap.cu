// SPDX-License-Identifier: GPL-3.0-or-later
// A value a thread. Bound by memory: 8 bytes a value.
#include "kernels/cuda/device.h"

#include "kernels/cuda/row_values.cuh"
#include "kernels/cuda/soft_cap.h"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kThreads = 256;

__global__ void __launch_bounds__(kThreads) capValues(float* values, std::int64_t count, float cap)
{
    const std::int64_t step = std::int64_t{gridDim.x} * kThreads;
    for (std::int64_t i = std::int64_t{blockIdx.x} * kThreads + threadIdx.x; i < count; i += step)
        values[i] = cap * tanhf(values[i] / cap);
}

} // namespace

Status softCap(float* values, std::int64_t count, float cap, Stream stream)
{
    if (count <= 0)
        return {};
    if (!(cap > 0.0F))
        return refused();
    const std::int64_t blocks = divideUp<std::int64_t>(count, kThreads);
    VT_LAUNCH(capValues, blocksFor(blocks, kMostBlocksX), kThreads, 0, stream, values, count, cap);
    return launched();
}

} // namespace vitrine::kernels::cuda
