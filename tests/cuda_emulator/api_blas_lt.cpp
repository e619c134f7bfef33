// SPDX-License-Identifier: GPL-3.0-or-later
// cuBLASLt: descriptions of products, one algorithm, a bias.
#include "cuda_emulator/matrix_product.h"

#include <algorithm>
#include <cstring>
#include <cublasLt.h>

using namespace vitrine::cuda_emulator;

namespace {

struct Description
{
    cublasComputeType_t compute = CUBLAS_COMPUTE_32F;
    std::int32_t operationA = CUBLAS_OP_N;
    std::int32_t operationB = CUBLAS_OP_N;
    std::uint32_t epilogue = CUBLASLT_EPILOGUE_DEFAULT;
    const void* bias = nullptr;
    std::int32_t biasType = -1; // as the result
    std::int32_t pointerMode = CUBLASLT_POINTER_MODE_HOST;
};

struct Layout
{
    cudaDataType type = CUDA_R_32F;
    std::uint64_t rows = 0;
    std::uint64_t columns = 0;
    std::int64_t leading = 0;
    std::int32_t order = CUBLASLT_ORDER_COL;
    std::int32_t count = 1;
    std::int64_t stride = 0;
};

struct Preference
{
    std::uint64_t workspaceBytes = 0;
};

constexpr std::uint64_t kUsualWorkspace = 64 << 10; // bytes that the one algorithm likes to have

template<typename Object, typename Handle>
Object& of(Handle handle)
{
    return *reinterpret_cast<Object*>(handle);
}

template<typename T>
cublasStatus_t assign(T& value, const void* bytes, std::size_t size)
{
    if (bytes == nullptr || size != sizeof(T))
        return CUBLAS_STATUS_INVALID_VALUE;
    std::memcpy(&value, bytes, size);
    return CUBLAS_STATUS_SUCCESS;
}

MatrixOperand operand(const void* data, const Layout& layout)
{
    return {data,           layout.type,  std::int64_t(layout.rows), std::int64_t(layout.columns),
            layout.leading, layout.stride};
}

bool supported(const Description& description)
{
    const bool compute = description.compute == CUBLAS_COMPUTE_32F ||
                         description.compute == CUBLAS_COMPUTE_32F_FAST_TF32 ||
                         description.compute == CUBLAS_COMPUTE_32F_FAST_16BF;
    return compute && description.pointerMode == CUBLASLT_POINTER_MODE_HOST &&
           (description.epilogue == CUBLASLT_EPILOGUE_DEFAULT ||
            description.epilogue == CUBLASLT_EPILOGUE_BIAS);
}

cublasStatus_t describe(MatrixProduct& product, const Description& description,
                        const Layout* const (&layouts)[4])
{
    for (const Layout* layout : layouts) {
        if (layout == nullptr)
            return CUBLAS_STATUS_INVALID_VALUE;
        if (layout->order != CUBLASLT_ORDER_COL || layout->count != layouts[3]->count)
            return CUBLAS_STATUS_NOT_SUPPORTED;
    }
    if (!supported(description))
        return CUBLAS_STATUS_NOT_SUPPORTED;
    product.transposeA = description.operationA != CUBLAS_OP_N;
    product.transposeB = description.operationB != CUBLAS_OP_N;
    product.m = std::int64_t(layouts[3]->rows);
    product.n = std::int64_t(layouts[3]->columns);
    product.k = std::int64_t(product.transposeA ? layouts[0]->rows : layouts[0]->columns);
    product.count = layouts[3]->count;
    product.a = operand(nullptr, *layouts[0]);
    product.b = operand(nullptr, *layouts[1]);
    product.c = operand(nullptr, *layouts[2]);
    product.d = operand(nullptr, *layouts[3]);
    if (description.epilogue == CUBLASLT_EPILOGUE_BIAS) {
        product.bias = description.bias;
        product.biasType =
            description.biasType < 0 ? layouts[3]->type : static_cast<cudaDataType>(description.biasType);
        if (product.bias == nullptr)
            return CUBLAS_STATUS_INVALID_VALUE;
    }
    return check(product);
}

} // namespace

