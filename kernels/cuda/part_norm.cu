// SPDX-License-Identifier: GPL-3.0-or-later
// A block a row, which it reads twice: the second time from the cache. Bound by memory: 4 bytes a value in
// BF16.
#include "kernels/cuda/device.h"

#include "kernels/cuda/part_norm.h"
#include "kernels/cuda/row_values.cuh"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kThreads = 256;

template<class T>
__global__ void __launch_bounds__(kThreads) normalizeParts(PartNorm step)
{
    __shared__ float partial[kWarp];
    for (std::int64_t i = blockIdx.x; i < step.count; i += gridDim.x) {
        T* row = static_cast<T*>(step.rows) + i * step.stride;
        float squares = 0.0F;
        for (std::int64_t column = threadIdx.x; column < step.columns; column += kThreads) {
            const float value = readValue(row + column);
            squares += value * value;
        }
        const float mean = blockSum(squares, partial) / static_cast<float>(step.columns);
        const float factor = 1.0F / sqrtf(mean + step.epsilon);
        for (std::int64_t column = threadIdx.x; column < step.columns; column += kThreads)
            writeValue(row + column, readValue(row + column) * factor * step.weight[column]);
    }
}

template<class T>
Status launch(const PartNorm& step, Stream stream)
{
    VT_LAUNCH(normalizeParts<T>, blocksFor(step.count, kMostBlocksX), kThreads, 0, stream, step);
    return launched();
}

} // namespace

Status normalizePart(const PartNorm& step, Stream stream)
{
    if (step.count <= 0 || step.columns <= 0)
        return {};
    if (step.weight == nullptr || step.stride < step.columns)
        return refused();
    return step.number == Number::F32 ? launch<float>(step, stream) : launch<BFloat16>(step, stream);
}

} // namespace vitrine::kernels::cuda
