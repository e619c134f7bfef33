// SPDX-License-Identifier: GPL-3.0-or-later
// Products over matrices of float, half and bf16.
#include "cuda_emulator/matrix_product.h"

#include "cuda_emulator/poison.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

namespace vitrine::cuda_emulator {

namespace {

std::size_t bytesOf(cudaDataType type)
{
    return type == CUDA_R_32F ? 4 : 2;
}

bool known(cudaDataType type)
{
    return type == CUDA_R_32F || type == CUDA_R_16F || type == CUDA_R_16BF;
}

float load(const void* data, cudaDataType type, std::int64_t index)
{
    switch (type) {
    case CUDA_R_16F:
        return __half2float(static_cast<const __half*>(data)[index]);
    case CUDA_R_16BF:
        return __bfloat162float(static_cast<const __nv_bfloat16*>(data)[index]);
    default:
        return static_cast<const float*>(data)[index];
    }
}

void store(void* data, cudaDataType type, std::int64_t index, float value)
{
    switch (type) {
    case CUDA_R_16F:
        static_cast<__half*>(data)[index] = __float2half(value);
        break;
    case CUDA_R_16BF:
        static_cast<__nv_bfloat16*>(data)[index] = __float2bfloat16(value);
        break;
    default:
        static_cast<float*>(data)[index] = value;
    }
}

std::size_t extent(const MatrixOperand& operand, std::int64_t count)
{
    if (operand.rows == 0 || operand.columns == 0)
        return 0;
    const std::int64_t elements =
        (count - 1) * operand.stride + (operand.columns - 1) * operand.leading + operand.rows;
    return std::size_t(elements) * bytesOf(operand.type);
}

bool shaped(const MatrixOperand& operand, std::int64_t rows, std::int64_t columns)
{
    return operand.rows == rows && operand.columns == columns &&
           operand.leading >= std::max<std::int64_t>(1, rows);
}

// A matrix as floats, its reading direction last: rows of op(A), columns of op(B).
std::vector<float> lines(const MatrixOperand& operand, std::int64_t batch, std::int64_t count,
                         std::int64_t length, bool linesAreColumns)
{
    std::vector<float> result(std::size_t(count * length));
    for (std::int64_t line = 0; line < count; ++line) {
        for (std::int64_t i = 0; i < length; ++i) {
            const std::int64_t row = linesAreColumns ? i : line;
            const std::int64_t column = linesAreColumns ? line : i;
            result[std::size_t(line * length + i)] =
                load(operand.data, operand.type, batch * operand.stride + column * operand.leading + row);
        }
    }
    return result;
}

float dot(const float* a, const float* b, std::int64_t length)
{
    float sums[8] = {};
    std::int64_t i = 0;
    for (; i + 8 <= length; i += 8) {
        for (int j = 0; j < 8; ++j)
            sums[j] += a[i + j] * b[i + j];
    }
    for (; i < length; ++i)
        sums[0] += a[i] * b[i];
    return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

void multiply(const MatrixProduct& product, std::int64_t batch)
{
    const auto a = lines(product.a, batch, product.m, product.k, product.transposeA);
    const auto b = lines(product.b, batch, product.n, product.k, !product.transposeB);
    for (std::int64_t column = 0; column < product.n; ++column) {
        for (std::int64_t row = 0; row < product.m; ++row) {
            float value = product.alpha * dot(&a[std::size_t(row * product.k)],
                                              &b[std::size_t(column * product.k)], product.k);
            if (product.beta != 0) {
                const std::int64_t place = batch * product.c.stride + column * product.c.leading + row;
                value += product.beta * load(product.c.data, product.c.type, place);
            }
            if (product.bias != nullptr)
                value += load(product.bias, product.biasType, row);
            store(const_cast<void*>(product.d.data), product.d.type,
                  batch * product.d.stride + column * product.d.leading + row, value);
        }
    }
}

std::optional<Failure> run(const MatrixProduct& product, const std::string& name)
{
    Machine& all = machine();
    const auto holds = [&](const void* place, std::size_t bytes) {
        return bytes == 0 || all.memory.holds(place, bytes);
    };
    const auto outside = [&](const char* which) {
        return Failure{cudaErrorIllegalAddress, name + ": " + which + " reaches beyond its memory"};
    };
    if (!holds(product.a.data, extent(product.a, product.count)))
        return outside("A");
    if (!holds(product.b.data, extent(product.b, product.count)))
        return outside("B");
    if (product.beta != 0 && !holds(product.c.data, extent(product.c, product.count)))
        return outside("C");
    if (!holds(product.d.data, extent(product.d, product.count)))
        return outside("the result");
    if (product.bias != nullptr && !holds(product.bias, std::size_t(product.m) * bytesOf(product.biasType)))
        return outside("the bias");
    if (!holds(product.workspace, product.workspaceBytes))
        return outside("the workspace");
    if (product.workspaceBytes > 0)
        poison(product.workspace, product.workspaceBytes);
    for (std::int64_t batch = 0; batch < product.count; ++batch)
        multiply(product, batch);
    return std::nullopt;
}

} // namespace

cublasStatus_t check(const MatrixProduct& product)
{
    const auto [m, n, k] = std::tuple(product.m, product.n, product.k);
    if (m < 0 || n < 0 || k < 0 || product.count < 0)
        return CUBLAS_STATUS_INVALID_VALUE;
    if (!shaped(product.a, product.transposeA ? k : m, product.transposeA ? m : k) ||
        !shaped(product.b, product.transposeB ? n : k, product.transposeB ? k : n) ||
        !shaped(product.d, m, n) || (product.beta != 0 && !shaped(product.c, m, n)))
        return CUBLAS_STATUS_INVALID_VALUE;
    const cudaDataType type = product.a.type;
    const bool fits = known(type) && product.b.type == type &&
                      (product.d.type == type || product.d.type == CUDA_R_32F) &&
                      (product.beta == 0 || product.c.type == product.d.type) &&
                      (product.bias == nullptr || known(product.biasType));
    return fits ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_NOT_SUPPORTED;
}

cublasStatus_t submit(Machine& all, cudaStream_t handle, const MatrixProduct& product, const char* name)
{
    if (const cublasStatus_t status = check(product))
        return status;
    if (product.m == 0 || product.n == 0 || product.count == 0)
        return CUBLAS_STATUS_SUCCESS;
    Stream* stream = all.stream(handle);
    if (stream == nullptr || stream->device != Machine::currentDevice())
        return CUBLAS_STATUS_INVALID_VALUE;
    Work work{WorkKind::Library, name, {}};
    work.run = [product, name = std::string(name)](std::uint64_t) { return run(product, name); };
    return all.submit(*stream, std::move(work)) == cudaSuccess ? CUBLAS_STATUS_SUCCESS
                                                               : CUBLAS_STATUS_EXECUTION_FAILED;
}

} // namespace vitrine::cuda_emulator
