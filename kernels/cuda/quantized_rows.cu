// SPDX-License-Identifier: GPL-3.0-or-later
// Eight values a thread, four threads a scale. Bound by memory: 3.4 bytes a value from BF16.
#include "kernels/cuda/device.h"

#include "kernels/cuda/quantized_rows.h"
#include "kernels/cuda/row_values.cuh"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kThreads = 256;
constexpr int kPiece = 8; ///< values of a thread

/// NaN is the largest of all, so that it is not hidden.
__device__ float larger(float a, float b)
{
    return b > a || b != b ? b : a;
}

__device__ float largestOfGroup(const float (&values)[kPiece])
{
    float largest = 0.0F;
#pragma unroll
    for (const float value : values)
        largest = larger(largest, fabsf(value));
    largest = larger(largest, __shfl_xor_sync(kAllLanes, largest, 1));
    return larger(largest, __shfl_xor_sync(kAllLanes, largest, 2));
}

/// Returns the sum of the bytes.
__device__ int quantizePiece(const float (&values)[kPiece], float inverse, std::uint32_t (&packed)[2])
{
    int sum = 0;
    packed[0] = packed[1] = 0;
#pragma unroll
    for (int i = 0; i < kPiece; ++i) {
        const int q = __float2int_rn(fminf(fmaxf(values[i] * inverse, -127.0F), 127.0F));
        packed[i / 4] |= (static_cast<std::uint32_t>(q) & 255U) << (8 * (i % 4));
        sum += q;
    }
    return sum;
}

template<class T>
__global__ void __launch_bounds__(kThreads)
    quantizePieces(const T* rows, std::int64_t pieces, QuantizedRows out)
{
    const std::int64_t wanted = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
    const std::int64_t piece = wanted < pieces ? wanted : pieces - 1; // warps stay whole
    float values[kPiece];
    readEight(rows + piece * kPiece, values);
    const float largest = largestOfGroup(values);
    const bool nothing = largest <= 1e-30F; // its inverse would overflow
    std::uint32_t packed[2];
    int sum = quantizePiece(values, nothing ? 0.0F : 127.0F / largest, packed);
    sum += __shfl_xor_sync(kAllLanes, sum, 1);
    if (wanted >= pieces)
        return;
    const float scale = nothing ? 0.0F : largest / 127.0F;
    *reinterpret_cast<uint2*>(out.values + piece * kPiece) = make_uint2(packed[0], packed[1]);
    if (piece % 2 == 0)
        out.sums[piece / 2] = scale * static_cast<float>(sum);
    if (piece % 4 == 0)
        out.scales[piece / 4] = scale;
}

template<class T>
Status launch(const void* rows, std::int64_t pieces, const QuantizedRows& out, Stream stream)
{
    const auto blocks = static_cast<unsigned>(divideUp<std::int64_t>(pieces, kThreads));
    VT_LAUNCH(quantizePieces<T>, blocks, kThreads, 0, stream, static_cast<const T*>(rows), pieces, out);
    return launched();
}

} // namespace

Status quantizeRows(Number number, const void* rows, std::int64_t tokens, const QuantizedRows& out,
                    Stream stream)
{
    const std::int64_t pieces = tokens * out.columns / kPiece;
    if (out.columns % kQuantGroup != 0 || pieces / kThreads >= kMostBlocksX)
        return refused();
    if (pieces <= 0)
        return {};
    return number == Number::F32 ? launch<float>(rows, pieces, out, stream)
                                 : launch<BFloat16>(rows, pieces, out, stream);
}

} // namespace vitrine::kernels::cuda
