// SPDX-License-Identifier: GPL-3.0-or-later
// Mixtures of experts: where tokens go, and products with the matrices of those that were chosen, beside sums
// in double over the same numbers.
#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "engine/cuda/self_test/test_bench.h"
#include "engine/cuda/self_test/test_tensors.h"
#include "kernels/cuda/expert_product.h"
#include "kernels/cuda/expert_routing.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;
using kernels::QuantType;

namespace {

constexpr double kRounding = 4e-6; // of float32 sums, relative to the sum of magnitudes
constexpr std::size_t kExperts = 6, kPerToken = 3;

GpuCheck checkRouter(std::size_t tokens, std::size_t experts, const SelfTestSettings& settings)
{
    constexpr std::size_t kColumns = 320;
    TestBench bench("router of " + std::to_string(experts) + " experts, " + std::to_string(tokens) +
                        (tokens == 1 ? " token" : " tokens"),
                    settings);
    SyntheticRandom random(experts + tokens);
    const std::vector<float> matrix = testFloats(random, experts * kColumns);
    const std::vector<float> rows = testFloats(random, tokens * kColumns);
    const cuda::DeviceBuffer router = bench.put(matrix), x = bench.put(rows);
    const cuda::DeviceBuffer out = bench.put(std::vector<float>(tokens * experts, NAN));
    bench.keep(cuda::routerLogits({router.as<float>(), x.as<float>(), out.as<float>(),
                                   static_cast<std::int64_t>(tokens), static_cast<std::int64_t>(experts),
                                   std::int64_t{kColumns}},
                                  nullptr));
    std::vector<double> exact, scales;
    for (std::size_t i = 0; i < tokens * experts; ++i) {
        double sum = 0.0, size = 0.0;
        for (std::size_t c = 0; c < kColumns; ++c) {
            const double product =
                double{matrix[i % experts * kColumns + c]} * rows[i / experts * kColumns + c];
            sum += product;
            size += std::abs(product);
        }
        exact.push_back(sum);
        scales.push_back(size);
    }
    return bench.judge(bench.get<float>(out), exact, scales, kRounding);
}

/// Of one token: the chosen experts, then their weights.
void addChoice(const float* logits, std::size_t experts, std::size_t perToken, std::vector<double>& chosen,
               std::vector<double>& weights)
{
    std::vector<std::size_t> ids(experts);
    std::iota(ids.begin(), ids.end(), std::size_t{0});
    std::stable_sort(ids.begin(), ids.end(),
                     [&](std::size_t a, std::size_t b) { return logits[a] > logits[b]; });
    double sum = 0.0;
    for (std::size_t rank = 0; rank < perToken; ++rank)
        sum += std::exp(double{logits[ids[rank]]});
    for (std::size_t rank = 0; rank < perToken; ++rank) {
        chosen.push_back(static_cast<double>(ids[rank]));
        weights.push_back(std::exp(double{logits[ids[rank]]}) / sum);
    }
}

GpuCheck checkChoice(std::size_t tokens, std::size_t experts, std::size_t perToken,
                     const SelfTestSettings& settings)
{
    TestBench bench("choice of " + std::to_string(perToken) + " of " + std::to_string(experts) + " experts",
                    settings);
    SyntheticRandom random(experts);
    std::vector<float> rows = testFloats(random, tokens * experts);
    rows[experts - 1] = rows[experts / 2] = 2.5F; // the lower one of equals first
    const cuda::DeviceBuffer logits = bench.put(rows);
    const cuda::DeviceBuffer chosen = bench.put(std::vector<std::int32_t>(tokens * perToken, -1));
    const cuda::DeviceBuffer weights = bench.put(std::vector<float>(tokens * perToken, NAN));
    cuda::ExpertChoice choice;
    choice.logits = logits.as<float>();
    choice.tokens = static_cast<std::int64_t>(tokens);
    choice.experts = static_cast<std::int64_t>(experts);
    choice.perToken = static_cast<std::int64_t>(perToken);
    choice.chosen = chosen.as<std::int32_t>();
    choice.weights = weights.as<float>();
    bench.keep(cuda::chooseExperts(choice, nullptr));
    std::vector<double> exact, exactWeights;
    for (std::size_t token = 0; token < tokens; ++token)
        addChoice(rows.data() + token * experts, experts, perToken, exact, exactWeights);
    exact.insert(exact.end(), exactWeights.begin(), exactWeights.end());
    const std::vector<std::int32_t> ids = bench.get<std::int32_t>(chosen);
    const std::vector<float> found = bench.get<float>(weights);
    std::vector<float> values(ids.begin(), ids.end());
    values.insert(values.end(), found.begin(), found.end());
    return bench.judge(values, exact, std::vector<double>(exact.size(), 1.0), 1e-6);
}

/// Every token's experts follow each other, from another one on each time; none goes to the last expert.
std::vector<std::int32_t> spread(std::size_t tokens)
{
    std::vector<std::int32_t> chosen;
    for (std::size_t i = 0; i < tokens * kPerToken; ++i)
        chosen.push_back(static_cast<std::int32_t>((i / kPerToken + i % kPerToken) % (kExperts - 1)));
    return chosen;
}

/// What products and their weighted sum come to, and the sums of magnitudes.
struct Expected
{
    std::vector<double> exact, scales;
};

struct Shape
{
    std::size_t rows, columns, tokens;
    std::size_t pairs() const { return tokens * kPerToken; }
};

/// The same for every expert of a token: rows [tokens, columns], sums [tokens, rows].
Expected sumsOf(const Shape& s, const std::vector<float>& matrices, const std::vector<double>& x,
                const std::vector<std::int32_t>& chosen, const std::vector<float>& weights)
{
    Expected expected{std::vector<double>(s.tokens * s.rows), std::vector<double>(s.tokens * s.rows)};
    for (std::size_t pair = 0; pair < s.pairs(); ++pair)
        for (std::size_t row = 0; row < s.rows; ++row) {
            const std::size_t token = pair / kPerToken;
            const std::size_t matrixRow = static_cast<std::size_t>(chosen[pair]) * s.rows + row;
            for (std::size_t i = 0; i < s.columns; ++i) {
                const double product =
                    double{matrices[matrixRow * s.columns + i]} * x[token * s.columns + i] * weights[pair];
                expected.exact[token * s.rows + row] += product;
                expected.scales[token * s.rows + row] += std::abs(product);
            }
        }
    return expected;
}

/// Device memory of one product of experts.
struct ExpertBench
{
    TestBench bench;
    Shape shape;
    cuda::DeviceBuffer matrices, x, chosen, weights, products, sums, order, tiles, tileCount;

