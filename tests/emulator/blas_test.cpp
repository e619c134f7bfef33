// SPDX-License-Identifier: GPL-3.0-or-later
// The products of cuBLAS and cuBLASLt against sums written out here.
#include "cuda_emulator/control.h"
#include "support.h"

#include <QtTest>
#include <cublasLt.h>
#include <cublas_v2.h>
#include <cuda_bf16.h>
#include <cuda_fp16.h>

using namespace vitrine;

class BlasTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { cuda_emulator::reset(); }

    void productsOfEveryTransposition_data();
    void productsOfEveryTransposition();
    void halfAndBf16AreRoundedAtTheEnd();
    void batchesGoByTheirStrides();
    void betaZeroDoesNotReadTheResult();
    void aMatrixBeyondItsMemoryIsAnError();
    void wrongShapesAreRefused();
    void aHandleIsNeeded();
    void aLtProductAddsItsBias();
    void aLtProductWantsItsWorkspace();
    void productsAreCaptured();
};

namespace {

constexpr float kOne = 1;
constexpr float kZero = 0;

struct Blas
{
    Blas() { cublasCreate(&handle); }
    ~Blas() { cublasDestroy(handle); }
    cublasHandle_t handle = nullptr;
};

// Values that sums of products keep exactly.
template<typename T>
std::vector<T> values(int count, int seed)
{
    std::vector<T> result;
    for (int i = 0; i < count; ++i)
        result.push_back(T(float((i * 7 + seed * 5) % 9 - 4)));
    return result;
}

// D (m × n) of A and B as they lie in memory, by columns, without gaps.
std::vector<float> expected(int m, int n, int k, const std::vector<float>& a, bool transposeA,
                            const std::vector<float>& b, bool transposeB)
{
    std::vector<float> d(std::size_t(m * n));
    for (int row = 0; row < m; ++row) {
        for (int column = 0; column < n; ++column) {
            for (int i = 0; i < k; ++i) {
                const float left = a[std::size_t(transposeA ? row * k + i : i * m + row)];
                const float right = b[std::size_t(transposeB ? i * n + column : column * k + i)];
                d[std::size_t(column * m + row)] += left * right;
            }
        }
    }
    return d;
}

cublasOperation_t operation(bool transposed)
{
    return transposed ? CUBLAS_OP_T : CUBLAS_OP_N;
}

// A cuBLASLt product of bf16 matrices: D (m × n, float) = Aᵀ (m × k) · B (k × n) + bias.
class LtProduct
{
public:
    LtProduct(int m, int n, int k)
    {
        cublasLtCreate(&m_handle);
        cublasLtMatmulDescCreate(&m_description, CUBLAS_COMPUTE_32F, CUDA_R_32F);
        const std::int32_t transposed = CUBLAS_OP_T;
        cublasLtMatmulDescSetAttribute(m_description, CUBLASLT_MATMUL_DESC_TRANSA, &transposed,
                                       sizeof(transposed));
        cublasLtMatrixLayoutCreate(&m_a, CUDA_R_16BF, std::uint64_t(k), std::uint64_t(m), k);
        cublasLtMatrixLayoutCreate(&m_b, CUDA_R_16BF, std::uint64_t(k), std::uint64_t(n), k);
        cublasLtMatrixLayoutCreate(&m_d, CUDA_R_32F, std::uint64_t(m), std::uint64_t(n), m);
    }
    ~LtProduct()
    {
        for (const auto layout : {m_a, m_b, m_d})
            cublasLtMatrixLayoutDestroy(layout);
        cublasLtMatmulDescDestroy(m_description);
        cublasLtDestroy(m_handle);
    }
    LtProduct(const LtProduct&) = delete;
    LtProduct& operator=(const LtProduct&) = delete;

