// SPDX-License-Identifier: GPL-3.0-or-later
// A value a thread. Bound by memory: 4 bytes a value in BF16, read and written, and the biases from the
// cache.
#include "kernels/cuda/device.h"

#include "kernels/cuda/row_bias.h"
#include "kernels/cuda/row_values.cuh"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kThreads = 256;

template<class T>
__global__ void __launch_bounds__(kThreads) addBias(RowBias step)
{
    const std::int64_t column = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
    if (column >= step.columns)
        return;
    for (std::int64_t row = blockIdx.y; row < step.count; row += gridDim.y) {
        const std::int64_t entry = step.entries == nullptr ? 0 : step.entries[row];
        if (entry < 0)
            continue;
        T* value = static_cast<T*>(step.rows) + row * step.stride + column;
        writeValue(value, readValue(value) + step.bias[entry * step.columns + column]);
    }
}

template<class T>
Status launch(const RowBias& step, Stream stream)
{
    const dim3 grid(static_cast<unsigned>(divideUp<std::int64_t>(step.columns, kThreads)),
                    blocksFor(step.count, kMostBlocksY));
    VT_LAUNCH(addBias<T>, grid, kThreads, 0, stream, step);
    return launched();
}

} // namespace

Status addRowBias(const RowBias& step, Stream stream)
{
    if (step.count <= 0 || step.columns <= 0)
        return {};
    if (step.bias == nullptr || step.stride < step.columns || step.columns > kThreads * kMostBlocksX)
        return refused();
    return step.number == Number::F32 ? launch<float>(step, stream) : launch<BFloat16>(step, stream);
}

} // namespace vitrine::kernels::cuda
