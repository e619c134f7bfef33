// SPDX-License-Identifier: GPL-3.0-or-later
#include "block_kernels.h"

#include "kernels/cuda/async_copy.h"
#include "kernels/cuda/device.h"

namespace {

constexpr int kThreads = 64;

template<bool Barrier>
__global__ void __launch_bounds__(kThreads) rowSums(float* sums, const float* rows, int columns)
{
    __shared__ float parts[kThreads];
    const int thread = int(threadIdx.x);
    const float* row = rows + size_t(blockIdx.x) * columns;
    float sum = 0;
    for (int i = thread; i < columns; i += kThreads)
        sum += row[i];
    parts[thread] = sum;
    for (int step = kThreads / 2; step > 0; step /= 2) {
        if (Barrier)
            __syncthreads();
        if (thread < step)
            parts[thread] += parts[thread + step];
    }
    if (thread == 0)
        sums[blockIdx.x] = parts[0];
}

__global__ void dynamicRowSums(float* sums, const float* rows, int columns)
{
    VT_DYNAMIC_SHARED(float, row);
    for (int i = int(threadIdx.x); i < columns; i += int(blockDim.x))
        row[i] = rows[size_t(blockIdx.x) * columns + i];
    __syncthreads();
    if (threadIdx.x == 0) {
        float sum = 0;
        for (int i = 0; i < columns; ++i)
            sum += row[i];
        sums[blockIdx.x] = sum;
    }
}

__global__ void firstContents(float* contents)
{
    __shared__ float fixed[4];
    VT_DYNAMIC_SHARED(float, dynamic);
    contents[blockIdx.x * 2] = fixed[3];
    contents[blockIdx.x * 2 + 1] = dynamic[3];
    fixed[3] = 1;
    dynamic[3] = 1;
}

__global__ void divergedBarrier()
{
    if (threadIdx.x < blockDim.x / 2)
        __syncthreads();
}

__global__ void exitedLane()
{
    if (threadIdx.x == 5)
        return;
    __syncwarp();
}

__global__ void counts(unsigned* out)
{
    __shared__ unsigned before;
    atomicAdd(&out[0], 1U);
    atomicMax(&out[1], threadIdx.x);
    __syncthreads();
    if (threadIdx.x == 0)
        before = atomicInc(&out[3], gridDim.x - 1);
    __syncthreads();
    if (threadIdx.x == 1 && before == gridDim.x - 1)
        atomicAdd(&out[2], 1U);
}

__global__ void shuffles(int* out, int width)
{
    const int lane = int(threadIdx.x);
    out[lane] = __shfl_sync(0xFFFFFFFFU, lane, 3, width);
    out[32 + lane] = __shfl_up_sync(0xFFFFFFFFU, lane, 3, width);
    out[64 + lane] = __shfl_down_sync(0xFFFFFFFFU, lane, 3, width);
    out[96 + lane] = __shfl_xor_sync(0xFFFFFFFFU, lane, 9, width);
}

__global__ void votes(unsigned* out)
{
    const unsigned lane = threadIdx.x % 32;
    const unsigned full = 0xFFFFFFFFU;
    const unsigned ballot = __ballot_sync(full, lane % 2);
    const unsigned any = unsigned(__any_sync(full, lane == 7));
    const unsigned all = unsigned(__all_sync(full, lane != 7));
    const unsigned sum = __reduce_add_sync(full, lane);
    const unsigned match = __match_any_sync(full, lane % 4);
    const unsigned blockOr = unsigned(__syncthreads_or(threadIdx.x == 40));
    const unsigned blockAnd = unsigned(__syncthreads_and(threadIdx.x != 40));
    const unsigned count = unsigned(__syncthreads_count(threadIdx.x >= 32));
    if (threadIdx.x == 3) {
        const unsigned results[] = {ballot, any, all, sum, match, blockOr, blockAnd, count};
        for (int i = 0; i < 8; ++i)
            out[i] = results[i];
    }
}

template<bool Wait>
__global__ void asyncReverse(float* values)
{
    __shared__ __align__(16) float copy[kThreads];
    vitrine::kernels::cuda::copyAsync<4>(&copy[threadIdx.x], &values[threadIdx.x]);
    vitrine::kernels::cuda::commitCopies();
    if (Wait)
        vitrine::kernels::cuda::waitForCopies<0>();
    __syncthreads();
    values[threadIdx.x] = copy[kThreads - 1 - threadIdx.x];
}

__global__ void staticWrite(int index)
{
    __shared__ float values[kThreads];
    values[index] = 1;
    __syncthreads();
    if (values[kThreads - 1 - index % kThreads] == 5)
        __trap();
}

__global__ void dynamicWrite(int index)
{
    VT_DYNAMIC_SHARED(float, values);
    values[index] = 1;
}

__global__ void nothing() {}

} // namespace

void launchRowSums(float* sums, const float* rows, int columns, int count, bool barrier)
{
    if (barrier)
        VT_LAUNCH(rowSums<true>, count, kThreads, 0, nullptr, sums, rows, columns);
    else
        VT_LAUNCH(rowSums<false>, count, kThreads, 0, nullptr, sums, rows, columns);
}

void launchDynamicRowSums(float* sums, const float* rows, int columns, int count)
{
    VT_LAUNCH(dynamicRowSums, count, 96, size_t(columns) * sizeof(float), nullptr, sums, rows, columns);
}

void launchFirstContents(float* contents)
{
    VT_LAUNCH(firstContents, 2, 1, 4 * sizeof(float), nullptr, contents);
}

void launchDivergedBarrier(int threads)
{
    VT_LAUNCH(divergedBarrier, 1, threads, 0, nullptr);
}

void launchExitedLane()
{
    VT_LAUNCH(exitedLane, dim3(1, 2), 32, 0, nullptr);
}

void launchCounts(unsigned* out, unsigned blocks, unsigned threads)
{
    VT_LAUNCH(counts, blocks, threads, 0, nullptr, out);
}

void launchShuffles(int* out, int width)
{
    VT_LAUNCH(shuffles, 1, 32, 0, nullptr, out, width);
}

void launchVotes(unsigned* out)
{
    VT_LAUNCH(votes, 1, 64, 0, nullptr, out);
}

void launchAsyncReverse(float* values, bool wait)
{
    if (wait)
        VT_LAUNCH(asyncReverse<true>, 1, kThreads, 0, nullptr, values);
    else
        VT_LAUNCH(asyncReverse<false>, 1, kThreads, 0, nullptr, values);
}

void launchNothing(dim3 grid, dim3 block, size_t sharedBytes)
{
    VT_LAUNCH(nothing, grid, block, sharedBytes, nullptr);
}

void launchSharedWrite(int index, bool dynamic)
{
    if (dynamic)
        VT_LAUNCH(dynamicWrite, 1, 1, kThreads * sizeof(float), nullptr, index);
    else
        VT_LAUNCH(staticWrite, 1, 1, 0, nullptr, index);
}
