// SPDX-License-Identifier: GPL-3.0-or-later
// One warp for each head of each token: it reads the head once, keeps it in registers over norm, rotation and
// scale, and writes it once. Memory bounds it: 2 * headDim values a head of traffic (a Qwen3-8B layer at
// 2,048 tokens: 25 MB read, 25 MB written), about 10 FLOPs a value.
#include "kernels/cuda/device.h"

#include "kernels/cuda/kv_rows.cuh"
#include "kernels/cuda/numbers.cuh"
#include "kernels/cuda/rope.h"
#include "kernels/cuda/row_sums.cuh"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kWarps = 4;
constexpr std::int64_t kAnglesThreads = 128;
constexpr std::int64_t kLargestGrid = 0x7FFFFFFF;

__global__ void anglesKernel(const double* frequencies, std::int64_t halfDim, double magnitude,
                             const std::int32_t* positions, std::int64_t count, float* angles)
{
    const std::int64_t i = blockIdx.x * std::int64_t{blockDim.x} + threadIdx.x;
    if (i >= count)
        return;
    const double angle = positions[i / halfDim] * frequencies[i % halfDim];
    angles[2 * i] = static_cast<float>(cos(angle) * magnitude);
    angles[2 * i + 1] = static_cast<float>(sin(angle) * magnitude);
}

/// The pairs of a head that a lane holds: lane, lane + 32, …. Those that rotate come first.
template<int kPairs>
struct HeadPairs
{
    float first[kPairs];
    float second[kPairs];
    int lane;
    int half;    ///< pairs of the head
    int rotated; ///< of them, those that rotate
    RopePairs pairs;

    __device__ bool holds(int p) const { return lane + 32 * p < half; }
    __device__ int index(int p) const { return lane + 32 * p; }
    __device__ int firstPlace(int p) const
    {
        if (pairs == RopePairs::Interleaved)
            return 2 * index(p);
        return index(p) < rotated ? index(p) : index(p) + rotated;
    }
    __device__ int secondPlace(int p) const
    {
        if (pairs == RopePairs::Interleaved)
            return 2 * index(p) + 1;
        return index(p) + (index(p) < rotated ? rotated : half);
    }

    __device__ void load(Number number, const void* row, std::int64_t offset)
    {
#pragma unroll
        for (int p = 0; p < kPairs; ++p) {
            first[p] = holds(p) ? loadNumber(number, row, offset + firstPlace(p)) : 0.0F;
            second[p] = holds(p) ? loadNumber(number, row, offset + secondPlace(p)) : 0.0F;
        }
    }
    __device__ void store(Number number, void* row, std::int64_t offset) const
    {
#pragma unroll
        for (int p = 0; p < kPairs; ++p) {
            if (!holds(p))
                continue;
            storeNumber(number, row, offset + firstPlace(p), first[p]);
            storeNumber(number, row, offset + secondPlace(p), second[p]);
        }
    }
    __device__ void add(const float* bias)
    {
#pragma unroll
        for (int p = 0; p < kPairs; ++p) {
            if (!holds(p))
                continue;
            first[p] += bias[firstPlace(p)];
            second[p] += bias[secondPlace(p)];
        }
    }
    __device__ void normalize(const float* weight, float epsilon)
    {
        float squares = 0;
#pragma unroll
        for (int p = 0; p < kPairs; ++p)
            squares = fmaf(first[p], first[p], fmaf(second[p], second[p], squares));
        const float scale = 1.0F / sqrtf(warpSum(squares) / static_cast<float>(2 * half) + epsilon);
#pragma unroll
        for (int p = 0; p < kPairs; ++p) {
            if (!holds(p))
                continue;
            first[p] *= scale * weight[firstPlace(p)];
            second[p] *= scale * weight[secondPlace(p)];
        }
    }
    __device__ void rotate(const float* angles)
    {
#pragma unroll
        for (int p = 0; p < kPairs; ++p) {
            if (index(p) >= rotated)
                continue;
            const float cosine = angles[2 * index(p)];
            const float sine = angles[2 * index(p) + 1];
            const float x = first[p];
            const float y = second[p];
            first[p] = fmaf(x, cosine, -(y * sine));
            second[p] = fmaf(x, sine, y * cosine);
        }
    }
    __device__ float largest() const
    {
        float most = 0;
#pragma unroll
        for (int p = 0; p < kPairs; ++p)
            most = fmaxf(most, fmaxf(fabsf(first[p]), fabsf(second[p])));
        return warpMaximum(most);
    }
};

template<KvNumber N, int kPairs>
__device__ void storeRow(const HeadPairs<kPairs>& head, std::uint8_t* row, float* scalePlace)
{
    float inverse = 1;
    if constexpr (kvScaled(N)) {
        const float largest = head.largest();
        inverse = largest > 0 ? kvLargest(N) / largest : 0.0F;
        if (head.lane == 0)
            *scalePlace = largest / kvLargest(N);
    }
#pragma unroll
    for (int p = 0; p < kPairs; ++p) {
        if (!head.holds(p))
            continue;
        storeElement<N>(row, head.firstPlace(p), kvScaled(N) ? head.first[p] * inverse : head.first[p]);
        storeElement<N>(row, head.secondPlace(p), kvScaled(N) ? head.second[p] * inverse : head.second[p]);
    }
}

