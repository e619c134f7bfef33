// SPDX-License-Identifier: GPL-3.0-or-later
// Products of weight matrices with the rows of a step, each the way that suits it: few rows as int8 with the
// matrix as it lies in the file, some dozens the same on tensor cores, many through cuBLAS after the matrix
// was dequantised, a part at a time. One step at a time, engine thread.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "engine/cuda/cuda_workspace.h"
#include "kernels/cuda/blas.h"
#include "kernels/cuda/matvec.h"

namespace vitrine::engine {

/// Rows that several matrices are multiplied with.
struct LinearInput
{
    const void* rows = nullptr; // [tokens, columns] of the workspace's number
    std::int64_t tokens = 0;
    std::int64_t columns = 0;
};

class CudaLinear
{
public:
    /// `precise`: float32 everywhere. `onePath`: a row's numbers do not depend on how many there are.
    CudaLinear(kernels::cuda::Blas& blas, const CudaWorkspace& work, bool precise, bool onePath)
        : m_blas(blas), m_work(work), m_precise(precise), m_onePath(onePath)
    {}

    bool onePath() const { return m_onePath; }

    /// Tokens of a step that are multiplied as int8: what WorkShape::quantizedRows wants.
    static std::int64_t quantizedRows(std::int64_t tokens, bool precise, bool onePath);

    struct Product
    {
        const kernels::cuda::DeviceMatrix& matrix;
        kernels::cuda::ProductOut out;
    };
    /// All with the same rows.
    kernels::cuda::Status multiply(const LinearInput& input, std::initializer_list<Product> products,
                                   kernels::cuda::Stream stream);

private:
    bool fewRows(std::int64_t tokens) const;
    bool someRows(std::int64_t tokens) const;
    kernels::cuda::Status multiplyFew(const LinearInput& input, const Product& product,
                                      kernels::cuda::Stream stream);
    kernels::cuda::Status multiplySome(const LinearInput& input, const Product& product,
                                       kernels::cuda::Stream stream);
    kernels::cuda::Status multiplyMany(const LinearInput& input, const Product& product,
                                       kernels::cuda::Stream stream);
    kernels::cuda::Status multiplyPart(const LinearInput& input, const Product& product,
                                       std::int64_t firstRow, std::int64_t rows,
                                       kernels::cuda::Stream stream);

    kernels::cuda::Blas& m_blas;
    const CudaWorkspace& m_work;
    bool m_precise, m_onePath;
};

} // namespace vitrine::engine
