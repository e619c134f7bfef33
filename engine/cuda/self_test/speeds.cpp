// SPDX-License-Identifier: GPL-3.0-or-later
// How fast memory is copied and bfloat16 matrices are multiplied: the best of some runs. Nothing is wrong
// with a slow GPU, so that these fail only where the device does.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "engine/cuda/self_test/test_bench.h"
#include "kernels/cuda/blas.h"
#include "kernels/cuda/device_list.h"
#include "kernels/cuda/stopwatch.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

namespace {

constexpr int kRuns = 5;            ///< the first finds clocks that are still low
constexpr std::uint64_t kShare = 4; ///< of what is free, that is taken at most
constexpr std::int64_t kLeastSide = 64;

std::size_t matrixBytes(std::int64_t side)
{
    return static_cast<std::size_t>(side * side) * 2;
}

GpuCheck measured(const char* name, const std::function<cuda::Status()>& work, double amount,
                  const char* unit)
{
    double best = std::numeric_limits<double>::infinity();
    for (int run = 0; run < kRuns; ++run) {
        double seconds = 0.0;
        if (const cuda::Status status = cuda::timeOnDevice(nullptr, work, seconds); !status)
            return {name, false, cuda::describe(status)};
        best = std::min(best, seconds);
    }
    char text[64] = "too short to be measured";
    if (best > 0.0)
        std::snprintf(text, sizeof text, "%.1f %s", amount / best, unit);
    return {name, true, text};
}

GpuCheck measureMemory(std::uint64_t bytes)
{
    constexpr const char* kName = "memory, read and written";
    cuda::DeviceBuffer from, to;
    for (cuda::DeviceBuffer* buffer : {&from, &to})
        if (const cuda::Status status = buffer->allocate(bytes); !status)
            return {kName, false, cuda::describe(status)};
    if (const cuda::Status status = cuda::zeroBytes(from.data(), bytes, nullptr); !status)
        return {kName, false, cuda::describe(status)};
    return measured(
        kName, [&] { return cuda::copyBytes(to.data(), from.data(), bytes, nullptr); },
        2e-9 * static_cast<double>(bytes), "GB/s");
}

GpuCheck measureProducts(std::int64_t side)
{
    constexpr const char* kName = "matrix products in bfloat16";
    const std::size_t bytes = matrixBytes(side);
    cuda::DeviceBuffer a, b, c;
    cuda::Blas blas;
    cuda::Status status = blas.create();
    for (cuda::DeviceBuffer* buffer : {&a, &b, &c}) {
        if (status)
            status = buffer->allocate(bytes);
        if (status)
            status = cuda::zeroBytes(buffer->data(), bytes, nullptr);
    }
    if (!status)
        return {kName, false, cuda::describe(status)};
    cuda::BlasProduct product;
    product.matrix = a.data();
    product.x = b.data();
    product.out = c.data();
    product.rows = product.columns = product.tokens = product.stride = side;
    return measured(
        kName, [&] { return blas.multiply(product, nullptr); },
        2e-12 * std::pow(static_cast<double>(side), 3), "TFLOP/s");
}

} // namespace

std::vector<GpuCheck> measureSpeeds(const SelfTestSettings& settings)
{
    if (settings.copiedBytes == 0)
        return {};
    std::uint64_t free = 0, total = 0;
    if (const cuda::Status asked = cuda::deviceMemory(free, total); !asked)
        return {{"memory, read and written", false, cuda::describe(asked)}};
    const std::uint64_t room = free / kShare; // another program may hold most of a GPU that is fine
    std::int64_t side = settings.matrixSide;
    while (side > kLeastSide && 3 * matrixBytes(side) > room)
        side /= 2;
    return {measureMemory(std::min(settings.copiedBytes, room / 2)), measureProducts(side)};
}

} // namespace vitrine::engine
