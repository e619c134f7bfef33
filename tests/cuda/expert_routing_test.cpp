// SPDX-License-Identifier: GPL-3.0-or-later
// Which experts tokens go to, how pairs are grouped by expert, and the weighted sum of what experts gave,
// against the same on the host.
#define QT_NO_KEYWORDS // "slots" is a name here
#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cuda/device_rows.h"
#include "cuda_emulator/control.h"
#include "kernels/cuda/expert_groups.h"
#include "kernels/cuda/expert_routing.h"
#include "kernels/random_tensor.h"

using namespace vitrine;
using namespace vitrine::kernels::cuda;
using namespace vitrine::tests;

namespace {

const float kNan = std::nanf("");

struct Choice
{
    std::vector<std::int32_t> chosen;
    std::vector<float> weights;
    bool operator==(const Choice&) const = default;
};

struct Settings
{
    std::int64_t experts = 8, perToken = 2;
    bool normalized = true;
    float scale = 1.0F;
    std::vector<std::int32_t> rowSlots;
};

Choice chosenFor(const std::vector<float>& logits, const Settings& s)
{
    const std::int64_t tokens = static_cast<std::int64_t>(logits.size()) / s.experts;
    const auto pairs = static_cast<std::size_t>(tokens * s.perToken);
    const DeviceVector<float> in(logits), weights(std::vector<float>(pairs, 77.0F));
    const DeviceVector<std::int32_t> chosen(std::vector<std::int32_t>(pairs, 77));
    const DeviceVector<std::int32_t> slots(s.rowSlots.empty() ? std::vector<std::int32_t>{0} : s.rowSlots);
    ExpertChoice choice;
    choice.logits = in.data();
    choice.slots = s.rowSlots.empty() ? nullptr : slots.data();
    choice.tokens = tokens;
    choice.experts = s.experts;
    choice.perToken = s.perToken;
    choice.normalized = s.normalized;
    choice.scale = s.scale;
    choice.chosen = chosen.data();
    choice.weights = weights.data();
    return chooseExperts(choice, nullptr) ? Choice{chosen.read(), weights.read()} : Choice{};
}

/// Experts of one token by falling logit, then by number.
std::vector<std::int32_t> ranked(const float* logits, std::int64_t experts)
{
    std::vector<std::int32_t> ids(static_cast<std::size_t>(experts));
    std::iota(ids.begin(), ids.end(), 0);
    std::stable_sort(ids.begin(), ids.end(),
                     [&](std::int32_t a, std::int32_t b) { return logits[a] > logits[b]; });
    return ids;
}

std::vector<double> weightsOf(const float* logits, const std::vector<std::int32_t>& ranks, const Settings& s)
{
    const auto part = [&](std::int64_t count) {
        double sum = 0;
        for (std::int64_t i = 0; i < count; ++i)
            sum += std::exp(double{logits[ranks[static_cast<std::size_t>(i)]]} - logits[ranks[0]]);
        return sum;
    };
    const double divisor = part(s.normalized ? s.perToken : s.experts);
    std::vector<double> weights;
    for (std::int64_t i = 0; i < s.perToken; ++i)
        weights.push_back(std::exp(double{logits[ranks[static_cast<std::size_t>(i)]]} - logits[ranks[0]]) /
                          divisor * s.scale);
    return weights;
}

std::vector<float> routed(const std::vector<float>& router, const std::vector<float>& rows,
                          std::int64_t experts, std::int64_t columns)
{
    const std::int64_t tokens = static_cast<std::int64_t>(rows.size()) / columns;
    const DeviceVector<float> matrix(router), x(rows);
    const DeviceVector<float> logits(std::vector<float>(static_cast<std::size_t>(tokens * experts), 77.0F));
    const Status status =
        routerLogits({matrix.data(), x.data(), logits.data(), tokens, experts, columns}, nullptr);
    return status ? logits.read() : std::vector<float>();
}

struct Grouped
{
    std::vector<std::int32_t> order;
    std::vector<std::vector<std::int32_t>> tiles; ///< expert, first, count
    bool operator==(const Grouped&) const = default;
};

Grouped grouped(const std::vector<std::int32_t>& chosen, std::int64_t experts, std::int64_t tilePairs)
{
    const auto pairs = static_cast<std::int64_t>(chosen.size());
    const std::int64_t most = mostExpertTiles(pairs, experts, tilePairs);
    const DeviceVector<std::int32_t> in(chosen), order(std::vector<std::int32_t>(chosen.size(), -7));
    const DeviceVector<ExpertTile> tiles(
        std::vector<ExpertTile>(static_cast<std::size_t>(most), ExpertTile{-7, -7, -7}));
    const DeviceVector<std::int32_t> count(std::vector<std::int32_t>{-7});
    if (!groupPairs(in.data(), pairs, experts, {order.data(), tiles.data(), count.data(), tilePairs},
                    nullptr))
        return {};
    Grouped result{order.read(), {}};
    std::vector<ExpertTile> found = tiles.read();
    found.resize(static_cast<std::size_t>(count.read()[0]));
    for (const ExpertTile& tile : found)
        result.tiles.push_back({tile.expert, tile.first, tile.count});
    return result;
}

Grouped expectedGroups(const std::vector<std::int32_t>& chosen, std::int64_t experts, std::int64_t tilePairs)
{
    Grouped result{std::vector<std::int32_t>(chosen.size(), -7), {}};
    std::int32_t at = 0;
    for (std::int32_t expert = 0; expert < experts; ++expert) {
        const std::int32_t first = at;
        for (std::size_t pair = 0; pair < chosen.size(); ++pair)
            if (chosen[pair] == expert)
                result.order[static_cast<std::size_t>(at++)] = static_cast<std::int32_t>(pair);
        for (std::int32_t i = first; i < at; i += static_cast<std::int32_t>(tilePairs))
            result.tiles.push_back({expert, i, std::min(static_cast<std::int32_t>(tilePairs), at - i)});
    }
    return result;
}

} // namespace

class ExpertRoutingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { cuda_emulator::reset(); }

    void logitsAreTheRoutersProducts_data()
    {
        QTest::addColumn<int>("tokens");
        QTest::addColumn<int>("experts");
        QTest::addColumn<int>("columns");
        for (const auto& [tokens, experts, columns] :
             {std::tuple{1, 8, 64}, {8, 128, 256}, {9, 5, 132}, {37, 16, 40}, {3, 1, 33}, {21, 7, 6}})
            QTest::addRow("%d tokens, %d experts of %d", tokens, experts, columns)
                << tokens << experts << columns;
    }
    void logitsAreTheRoutersProducts()
    {
        QFETCH(int, tokens);
        QFETCH(int, experts);
        QFETCH(int, columns);
        std::mt19937 random(static_cast<unsigned>(tokens * experts));
        const std::vector<float> router = randomFloats(static_cast<std::size_t>(experts * columns), random);
        const std::vector<float> rows = randomFloats(static_cast<std::size_t>(tokens * columns), random);
        std::vector<double> exact, scales;
        for (int t = 0; t < tokens; ++t)
            for (int e = 0; e < experts; ++e) {
                double sum = 0, size = 0;
                for (int c = 0; c < columns; ++c) {
                    const double product = double{router[static_cast<std::size_t>(e * columns + c)]} *
                                           rows[static_cast<std::size_t>(t * columns + c)];
                    sum += product;
                    size += std::abs(product);
                }
                exact.push_back(sum);
                scales.push_back(size);
            }
        QCOMPARE(firstOff(Number::F32, routed(router, rows, experts, columns), exact, scales), -1);
    }

    void aTokensLogitsAreTheSameInAnyCompany()
    {
        std::mt19937 random(3);
        const std::vector<float> router = randomFloats(6 * 260, random),
                                 rows = randomFloats(20 * 260, random);
        const std::vector<float> together = routed(router, rows, 6, 260);
        for (std::size_t token : {0U, 7U, 19U}) {
            const std::vector<float> own(rows.begin() + static_cast<std::ptrdiff_t>(token * 260),
                                         rows.begin() + static_cast<std::ptrdiff_t>(token * 260 + 260));
            const std::vector<float> alone = routed(router, own, 6, 260);
            QVERIFY(std::equal(alone.begin(), alone.end(),
                               together.begin() + static_cast<std::ptrdiff_t>(token * 6)));
        }
    }

    void takesTheLargestWithTheirWeights_data()
    {
        QTest::addColumn<int>("experts");
        QTest::addColumn<int>("perToken");
        for (const auto& [experts, perToken] :
             {std::pair{1, 1}, {8, 2}, {8, 8}, {60, 4}, {65, 1}, {128, 8}, {128, 128}, {512, 10}})
            QTest::addRow("%d of %d", perToken, experts) << experts << perToken;
    }
    void takesTheLargestWithTheirWeights()
    {
        QFETCH(int, experts);
        QFETCH(int, perToken);
        std::mt19937 random(static_cast<unsigned>(experts));
        for (const bool normalized : {true, false}) {
            const Settings s{experts, perToken, normalized, normalized ? 1.0F : 2.5F, {}};
            const std::vector<float> logits = randomFloats(static_cast<std::size_t>(9 * experts), random);
            const Choice found = chosenFor(logits, s);
            for (std::size_t t = 0; t < 9; ++t) {
                const float* row = logits.data() + t * static_cast<std::size_t>(experts);
                const std::vector<std::int32_t> ranks = ranked(row, experts);
                const std::vector<double> weights = weightsOf(row, ranks, s);
                for (std::size_t r = 0; r < static_cast<std::size_t>(perToken); ++r) {
                    const std::size_t pair = t * static_cast<std::size_t>(perToken) + r;
                    QCOMPARE(found.chosen[pair], ranks[r]);
                    QVERIFY(std::abs(double{found.weights[pair]} - weights[r]) < 2e-6 * (weights[r] + 0.01));
                }
            }
        }
    }

    void equalLogitsGoToTheLowerExpert()
    {
        const Choice found = chosenFor({1, 3, 0.0F, 3, -0.0F, 3, 0.0F, 1}, {8, 5, true, 1.0F, {}});
        QCOMPARE(found.chosen, (std::vector<std::int32_t>{1, 3, 5, 0, 7}));
        QCOMPARE(chosenFor({-1, -0.0F, 0.0F, -2}, {4, 2, true, 1.0F, {}}).chosen,
                 (std::vector<std::int32_t>{1, 2}));
    }

    void notANumberIsNeitherChosenFirstNorHidden()
    {
        const Choice found = chosenFor({1, kNan, 2, 0}, {4, 2, true, 1.0F, {}});
        QCOMPARE(found.chosen, (std::vector<std::int32_t>{2, 0}));
        QVERIFY(std::isnan(found.weights[0]) && std::isnan(found.weights[1]));
        const Choice nothing = chosenFor({kNan, -kNan, kNan, kNan}, {4, 3, false, 1.0F, {}});
        QCOMPARE(nothing.chosen, (std::vector<std::int32_t>{0, 1, 2}));
        QVERIFY(std::isnan(nothing.weights[2]));
    }

    void extremeLogitsGiveFiniteWeights()
    {
        const float infinite = std::numeric_limits<float>::infinity();
        const Choice found = chosenFor({-infinite, 1000, -1000, 800}, {4, 3, true, 1.0F, {}});
        QCOMPARE(found.chosen, (std::vector<std::int32_t>{1, 3, 2}));
        QCOMPARE(found.weights, (std::vector<float>{1, 0, 0}));
    }

    void paddingGoesToNobody()
    {
        std::mt19937 random(4);
        const std::vector<float> logits = randomFloats(24, random);
        const Choice all = chosenFor(logits, {8, 3, true, 1.0F, {}});
        Choice found = chosenFor(logits, {8, 3, true, 1.0F, {5, -1, 0}});
        for (std::size_t i = 3; i < 6; ++i) {
            QCOMPARE(found.chosen[i], -1);
            QCOMPARE(found.weights[i], 0.0F);
            found.chosen[i] = all.chosen[i];
            found.weights[i] = all.weights[i];
        }
        QVERIFY(found == all);
    }

    void groupsPairsByExpertInTheirOrder_data()
    {
        QTest::addColumn<int>("pairs");
        QTest::addColumn<int>("experts");
        QTest::addColumn<int>("used"); ///< experts that anybody goes to; -1: also pairs without one
        for (const auto& [pairs, experts, used] : {std::tuple{1, 1, 1},
                                                   {16, 8, 8},
                                                   {1500, 8, 8},
                                                   {90, 1, 1},
                                                   {300, 6, 1},
                                                   {2100, 128, 128},
                                                   {64, 128, 128},
                                                   {77, 40, 3},
                                                   {40, 8, -1}})
            QTest::addRow("%d pairs, %d of %d experts", pairs, used, experts) << pairs << experts << used;
    }
    void groupsPairsByExpertInTheirOrder()
    {
        QFETCH(int, pairs);
        QFETCH(int, experts);
        QFETCH(int, used);
        std::mt19937 random(static_cast<unsigned>(pairs + experts));
        std::vector<std::int32_t> chosen;
        for (int i = 0; i < pairs; ++i)
            chosen.push_back(used > 0
                                 ? (experts - 1 - static_cast<int>(random() % static_cast<unsigned>(used)))
                                 : static_cast<int>(random() % static_cast<unsigned>(experts + 3)) - 3);
        if (used < 0)
            for (std::int32_t& expert : chosen)
                expert = std::max(expert, -1);
        std::uint64_t seed = 0; // of the order of threads
        for (const std::int64_t tilePairs : {1, 16, 32}) {
            const Grouped expected = expectedGroups(chosen, experts, tilePairs);
            QVERIFY(static_cast<std::int64_t>(expected.tiles.size()) <=
                    mostExpertTiles(pairs, experts, tilePairs));
            cuda_emulator::setSeed(seed++);
            QVERIFY(grouped(chosen, experts, tilePairs) == expected);
        }
    }

    void sumsInTheOrderOfTheChoice_data()
    {
        QTest::addColumn<int>("tokens");
        QTest::addColumn<int>("perToken");
        QTest::addColumn<int>("columns");
        for (const auto& [tokens, perToken, columns] :
             {std::tuple{1, 8, 2048}, {5, 2, 40}, {3, 1, 7}, {2, 3, 301}})
            QTest::addRow("%d tokens of %d, %d columns", tokens, perToken, columns)
                << tokens << perToken << columns;
    }
    void sumsInTheOrderOfTheChoice()
    {
        QFETCH(int, tokens);
        QFETCH(int, perToken);
        QFETCH(int, columns);
        std::mt19937 random(static_cast<unsigned>(columns));
        const auto pairs = static_cast<std::size_t>(tokens * perToken),
                   width = static_cast<std::size_t>(columns);
        for (const Number number : {Number::F32, Number::BF16}) {
            const DeviceRows outputs(number, randomFloats(pairs * width, random));
            const std::vector<float> values = outputs.read();
            const std::vector<float> weights = randomFloats(pairs, random);
            std::vector<std::int32_t> chosen(pairs, 3);
            chosen.back() = -1;
            const DeviceVector<float> weightsThere(weights);
            const DeviceVector<std::int32_t> chosenThere(chosen);
            const DeviceRows out(number, std::vector<float>(static_cast<std::size_t>(tokens) * width, 77.0F));
            QVERIFY(sumExperts({outputs.data(), chosenThere.data(), weightsThere.data(), out.data(), tokens,
                                perToken, columns, number},
                               nullptr));
            std::vector<double> exact(static_cast<std::size_t>(tokens) * width), scales(exact.size(), 1e-30);
            for (std::size_t i = 0; i < pairs * width; ++i) {
                const std::size_t pair = i / width;
                const double product = chosen[pair] < 0 ? 0.0 : double{weights[pair]} * values[i];
                const std::size_t at = pair / static_cast<std::size_t>(perToken) * width + i % width;
                exact[at] += product;
                scales[at] += std::abs(product);
            }
            QCOMPARE(firstOff(number, out.read(), exact, scales), -1);
        }
    }

    void refusesWhatItHasNoKernelFor()
    {
        QVERIFY(!chooseExperts({nullptr, nullptr, 1, 4, 5, true, 1.0F, nullptr, nullptr}, nullptr));
        QVERIFY(!chooseExperts({nullptr, nullptr, 1, 4, 0, true, 1.0F, nullptr, nullptr}, nullptr));
        QVERIFY(!chooseExperts({nullptr, nullptr, 1, kMostExperts + 1, 5, true, 1.0F, nullptr, nullptr},
                               nullptr));
        QVERIFY(!routerLogits({nullptr, nullptr, nullptr, 1, kMostExperts + 1, 8}, nullptr));
        QVERIFY(!groupPairs(nullptr, 1, kMostExperts + 1, {nullptr, nullptr, nullptr, 16}, nullptr));
        QVERIFY(!groupPairs(nullptr, 1, 4, {nullptr, nullptr, nullptr, 0}, nullptr));
    }

    void doesNothingForNoTokens()
    {
        QVERIFY(chooseExperts({nullptr, nullptr, 0, 4, 2, true, 1.0F, nullptr, nullptr}, nullptr));
        QVERIFY(routerLogits({nullptr, nullptr, nullptr, 0, 4, 8}, nullptr));
        QVERIFY(sumExperts({nullptr, nullptr, nullptr, nullptr, 0, 2, 8, Number::F32}, nullptr));
        QCOMPARE(cuda_emulator::counts().kernels, std::size_t{0});
    }
};

QTEST_APPLESS_MAIN(ExpertRoutingTest)
#include "expert_routing_test.moc"
