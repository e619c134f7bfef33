// SPDX-License-Identifier: GPL-3.0-or-later
// Products of F32, F16 and BF16 with few tokens: eight weights a lane and load of 16 bytes, for two rows.
// Bound by memory: 2 or 4 bytes a weight once for all tokens, 2 FLOPs a weight and token.
#pragma once

#include "kernels/cuda/device.h"
#include "kernels/cuda/matvec_lanes.cuh"

namespace vitrine::kernels::cuda {

template<int Width, class T>
__device__ void readColumns(const T* from, float (&values)[Width])
{
    if constexpr (Width == 8)
        readEight(from, values);
    else
        values[0] = readValue(from);
}

/// Width columns of two rows with each token. `x`: of the first token, at the column.
template<int Width, int Tokens, class W, class T>
__device__ void addColumns(const W* const (&rows)[kRowsOfWarp], int column, const T* x, std::int64_t columns,
                           float (&sums)[kRowsOfWarp][Tokens])
{
    float weights[kRowsOfWarp][Width];
#pragma unroll
    for (int r = 0; r < kRowsOfWarp; ++r)
        readColumns<Width>(rows[r] + column, weights[r]);
#pragma unroll
    for (int t = 0; t < Tokens; ++t) {
        float values[Width];
        readColumns<Width>(x + t * columns + column, values);
#pragma unroll
        for (int r = 0; r < kRowsOfWarp; ++r)
#pragma unroll
            for (int i = 0; i < Width; ++i)
                sums[r][t] += weights[r][i] * values[i];
    }
}

/// Where the products of a later token go.
__device__ inline ProductOut fromToken(ProductOut out, std::int64_t token)
{
    out.data =
        static_cast<std::uint8_t*>(out.data) + token * out.stride * (out.number == Number::F32 ? 4 : 2);
    return out;
}

/// The rows of this warp with Tokens tokens. `shared`: [kMatvecWarps][32]. REQUIRES: whole blocks.
template<int Width, int Tokens, class W, class T>
__device__ __forceinline__ void multiplyRowsPlain(const DeviceMatrix& matrix, const T* x,
                                                  const ProductOut& out, int sharing, float (*shared)[kWarp])
{
    const MatvecPlace place = matvecPlace(sharing);
    const W* rows[kRowsOfWarp];
#pragma unroll
    for (int r = 0; r < kRowsOfWarp; ++r) { // a row too many is computed as the last one
        const std::int64_t row = place.row + r < matrix.rows ? place.row + r : matrix.rows - 1;
        rows[r] = reinterpret_cast<const W*>(matrix.data) + row * matrix.columns;
    }
    float sums[kRowsOfWarp][Tokens] = {};
    const int pieces = static_cast<int>(matrix.columns / Width);
    for (int piece = place.firstPiece; piece < pieces; piece += place.pieceStep)
        addColumns<Width, Tokens>(rows, piece * Width, x, matrix.columns, sums);
    finishProducts<Tokens>(sums, place, sharing, matrix.rows, out, shared);
}

} // namespace vitrine::kernels::cuda
