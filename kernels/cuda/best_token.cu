// SPDX-License-Identifier: GPL-3.0-or-later
// A block a row, every thread over a stride of it, then a tree over (value, id). Bound by memory: 4 bytes a
// logit, with 64 KiB in flight a multiprocessor; a single row has one multiprocessor's share of the
// bandwidth.
#include "kernels/cuda/device.h"

#include "kernels/cuda/best_token.h"
#include "kernels/cuda/row_values.cuh"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kThreads = 1024;

struct Best
{
    float value = -INFINITY;
    std::int32_t id = 0x7FFFFFFF; ///< of nothing yet
};

/// Ids come in rising order here; NaN is not larger than anything.
__device__ void take(Best& best, float value, std::int64_t id)
{
    if (value > best.value)
        best = {value, static_cast<std::int32_t>(id)};
}

__device__ Best warpBest(Best best)
{
#pragma unroll
    for (int distance = kWarp / 2; distance > 0; distance /= 2) {
        const float value = __shfl_xor_sync(kAllLanes, best.value, distance);
        const std::int32_t id = __shfl_xor_sync(kAllLanes, best.id, distance);
        if (value > best.value || (value == best.value && id < best.id))
            best = {value, id};
    }
    return best;
}

/// Of this thread's part of a row.
template<int Width>
__device__ Best bestOfPart(const float* row, std::int64_t vocab)
{
    Best best;
#pragma unroll 4
    for (std::int64_t i = std::int64_t{threadIdx.x} * Width; i < vocab; i += kThreads * Width) {
        if constexpr (Width == 4) {
            const float4 four = readFour(row + i);
            take(best, four.x, i);
            take(best, four.y, i + 1);
            take(best, four.z, i + 2);
            take(best, four.w, i + 3);
        } else {
            take(best, row[i], i);
        }
    }
    return best;
}

template<int Width>
__global__ void __launch_bounds__(kThreads)
    bestOfRows(const float* logits, std::int64_t rows, std::int64_t vocab, std::int32_t* out)
{
    __shared__ Best partial[kWarp];
    for (std::int64_t row = blockIdx.x; row < rows; row += gridDim.x) {
        Best best = warpBest(bestOfPart<Width>(logits + row * vocab, vocab));
        if (threadIdx.x % kWarp == 0)
            partial[threadIdx.x / kWarp] = best;
        __syncthreads();
        if (threadIdx.x < kWarp) {
            best = warpBest(partial[threadIdx.x]);
            if (threadIdx.x == 0)
                out[row] = best.value > -INFINITY ? best.id : 0;
        }
        __syncthreads();
    }
}

} // namespace

Status bestTokens(const float* logits, std::int64_t rows, std::int64_t vocab, std::int32_t* best,
                  Stream stream)
{
    if (vocab > 0x7FFFFFFF)
        return refused();
    if (rows <= 0)
        return {};
    const unsigned blocks = blocksFor(rows, kMostBlocksX);
    if (vocab % 4 == 0)
        VT_LAUNCH(bestOfRows<4>, blocks, kThreads, 0, stream, logits, rows, vocab, best);
    else
        VT_LAUNCH(bestOfRows<1>, blocks, kThreads, 0, stream, logits, rows, vocab, best);
    return launched();
}

} // namespace vitrine::kernels::cuda
