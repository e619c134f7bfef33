// SPDX-License-Identifier: GPL-3.0-or-later
// Products of GGUF blocks with some tens of quantised tokens on tensor cores, for the files that make them.
//
// A block takes 32 rows of the matrix and up to 32 tokens; its warps share the columns in turns of two units
// a row. A lane reads the units of its row (the next while these are multiplied), the bytes go through shared
// memory into the fragments of m16n8k32, whose integer sums are scaled every 32 values, because activations
// have a scale as often. Bound by memory up to about 16 tokens, then by the scaling: 12 float operations a
// lane for 4,096 products.
#pragma once

#include "kernels/cuda/device.h"
#include "kernels/cuda/matvec.h"
#include "kernels/cuda/mma.h"
#include "kernels/cuda/quant_groups.cuh"
#include "kernels/cuda/row_values.cuh"

namespace vitrine::kernels::cuda {

inline constexpr int kBatchWarps = 4;
inline constexpr int kBatchThreads = kBatchWarps * kWarp;
inline constexpr int kBatchRows = 32; ///< of a block, in two tiles of 16
inline constexpr int kBatchUnits = 2; ///< of a row in a turn

/// The units of a turn, as they lie in shared memory: 32 values with one activation scale are a chunk.
template<class Format>
struct BatchTile
{
    static constexpr int kGroups = Format::kGroups;
    static constexpr int kChunks = kBatchUnits * kGroups / 2;
    static constexpr int kScales = Format::kOneScale || kGroups == 2 ? 1 : 2; ///< of the weights, in a chunk
    static constexpr int kWords = 8 * kChunks + 4; ///< of a row; fragments meet no bank twice

    alignas(16) int q[kBatchRows][kWords];
    float d[kBatchRows][kChunks * kScales], m[kBatchRows][kChunks * kScales];

    /// Where group g of unit u lies: its chunk, and which half of it.
    __device__ static int chunkOf(int unit, int group) { return Format::kOneScale ? unit : group; }
    __device__ static int halfOf(int unit, int group) { return Format::kOneScale ? group : unit; }
    /// The first column of a chunk in the block, for the units from `unit` on.
    __device__ static int column(int unit, int chunk)
    {
        return Format::kOneScale ? Format::position(unit + chunk, 0) : Format::position(unit, chunk);
    }

    __device__ void store(int row, const typename Format::Unit (&units)[kBatchUnits])
    {
#pragma unroll
        for (int u = 0; u < kBatchUnits; ++u)
#pragma unroll
            for (int g = 0; g < kGroups; ++g) {
                const int chunk = chunkOf(u, g), half = halfOf(u, g);
                *reinterpret_cast<int4*>(&q[row][8 * chunk + 4 * half]) =
                    make_int4(units[u].q[g][0], units[u].q[g][1], units[u].q[g][2], units[u].q[g][3]);
                if (half < kScales) {
                    d[row][chunk * kScales + half] = units[u].d[g];
                    if (Format::kHasLeast)
                        m[row][chunk * kScales + half] = units[u].m[g];
                }
            }
    }
};

/// The tokens of a block where they follow each other: of token i of it the row of the activations (one too
/// many is computed as the last), and the row of the products, or -1 where there is none.
struct StraightRows
{
    int first, tokens;

    __device__ int in(int i) const { return min(first + i, tokens - 1); }
    __device__ int out(int i) const { return first + i < tokens ? first + i : -1; }
};

/// Of one chunk and eight tokens: what a lane has of them. Counted in 32 bits.
template<bool HasLeast, int Scales>
struct BatchTokens
{
    unsigned q[2];
    float scale[2];       // of its two columns
    float sum[2][Scales]; // of its two columns

    template<class Rows>
    __device__ void read(const QuantizedRows& x, const Rows& rows, int firstToken, int column)
    {
        const int lane = static_cast<int>(threadIdx.x) % kWarp, columns = static_cast<int>(x.columns);
        const int own = rows.in(firstToken + lane / 4);
        const std::int8_t* values = x.values + (own * columns + column + lane % 4 * 4);
        q[0] = *reinterpret_cast<const unsigned*>(values);
        q[1] = *reinterpret_cast<const unsigned*>(values + 16);
#pragma unroll
        for (int i = 0; i < 2; ++i) {
            const int group = (rows.in(firstToken + lane % 4 * 2 + i) * columns + column) / kQuantGroup;
            scale[i] = x.scales[group];
            if (HasLeast) {
                const float2 two = *reinterpret_cast<const float2*>(x.sums + 2 * group);
                sum[i][0] = Scales == 1 ? two.x + two.y : two.x;
                sum[i][Scales - 1] = Scales == 1 ? sum[i][0] : two.y;
            }
        }
    }
};

/// Sixteen rows of a chunk, what a lane has of them: rows lane / 4 and 8 on.
template<class Format>
struct BatchWeights
{
    using Tile = BatchTile<Format>;
    unsigned q[4];
    float d[2][Tile::kScales], m[2][Tile::kScales];

