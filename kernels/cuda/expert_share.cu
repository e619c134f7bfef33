// SPDX-License-Identifier: GPL-3.0-or-later
// A thread a pair: a few hundred numbers, as short as a launch can be.
#include "kernels/cuda/device.h"

#include "kernels/cuda/expert_share.h"
#include "kernels/cuda/row_values.cuh"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kThreads = 256;

__global__ void __launch_bounds__(kThreads)
    keepOwn(std::int32_t* chosen, std::int64_t pairs, std::int32_t first, std::int32_t count)
{
    const std::int64_t stride = std::int64_t{gridDim.x} * kThreads;
    for (std::int64_t pair = std::int64_t{blockIdx.x} * kThreads + threadIdx.x; pair < pairs;
         pair += stride) {
        const std::int32_t own = chosen[pair] - first; // of no expert, -1, it is negative too
        chosen[pair] = own >= 0 && own < count ? own : -1;
    }
}

} // namespace

Status keepExperts(std::int32_t* chosen, std::int64_t pairs, std::int64_t first, std::int64_t count,
                   Stream stream)
{
    if (pairs <= 0)
        return {};
    VT_LAUNCH(keepOwn, blocksFor((pairs + kThreads - 1) / kThreads, kMostBlocksX), kThreads, 0, stream,
              chosen, pairs, static_cast<std::int32_t>(first), static_cast<std::int32_t>(count));
    return launched();
}

} // namespace vitrine::kernels::cuda
