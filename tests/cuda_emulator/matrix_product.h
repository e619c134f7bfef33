// SPDX-License-Identifier: GPL-3.0-or-later
// The products of cuBLAS and cuBLASLt: D = alpha · op(A) · op(B) + beta · C + bias, column by column, summed
// in float.
#pragma once

#include "cuda_emulator/machine.h"

#include <cublas_v2.h>

namespace vitrine::cuda_emulator {

struct MatrixOperand
{
    const void* data = nullptr;
    cudaDataType type = CUDA_R_32F;
    std::int64_t rows = 0; // as it lies in memory
    std::int64_t columns = 0;
    std::int64_t leading = 0; // elements from column to column
    std::int64_t stride = 0;  // elements from product to product
};

struct MatrixProduct
{
    std::int64_t m = 0;
    std::int64_t n = 0;
    std::int64_t k = 0;
    std::int64_t count = 1;
    bool transposeA = false;
    bool transposeB = false;
    float alpha = 1;
    float beta = 0;
    MatrixOperand a;
    MatrixOperand b;
    MatrixOperand c; // not read where beta is 0
    MatrixOperand d;
    const void* bias = nullptr; // m values, one a row of D
    cudaDataType biasType = CUDA_R_32F;
    void* workspace = nullptr; // may be written
    std::size_t workspaceBytes = 0;
};

// What cuBLAS says of it: shapes, leading dimensions, types.
cublasStatus_t check(const MatrixProduct& product);
// Checks, then gives it to the stream. With the lock held.
cublasStatus_t submit(Machine& all, cudaStream_t stream, const MatrixProduct& product, const char* name);

// The body of a cuBLAS call, with the lock.
template<typename Body>
cublasStatus_t blasCall(Body body)
{
    cublasStatus_t status = CUBLAS_STATUS_NOT_INITIALIZED;
    const cudaError_t error = call([&](Machine& all, MachineLock&) {
        status = body(all);
        return cudaSuccess;
    });
    return error == cudaSuccess || status != CUBLAS_STATUS_NOT_INITIALIZED ? status
           : error == cudaErrorNoDevice || error == cudaErrorInsufficientDriver
               ? CUBLAS_STATUS_NOT_INITIALIZED
               : CUBLAS_STATUS_EXECUTION_FAILED;
}

} // namespace vitrine::cuda_emulator
