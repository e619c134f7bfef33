// SPDX-License-Identifier: GPL-3.0-or-later
// What is done to rows of activations.
#include <algorithm>
#include <cmath>

#include "engine/cuda/self_test/test_bench.h"
#include "kernels/cuda/best_token.h"
#include "kernels/cuda/gate.h"
#include "kernels/cuda/norm.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

namespace {

constexpr double kRounding = 1e-5; // of float32 sums and functions

GpuCheck checkNorm(std::size_t tokens, std::size_t columns, const SelfTestSettings& settings)
{
    TestBench bench("norm of " + std::to_string(columns), settings);
    SyntheticRandom random(columns);
    const std::vector<float> x = testFloats(random, tokens * columns), delta = testFloats(random, x.size());
    const std::vector<float> weight = testFloats(random, columns);
    const cuda::DeviceBuffer residual = bench.put(x), added = bench.put(delta), weights = bench.put(weight);
    const cuda::DeviceBuffer out = bench.put(std::vector<float>(x.size(), NAN));
    cuda::NormStep step;
    step.residual = residual.as<float>();
    step.delta = added.data();
    step.weight = weights.as<float>();
    step.out = out.data();
    step.count = static_cast<std::int64_t>(tokens);
    step.columns = static_cast<std::int64_t>(columns);
    step.epsilon = 1e-5F;
    step.number = cuda::Number::F32;
    bench.keep(cuda::addAndNormalize(step, nullptr));
    std::vector<double> exact;
    for (std::size_t token = 0; token < tokens; ++token) {
        double squares = 0.0;
        for (std::size_t i = token * columns; i < (token + 1) * columns; ++i)
            squares += std::pow(double{x[i]} + delta[i], 2);
        const double factor = 1.0 / std::sqrt(squares / static_cast<double>(columns) + 1e-5);
        for (std::size_t i = 0; i < columns; ++i)
            exact.push_back((double{x[token * columns + i]} + delta[token * columns + i]) * factor *
                            weight[i]);
    }
    return bench.judge(bench.get<float>(out), exact, std::vector<double>(exact.size(), 1.0), kRounding);
}

double activated(cuda::GateKind kind, double gate)
{
    if (kind == cuda::GateKind::Silu)
        return gate / (1.0 + std::exp(-gate));
    return 0.5 * gate * (1.0 + std::tanh(std::sqrt(2.0 / M_PI) * (gate + 0.044715 * gate * gate * gate)));
}

GpuCheck checkGate(cuda::GateKind kind, std::size_t tokens, std::size_t ffn, const SelfTestSettings& settings)
{
    TestBench bench((kind == cuda::GateKind::Silu ? "SwiGLU gate of " : "GeGLU gate of ") +
                        std::to_string(ffn),
                    settings);
    SyntheticRandom random(ffn);
    const std::vector<float> x = testFloats(random, tokens * 2 * ffn);
    const cuda::DeviceBuffer in = bench.put(x);
    const cuda::DeviceBuffer out = bench.put(std::vector<float>(tokens * ffn, NAN));
    bench.keep(cuda::gate(kind, cuda::Number::F32, in.data(), static_cast<std::int64_t>(tokens),
                          static_cast<std::int64_t>(ffn), out.data(), nullptr));
    std::vector<double> exact;
    for (std::size_t token = 0; token < tokens; ++token)
        for (std::size_t i = 0; i < ffn; ++i)
            exact.push_back(activated(kind, double{x[token * 2 * ffn + i]}) * x[token * 2 * ffn + ffn + i]);
    return bench.judge(bench.get<float>(out), exact, std::vector<double>(exact.size(), 1.0), kRounding);
}

GpuCheck checkBestToken(std::size_t rows, std::size_t vocab, const SelfTestSettings& settings)
{
    TestBench bench("best token of " + std::to_string(vocab), settings);
    SyntheticRandom random(vocab);
    std::vector<float> logits = testFloats(random, rows * vocab);
    logits[vocab - 1] = logits[vocab / 2] = 9.0F; // the lower id of equals
    const cuda::DeviceBuffer in = bench.put(logits);
    const cuda::DeviceBuffer best = bench.put(std::vector<std::int32_t>(rows, -1));
    bench.keep(cuda::bestTokens(in.as<float>(), static_cast<std::int64_t>(rows),
                                static_cast<std::int64_t>(vocab), best.as<std::int32_t>(), nullptr));
    std::vector<double> exact;
    for (auto row = logits.begin(); row != logits.end(); row += static_cast<std::ptrdiff_t>(vocab)) {
        const auto end = row + static_cast<std::ptrdiff_t>(vocab);
        exact.push_back(static_cast<double>(std::max_element(row, end) - row));
    }
    const std::vector<std::int32_t> found = bench.get<std::int32_t>(best);
    return bench.judge({found.begin(), found.end()}, exact, std::vector<double>(rows, 1.0), 0.0);
}

} // namespace

std::vector<GpuCheck> checkRows(const SelfTestSettings& settings)
{
    using cuda::GateKind;
    return {checkNorm(3, 576, settings),
            checkNorm(5, 333, settings),
            checkGate(GateKind::Silu, 3, 1536, settings),
            checkGate(GateKind::Silu, 7, 101, settings),
            checkGate(GateKind::GeluTanh, 3, 1536, settings),
            checkGate(GateKind::GeluTanh, 7, 101, settings),
            checkBestToken(3, 4999, settings),
            checkBestToken(1, 7, settings)};
}

} // namespace vitrine::engine