    void setBias(const float* bias)
    {
        const std::uint32_t epilogue = CUBLASLT_EPILOGUE_BIAS;
        cublasLtMatmulDescSetAttribute(m_description, CUBLASLT_MATMUL_DESC_EPILOGUE, &epilogue,
                                       sizeof(epilogue));
        cublasLtMatmulDescSetAttribute(m_description, CUBLASLT_MATMUL_DESC_BIAS_POINTER, &bias, sizeof(bias));
    }
    int chooseAlgorithm(std::uint64_t workspaceBytes)
    {
        cublasLtMatmulPreference_t preference = nullptr;
        cublasLtMatmulPreferenceCreate(&preference);
        cublasLtMatmulPreferenceSetAttribute(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES,
                                             &workspaceBytes, sizeof(workspaceBytes));
        int count = 0;
        cublasLtMatmulAlgoGetHeuristic(m_handle, m_description, m_a, m_b, m_d, m_d, preference, 1,
                                       &m_algorithm, &count);
        cublasLtMatmulPreferenceDestroy(preference);
        return count;
    }
    cublasStatus_t run(const void* a, const void* b, void* d, void* workspace, std::size_t bytes,
                       cudaStream_t stream)
    {
        return cublasLtMatmul(m_handle, m_description, &kOne, a, m_a, b, m_b, &kZero, d, m_d, d, m_d,
                              &m_algorithm.algo, workspace, bytes, stream);
    }

private:
    cublasLtHandle_t m_handle = nullptr;
    cublasLtMatmulDesc_t m_description = nullptr;
    cublasLtMatrixLayout_t m_a = nullptr;
    cublasLtMatrixLayout_t m_b = nullptr;
    cublasLtMatrixLayout_t m_d = nullptr;
    cublasLtMatmulHeuristicResult_t m_algorithm{};
};

} // namespace

void BlasTest::productsOfEveryTransposition_data()
{
    QTest::addColumn<bool>("a");
    QTest::addColumn<bool>("b");
    for (const bool a : {false, true}) {
        for (const bool b : {false, true})
            QTest::addRow("%d %d", int(a), int(b)) << a << b;
    }
}

void BlasTest::productsOfEveryTransposition()
{
    QFETCH(const bool, a);
    QFETCH(const bool, b);
    const Blas blas;
    const int m = 5;
    const int n = 3;
    const int k = 11;
    const auto left = values<float>(m * k, 1);
    const auto right = values<float>(k * n, 2);
    const DeviceVector<float> deviceLeft(left);
    const DeviceVector<float> deviceRight(right);
    const DeviceVector<float> result(std::vector<float>(std::size_t(m * n)));
    QCOMPARE(cublasGemmEx(blas.handle, operation(a), operation(b), m, n, k, &kOne, deviceLeft.data(),
                          CUDA_R_32F, a ? k : m, deviceRight.data(), CUDA_R_32F, b ? n : k, &kZero,
                          result.data(), CUDA_R_32F, m, CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT),
             CUBLAS_STATUS_SUCCESS);
    QCOMPARE(result.read(), expected(m, n, k, left, a, right, b));
}

void BlasTest::halfAndBf16AreRoundedAtTheEnd()
{
    const Blas blas;
    const DeviceVector<__nv_bfloat16> ones(std::vector<__nv_bfloat16>(1000, __nv_bfloat16(1.0F)));
    const DeviceVector<__nv_bfloat16> narrow(std::vector<__nv_bfloat16>(1));
    const DeviceVector<float> wide(std::vector<float>(1));
    for (const bool toFloat : {false, true}) {
        QCOMPARE(cublasGemmEx(blas.handle, CUBLAS_OP_T, CUBLAS_OP_N, 1, 1, 1000, &kOne, ones.data(),
                              CUDA_R_16BF, 1000, ones.data(), CUDA_R_16BF, 1000, &kZero,
                              toFloat ? static_cast<void*>(wide.data()) : static_cast<void*>(narrow.data()),
                              toFloat ? CUDA_R_32F : CUDA_R_16BF, 1, CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT),
                 CUBLAS_STATUS_SUCCESS);
    }
    QCOMPARE(wide.read()[0], 1000.0F); // a sum in bf16 would end at 256
    QCOMPARE(__bfloat162float(narrow.read()[0]), 1000.0F);
    const DeviceVector<__half> halves(std::vector<__half>(3, __half(0.5F)));
    QCOMPARE(cublasGemmEx(blas.handle, CUBLAS_OP_T, CUBLAS_OP_N, 1, 1, 3, &kOne, halves.data(), CUDA_R_16F, 3,
                          halves.data(), CUDA_R_16F, 3, &kZero, wide.data(), CUDA_R_32F, 1,
                          CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT),
             CUBLAS_STATUS_SUCCESS);
    QCOMPARE(wide.read()[0], 0.75F);
}

