// SPDX-License-Identifier: GPL-3.0-or-later
// Products of many rows by cuBLAS. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "kernels/cuda/buffer.h"
#include "kernels/cuda/number.h"
#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

/// out[token, row] = sum over columns of x[token, column] * matrix[row, column]. Device memory, rows one
/// after the other; sums in float32, without TF32.
struct BlasProduct
{
    const void* matrix = nullptr; // [rows, columns] of `number`
    const void* x = nullptr;      // [tokens, columns] of `number`
    void* out = nullptr;          // (token, row) at token * stride + row
    std::int64_t rows = 0, columns = 0, tokens = 0, stride = 0;
    Number number = Number::BF16;    ///< of both factors
    Number outNumber = Number::BF16; ///< BF16 only where the factors are
};

/// Of the device, that a Blas works in.
inline constexpr std::size_t kBlasWorkspaceBytes = std::size_t{32} << 20U;

class Blas
{
public:
    Blas();
    ~Blas();
    Blas(Blas&&) noexcept;
    Blas& operator=(Blas&&) noexcept;

    Status create();
    Status multiply(const BlasProduct& product, Stream stream);
    std::size_t bytes() const; ///< of the device, that it works in

private:
    struct Handle;
    std::unique_ptr<Handle> m_handle;
};

} // namespace vitrine::kernels::cuda
