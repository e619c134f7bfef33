// SPDX-License-Identifier: GPL-3.0-or-later
// cuBLAS: handles and two products.
#include "cuda_emulator/matrix_product.h"

using namespace vitrine::cuda_emulator;

namespace {

BlasHandle* find(const Machine& all, cublasHandle_t handle)
{
    return all.blasHandles.find(handle);
}

template<typename Body>
cublasStatus_t withHandle(cublasHandle_t handle, Body body)
{
    return blasCall([&](Machine& all) {
        BlasHandle* found = find(all, handle);
        return found != nullptr ? body(all, *found) : CUBLAS_STATUS_NOT_INITIALIZED;
    });
}

bool sumsInFloat(cublasComputeType_t type)
{
    return type == CUBLAS_COMPUTE_32F || type == CUBLAS_COMPUTE_32F_PEDANTIC ||
           type == CUBLAS_COMPUTE_32F_FAST_TF32 || type == CUBLAS_COMPUTE_32F_FAST_16BF ||
           type == CUBLAS_COMPUTE_32F_FAST_16F;
}

MatrixOperand operand(const void* data, cudaDataType type, bool transposed, std::int64_t rows,
                      std::int64_t columns, int leading, long long stride)
{
    return {data, type, transposed ? columns : rows, transposed ? rows : columns, leading, stride};
}

} // namespace

extern "C" {

cublasStatus_t cublasCreate_v2(cublasHandle_t* handle)
{
    return blasCall([&](Machine& all) {
        if (handle == nullptr)
            return CUBLAS_STATUS_INVALID_VALUE;
        if (all.forbidWhileCapturing() != cudaSuccess) // it allocates
            return CUBLAS_STATUS_ALLOC_FAILED;
        *handle = reinterpret_cast<cublasHandle_t>(all.blasHandles.add(std::make_unique<BlasHandle>()));
        return CUBLAS_STATUS_SUCCESS;
    });
}

cublasStatus_t cublasDestroy_v2(cublasHandle_t handle)
{
    return blasCall([&](Machine& all) {
        return all.blasHandles.erase(handle) ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_NOT_INITIALIZED;
    });
}

cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, cudaStream_t stream)
{
    return withHandle(handle, [&](Machine& all, BlasHandle& blas) {
        if (all.stream(stream) == nullptr)
            return CUBLAS_STATUS_INVALID_VALUE;
        blas = {stream, nullptr, 0}; // as the real one does, with the workspace
        return CUBLAS_STATUS_SUCCESS;
    });
}

cublasStatus_t cublasGetStream_v2(cublasHandle_t handle, cudaStream_t* stream)
{
    return withHandle(handle, [&](Machine&, BlasHandle& blas) {
        *stream = blas.stream;
        return CUBLAS_STATUS_SUCCESS;
    });
}

cublasStatus_t cublasSetWorkspace_v2(cublasHandle_t handle, void* workspace, std::size_t bytes)
{
    return withHandle(handle, [&](Machine& all, BlasHandle& blas) {
        if (bytes > 0 && !all.memory.holds(workspace, bytes))
            return CUBLAS_STATUS_INVALID_VALUE;
        blas.workspace = workspace;
        blas.workspaceBytes = bytes;
        return CUBLAS_STATUS_SUCCESS;
    });
}

cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t)
{
    return withHandle(handle, [](Machine&, BlasHandle&) { return CUBLAS_STATUS_SUCCESS; });
}

// Only scalars of the host are emulated.
cublasStatus_t cublasSetPointerMode_v2(cublasHandle_t handle, cublasPointerMode_t mode)
{
    return withHandle(handle, [&](Machine&, BlasHandle&) {
        return mode == CUBLAS_POINTER_MODE_HOST ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_NOT_SUPPORTED;
    });
}

cublasStatus_t cublasGetVersion_v2(cublasHandle_t, int* version)
{
    *version = CUBLAS_VERSION;
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasGemmStridedBatchedEx(cublasHandle_t handle, cublasOperation_t operationA,
                                          cublasOperation_t operationB, int m, int n, int k,
                                          const void* alpha, const void* a, cudaDataType typeA, int leadingA,
                                          long long strideA, const void* b, cudaDataType typeB, int leadingB,
                                          long long strideB, const void* beta, void* c, cudaDataType typeC,
                                          int leadingC, long long strideC, int count,
                                          cublasComputeType_t compute, cublasGemmAlgo_t)
{
    return withHandle(handle, [&](Machine& all, BlasHandle& blas) {
        if (!sumsInFloat(compute))
            return CUBLAS_STATUS_NOT_SUPPORTED;
        if (alpha == nullptr || beta == nullptr)
            return CUBLAS_STATUS_INVALID_VALUE;
        MatrixProduct product;
        product.m = m;
        product.n = n;
        product.k = k;
        product.count = count;
        product.transposeA = operationA != CUBLAS_OP_N;
        product.transposeB = operationB != CUBLAS_OP_N;
        product.alpha = *static_cast<const float*>(alpha);
        product.beta = *static_cast<const float*>(beta);
        product.a = operand(a, typeA, product.transposeA, m, k, leadingA, strideA);
        product.b = operand(b, typeB, product.transposeB, k, n, leadingB, strideB);
        product.c = product.d = operand(c, typeC, false, m, n, leadingC, strideC);
        product.workspace = blas.workspace;
        product.workspaceBytes = blas.workspaceBytes;
        return submit(all, blas.stream, product, "a product of cuBLAS");
    });
}

cublasStatus_t cublasGemmEx(cublasHandle_t handle, cublasOperation_t operationA, cublasOperation_t operationB,
                            int m, int n, int k, const void* alpha, const void* a, cudaDataType typeA,
                            int leadingA, const void* b, cudaDataType typeB, int leadingB, const void* beta,
                            void* c, cudaDataType typeC, int leadingC, cublasComputeType_t compute,
                            cublasGemmAlgo_t algorithm)
{
    return cublasGemmStridedBatchedEx(handle, operationA, operationB, m, n, k, alpha, a, typeA, leadingA, 0,
                                      b, typeB, leadingB, 0, beta, c, typeC, leadingC, 0, 1, compute,
                                      algorithm);
}

const char* cublasGetStatusName(cublasStatus_t status)
{
    switch (status) {
    case CUBLAS_STATUS_SUCCESS:
        return "CUBLAS_STATUS_SUCCESS";
    case CUBLAS_STATUS_NOT_INITIALIZED:
        return "CUBLAS_STATUS_NOT_INITIALIZED";
    case CUBLAS_STATUS_ALLOC_FAILED:
        return "CUBLAS_STATUS_ALLOC_FAILED";
    case CUBLAS_STATUS_INVALID_VALUE:
        return "CUBLAS_STATUS_INVALID_VALUE";
    case CUBLAS_STATUS_EXECUTION_FAILED:
        return "CUBLAS_STATUS_EXECUTION_FAILED";
    case CUBLAS_STATUS_NOT_SUPPORTED:
        return "CUBLAS_STATUS_NOT_SUPPORTED";
    default:
        return "CUBLAS_STATUS_INTERNAL_ERROR";
    }
}

const char* cublasGetStatusString(cublasStatus_t status)
{
    return cublasGetStatusName(status);
}
}
