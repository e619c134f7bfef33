// SPDX-License-Identifier: GPL-3.0-or-later
// cuBLAS counts columns first: our row-major out = x · matrixᵀ is its column-major outᵀ = matrix · xᵀ.
#include "kernels/cuda/blas.h"

#include <cublasLt.h>

namespace vitrine::kernels::cuda {

namespace {

Status status(cublasStatus_t code)
{
    return {code == CUBLAS_STATUS_SUCCESS ? 0 : kCublasStatus + static_cast<int>(code)};
}

cudaDataType_t dataType(Number number)
{
    return number == Number::F32 ? CUDA_R_32F : CUDA_R_16BF;
}

/// Destroys what was created, whatever came of it.
struct Description
{
    cublasLtMatmulDesc_t product = nullptr;
    cublasLtMatrixLayout_t matrix = nullptr, x = nullptr, out = nullptr;
    cublasLtMatmulPreference_t preference = nullptr;

    ~Description()
    {
        if (product != nullptr)
            cublasLtMatmulDescDestroy(product);
        for (cublasLtMatrixLayout_t layout : {matrix, x, out})
            if (layout != nullptr)
                cublasLtMatrixLayoutDestroy(layout);
        if (preference != nullptr)
            cublasLtMatmulPreferenceDestroy(preference);
    }
};

std::uint64_t unsignedOf(std::int64_t value)
{
    return static_cast<std::uint64_t>(value);
}

Status describeProduct(const BlasProduct& product, Description& made)
{
    const cublasOperation_t transposed = CUBLAS_OP_T;
    cublasStatus_t code = cublasLtMatmulDescCreate(&made.product, CUBLAS_COMPUTE_32F, CUDA_R_32F);
    if (code == CUBLAS_STATUS_SUCCESS)
        code = cublasLtMatmulDescSetAttribute(made.product, CUBLASLT_MATMUL_DESC_TRANSA, &transposed,
                                              sizeof transposed);
    if (code == CUBLAS_STATUS_SUCCESS)
        code = cublasLtMatrixLayoutCreate(&made.matrix, dataType(product.number), unsignedOf(product.columns),
                                          unsignedOf(product.rows), product.columns);
    if (code == CUBLAS_STATUS_SUCCESS)
        code = cublasLtMatrixLayoutCreate(&made.x, dataType(product.number), unsignedOf(product.columns),
                                          unsignedOf(product.tokens), product.columns);
    if (code == CUBLAS_STATUS_SUCCESS)
        code = cublasLtMatrixLayoutCreate(&made.out, dataType(product.outNumber), unsignedOf(product.rows),
                                          unsignedOf(product.tokens), product.stride);
    if (code == CUBLAS_STATUS_SUCCESS)
        code = cublasLtMatmulPreferenceCreate(&made.preference);
    if (code == CUBLAS_STATUS_SUCCESS)
        code = cublasLtMatmulPreferenceSetAttribute(made.preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES,
                                                    &kBlasWorkspaceBytes, sizeof kBlasWorkspaceBytes);
    return status(code);
}

} // namespace

struct Blas::Handle
{
    cublasLtHandle_t handle = nullptr;
    DeviceBuffer workspace;

    ~Handle()
    {
        if (handle != nullptr)
            cublasLtDestroy(handle);
    }
};

Blas::Blas() = default;
Blas::~Blas() = default;
Blas::Blas(Blas&&) noexcept = default;
Blas& Blas::operator=(Blas&&) noexcept = default;

Status Blas::create()
{
    m_handle = std::make_unique<Handle>();
    const Status created = status(cublasLtCreate(&m_handle->handle));
    return created ? m_handle->workspace.allocate(kBlasWorkspaceBytes) : created;
}

std::size_t Blas::bytes() const
{
    return m_handle != nullptr ? m_handle->workspace.size() : 0;
}

Status Blas::multiply(const BlasProduct& product, Stream stream)
{
    if (product.tokens == 0 || product.rows == 0)
        return {};
    Description made;
    if (const Status described = describeProduct(product, made); !described)
        return described;
    cublasLtMatmulHeuristicResult_t found{};
    int count = 0;
    const Status chosen =
        status(cublasLtMatmulAlgoGetHeuristic(m_handle->handle, made.product, made.matrix, made.x, made.out,
                                              made.out, made.preference, 1, &found, &count));
    if (!chosen)
        return chosen;
    if (count == 0)
        return status(CUBLAS_STATUS_NOT_SUPPORTED);
    const float one = 1.0F, zero = 0.0F;
    return status(cublasLtMatmul(m_handle->handle, made.product, &one, product.matrix, made.matrix, product.x,
                                 made.x, &zero, product.out, made.out, product.out, made.out, &found.algo,
                                 m_handle->workspace.data(), kBlasWorkspaceBytes, stream));
}

} // namespace vitrine::kernels::cuda
