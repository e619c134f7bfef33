// SPDX-License-Identifier: GPL-3.0-or-later
// Products of (token, expert) pairs, each by itself: the warps of matvec_lanes.cuh with a matrix a pair.
// Bound by memory as those of one token are; what two pairs read of one expert comes from L2 the second time.
#include "kernels/cuda/device.h"

#include "kernels/cuda/expert_product.h"
#include "kernels/cuda/matvec_plain.cuh"
#include "kernels/cuda/matvec_quantized.cuh"
#include "kernels/cuda/quant_values.cuh"

namespace vitrine::kernels::cuda {

namespace {

constexpr std::int64_t kMostColumns = 1 << 30; ///< counted in 32 bits within a row

std::int64_t matrixBytes(const ExpertMatrices& matrices)
{
    const QuantInfo info = quantInfo(matrices.type);
    return matrices.rows * (matrices.columns / info.blockValues) * info.blockBytes;
}

__device__ DeviceMatrix matrixOf(const ExpertMatrices& matrices, std::int64_t bytes, std::int32_t expert)
{
    return {matrices.type, matrices.data + expert * bytes, matrices.rows, matrices.columns};
}

__device__ QuantizedRows rowOf(const QuantizedRows& x, std::int64_t row)
{
    return {x.values + row * x.columns, x.scales + row * x.columns / kQuantGroup,
            x.sums + row * x.columns / kSumGroup, x.columns};
}

/// use(pair, expert) for the pairs of the block that have an expert, by the whole block.
template<class Use>
__device__ void eachPair(const ExpertPairs& pairs, Use use)
{
    for (std::int64_t pair = blockIdx.y; pair < pairs.pairs; pair += gridDim.y) {
        const std::int32_t expert = pairs.chosen[pair];
        if (expert >= 0)
            use(pair, expert);
        __syncthreads(); // shared memory is used again
    }
}

template<class Format>
__global__ void __launch_bounds__(kMatvecThreads, (kMatvecBlocks<Format, 1>))
    multiplyPairUnits(ExpertMatrices matrices, std::int64_t bytes, QuantizedRows x, ExpertPairs pairs,
                      ProductOut out, int sharing)
{
    __shared__ float shared[kMatvecWarps][kWarp];
    eachPair(pairs, [&](std::int64_t pair, std::int32_t expert) {
        multiplyRowsQuantized<Format, 1>(matrixOf(matrices, bytes, expert), rowOf(x, pair / pairs.perRow),
                                         fromToken(out, pair), sharing, shared);
    });
}

template<int Width, class W, class T>
__global__ void __launch_bounds__(kMatvecThreads, 4)
    multiplyPairValues(ExpertMatrices matrices, std::int64_t bytes, const T* x, ExpertPairs pairs,
                       ProductOut out, int sharing)
{
    __shared__ float shared[kMatvecWarps][kWarp];
    eachPair(pairs, [&](std::int64_t pair, std::int32_t expert) {
        multiplyRowsPlain<Width, 1, W>(matrixOf(matrices, bytes, expert),
                                       x + pair / pairs.perRow * matrices.columns, fromToken(out, pair),
                                       sharing, shared);
    });
}

/// How the pairs are spread over a device: as the rows of the experts that a token goes to.
struct Spread
{
    int sharing;
    dim3 grid;
};
Spread spreadOf(const ExpertMatrices& matrices, const ExpertPairs& pairs, std::int64_t pieces)
{
    const int sharing = warpsOfRow(matrices.rows * pairs.perToken, pieces);
    return {sharing, dim3(matvecBlocks(matrices.rows, sharing), blocksFor(pairs.pairs, kMostBlocksY))};
}

template<QuantType Type>
Status launch(const ExpertMatrices& matrices, const QuantizedRows& x, const ExpertPairs& pairs,
              const ProductOut& out, Stream stream)
{
    using Format = QuantFormat<Type>;
    const Spread spread = spreadOf(matrices, pairs, matrices.columns / Format::kUnitValues);
    if (spread.grid.x == 0)
        return refused();
    VT_LAUNCH(multiplyPairUnits<Format>, spread.grid, kMatvecThreads, 0, stream, matrices,
              matrixBytes(matrices), x, pairs, out, spread.sharing);
    return launched();
}

template<int Width, class W, class T>
Status launchPlain(const ExpertMatrices& matrices, const T* x, const ExpertPairs& pairs,
                   const ProductOut& out, Stream stream)
{
    const Spread spread = spreadOf(matrices, pairs, matrices.columns / Width);
    if (spread.grid.x == 0)
        return refused();
    VT_LAUNCH((multiplyPairValues<Width, W, T>), spread.grid, kMatvecThreads, 0, stream, matrices,
              matrixBytes(matrices), x, pairs, out, spread.sharing);
    return launched();
}

template<class W, class T>
Status launchPlain(const ExpertMatrices& matrices, const void* rows, const ExpertPairs& pairs,
                   const ProductOut& out, Stream stream)
{
    const auto* x = static_cast<const T*>(rows);
    return matrices.columns % 8 == 0 ? launchPlain<8, W>(matrices, x, pairs, out, stream)
                                     : launchPlain<1, W>(matrices, x, pairs, out, stream);
}

bool isNothing(const ExpertMatrices& matrices, const ExpertPairs& pairs)
{
    return pairs.pairs <= 0 || matrices.rows <= 0;
}

} // namespace

Status multiplyExperts(const ExpertMatrices& matrices, const QuantizedRows& x, const ExpertPairs& pairs,
                       const ProductOut& out, Stream stream)
{
    if (!canMultiplyQuantized(matrices.type, matrices.columns) || x.columns != matrices.columns)
        return refused();
    if (isNothing(matrices, pairs))
        return {};
    Status status = refused();
    withQuantType(matrices.type, [&](auto type) {
        status = launch<decltype(type)::value>(matrices, x, pairs, out, stream);
    });
    return status;
}

Status multiplyExpertsPlain(const ExpertMatrices& matrices, Number number, const void* x,
                            const ExpertPairs& pairs, const ProductOut& out, Stream stream)
{
    if (matrices.columns > kMostColumns)
        return refused();
    if (isNothing(matrices, pairs))
        return {};
    Status status = refused();
    withPlainType(matrices.type, [&](auto value) {
        using W = decltype(value);
        status = number == Number::F32 ? launchPlain<W, float>(matrices, x, pairs, out, stream)
                                       : launchPlain<W, BFloat16>(matrices, x, pairs, out, stream);
    });
    return status;
}

} // namespace vitrine::kernels::cuda
