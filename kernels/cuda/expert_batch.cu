// SPDX-License-Identifier: GPL-3.0-or-later
// Which kernel multiplies experts' quantised matrices with grouped pairs.
#include "kernels/cuda/device.h"

#include "kernels/cuda/expert_batch.cuh"

namespace vitrine::kernels::cuda {

VT_MULTIPLY_GROUPS(extern, Q4_0);
VT_MULTIPLY_GROUPS(extern, Q4_1);
VT_MULTIPLY_GROUPS(extern, Q5_0);
VT_MULTIPLY_GROUPS(extern, Q5_1);
VT_MULTIPLY_GROUPS(extern, Q8_0);
VT_MULTIPLY_GROUPS(extern, Q2_K);
VT_MULTIPLY_GROUPS(extern, Q3_K);
VT_MULTIPLY_GROUPS(extern, Q4_K);
VT_MULTIPLY_GROUPS(extern, Q5_K);
VT_MULTIPLY_GROUPS(extern, Q6_K);
VT_MULTIPLY_GROUPS(extern, IQ4_NL);
VT_MULTIPLY_GROUPS(extern, IQ4_XS);
VT_MULTIPLY_GROUPS(extern, MXFP4);

namespace {

constexpr std::int64_t kMostValues = 0x7FFFFFFF; ///< counted in 32 bits

bool fits(const ExpertMatrices& matrices, const ExpertPairs& pairs, const ExpertGroups& groups)
{
    const bool known = groups.tilePairs == kFewGroupPairs || groups.tilePairs == kManyGroupPairs;
    return known && pairs.perRow > 0 && matrices.rows / kBatchRows < kMostBlocksY &&
           pairs.pairs <= kMostGroupedPairs &&
           (pairs.pairs / pairs.perRow + 1) * matrices.columns <= kMostValues;
}

} // namespace

Status multiplyExpertGroups(const ExpertMatrices& matrices, const QuantizedRows& x, const ExpertPairs& pairs,
                            const ExpertGroups& groups, const ProductOut& out, Stream stream)
{
    if (!canMultiplyQuantized(matrices.type, matrices.columns) || x.columns != matrices.columns ||
        !fits(matrices, pairs, groups))
        return refused();
    if (pairs.pairs <= 0 || matrices.rows <= 0 || matrices.experts <= 0)
        return {};
    Status status = refused();
    withQuantType(matrices.type, [&](auto type) {
        status = multiplyFormatGroups<decltype(type)::value>(matrices, x, pairs, groups, out, stream);
    });
    return status;
}

} // namespace vitrine::kernels::cuda