    ExpertBench(const std::string& name, const SelfTestSettings& settings, const Shape& s)
        : bench(name, settings), shape(s)
    {}

    cuda::ExpertPairs pairs() const
    {
        return {chosen.as<std::int32_t>(), static_cast<std::int64_t>(shape.pairs()), std::int64_t{kPerToken},
                std::int64_t{kPerToken}};
    }
    cuda::ExpertMatrices stack(QuantType type) const
    {
        return {type, matrices.data(), std::int64_t{kExperts}, static_cast<std::int64_t>(shape.rows),
                static_cast<std::int64_t>(shape.columns)};
    }
    cuda::ProductOut out() const
    {
        return {cuda::Number::F32, products.data(), static_cast<std::int64_t>(shape.rows)};
    }
    cuda::ExpertGroups group()
    {
        const auto count = static_cast<std::int64_t>(shape.pairs());
        const auto most =
            static_cast<std::size_t>(cuda::mostExpertTiles(count, kExperts, cuda::kFewGroupPairs));
        order = bench.put(std::vector<std::int32_t>(shape.pairs(), -1));
        tiles = bench.put(std::vector<cuda::ExpertTile>(most, cuda::ExpertTile{0, 0, 0}));
        tileCount = bench.put(std::vector<std::int32_t>{0});
        const cuda::ExpertGroups groups{order.as<std::int32_t>(), tiles.as<cuda::ExpertTile>(),
                                        tileCount.as<std::int32_t>(), cuda::kFewGroupPairs};
        bench.keep(cuda::groupPairs(chosen.as<std::int32_t>(), count, kExperts, groups, nullptr));
        return groups;
    }
    void sum()
    {
        bench.keep(
            cuda::sumExperts({products.data(), chosen.as<std::int32_t>(), weights.as<float>(), sums.data(),
                              static_cast<std::int64_t>(shape.tokens), std::int64_t{kPerToken},
                              static_cast<std::int64_t>(shape.rows), cuda::Number::F32},
                             nullptr));
    }
};

void multiplyQuantized(ExpertBench& b, QuantType type, bool grouped)
{
    const std::size_t values = b.shape.tokens * b.shape.columns;
    const cuda::DeviceBuffer q = b.bench.put(std::vector<std::int8_t>(values, 0));
    const cuda::DeviceBuffer scales = b.bench.put(std::vector<float>(values / cuda::kQuantGroup, NAN));
    const cuda::DeviceBuffer halves = b.bench.put(std::vector<float>(values / cuda::kSumGroup, NAN));
    const cuda::QuantizedRows rows{q.as<std::int8_t>(), scales.as<float>(), halves.as<float>(),
                                   static_cast<std::int64_t>(b.shape.columns)};
    b.bench.keep(cuda::quantizeRows(cuda::Number::F32, b.x.data(), static_cast<std::int64_t>(b.shape.tokens),
                                    rows, nullptr));
    b.bench.keep(grouped
                     ? cuda::multiplyExpertGroups(b.stack(type), rows, b.pairs(), b.group(), b.out(), nullptr)
                     : cuda::multiplyExperts(b.stack(type), rows, b.pairs(), b.out(), nullptr));
    b.bench.keep(cuda::synchronize(nullptr)); // before the quantised rows go
}

/// Whole numbers up to 127, one of which every group has: int8 with a scale of 1 and bfloat16 hold them
/// exactly, so that what is compared are the products alone.
std::vector<float> steps(SyntheticRandom& random, std::size_t count)
{
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i)
        values[i] = i % cuda::kQuantGroup == 0 ? 127.0F : static_cast<float>(random.next() % 255) - 127.0F;
    return values;
}

