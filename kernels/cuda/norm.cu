// SPDX-License-Identifier: GPL-3.0-or-later
// A block a token; what a thread holds of the row stays in registers between the passes, so that the row is
// read and written once. Bound by memory: a token costs 10 bytes a column in BF16 with a delta (4 + 2 read,
// 4 written, less where the residual stays) and 2 for the output, about 4 FLOPs a column.
#include "kernels/cuda/device.h"

#include "kernels/cuda/norm.h"
#include "kernels/cuda/row_values.cuh"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kMostThreads = 1024;

/// Values that a thread holds at most, by the width of its loads.
template<int Width>
inline constexpr int kHeld = Width == 4 ? 32 : 8;

/// The part of a row that is a thread's: Width values at Width * (threadIdx.x + n * blockDim.x), n < kCount.
template<int Width>
struct Part
{
    static constexpr int kCount = kHeld<Width> / Width;
    float values[kCount][Width];
};

template<int Width, class T>
__device__ void readPiece(const T* from, float (&values)[Width])
{
    if constexpr (Width == 4) {
        const float4 four = readFour(from);
        values[0] = four.x;
        values[1] = four.y;
        values[2] = four.z;
        values[3] = four.w;
    } else {
        values[0] = readValue(from);
    }
}

template<int Width, class T>
__device__ void writePiece(T* to, const float (&values)[Width])
{
    if constexpr (Width == 4)
        writeFour(to, make_float4(values[0], values[1], values[2], values[3]));
    else
        writeValue(to, values[0]);
}

/// Calls use(n, column) for each piece of the thread.
template<int Width, class Use>
__device__ void eachPiece(int columns, Use use)
{
#pragma unroll
    for (int n = 0; n < Part<Width>::kCount; ++n) {
        const int column = Width * (static_cast<int>(threadIdx.x) + n * static_cast<int>(blockDim.x));
        if (column < columns)
            use(n, column);
    }
}

template<int Width, class T>
__device__ void readRow(const T* row, int columns, Part<Width>& part)
{
    eachPiece<Width>(columns, [&](int n, int column) { readPiece<Width>(row + column, part.values[n]); });
}

/// 1 / root mean square, in every thread.
template<int Width>
__device__ float inverseRms(const Part<Width>& part, int columns, float epsilon, float* partial)
{
    float squares = 0.0F;
    eachPiece<Width>(columns, [&](int n, int) {
#pragma unroll
        for (int i = 0; i < Width; ++i)
            squares += part.values[n][i] * part.values[n][i];
    });
    return 1.0F / sqrtf(blockSum(squares, partial) / static_cast<float>(columns) + epsilon);
}

/// part = part * factor * weight + addend; null: ones, zeros.
template<int Width>
__device__ void scaleRow(Part<Width>& part, float factor, const float* weight, const float* addend,
                         int columns)
{
    eachPiece<Width>(columns, [&](int n, int column) {
        float weights[Width], addends[Width];
#pragma unroll
        for (int i = 0; i < Width; ++i) {
            weights[i] = 1.0F;
            addends[i] = 0.0F;
        }
        if (weight != nullptr)
            readPiece<Width>(weight + column, weights);
        if (addend != nullptr)
            readPiece<Width>(addend + column, addends);
#pragma unroll
        for (int i = 0; i < Width; ++i)
            part.values[n][i] = part.values[n][i] * factor * weights[i] + addends[i];
    });
}

template<int Width, class T>
__device__ void writeRow(T* row, int columns, const Part<Width>& part)
{
    eachPiece<Width>(columns, [&](int n, int column) { writePiece<Width>(row + column, part.values[n]); });
}

template<int Width, class T>
__device__ void normalizeToken(const NormStep& step, std::int64_t token, T* out, float* partial)
{
    const int columns = static_cast<int>(step.columns);
    float* residual = step.residual + token * step.columns;
    Part<Width> part;
    if (step.delta != nullptr) {
        readRow<Width>(static_cast<const T*>(step.delta) + token * step.columns, columns, part);
        float factor = 1.0F;
        if (step.postWeight != nullptr)
            factor = inverseRms<Width>(part, columns, step.epsilon, partial);
        scaleRow<Width>(part, factor, step.postWeight, residual, columns);
        if (step.rows == nullptr)
            writeRow<Width>(residual, columns, part);
    } else {
        readRow<Width>(residual, columns, part);
    }
    if (out == nullptr)
        return;
    const float factor = inverseRms<Width>(part, columns, step.epsilon, partial);
    scaleRow<Width>(part, factor, step.weight, nullptr, columns);
    float* exact = step.exact;
    eachPiece<Width>(columns, [&](int n, int column) {
        writePiece<Width>(out + column, part.values[n]);
        if (exact != nullptr)
            writePiece<Width>(exact + token * step.columns + column, part.values[n]);
    });
}

template<int Width, class T>
__global__ void __launch_bounds__(kMostThreads, 1) normalizeRows(NormStep step)
{
    __shared__ float partial[kWarp];
    for (std::int64_t i = blockIdx.x; i < step.count; i += gridDim.x) {
        const std::int64_t token = step.rows != nullptr ? step.rows[i] : i;
        T* out = step.weight != nullptr ? static_cast<T*>(step.out) + i * step.columns : nullptr;
        if (token >= 0)
            normalizeToken<Width>(step, token, out, partial);
        else if (out != nullptr)
            writeRow<Width>(out, static_cast<int>(step.columns), Part<Width>{});
    }
}

template<int Width, class T>
Status launch(const NormStep& step, Stream stream)
{
    if (step.columns > kMostThreads * kHeld<Width>)
        return refused();
    // Two pieces a thread where that fills a block: enough loads in flight, few idle threads.
    const auto pieces = static_cast<int>(divideUp<std::int64_t>(step.columns, Width));
    const int wanted = divideUp(divideUp(pieces, 2), kWarp) * kWarp;
    const int threads = wanted < kMostThreads ? wanted : kMostThreads;
    VT_LAUNCH((normalizeRows<Width, T>), blocksFor(step.count, kMostBlocksX), threads, 0, stream, step);
    return launched();
}

template<class T>
Status launchFor(const NormStep& step, Stream stream)
{
    return step.columns % 4 == 0 ? launch<4, T>(step, stream) : launch<1, T>(step, stream);
}

} // namespace

Status addAndNormalize(const NormStep& step, Stream stream)
{
    if (step.exact != nullptr && step.rows != nullptr)
        return refused();
    if (step.count <= 0 || step.columns <= 0)
        return {};
    return step.number == Number::F32 ? launchFor<float>(step, stream) : launchFor<BFloat16>(step, stream);
}

} // namespace vitrine::kernels::cuda