template<KvNumber N, int kPairs>
__device__ void storeInPage(const RotateStep& step, const HeadPairs<kPairs>& head, std::int64_t token,
                            std::int64_t kvHead, bool isValue)
{
    const std::int64_t slot = step.slots[token];
    if (slot < 0)
        return;
    const std::int64_t offset = slot % step.kv.blockSize;
    std::uint8_t* rows = step.kv.pool + step.kv.headOffset(slot / step.kv.blockSize, step.layer, kvHead) +
                         (isValue ? step.kv.headBytes() : 0);
    storeRow<N>(head, rows + offset * step.kv.rowBytes(),
                reinterpret_cast<float*>(rows + step.kv.scaleOffset()) + offset);
}

/// Of head `index` of queries, keys and values in a row; null: none.
__device__ inline const float* biasOf(const RotateStep& step, std::int64_t index)
{
    const std::int64_t keys = index - step.heads, values = keys - step.kv.kvHeads;
    const float* bias = keys < 0 ? step.qBias : values < 0 ? step.kBias : step.vBias;
    return bias == nullptr ? nullptr
                           : bias + (keys < 0     ? index
                                     : values < 0 ? keys
                                                  : values) *
                                        step.kv.headDim;
}

template<KvNumber N, int kPairs>
__global__ void __launch_bounds__(32 * kWarps) rotateKernel(RotateStep step)
{
    const std::int64_t heads = step.heads + 2 * step.kv.kvHeads;
    const std::int64_t row = blockIdx.x * std::int64_t{kWarps} + threadIdx.x / 32;
    if (row >= step.tokens * heads)
        return;
    const std::int64_t token = row / heads;
    const std::int64_t index = row % heads;
    const bool isQuery = index < step.heads;
    const bool isValue = index >= step.heads + step.kv.kvHeads;
    const float* norm = isQuery ? step.qNorm : isValue ? nullptr : step.kNorm;

    HeadPairs<kPairs> head;
    head.lane = static_cast<int>(threadIdx.x % 32);
    head.half = static_cast<int>(step.kv.headDim / 2);
    head.rotated = static_cast<int>((step.rotated > 0 ? step.rotated : step.kv.headDim) / 2);
    head.pairs = step.pairs;
    head.load(step.number, step.qkv, row * step.kv.headDim);
    if (const float* bias = biasOf(step, index); bias != nullptr)
        head.add(bias);
    if (norm != nullptr)
        head.normalize(norm, step.epsilon);
    if (step.angles != nullptr && !isValue)
        head.rotate(step.angles + token * 2 * head.rotated);
    if (isQuery)
        head.store(step.number, step.qkv, row * step.kv.headDim);
    else
        storeInPage<N>(step, head, token, (index - step.heads) % step.kv.kvHeads, isValue);
}

Status status()
{
    return {static_cast<int>(cudaPeekAtLastError())};
}

template<KvNumber N>
Status rotateFor(const RotateStep& step, std::int64_t rows, Stream stream)
{
    const dim3 grid(static_cast<unsigned>((rows + kWarps - 1) / kWarps));
    const auto kernel = step.kv.headDim <= 256 ? rotateKernel<N, 4> : rotateKernel<N, 8>;
    VT_LAUNCH(kernel, grid, dim3(32 * kWarps), 0, stream, step);
    return status();
}

} // namespace

Status ropeAngles(const double* frequencies, std::int64_t halfDim, float magnitude,
                  const std::int32_t* positions, std::int64_t tokens, float* angles, Stream stream)
{
    const std::int64_t count = halfDim * tokens;
    if (count == 0)
        return {};
    const std::int64_t blocks = (count + kAnglesThreads - 1) / kAnglesThreads;
    if (blocks > kLargestGrid)
        return {cudaErrorInvalidConfiguration};
    VT_LAUNCH(anglesKernel, dim3(static_cast<unsigned>(blocks)), dim3(kAnglesThreads), 0, stream, frequencies,
              halfDim, double{magnitude}, positions, count, angles);
    return status();
}

Status rotateAndStore(const RotateStep& step, Stream stream)
{
    const std::int64_t rows = step.tokens * (step.heads + 2 * step.kv.kvHeads);
    if (rows == 0)
        return {};
    if (step.kv.headDim <= 0 || step.kv.headDim > kMostHeadDim || step.kv.headDim % 2 != 0 ||
        step.kv.blockSize <= 0 || step.rotated < 0 || step.rotated > step.kv.headDim || step.rotated % 2 != 0)
        return {cudaErrorInvalidValue};
    if (rows / kWarps >= kLargestGrid)
        return {cudaErrorInvalidConfiguration};
    switch (step.kv.number) {
    case KvNumber::F32:
        return rotateFor<KvNumber::F32>(step, rows, stream);
    case KvNumber::F16:
        return rotateFor<KvNumber::F16>(step, rows, stream);
    case KvNumber::BF16:
        return rotateFor<KvNumber::BF16>(step, rows, stream);
    case KvNumber::Int8:
        return rotateFor<KvNumber::Int8>(step, rows, stream);
    case KvNumber::FP8:
        return rotateFor<KvNumber::FP8>(step, rows, stream);
    }
    return {cudaErrorInvalidValue};
}

} // namespace vitrine::kernels::cuda
