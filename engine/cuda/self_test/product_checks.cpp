// SPDX-License-Identifier: GPL-3.0-or-later
// Products with matrices of every type that kernels read, beside sums in double over the same numbers.
#include <cmath>

#include "engine/cuda/self_test/test_bench.h"
#include "engine/cuda/self_test/test_tensors.h"
#include "kernels/cuda/dequantize.h"
#include "kernels/cuda/matvec.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;
using kernels::QuantType;

namespace {

constexpr double kRounding = 4e-6; // of float32 sums, relative to the sum of magnitudes

struct Shape
{
    std::size_t rows, columns, tokens;
};

struct Expected
{
    std::vector<double> exact, scales;
};

Expected productOf(const Shape& s, const std::vector<float>& weights, const std::vector<double>& x)
{
    Expected expected;
    for (std::size_t token = 0; token < s.tokens; ++token)
        for (std::size_t row = 0; row < s.rows; ++row) {
            double sum = 0.0, size = 0.0;
            for (std::size_t i = 0; i < s.columns; ++i) {
                const double product = double{weights[row * s.columns + i]} * x[token * s.columns + i];
                sum += product;
                size += std::abs(product);
            }
            expected.exact.push_back(sum);
            expected.scales.push_back(size);
        }
    return expected;
}

GpuCheck checkDequantize(QuantType type, const SelfTestSettings& settings)
{
    TestBench bench(std::string("dequantise ") + kernels::quantInfo(type).name, settings);
    SyntheticRandom random(static_cast<std::uint64_t>(type));
    const std::vector<std::uint8_t> tensor = drawTensor(type, std::size_t{256} * 37, random);
    const std::vector<float> values = tensorFloats(type, tensor);
    const cuda::DeviceBuffer in = bench.put(tensor), out = bench.put(std::vector<float>(values.size(), NAN));
    bench.keep(cuda::dequantizeBlocks(type, in.data(), static_cast<std::int64_t>(values.size()),
                                      cuda::Number::F32, out.data(), nullptr));
    return bench.judge(bench.get<float>(out), {values.begin(), values.end()},
                       std::vector<double>(values.size(), 4.0), 1e-6);
}

/// dp4a for few tokens, tensor cores for a batch.
GpuCheck checkQuantized(QuantType type, const Shape& s, const SelfTestSettings& settings)
{
    const bool few = s.tokens <= std::size_t{cuda::kMostMatvecTokens};
    TestBench bench(std::string("multiply ") + kernels::quantInfo(type).name +
                        (few ? ", few tokens" : ", a batch"),
                    settings);
    SyntheticRandom random(static_cast<std::uint64_t>(type) + s.tokens);
    const std::vector<std::uint8_t> tensor = drawTensor(type, s.rows * s.columns, random);
    const std::vector<float> rows = testFloats(random, s.tokens * s.columns);
    const auto tokens = static_cast<std::int64_t>(s.tokens);
    const cuda::DeviceBuffer weights = bench.put(tensor), x = bench.put(rows);
    const cuda::DeviceBuffer q = bench.put(std::vector<std::int8_t>(rows.size(), 0));
    const cuda::DeviceBuffer scales = bench.put(std::vector<float>(rows.size() / cuda::kQuantGroup, NAN));
    const cuda::DeviceBuffer sums = bench.put(std::vector<float>(rows.size() / cuda::kSumGroup, NAN));
    const cuda::DeviceBuffer out = bench.put(std::vector<float>(s.tokens * s.rows, NAN));
    const cuda::QuantizedRows quantized{q.as<std::int8_t>(), scales.as<float>(), sums.as<float>(),
                                        static_cast<std::int64_t>(s.columns)};
    bench.keep(cuda::quantizeRows(cuda::Number::F32, x.data(), tokens, quantized, nullptr));
    const cuda::DeviceMatrix matrix{type, weights.data(), static_cast<std::int64_t>(s.rows),
                                    static_cast<std::int64_t>(s.columns)};
    const cuda::ProductOut to{cuda::Number::F32, out.data(), static_cast<std::int64_t>(s.rows)};
    bench.keep((few ? cuda::multiplyQuantized : cuda::multiplyQuantizedBatch)(matrix, quantized, tokens, to,
                                                                              nullptr));
    // The reference rounds by itself: a row that the device quantised wrong shows in the product.
    std::vector<double> exact(rows.size());
    for (std::size_t group = 0; group < rows.size(); group += cuda::kQuantGroup) {
        float largest = 0.0F;
        for (std::size_t i = 0; i < std::size_t{cuda::kQuantGroup}; ++i)
            largest = std::fmax(largest, std::fabs(rows[group + i]));
        const double scale = double{largest / 127.0F};
        for (std::size_t i = 0; i < std::size_t{cuda::kQuantGroup}; ++i)
            exact[group + i] = std::nearbyint(rows[group + i] / scale) * scale;
    }
    const Expected expected = productOf(s, tensorFloats(type, tensor), exact);
    // A value that lies between two levels may go to either.
    return bench.judge(bench.get<float>(out), expected.exact, expected.scales, kRounding + 2e-4);
}

GpuCheck checkPlain(QuantType type, const Shape& s, const SelfTestSettings& settings)
{
    TestBench bench(std::string("multiply ") + kernels::quantInfo(type).name, settings);
    SyntheticRandom random(static_cast<std::uint64_t>(type));
    const std::vector<std::uint8_t> tensor = drawTensor(type, s.rows * s.columns, random);
    const std::vector<float> rows = testFloats(random, s.tokens * s.columns);
    const cuda::DeviceBuffer weights = bench.put(tensor), x = bench.put(rows);
    const cuda::DeviceBuffer out = bench.put(std::vector<float>(s.tokens * s.rows, NAN));
    bench.keep(cuda::multiplyPlain(
        {type, weights.data(), static_cast<std::int64_t>(s.rows), static_cast<std::int64_t>(s.columns)},
        cuda::Number::F32, x.data(), static_cast<std::int64_t>(s.tokens),
        {cuda::Number::F32, out.data(), static_cast<std::int64_t>(s.rows)}, nullptr));
    const Expected expected = productOf(s, tensorFloats(type, tensor), {rows.begin(), rows.end()});
    return bench.judge(bench.get<float>(out), expected.exact, expected.scales, kRounding);
}

} // namespace

std::vector<GpuCheck> checkProducts(const SelfTestSettings& settings)
{
    std::vector<GpuCheck> checks;
    for (const QuantType type : deviceTypes()) {
        checks.push_back(checkDequantize(type, settings));
        if (!cuda::canMultiplyQuantized(type, 256))
            continue;
        checks.push_back(checkQuantized(type, {37, 768, 3}, settings));
        checks.push_back(checkQuantized(type, {37, 768, 19}, settings));
    }
    for (const QuantType type : {QuantType::F32, QuantType::F16, QuantType::BF16})
        checks.push_back(checkPlain(type, {37, 333, 3}, settings));
    return checks;
}

} // namespace vitrine::engine
