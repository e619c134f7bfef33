// SPDX-License-Identifier: GPL-3.0-or-later
// Products of GGUF blocks with quantised activations by dp4a, for the files that make them for some types.
//
// Bound by memory up to about 4 tokens: a weight costs its bits once, 8 tokens are bound by dp4a (one a token
// and 4 weights). Q4_K: 0.56 bytes, 2 FLOPs a weight and token, about 1.2 instructions. In flight are two
// rows' units a lane: 36 to 100 bytes, which times 24 to 32 warps is 30 KiB and more a multiprocessor.
#pragma once

#include "kernels/cuda/device.h"
#include "kernels/cuda/matvec_lanes.cuh"
#include "kernels/cuda/quant_groups.cuh"

namespace vitrine::kernels::cuda {

/// Of a token, for a unit that begins in `block`.
template<class Format>
struct ActivationUnit
{
    int q[Format::kGroups][4];
    float scale[Format::kGroups], sum[Format::kGroups];

    __device__ void read(const QuantizedRows& x, int token, int column, int unit)
    {
        const std::int8_t* values = x.values + token * x.columns + column;
        const float* scales = x.scales + token * (x.columns / kQuantGroup) + column / kQuantGroup;
        const float* sums = x.sums + token * (x.columns / kSumGroup) + column / kSumGroup;
#pragma unroll
        for (int g = 0; g < Format::kGroups; ++g) {
            const int at = Format::position(unit, g);
            const int4 four = *reinterpret_cast<const int4*>(values + at);
            q[g][0] = four.x;
            q[g][1] = four.y;
            q[g][2] = four.z;
            q[g][3] = four.w;
            scale[g] = scales[at / kQuantGroup];
            if (Format::kHasLeast)
                sum[g] = sums[at / kSumGroup];
        }
    }
};

/// The product of a unit of a row with one of a token.
template<class Format>
__device__ float unitProduct(const typename Format::Unit& w, const ActivationUnit<Format>& x, float sum)
{
    int products[Format::kGroups];
#pragma unroll
    for (int g = 0; g < Format::kGroups; ++g) {
        products[g] = g > 0 && Format::kOneScale ? products[g - 1] : 0;
#pragma unroll
        for (int k = 0; k < 4; ++k)
            products[g] = __dp4a(w.q[g][k], x.q[g][k], products[g]);
        if (!Format::kOneScale || g == Format::kGroups - 1)
            sum += w.d[g] * x.scale[g] * static_cast<float>(products[g]);
        if (Format::kHasLeast)
            sum += w.m[g] * x.sum[g];
    }
    return sum;
}

/// Blocks of a multiprocessor that there are registers for.
template<class Format, int Tokens>
inline constexpr int kMatvecBlocks = Format::kBlockValues == 256 && Tokens >= 4 ? 3 : 4;

/// The rows of this warp with Tokens tokens. `shared`: [kMatvecWarps][32]. REQUIRES: whole blocks.
template<class Format, int Tokens>
__device__ __forceinline__ void multiplyRowsQuantized(const DeviceMatrix& matrix, const QuantizedRows& x,
                                                      const ProductOut& out, int sharing,
                                                      float (*shared)[kWarp])
{
    const MatvecPlace place = matvecPlace(sharing);
    const std::int64_t blocks = matrix.columns / Format::kBlockValues;
    const std::uint8_t* rows[kRowsOfWarp];
#pragma unroll
    for (int r = 0; r < kRowsOfWarp; ++r) { // a row too many is computed as the last one
        const std::int64_t row = place.row + r < matrix.rows ? place.row + r : matrix.rows - 1;
        rows[r] = matrix.data + row * blocks * Format::kBlockBytes;
    }
    float sums[kRowsOfWarp][Tokens] = {};
    const int pieces = static_cast<int>(blocks) * Format::kUnits;
    for (int piece = place.firstPiece; piece < pieces; piece += place.pieceStep) {
        const int block = piece / Format::kUnits, unit = piece % Format::kUnits;
        typename Format::Unit weights[kRowsOfWarp];
#pragma unroll
        for (int r = 0; r < kRowsOfWarp; ++r)
            Format::read(rows[r] + std::int64_t{block} * Format::kBlockBytes, unit, weights[r]);
#pragma unroll
        for (int t = 0; t < Tokens; ++t) {
            ActivationUnit<Format> activations;
            activations.read(x, t, block * Format::kBlockValues, unit);
#pragma unroll
            for (int r = 0; r < kRowsOfWarp; ++r)
                sums[r][t] = unitProduct<Format>(weights[r], activations, sums[r][t]);
        }
    }
    finishProducts<Tokens>(sums, place, sharing, matrix.rows, out, shared);
}

template<class Format, int Tokens>
__global__ void __launch_bounds__(kMatvecThreads, (kMatvecBlocks<Format, Tokens>))
    multiplyUnits(DeviceMatrix matrix, QuantizedRows x, ProductOut out, int sharing)
{
    __shared__ float shared[kMatvecWarps][kWarp];
    multiplyRowsQuantized<Format, Tokens>(matrix, x, out, sharing, shared);
}

template<QuantType Type>
Status multiplyFormat(const DeviceMatrix& matrix, const QuantizedRows& x, std::int64_t tokens,
                      const ProductOut& out, Stream stream)
{
    using Format = QuantFormat<Type>;
    const int sharing = warpsOfRow(matrix.rows, matrix.columns / Format::kUnitValues);
    const unsigned blocks = matvecBlocks(matrix.rows, sharing);
    if (blocks == 0)
        return refused();
    withTokens(tokens, [&](auto count) {
        VT_LAUNCH((multiplyUnits<Format, decltype(count)::value>), blocks, kMatvecThreads, 0, stream, matrix,
                  x, out, sharing);
    });
    return launched();
}

// Made in files of their own, so that they compile beside each other.
#define VT_MULTIPLY_FORMAT(linkage, type)                                                                    \
    linkage template Status multiplyFormat<QuantType::type>(const DeviceMatrix&, const QuantizedRows&,       \
                                                            std::int64_t, const ProductOut&, Stream)

} // namespace vitrine::kernels::cuda