    __device__ void read(const Tile& tile, int firstRow, int chunk)
    {
        const int lane = static_cast<int>(threadIdx.x) % kWarp;
#pragma unroll
        for (int i = 0; i < 2; ++i) {
            const int row = firstRow + lane / 4 + 8 * i;
            q[i] = static_cast<unsigned>(tile.q[row][8 * chunk + lane % 4]);
            q[i + 2] = static_cast<unsigned>(tile.q[row][8 * chunk + 4 + lane % 4]);
#pragma unroll
            for (int s = 0; s < Tile::kScales; ++s) {
                d[i][s] = tile.d[row][chunk * Tile::kScales + s];
                m[i][s] = Format::kHasLeast ? tile.m[row][chunk * Tile::kScales + s] : 0.0F;
            }
        }
    }

    __device__ void addTo(float (&sums)[4], const BatchTokens<Format::kHasLeast, Tile::kScales>& x) const
    {
#pragma unroll
        for (int s = 0; s < Tile::kScales; ++s) {
            const bool low = Tile::kScales == 1 || s == 0, high = Tile::kScales == 1 || s == 1;
            const unsigned a[4] = {low ? q[0] : 0, low ? q[1] : 0, high ? q[2] : 0, high ? q[3] : 0};
            int products[4] = {};
            mmaInt8(products, a, x.q);
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                sums[i] += d[i / 2][s] * x.scale[i % 2] * static_cast<float>(products[i]);
                if (Format::kHasLeast)
                    sums[i] += m[i / 2][s] * x.sum[i % 2][s];
            }
        }
    }
};

template<int TokenTiles>
using BatchSums = float[2][TokenTiles][4];

/// Adds a turn: columns from `column` (of the block) and `unit` on.
template<class Format, int TokenTiles, class Rows>
__device__ void addTurn(const BatchTile<Format>& tile, const QuantizedRows& x, const Rows& rows, int column,
                        int unit, bool whole, BatchSums<TokenTiles>& sums)
{
#pragma unroll 1
    for (int chunk = 0; chunk < BatchTile<Format>::kChunks; ++chunk) {
        if (Format::kOneScale && chunk > 0 && !whole)
            break; // an odd number of units, of which the last turn has one
        BatchWeights<Format> weights[2];
        weights[0].read(tile, 0, chunk);
        weights[1].read(tile, 16, chunk);
#pragma unroll
        for (int t = 0; t < TokenTiles; ++t) {
            BatchTokens<Format::kHasLeast, BatchTile<Format>::kScales> activations;
            activations.read(x, rows, 8 * t, column + BatchTile<Format>::column(unit, chunk));
            weights[0].addTo(sums[0][t], activations);
            weights[1].addTo(sums[1][t], activations);
        }
    }
}

/// Adds up the warps in their order, then writes.
template<int TokenTiles, class Rows>
__device__ void finishBatch(const BatchSums<TokenTiles>& sums, std::int64_t firstRow, std::int64_t matrixRows,
                            const Rows& rows, const ProductOut& out, float (*shared)[kBatchRows + 1])
{
    const int lane = static_cast<int>(threadIdx.x) % kWarp, warp = static_cast<int>(threadIdx.x) / kWarp;
    for (int turn = 0; turn < kBatchWarps; ++turn) {
        if (warp == turn)
#pragma unroll
            for (int i = 0; i < 8 * TokenTiles; ++i) {
                const int tile = i % 2, t = i / 2 % TokenTiles, j = i / 2 / TokenTiles;
                float& place = shared[8 * t + lane % 4 * 2 + j % 2][16 * tile + lane / 4 + j / 2 * 8];
                place = turn == 0 ? sums[tile][t][j] : place + sums[tile][t][j];
            }
        __syncthreads();
    }
    for (int i = static_cast<int>(threadIdx.x); i < 8 * TokenTiles * kBatchRows; i += kBatchThreads) {
        const std::int64_t token = rows.out(i / kBatchRows), row = firstRow + i % kBatchRows;
        if (token < 0 || row >= matrixRows)
            continue;
        const float value = shared[i / kBatchRows][i % kBatchRows];
        const std::int64_t index = token * out.stride + row;
        if (out.number == Number::F32)
            writeValue(static_cast<float*>(out.data) + index, value);
        else
            writeValue(static_cast<BFloat16*>(out.data) + index, value);
    }
}

