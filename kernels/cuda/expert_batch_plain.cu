// SPDX-License-Identifier: GPL-3.0-or-later
// Products of experts' matrices of F32, F16 and BF16 with grouped pairs on tensor cores, in bfloat16: a block
// takes 128 rows of one expert's matrix and up to 32 of its pairs, 64 columns at a time; the next columns
// come into registers while these are multiplied. At 32 pairs an expert a weight costs its bytes once from
// memory and 64 FLOPs; tiles read 12.8 products a byte from L2.
#include "kernels/cuda/device.h"

#include "kernels/cuda/expert_product.h"
#include "kernels/cuda/expert_rows.cuh"
#include "kernels/cuda/matvec_lanes.cuh"
#include "kernels/cuda/mma.h"
#include "kernels/cuda/quant_values.cuh"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kWarps = 8;
constexpr int kThreads = kWarps * kWarp;
constexpr int kRows = 16 * kWarps; ///< of a block
constexpr int kColumns = 64;       ///< of a turn
constexpr int kPieces = kColumns / 8;
constexpr int kPitch = kColumns + 8; ///< values between rows in shared memory; fragments meet no bank twice
constexpr int kWeightPieces = kRows * kPieces / kThreads; ///< of a thread

/// Eight values as bfloat16.
__device__ uint4 packEight(const BFloat16* from)
{
    return *reinterpret_cast<const uint4*>(from);
}

template<class W>
__device__ uint4 packEight(const W* from)
{
    float values[8];
    readEight(from, values);
    return make_uint4(packBf16(values[0], values[1]), packBf16(values[2], values[3]),
                      packBf16(values[4], values[5]), packBf16(values[6], values[7]));
}

/// What lies behind the last column is zero.
template<class W>
__device__ uint4 pieceAt(const W* row, int column, int columns)
{
    return column < columns ? packEight(row + column) : make_uint4(0, 0, 0, 0);
}

/// The columns of a turn, on their way into shared memory.
template<class W, int Pairs>
struct Turn
{
    uint4 weights[kWeightPieces], x;

    /// `matrix`: of the expert; rows too many are read as the last one.
    __device__ void read(const DeviceMatrix& matrix, std::int64_t firstRow, const BFloat16* rows,
                         const int* rowOfPair, int firstColumn)
    {
        const int thread = static_cast<int>(threadIdx.x), columns = static_cast<int>(matrix.columns);
        const int column = firstColumn + thread % kPieces * 8;
#pragma unroll
        for (int n = 0; n < kWeightPieces; ++n) {
            const std::int64_t wanted = firstRow + thread / kPieces + n * (kThreads / kPieces);
            const std::int64_t row = wanted < matrix.rows ? wanted : matrix.rows - 1;
            weights[n] =
                pieceAt(reinterpret_cast<const W*>(matrix.data) + row * matrix.columns, column, columns);
        }
        if (thread / kPieces < Pairs)
            x = pieceAt(rows + std::int64_t{rowOfPair[thread / kPieces]} * matrix.columns, column, columns);
    }

    __device__ void store(BFloat16* weightTile, BFloat16* rowTile) const
    {
        const int thread = static_cast<int>(threadIdx.x), place = thread % kPieces * 8;
#pragma unroll
        for (int n = 0; n < kWeightPieces; ++n) {
            const int row = thread / kPieces + n * (kThreads / kPieces);
            *reinterpret_cast<uint4*>(weightTile + row * kPitch + place) = weights[n];
        }
        if (thread / kPieces < Pairs)
            *reinterpret_cast<uint4*>(rowTile + thread / kPieces * kPitch + place) = x;
    }
};

/// Sixteen rows of the warp with all pairs: sums[eight pairs].
template<int Pairs>
__device__ void addTurn(const BFloat16* weightTile, const BFloat16* rowTile, float (&sums)[Pairs / 8][4])
{
    const int lane = static_cast<int>(threadIdx.x) % kWarp, warp = static_cast<int>(threadIdx.x) / kWarp;
#pragma unroll
    for (int k = 0; k < kColumns; k += 16) {
        unsigned a[4];
        loadMatrices(a, weightTile + (16 * warp + lane % 16) * kPitch + k + lane / 16 * 8);
#pragma unroll
        for (int pair = 0; pair < Pairs; pair += 16) {
            unsigned both[4];
            loadMatrices(both, rowTile + (pair + lane % 8 + lane / 16 * 8) * kPitch + k + lane / 8 % 2 * 8);
            const unsigned first[2] = {both[0], both[1]}, second[2] = {both[2], both[3]};
            mmaBf16(sums[pair / 8], a, first);
            mmaBf16(sums[pair / 8 + 1], a, second);
        }
    }
}