void BlasTest::batchesGoByTheirStrides()
{
    const Blas blas;
    const DeviceVector<float> left({1, 2, 3, 4});
    const DeviceVector<float> right({5, 6, 7, 8});
    const DeviceVector<float> result({0, 0, 0});
    const float beta = 0;
    QCOMPARE(cublasGemmStridedBatchedEx(blas.handle, CUBLAS_OP_T, CUBLAS_OP_N, 1, 1, 2, &kOne, left.data(),
                                        CUDA_R_32F, 2, 2, right.data(), CUDA_R_32F, 2, 2, &beta,
                                        result.data(), CUDA_R_32F, 1, 2, 2, CUBLAS_COMPUTE_32F,
                                        CUBLAS_GEMM_DEFAULT),
             CUBLAS_STATUS_SUCCESS);
    QCOMPARE(result.read(), (std::vector<float>{17, 0, 53}));
}

void BlasTest::betaZeroDoesNotReadTheResult()
{
    const Blas blas;
    const DeviceVector<float> one({2});
    const DeviceVector<float> result({std::nanf("")});
    for (const float beta : {0.0F, 0.5F}) {
        cublasGemmEx(blas.handle, CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, &kOne, one.data(), CUDA_R_32F, 1,
                     one.data(), CUDA_R_32F, 1, &beta, result.data(), CUDA_R_32F, 1, CUBLAS_COMPUTE_32F,
                     CUBLAS_GEMM_DEFAULT);
        QCOMPARE(result.read()[0], beta == 0 ? 4.0F : 6.0F);
    }
}

void BlasTest::aMatrixBeyondItsMemoryIsAnError()
{
    const Blas blas;
    const DeviceVector<float> matrix({1, 2, 3, 4});
    QCOMPARE(cublasGemmEx(blas.handle, CUBLAS_OP_N, CUBLAS_OP_N, 2, 2, 2, &kOne, matrix.data(), CUDA_R_32F, 3,
                          matrix.data(), CUDA_R_32F, 2, &kZero, matrix.data(), CUDA_R_32F, 2,
                          CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT),
             CUBLAS_STATUS_SUCCESS);
    QCOMPARE(cudaDeviceSynchronize(), cudaErrorIllegalAddress);
    QVERIFY(QString::fromStdString(cuda_emulator::lastFault()).contains("A reaches beyond its memory"));
}

void BlasTest::wrongShapesAreRefused()
{
    const Blas blas;
    const DeviceVector<float> matrix({1, 2, 3, 4});
    const auto product = [&](int leading, cudaDataType type, cublasComputeType_t compute) {
        return cublasGemmEx(blas.handle, CUBLAS_OP_N, CUBLAS_OP_N, 2, 2, 2, &kOne, matrix.data(), type,
                            leading, matrix.data(), CUDA_R_32F, 2, &kZero, matrix.data(), CUDA_R_32F, 2,
                            compute, CUBLAS_GEMM_DEFAULT);
    };
    QCOMPARE(product(1, CUDA_R_32F, CUBLAS_COMPUTE_32F), CUBLAS_STATUS_INVALID_VALUE);
    QCOMPARE(product(2, CUDA_R_16BF, CUBLAS_COMPUTE_32F), CUBLAS_STATUS_NOT_SUPPORTED);
    QCOMPARE(product(2, CUDA_R_32F, CUBLAS_COMPUTE_64F), CUBLAS_STATUS_NOT_SUPPORTED);
}

