// SPDX-License-Identifier: GPL-3.0-or-later
// How products with few tokens are spread: a warp takes two rows of the matrix and every token, its lanes
// take pieces of the columns in turn; for matrices of few rows, several warps of a block share the columns.
// Sums go through a fixed tree, so that a number depends on the shape of the matrix alone.
#pragma once

#include <cstdint>
#include <type_traits>

#include "kernels/cuda/device.h"
#include "kernels/cuda/matvec.h"
#include "kernels/cuda/row_values.cuh"

namespace vitrine::kernels::cuda {

inline constexpr int kMatvecWarps = 4; ///< of a block
inline constexpr int kMatvecThreads = kMatvecWarps * kWarp;
inline constexpr int kRowsOfWarp = 2;

/// Warps that share a row: as many as have something to do, while there are fewer warps than fill a large
/// device (about 130 multiprocessors of 64).
inline int warpsOfRow(std::int64_t rows, std::int64_t pieces)
{
    constexpr std::int64_t kEnough = 8192;
    int warps = 1;
    while (warps < kMatvecWarps && pieces >= 2 * warps * kWarp && rows / kRowsOfWarp * 2 * warps <= kEnough)
        warps *= 2;
    return warps;
}

/// Blocks that a matrix takes, and 0 where it is too large.
inline unsigned matvecBlocks(std::int64_t rows, int sharing)
{
    const std::int64_t blocks = divideUp<std::int64_t>(rows, kMatvecWarps / sharing * kRowsOfWarp);
    return blocks <= kMostBlocksX ? static_cast<unsigned>(blocks) : 0;
}

/// Where a thread stands.
struct MatvecPlace
{
    std::int64_t row; ///< first of kRowsOfWarp
    int firstPiece, pieceStep;
};

__device__ inline MatvecPlace matvecPlace(int sharing)
{
    const int warp = static_cast<int>(threadIdx.x) / kWarp;
    const std::int64_t group = std::int64_t{blockIdx.x} * (kMatvecWarps / sharing) + warp / sharing;
    return {group * kRowsOfWarp, warp % sharing * kWarp + static_cast<int>(threadIdx.x) % kWarp,
            sharing * kWarp};
}

/// Sums over a warp of Padded (a power of two, at most 32) values each: lane i gets that of value
/// i * Padded / 32. Any value goes through the tree of warpSum(), however many there are.
template<int Padded>
__device__ float warpSums(float (&values)[Padded])
{
    const unsigned lane = threadIdx.x % kWarp;
    int left = Padded;
#pragma unroll
    for (int distance = kWarp / 2; distance > 0; distance /= 2) {
        if (left > 1) {
            left /= 2;
            const bool upper = (lane & static_cast<unsigned>(distance)) != 0;
#pragma unroll
            for (int i = 0; i < Padded / 2; ++i) {
                if (i < left) {
                    const float kept = upper ? values[i + left] : values[i];
                    const float given = upper ? values[i] : values[i + left];
                    values[i] = kept + __shfl_xor_sync(kAllLanes, given, distance);
                }
            }
        } else {
            values[0] += __shfl_xor_sync(kAllLanes, values[0], distance);
        }
    }
    return values[0];
}

__device__ inline void writeProduct(const ProductOut& out, std::int64_t token, std::int64_t row, float value)
{
    const std::int64_t index = token * out.stride + row;
    if (out.number == Number::F32)
        writeValue(static_cast<float*>(out.data) + index, value);
    else
        writeValue(static_cast<BFloat16*>(out.data) + index, value);
}

/// Adds up what the lanes (and the warps that share rows) have and writes it. `shared`: [kMatvecWarps][32].
template<int Tokens>
__device__ void finishProducts(const float (&sums)[kRowsOfWarp][Tokens], const MatvecPlace& place,
                               int sharing, std::int64_t rows, const ProductOut& out, float (*shared)[kWarp])
{
    constexpr int kCount = kRowsOfWarp * Tokens;
    constexpr int kPadded = kCount <= 2 ? 2 : kCount <= 4 ? 4 : kCount <= 8 ? 8 : 16;
    float values[kPadded] = {};
#pragma unroll
    for (int i = 0; i < kCount; ++i)
        values[i] = sums[i % kRowsOfWarp][i / kRowsOfWarp];
    float sum = warpSums(values);
    const int lane = static_cast<int>(threadIdx.x) % kWarp, warp = static_cast<int>(threadIdx.x) / kWarp;
    if (sharing > 1) {
        shared[warp][lane] = sum;
        __syncthreads();
        sum = 0.0F;
        for (int i = 0; i < sharing; ++i)
            sum += shared[warp / sharing * sharing + i][lane];
    }
    const int index = lane / (kWarp / kPadded);
    const std::int64_t row = place.row + index % kRowsOfWarp;
    if (lane % (kWarp / kPadded) == 0 && index < kCount && row < rows && warp % sharing == 0)
        writeProduct(out, index / kRowsOfWarp, row, sum);
}

/// call(std::integral_constant<int, tokens>) for 1 to kMostMatvecTokens.
template<class Call>
void withTokens(std::int64_t tokens, Call call)
{
    static_assert(kMostMatvecTokens == 8);
    switch (tokens) {
    case 1:
        return call(std::integral_constant<int, 1>{});
    case 2:
        return call(std::integral_constant<int, 2>{});
    case 3:
        return call(std::integral_constant<int, 3>{});
    case 4:
        return call(std::integral_constant<int, 4>{});
    case 5:
        return call(std::integral_constant<int, 5>{});
    case 6:
        return call(std::integral_constant<int, 6>{});
    case 7:
        return call(std::integral_constant<int, 7>{});
    case 8:
        return call(std::integral_constant<int, 8>{});
    default:
        return;
    }
}

} // namespace vitrine::kernels::cuda