template<int Pairs>
__device__ void writeSums(const float (&sums)[Pairs / 8][4], const int* pairs, std::int64_t firstRow,
                          std::int64_t rows, const ProductOut& out)
{
    const int lane = static_cast<int>(threadIdx.x) % kWarp, warp = static_cast<int>(threadIdx.x) / kWarp;
#pragma unroll
    for (int tile = 0; tile < Pairs / 8; ++tile)
#pragma unroll
        for (int i = 0; i < 4; ++i) {
            const int pair = pairs[8 * tile + lane % 4 * 2 + i % 2];
            const std::int64_t row = firstRow + 16 * warp + lane / 4 + i / 2 * 8;
            if (pair >= 0 && row < rows)
                writeProduct(out, pair, row, sums[tile][i]);
        }
}

template<class W, int Pairs>
__global__ void __launch_bounds__(kThreads)
    multiplyGroupValues(ExpertMatrices matrices, std::int64_t bytes, const BFloat16* x, int perRow,
                        ExpertGroups groups, ProductOut out)
{
    __shared__ __align__(16) BFloat16 weightTile[kRows * kPitch];
    __shared__ __align__(16) BFloat16 rowTile[Pairs * kPitch];
    __shared__ int rows[Pairs], pairs[Pairs];
    if (static_cast<int>(blockIdx.x) >= *groups.tileCount)
        return;
    const ExpertTile tile = groups.tiles[blockIdx.x];
    findRows(tile, groups.order, perRow, Pairs, rows, pairs);
    __syncthreads();
    const DeviceMatrix matrix{matrices.type, matrices.data + tile.expert * bytes, matrices.rows,
                              matrices.columns};
    const std::int64_t firstRow = std::int64_t{blockIdx.y} * kRows;
    const int columns = static_cast<int>(matrix.columns);
    float sums[Pairs / 8][4] = {};
    Turn<W, Pairs> turn;
    turn.read(matrix, firstRow, x, rows, 0);
    for (int column = 0; column < columns; column += kColumns) {
        turn.store(weightTile, rowTile);
        __syncthreads();
        if (column + kColumns < columns)
            turn.read(matrix, firstRow, x, rows, column + kColumns);
        addTurn<Pairs>(weightTile, rowTile, sums);
        __syncthreads();
    }
    writeSums<Pairs>(sums, pairs, firstRow, matrix.rows, out);
}

template<class W, int Pairs>
Status launch(const ExpertMatrices& matrices, const BFloat16* x, const ExpertPairs& pairs,
              const ExpertGroups& groups, const ProductOut& out, Stream stream)
{
    const dim3 grid(static_cast<unsigned>(mostExpertTiles(pairs.pairs, matrices.experts, groups.tilePairs)),
                    static_cast<unsigned>(divideUp<std::int64_t>(matrices.rows, kRows)));
    const auto bytes = matrices.rows * matrices.columns * static_cast<std::int64_t>(sizeof(W));
    VT_LAUNCH((multiplyGroupValues<W, Pairs>), grid, kThreads, 0, stream, matrices, bytes, x,
              static_cast<int>(pairs.perRow), groups, out);
    return launched();
}

bool fits(const ExpertMatrices& matrices, const ExpertPairs& pairs, const ExpertGroups& groups)
{
    const bool known = groups.tilePairs == kFewGroupPairs || groups.tilePairs == kManyGroupPairs;
    return known && canGroupPlain(matrices.type, matrices.columns) && pairs.perRow > 0 &&
           pairs.pairs <= kMostGroupedPairs && matrices.rows / kRows < kMostBlocksY;
}

} // namespace

bool canGroupPlain(QuantType type, std::int64_t columns)
{
    return withPlainType(type, [](auto) {}) && columns % 8 == 0 && columns <= (1 << 30);
}

Status multiplyExpertGroupsPlain(const ExpertMatrices& matrices, const void* x, const ExpertPairs& pairs,
                                 const ExpertGroups& groups, const ProductOut& out, Stream stream)
{
    if (!fits(matrices, pairs, groups))
        return refused();
    if (pairs.pairs <= 0 || matrices.rows <= 0 || matrices.experts <= 0)
        return {};
    const auto* rows = static_cast<const BFloat16*>(x);
    Status status = refused();
    withPlainType(matrices.type, [&](auto value) {
        using W = decltype(value);
        status = groups.tilePairs == kFewGroupPairs
                     ? launch<W, kFewGroupPairs>(matrices, rows, pairs, groups, out, stream)
                     : launch<W, kManyGroupPairs>(matrices, rows, pairs, groups, out, stream);
    });
    return status;
}

} // namespace vitrine::kernels::cuda