void BlasTest::aHandleIsNeeded()
{
    QCOMPARE(cublasSetStream(nullptr, nullptr), CUBLAS_STATUS_NOT_INITIALIZED);
    cuda_emulator::setDriverError(cudaErrorInsufficientDriver);
    cublasHandle_t handle = nullptr;
    QCOMPARE(cublasCreate(&handle), CUBLAS_STATUS_NOT_INITIALIZED);
    QVERIFY(handle == nullptr);
}

void BlasTest::aLtProductAddsItsBias()
{
    const int m = 4;
    const int n = 3;
    const int k = 8;
    LtProduct product(m, n, k);
    const DeviceVector<__nv_bfloat16> left(values<__nv_bfloat16>(m * k, 1));
    const DeviceVector<__nv_bfloat16> right(values<__nv_bfloat16>(k * n, 2));
    const DeviceVector<float> bias({100, 200, 300, 400});
    const DeviceVector<float> result(std::vector<float>(std::size_t(m * n)));
    product.setBias(bias.data());
    QCOMPARE(product.chooseAlgorithm(0), 1);
    QCOMPARE(product.run(left.data(), right.data(), result.data(), nullptr, 0, nullptr),
             CUBLAS_STATUS_SUCCESS);
    auto wanted = expected(m, n, k, values<float>(m * k, 1), true, values<float>(k * n, 2), false);
    for (std::size_t i = 0; i < wanted.size(); ++i)
        wanted[i] += 100.0F * float(i % m + 1);
    QCOMPARE(result.read(), wanted);
}

void BlasTest::aLtProductWantsItsWorkspace()
{
    LtProduct product(1, 1, 8);
    const DeviceVector<__nv_bfloat16> vector(values<__nv_bfloat16>(8, 1));
    const DeviceVector<float> result({0});
    const DeviceVector<char> workspace(std::vector<char>(4096));
    QCOMPARE(product.chooseAlgorithm(4096), 1);
    QCOMPARE(product.run(vector.data(), vector.data(), result.data(), workspace.data(), 100, nullptr),
             CUBLAS_STATUS_INVALID_VALUE);
    QCOMPARE(product.run(vector.data(), vector.data(), result.data(), workspace.data(), 4096, nullptr),
             CUBLAS_STATUS_SUCCESS);
    QVERIFY(result.read()[0] > 0);
}

void BlasTest::productsAreCaptured()
{
    cudaStream_t stream = nullptr;
    cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);
    const Blas blas;
    cublasSetStream(blas.handle, stream);
    const DeviceVector<float> one({3});
    const DeviceVector<float> result({0});
    cudaDeviceSynchronize();
    cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal);
    cublasGemmEx(blas.handle, CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, &kOne, one.data(), CUDA_R_32F, 1, one.data(),
                 CUDA_R_32F, 1, &kZero, result.data(), CUDA_R_32F, 1, CUBLAS_COMPUTE_32F,
                 CUBLAS_GEMM_DEFAULT);
    cudaGraph_t graph = nullptr;
    QCOMPARE(cudaStreamEndCapture(stream, &graph), cudaSuccess);
    QCOMPARE(result.read()[0], 0.0F);
    cudaGraphExec_t exec = nullptr;
    cudaGraphInstantiate(&exec, graph, 0);
    cudaGraphLaunch(exec, stream);
    cudaStreamSynchronize(stream);
    QCOMPARE(result.read()[0], 9.0F);
}

QTEST_APPLESS_MAIN(BlasTest)
#include "blas_test.moc"