/// The units of a turn of one row; what is behind its end is left as it is.
template<class Format>
__device__ void readTurn(const std::uint8_t* row, int first, int units,
                         typename Format::Unit (&out)[kBatchUnits])
{
#pragma unroll
    for (int u = 0; u < kBatchUnits; ++u) {
        const int unit = first + u;
        if (unit < units)
            Format::read(row + std::int64_t{unit / Format::kUnits} * Format::kBlockBytes,
                         unit % Format::kUnits, out[u]);
    }
}

/// Blocks of a multiprocessor that there are registers for.
template<class Format>
inline constexpr int kBatchBlocks = Format::kGroups == 4 && Format::kHasLeast ? 2 : 3;

/// Rows of the matrix from blockIdx.y * kBatchRows on. REQUIRES: a whole block.
template<class Format, int TokenTiles, class Rows>
__device__ __forceinline__ void multiplyTile(const DeviceMatrix& matrix, const QuantizedRows& x,
                                             const Rows& rows, const ProductOut& out,
                                             BatchTile<Format>* tiles, float (*shared)[kBatchRows + 1])
{
    const int lane = static_cast<int>(threadIdx.x) % kWarp, warp = static_cast<int>(threadIdx.x) / kWarp;
    const std::int64_t firstRow = std::int64_t{blockIdx.y} * kBatchRows;
    const std::int64_t row = firstRow + lane < matrix.rows ? firstRow + lane : matrix.rows - 1;
    const std::int64_t blocks = matrix.columns / Format::kBlockValues;
    const std::uint8_t* data = matrix.data + row * blocks * Format::kBlockBytes;
    const int units = static_cast<int>(blocks) * Format::kUnits;
    BatchSums<TokenTiles> sums = {};
    typename Format::Unit next[kBatchUnits] = {};
    constexpr bool kAhead = Format::kGroups == 2; // more does not fit into registers
    if (kAhead)
        readTurn<Format>(data, warp * kBatchUnits, units, next);
    for (int first = warp * kBatchUnits; first < units; first += kBatchWarps * kBatchUnits) {
        if (!kAhead)
            readTurn<Format>(data, first, units, next);
        tiles[warp].store(lane, next);
        __syncwarp();
        if (kAhead)
            readTurn<Format>(data, first + kBatchWarps * kBatchUnits, units, next);
        const int column = first / Format::kUnits * Format::kBlockValues;
        addTurn<Format, TokenTiles>(tiles[warp], x, rows, column, first % Format::kUnits, first + 1 < units,
                                    sums);
        __syncwarp();
    }
    finishBatch<TokenTiles>(sums, firstRow, matrix.rows, rows, out, shared);
}

template<class Format, int TokenTiles>
__global__ void __launch_bounds__(kBatchThreads, kBatchBlocks<Format>)
    multiplyTiles(DeviceMatrix matrix, QuantizedRows x, int tokens, ProductOut out)
{
    __shared__ BatchTile<Format> tiles[kBatchWarps];
    __shared__ float shared[8 * TokenTiles][kBatchRows + 1];
    const StraightRows rows{static_cast<int>(blockIdx.x) * 8 * TokenTiles, tokens};
    multiplyTile<Format, TokenTiles>(matrix, x, rows, out, tiles, shared);
}

template<class Format, int TokenTiles>
void launchBatch(const DeviceMatrix& matrix, const QuantizedRows& x, std::int64_t tokens,
                 const ProductOut& out, Stream stream)
{
    // Blocks of the same rows run beside each other and read them from L2 once more.
    const dim3 grid(static_cast<unsigned>(divideUp<std::int64_t>(tokens, 8 * TokenTiles)),
                    static_cast<unsigned>(divideUp<std::int64_t>(matrix.rows, kBatchRows)));
    VT_LAUNCH((multiplyTiles<Format, TokenTiles>), grid, kBatchThreads, 0, stream, matrix, x,
              static_cast<int>(tokens), out);
}

template<QuantType Type>
Status multiplyFormatBatch(const DeviceMatrix& matrix, const QuantizedRows& x, std::int64_t tokens,
                           const ProductOut& out, Stream stream)
{
    using Format = QuantFormat<Type>;
    if (tokens <= 16)
        launchBatch<Format, 2>(matrix, x, tokens, out, stream);
    else
        launchBatch<Format, 4>(matrix, x, tokens, out, stream);
    return launched();
}

#define VT_MULTIPLY_BATCH(linkage, type)                                                                     \
    linkage template Status multiplyFormatBatch<QuantType::type>(const DeviceMatrix&, const QuantizedRows&,  \
                                                                 std::int64_t, const ProductOut&, Stream)

} // namespace vitrine::kernels::cuda