extern "C" {

cublasStatus_t cublasLtCreate(cublasLtHandle_t* handle)
{
    return cublasCreate_v2(reinterpret_cast<cublasHandle_t*>(handle));
}

cublasStatus_t cublasLtDestroy(cublasLtHandle_t handle)
{
    return cublasDestroy_v2(reinterpret_cast<cublasHandle_t>(handle));
}

cublasStatus_t cublasLtMatmulDescCreate(cublasLtMatmulDesc_t* description, cublasComputeType_t compute,
                                        cudaDataType_t scale)
{
    if (description == nullptr || scale != CUDA_R_32F)
        return CUBLAS_STATUS_INVALID_VALUE;
    auto* made = new Description;
    made->compute = compute;
    *description = reinterpret_cast<cublasLtMatmulDesc_t>(made);
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t description)
{
    delete &of<Description>(description);
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t handle,
                                              cublasLtMatmulDescAttributes_t attribute, const void* bytes,
                                              std::size_t size)
{
    auto& description = of<Description>(handle);
    switch (attribute) {
    case CUBLASLT_MATMUL_DESC_TRANSA:
        return assign(description.operationA, bytes, size);
    case CUBLASLT_MATMUL_DESC_TRANSB:
        return assign(description.operationB, bytes, size);
    case CUBLASLT_MATMUL_DESC_EPILOGUE:
        return assign(description.epilogue, bytes, size);
    case CUBLASLT_MATMUL_DESC_BIAS_POINTER:
        return assign(description.bias, bytes, size);
    case CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE:
        return assign(description.biasType, bytes, size);
    case CUBLASLT_MATMUL_DESC_POINTER_MODE:
        return assign(description.pointerMode, bytes, size);
    default:
        return CUBLAS_STATUS_NOT_SUPPORTED;
    }
}

cublasStatus_t cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t* layout, cudaDataType type,
                                          std::uint64_t rows, std::uint64_t columns, std::int64_t leading)
{
    if (layout == nullptr)
        return CUBLAS_STATUS_INVALID_VALUE;
    *layout = reinterpret_cast<cublasLtMatrixLayout_t>(new Layout{type, rows, columns, leading});
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t layout)
{
    delete &of<Layout>(layout);
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatrixLayoutSetAttribute(cublasLtMatrixLayout_t handle,
                                                cublasLtMatrixLayoutAttribute_t attribute, const void* bytes,
                                                std::size_t size)
{
    auto& layout = of<Layout>(handle);
    switch (attribute) {
    case CUBLASLT_MATRIX_LAYOUT_ORDER:
        return assign(layout.order, bytes, size);
    case CUBLASLT_MATRIX_LAYOUT_ROWS:
        return assign(layout.rows, bytes, size);
    case CUBLASLT_MATRIX_LAYOUT_COLS:
        return assign(layout.columns, bytes, size);
    case CUBLASLT_MATRIX_LAYOUT_LD:
        return assign(layout.leading, bytes, size);
    case CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT:
        return assign(layout.count, bytes, size);
    case CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET:
        return assign(layout.stride, bytes, size);
    default:
        return CUBLAS_STATUS_NOT_SUPPORTED;
    }
}

cublasStatus_t cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t* preference)
{
    *preference = reinterpret_cast<cublasLtMatmulPreference_t>(new Preference);
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t preference)
{
    delete &of<Preference>(preference);
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulPreferenceSetAttribute(cublasLtMatmulPreference_t preference,
                                                    cublasLtMatmulPreferenceAttributes_t attribute,
                                                    const void* bytes, std::size_t size)
{
    if (attribute == CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES)
        return assign(of<Preference>(preference).workspaceBytes, bytes, size);
    return CUBLAS_STATUS_SUCCESS; // a wish
}

cublasStatus_t cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t handle, cublasLtMatmulDesc_t description,
                                              cublasLtMatrixLayout_t a, cublasLtMatrixLayout_t b,
                                              cublasLtMatrixLayout_t c, cublasLtMatrixLayout_t d,
                                              cublasLtMatmulPreference_t preference, int wanted,
                                              cublasLtMatmulHeuristicResult_t results[], int* count)
{
    return blasCall([&](Machine& all) {
        if (all.blasHandles.find(handle) == nullptr)
            return CUBLAS_STATUS_NOT_INITIALIZED;
        if (wanted < 1 || results == nullptr || count == nullptr)
            return CUBLAS_STATUS_INVALID_VALUE;
        *count = 0;
        MatrixProduct product;
        const Layout* const layouts[] = {&of<Layout>(a), &of<Layout>(b), &of<Layout>(c), &of<Layout>(d)};
        if (const cublasStatus_t status = describe(product, of<Description>(description), layouts))
            return status;
        results[0] = {};
        results[0].workspaceSize = std::min(kUsualWorkspace, of<Preference>(preference).workspaceBytes);
        results[0].algo.data[0] = results[0].workspaceSize;
        results[0].state = CUBLAS_STATUS_SUCCESS;
        *count = 1;
        return CUBLAS_STATUS_SUCCESS;
    });
}

cublasStatus_t cublasLtMatmul(cublasLtHandle_t handle, cublasLtMatmulDesc_t description, const void* alpha,
                              const void* a, cublasLtMatrixLayout_t layoutA, const void* b,
                              cublasLtMatrixLayout_t layoutB, const void* beta, const void* c,
                              cublasLtMatrixLayout_t layoutC, void* d, cublasLtMatrixLayout_t layoutD,
                              const cublasLtMatmulAlgo_t* algorithm, void* workspace,
                              std::size_t workspaceBytes, cudaStream_t stream)
{
    return blasCall([&](Machine& all) {
        if (all.blasHandles.find(handle) == nullptr)
            return CUBLAS_STATUS_NOT_INITIALIZED;
        if (alpha == nullptr || beta == nullptr ||
            (algorithm != nullptr && algorithm->data[0] > workspaceBytes))
            return CUBLAS_STATUS_INVALID_VALUE;
        MatrixProduct product;
        product.alpha = *static_cast<const float*>(alpha);
        product.beta = *static_cast<const float*>(beta);
        const Layout* const layouts[] = {&of<Layout>(layoutA), &of<Layout>(layoutB), &of<Layout>(layoutC),
                                         &of<Layout>(layoutD)};
        if (const cublasStatus_t status = describe(product, of<Description>(description), layouts))
            return status;
        product.a.data = a;
        product.b.data = b;
        product.c.data = c;
        product.d.data = d;
        product.workspace = workspace;
        product.workspaceBytes = algorithm != nullptr ? algorithm->data[0] : 0;
        return submit(all, stream, product, "a product of cuBLASLt");
    });
}
}
