// SPDX-License-Identifier: GPL-3.0-or-later
// Which kernel multiplies a quantised matrix with some tens of tokens.
#include "kernels/cuda/device.h"

#include "kernels/cuda/batch_product.cuh"

namespace vitrine::kernels::cuda {

VT_MULTIPLY_BATCH(extern, Q4_0);
VT_MULTIPLY_BATCH(extern, Q4_1);
VT_MULTIPLY_BATCH(extern, Q5_0);
VT_MULTIPLY_BATCH(extern, Q5_1);
VT_MULTIPLY_BATCH(extern, Q8_0);
VT_MULTIPLY_BATCH(extern, Q2_K);
VT_MULTIPLY_BATCH(extern, Q3_K);
VT_MULTIPLY_BATCH(extern, Q4_K);
VT_MULTIPLY_BATCH(extern, Q5_K);
VT_MULTIPLY_BATCH(extern, Q6_K);
VT_MULTIPLY_BATCH(extern, IQ4_NL);
VT_MULTIPLY_BATCH(extern, IQ4_XS);
VT_MULTIPLY_BATCH(extern, MXFP4);

Status multiplyQuantizedBatch(const DeviceMatrix& matrix, const QuantizedRows& x, std::int64_t tokens,
                              const ProductOut& out, Stream stream)
{
    if (!canMultiplyQuantized(matrix.type, matrix.columns) || x.columns != matrix.columns ||
        matrix.rows / kBatchRows >= kMostBlocksX || tokens / kMostBatchTokens >= kMostBlocksY)
        return refused();
    if (tokens <= 0 || matrix.rows <= 0)
        return {};
    Status status = refused();
    withQuantType(matrix.type, [&](auto type) {
        status = multiplyFormatBatch<decltype(type)::value>(matrix, x, tokens, out, stream);
    });
    return status;
}

} // namespace vitrine::kernels::cuda
