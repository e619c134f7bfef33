// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/cuda_linear.h"

#include <algorithm>

#include "kernels/cuda/dequantize.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;
using kernels::QuantType;

namespace {

bool isPlain(QuantType type)
{
    return type == QuantType::F32 || type == QuantType::F16 || type == QuantType::BF16;
}

bool isOf(QuantType type, cuda::Number number)
{
    return type == (number == cuda::Number::F32 ? QuantType::F32 : QuantType::BF16);
}

std::size_t rowBytes(const cuda::DeviceMatrix& matrix)
{
    const kernels::QuantInfo info = kernels::quantInfo(matrix.type);
    return static_cast<std::size_t>(matrix.columns) / info.blockValues * info.blockBytes;
}

/// Rows of activations from `token` on.
const std::uint8_t* rowsFrom(const void* rows, std::int64_t token, std::int64_t columns, cuda::Number number)
{
    return static_cast<const std::uint8_t*>(rows) +
           static_cast<std::size_t>(token * columns) * cuda::numberBytes(number);
}

cuda::QuantizedRows from(const cuda::QuantizedRows& rows, std::int64_t token)
{
    return {rows.values + token * rows.columns, rows.scales + token * rows.columns / cuda::kQuantGroup,
            rows.sums + token * rows.columns / cuda::kSumGroup, rows.columns};
}

cuda::ProductOut from(const cuda::ProductOut& out, std::int64_t token, std::int64_t row)
{
    const auto values = static_cast<std::size_t>(token * out.stride + row);
    return {out.number, static_cast<std::uint8_t*>(out.data) + values * cuda::numberBytes(out.number),
            out.stride};
}

} // namespace

std::int64_t CudaLinear::quantizedRows(std::int64_t tokens, bool precise, bool onePath)
{
    if (precise)
        return 0;
    return onePath ? tokens : cuda::kMostBatchTokens;
}

bool CudaLinear::fewRows(std::int64_t tokens) const
{
    return !m_precise && (m_onePath || tokens <= cuda::kMostMatvecTokens);
}

bool CudaLinear::someRows(std::int64_t tokens) const
{
    return !m_precise && !m_onePath && tokens <= cuda::kMostBatchTokens;
}

cuda::Status CudaLinear::multiply(const LinearInput& input, std::initializer_list<Product> products,
                                  cuda::Stream stream)
{
    const bool few = fewRows(input.tokens);
    const bool quantize = (few || someRows(input.tokens)) &&
                          std::any_of(products.begin(), products.end(), [](const Product& product) {
                              return cuda::canMultiplyQuantized(product.matrix.type, product.matrix.columns);
                          });
    cuda::Status status;
    if (quantize)
        status = cuda::quantizeRows(m_work.number(), input.rows, input.tokens,
                                    m_work.quantized(input.columns), stream);
    for (const Product& product : products)
        if (status)
            status = few ? multiplyFew(input, product, stream) : multiplySome(input, product, stream);
    return status;
}

cuda::Status CudaLinear::multiplySome(const LinearInput& input, const Product& product, cuda::Stream stream)
{
    const cuda::DeviceMatrix& matrix = product.matrix;
    if (!someRows(input.tokens) || !cuda::canMultiplyQuantized(matrix.type, matrix.columns))
        return multiplyMany(input, product, stream);
    return cuda::multiplyQuantizedBatch(matrix, m_work.quantized(input.columns), input.tokens, product.out,
                                        stream);
}

cuda::Status CudaLinear::multiplyFew(const LinearInput& input, const Product& product, cuda::Stream stream)
{
    const cuda::DeviceMatrix& matrix = product.matrix;
    const bool quantized = cuda::canMultiplyQuantized(matrix.type, matrix.columns);
    if (!quantized && !isPlain(matrix.type))
        return multiplyMany(input, product, stream);
    cuda::Status status;
    for (std::int64_t token = 0; token < input.tokens && status; token += cuda::kMostMatvecTokens) {
        const std::int64_t count = std::min(cuda::kMostMatvecTokens, input.tokens - token);
        const cuda::ProductOut out = from(product.out, token, 0);
        status = quantized ? cuda::multiplyQuantized(matrix, from(m_work.quantized(input.columns), token),
                                                     count, out, stream)
                           : cuda::multiplyPlain(matrix, m_work.number(),
                                                 rowsFrom(input.rows, token, input.columns, m_work.number()),
                                                 count, out, stream);
    }
    return status;
}

cuda::Status CudaLinear::multiplyMany(const LinearInput& input, const Product& product, cuda::Stream stream)
{
    const cuda::DeviceMatrix& matrix = product.matrix;
    std::int64_t together = matrix.rows;
    if (!isOf(matrix.type, m_work.number())) {
        const std::size_t row = static_cast<std::size_t>(matrix.columns) * cuda::numberBytes(m_work.number());
        together = std::max<std::int64_t>(1, static_cast<std::int64_t>(m_work.scratchBytes() / row));
    }
    cuda::Status status;
    for (std::int64_t row = 0; row < matrix.rows && status; row += together)
        status = multiplyPart(input, product, row, std::min(together, matrix.rows - row), stream);
    return status;
}

cuda::Status CudaLinear::multiplyPart(const LinearInput& input, const Product& product, std::int64_t firstRow,
                                      std::int64_t rows, cuda::Stream stream)
{
    const cuda::DeviceMatrix& matrix = product.matrix;
    const cuda::Number number = m_work.number();
    const std::uint8_t* blocks = matrix.data + static_cast<std::size_t>(firstRow) * rowBytes(matrix);
    const void* numbers = blocks;
    if (!isOf(matrix.type, number)) {
        const cuda::Status made = cuda::dequantizeBlocks(matrix.type, blocks, rows * matrix.columns, number,
                                                         m_work.scratch(), stream);
        if (!made)
            return made;
        numbers = m_work.scratch();
    }
    const cuda::ProductOut out = from(product.out, 0, firstRow);
    return m_blas.multiply(
        {numbers, input.rows, out.data, rows, matrix.columns, input.tokens, out.stride, number, out.number},
        stream);
}

} // namespace vitrine::engine