/// Grouped pairs are multiplied with rows of bfloat16 only.
void multiplyPlain(ExpertBench& b, QuantType type, const std::vector<float>& rows, bool grouped)
{
    if (!grouped) {
        b.bench.keep(cuda::multiplyExpertsPlain(b.stack(type), cuda::Number::F32, b.x.data(), b.pairs(),
                                                b.out(), nullptr));
        return;
    }
    std::vector<std::uint16_t> halves;
    for (const float value : rows)
        halves.push_back(static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16U));
    b.x = b.bench.put(halves);
    b.bench.keep(
        cuda::multiplyExpertGroupsPlain(b.stack(type), b.x.data(), b.pairs(), b.group(), b.out(), nullptr));
}

GpuCheck checkProduct(QuantType type, const Shape& s, bool grouped, const SelfTestSettings& settings)
{
    ExpertBench b(std::string("experts of ") + kernels::quantInfo(type).name +
                      (grouped ? ", grouped" : ", each pair by itself"),
                  settings, s);
    SyntheticRandom random(static_cast<std::uint64_t>(type) + s.tokens);
    const std::vector<std::uint8_t> tensor = drawTensor(type, kExperts * s.rows * s.columns, random);
    const std::vector<float> rows = steps(random, s.tokens * s.columns);
    const std::vector<std::int32_t> chosen = spread(s.tokens);
    const std::vector<float> weights = testFloats(random, s.pairs());
    b.matrices = b.bench.put(tensor);
    b.x = b.bench.put(rows);
    b.chosen = b.bench.put(chosen);
    b.weights = b.bench.put(weights);
    b.products = b.bench.put(std::vector<float>(s.pairs() * s.rows, NAN));
    b.sums = b.bench.put(std::vector<float>(s.tokens * s.rows, NAN));
    if (cuda::canGroupPlain(type, static_cast<std::int64_t>(s.columns)))
        multiplyPlain(b, type, rows, grouped);
    else
        multiplyQuantized(b, type, grouped);
    b.sum();
    const Expected expected =
        sumsOf(s, tensorFloats(type, tensor), {rows.begin(), rows.end()}, chosen, weights);
    return b.bench.judge(b.bench.get<float>(b.sums), expected.exact, expected.scales, kRounding);
}

} // namespace

std::vector<GpuCheck> checkExperts(const SelfTestSettings& settings)
{
    std::vector<GpuCheck> checks{checkRouter(1, 128, settings), checkRouter(19, 7, settings),
                                 checkChoice(5, 8, 2, settings), checkChoice(3, 128, 8, settings)};
    for (const QuantType type : {QuantType::Q4_0, QuantType::Q8_0, QuantType::Q4_K, QuantType::Q6_K,
                                 QuantType::IQ4_XS, QuantType::BF16})
        for (const bool grouped : {false, true})
            checks.push_back(checkProduct(type, {37, 256, grouped ? 17U : 3U}, grouped, settings));
    return checks;
}

} // namespace vitrine::engine
