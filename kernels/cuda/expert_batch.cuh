// SPDX-License-Identifier: GPL-3.0-or-later
// The tiles of batch_product.cuh for pairs that are grouped by expert, for the files that make them: a block
// takes 32 rows of one expert's matrix and up to 32 of its pairs, whose rows of activations lie anywhere.
// Which expert and which pairs it learns from the list that the device made; blocks too many end at once.
#pragma once

#include "kernels/cuda/batch_product.cuh"
#include "kernels/cuda/expert_product.h"
#include "kernels/cuda/expert_rows.cuh"

namespace vitrine::kernels::cuda {

/// The rows of a tile's pairs, in shared memory.
struct PairRows
{
    const int *rows, *pairs;

    __device__ int in(int i) const { return rows[i]; }
    __device__ int out(int i) const { return pairs[i]; }
};

template<class Format, int TokenTiles>
__global__ void __launch_bounds__(kBatchThreads, kBatchBlocks<Format>)
    multiplyGroupTiles(ExpertMatrices matrices, std::int64_t bytes, QuantizedRows x, int perRow,
                       ExpertGroups groups, ProductOut out)
{
    __shared__ BatchTile<Format> tiles[kBatchWarps];
    __shared__ float shared[8 * TokenTiles][kBatchRows + 1];
    __shared__ int rows[8 * TokenTiles], pairs[8 * TokenTiles];
    if (static_cast<int>(blockIdx.x) >= *groups.tileCount)
        return;
    const ExpertTile tile = groups.tiles[blockIdx.x];
    findRows(tile, groups.order, perRow, 8 * TokenTiles, rows, pairs);
    __syncthreads();
    const DeviceMatrix matrix{matrices.type, matrices.data + tile.expert * bytes, matrices.rows,
                              matrices.columns};
    multiplyTile<Format, TokenTiles>(matrix, x, PairRows{rows, pairs}, out, tiles, shared);
}

template<QuantType Type>
Status multiplyFormatGroups(const ExpertMatrices& matrices, const QuantizedRows& x, const ExpertPairs& pairs,
                            const ExpertGroups& groups, const ProductOut& out, Stream stream)
{
    using Format = QuantFormat<Type>;
    const std::int64_t bytes =
        matrices.rows * (matrices.columns / Format::kBlockValues) * Format::kBlockBytes;
    // Tiles of one expert run beside each other and read its rows from L2 once more.
    const dim3 grid(static_cast<unsigned>(mostExpertTiles(pairs.pairs, matrices.experts, groups.tilePairs)),
                    static_cast<unsigned>(divideUp<std::int64_t>(matrices.rows, kBatchRows)));
    const int perRow = static_cast<int>(pairs.perRow);
    if (groups.tilePairs == kFewGroupPairs)
        VT_LAUNCH((multiplyGroupTiles<Format, kFewGroupPairs / 8>), grid, kBatchThreads, 0, stream, matrices,
                  bytes, x, perRow, groups, out);
    else
        VT_LAUNCH((multiplyGroupTiles<Format, kManyGroupPairs / 8>), grid, kBatchThreads, 0, stream, matrices,
                  bytes, x, perRow, groups, out);
    return launched();
}

#define VT_MULTIPLY_GROUPS(linkage, type)                                                                    \
    linkage template Status multiplyFormatGroups<QuantType::type>(                                           \
        const ExpertMatrices&, const QuantizedRows&, const ExpertPairs&, const ExpertGroups&,                \
        const ProductOut&, Stream)

} // namespace vitrine::kernels::cuda
