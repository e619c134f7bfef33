// SPDX-License-Identifier: GPL-3.0-or-later
// A thread a token; bound by its launch.
#include "kernels/cuda/device.h"

#include "kernels/cuda/fed_tokens.h"
#include "kernels/cuda/row_values.cuh"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kThreads = 256;

__global__ void __launch_bounds__(kThreads)
    takeFed(std::int32_t* tokens, std::int64_t count, const std::int32_t* chosen)
{
    const std::int64_t stride = std::int64_t{gridDim.x} * kThreads;
    for (std::int64_t i = std::int64_t{blockIdx.x} * kThreads + threadIdx.x; i < count; i += stride)
        if (tokens[i] < 0)
            tokens[i] = chosen[-1 - tokens[i]];
}

} // namespace

Status takeFedTokens(std::int32_t* tokens, std::int64_t count, const std::int32_t* chosen, Stream stream)
{
    if (count <= 0)
        return {};
    VT_LAUNCH(takeFed, blocksFor((count + kThreads - 1) / kThreads, kMostBlocksX), kThreads, 0, stream,
              tokens, count, chosen);
    return launched();
}

} // namespace vitrine::kernels::cuda
