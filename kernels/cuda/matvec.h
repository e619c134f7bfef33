// SPDX-License-Identifier: GPL-3.0-or-later
// Products of a weight matrix with a few rows of activations, which read each weight once: what decoding
// waits for is memory, so that a quantised matrix is multiplied as it lies in the file.
#pragma once

#include <cstdint>

#include "kernels/cuda/number.h"
#include "kernels/cuda/quantized_rows.h"
#include "kernels/cuda/status.h"
#include "kernels/quant_type.h"

namespace vitrine::kernels::cuda {

inline constexpr std::int64_t kMostMatvecTokens = 8;
inline constexpr std::int64_t kMostBatchTokens = 64;

struct DeviceMatrix
{
    QuantType type{};
    const std::uint8_t* data = nullptr; // device: [rows, columns], as in the file
    std::int64_t rows = 0;
    std::int64_t columns = 0;
};

/// Where products go: element (token, row) is at token * stride + row.
struct ProductOut
{
    Number number = Number::BF16;
    void* data = nullptr;
    std::int64_t stride = 0;
};

/// Whether multiplyQuantized() has a kernel for it: a quantised type, columns in whole groups of 32.
bool canMultiplyQuantized(QuantType type, std::int64_t columns);

/// out = matrix · x for 1 to kMostMatvecTokens tokens. Sums are integers within a group (dp4a), float32
/// across groups. A token's numbers do not depend on the others.
Status multiplyQuantized(const DeviceMatrix& matrix, const QuantizedRows& x, std::int64_t tokens,
                         const ProductOut& out, Stream stream);

/// The same by tensor cores, for any number of tokens and well for 9 to kMostBatchTokens, after which whole
/// matrices dequantised for cuBLAS are faster. Its sums go in another order than multiplyQuantized()'s.
Status multiplyQuantizedBatch(const DeviceMatrix& matrix, const QuantizedRows& x, std::int64_t tokens,
                              const ProductOut& out, Stream stream);

/// multiplyQuantized() for matrices of F32, F16 and BF16 and rows [tokens, columns] of `number`.
Status multiplyPlain(const DeviceMatrix& matrix, Number number, const void* x, std::int64_t tokens,
                     const ProductOut& out, Stream stream);

} // namespace vitrine::kernels::cuda
