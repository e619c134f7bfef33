// SPDX-License-Identifier: GPL-3.0-or-later
// Which kernel multiplies a matrix, and products of F32, F16 and BF16.
#include "kernels/cuda/device.h"

#include "kernels/cuda/matvec.h"
#include "kernels/cuda/matvec_plain.cuh"
#include "kernels/cuda/matvec_quantized.cuh"
#include "kernels/cuda/quant_values.cuh"

namespace vitrine::kernels::cuda {

VT_MULTIPLY_FORMAT(extern, Q4_0);
VT_MULTIPLY_FORMAT(extern, Q4_1);
VT_MULTIPLY_FORMAT(extern, Q5_0);
VT_MULTIPLY_FORMAT(extern, Q5_1);
VT_MULTIPLY_FORMAT(extern, Q8_0);
VT_MULTIPLY_FORMAT(extern, Q2_K);
VT_MULTIPLY_FORMAT(extern, Q3_K);
VT_MULTIPLY_FORMAT(extern, Q4_K);
VT_MULTIPLY_FORMAT(extern, Q5_K);
VT_MULTIPLY_FORMAT(extern, Q6_K);
VT_MULTIPLY_FORMAT(extern, IQ4_NL);
VT_MULTIPLY_FORMAT(extern, IQ4_XS);
VT_MULTIPLY_FORMAT(extern, MXFP4);

namespace {

constexpr std::int64_t kMostColumns = 1 << 30; ///< counted in 32 bits within a row

/// Tokens from blockIdx.y * Tokens on.
template<int Width, int Tokens, class W, class T>
__global__ void __launch_bounds__(kMatvecThreads, 4)
    multiplyValues(DeviceMatrix matrix, const T* x, ProductOut out, int sharing)
{
    __shared__ float shared[kMatvecWarps][kWarp];
    const std::int64_t token = std::int64_t{blockIdx.y} * Tokens;
    multiplyRowsPlain<Width, Tokens, W>(matrix, x + token * matrix.columns, fromToken(out, token), sharing,
                                        shared);
}

template<class W, class T>
Status launch(const DeviceMatrix& matrix, const T* x, std::int64_t tokens, const ProductOut& out,
              Stream stream)
{
    const int width = matrix.columns % 8 == 0 ? 8 : 1;
    const int sharing = warpsOfRow(matrix.rows, matrix.columns / width);
    const unsigned blocks = matvecBlocks(matrix.rows, sharing);
    if (blocks == 0)
        return refused();
    if (width == 1) { // rows on no boundary: seldom, and read again for each token
        VT_LAUNCH((multiplyValues<1, 1, W, T>), dim3(blocks, static_cast<unsigned>(tokens)), kMatvecThreads,
                  0, stream, matrix, x, out, sharing);
        return launched();
    }
    withTokens(tokens, [&](auto count) {
        VT_LAUNCH((multiplyValues<8, decltype(count)::value, W, T>), blocks, kMatvecThreads, 0, stream,
                  matrix, x, out, sharing);
    });
    return launched();
}

bool fits(const DeviceMatrix& matrix, std::int64_t tokens)
{
    return tokens <= kMostMatvecTokens && matrix.columns <= kMostColumns;
}

} // namespace

bool canMultiplyQuantized(QuantType type, std::int64_t columns)
{
    return withQuantFormat(type, [](auto) {}) && columns % quantInfo(type).blockValues == 0 &&
           columns % kQuantGroup == 0 && columns <= kMostColumns;
}

Status multiplyQuantized(const DeviceMatrix& matrix, const QuantizedRows& x, std::int64_t tokens,
                         const ProductOut& out, Stream stream)
{
    if (!canMultiplyQuantized(matrix.type, matrix.columns) || !fits(matrix, tokens) ||
        x.columns != matrix.columns)
        return refused();
    if (tokens <= 0 || matrix.rows <= 0)
        return {};
    Status status = refused();
    withQuantType(matrix.type, [&](auto type) {
        status = multiplyFormat<decltype(type)::value>(matrix, x, tokens, out, stream);
    });
    return status;
}

Status multiplyPlain(const DeviceMatrix& matrix, Number number, const void* x, std::int64_t tokens,
                     const ProductOut& out, Stream stream)
{
    if (!fits(matrix, tokens))
        return refused();
    if (tokens <= 0 || matrix.rows <= 0)
        return {};
    Status status = refused();
    withPlainType(matrix.type, [&](auto value) {
        using W = decltype(value);
        status = number == Number::F32
                     ? launch<W>(matrix, static_cast<const float*>(x), tokens, out, stream)
                     : launch<W>(matrix, static_cast<const BFloat16*>(x), tokens, out, stream);
    });
    return status;
}

} // namespace vitrine::kernels::cuda
