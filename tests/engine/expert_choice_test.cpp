// SPDX-License-Identifier: GPL-3.0-or-later
// Which experts a token goes to and with what weights, against the definition in double, and how tokens are
// gathered by expert.
#include "engine/execution/expert_choice.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include <QTest>

using namespace vitrine::engine;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

ExpertConfig mixture(std::uint32_t count, std::uint32_t perToken, bool normalized = true)
{
    ExpertConfig config;
    config.count = count;
    config.perToken = perToken;
    config.normalized = normalized;
    return config;
}

std::vector<ExpertChoice> choose(const ExpertConfig& config, const std::vector<float>& logits)
{
    std::vector<ExpertChoice> chosen(config.perToken);
    chooseExperts(config, logits.data(), chosen);
    return chosen;
}

/// Softmax over all, stable sort, the first of them, divided by their sum where that is wanted.
std::vector<std::pair<std::uint32_t, double>> definition(const ExpertConfig& config,
                                                         const std::vector<float>& logits)
{
    std::vector<std::uint32_t> order(logits.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return logits[a] > logits[b]; });
    const double top = double{logits[order.front()]};
    const auto power = [&](std::uint32_t id) { return std::exp(double{logits[id]} - top); };
    double sum = 0;
    for (std::size_t i = 0; i < (config.normalized ? config.perToken : config.count); ++i)
        sum += power(order[i]);
    std::vector<std::pair<std::uint32_t, double>> result;
    for (std::size_t i = 0; i < config.perToken; ++i)
        result.emplace_back(order[i], power(order[i]) / sum * double{config.weightScale});
    return result;
}

std::vector<std::uint32_t> idsOf(const std::vector<ExpertChoice>& chosen)
{
    std::vector<std::uint32_t> ids;
    for (const ExpertChoice& choice : chosen)
        ids.push_back(choice.expert);
    return ids;
}

/// What groupByExpert() makes of choices, in memory of just the sizes that it asks for.
struct Grouped
{
    Grouped(const ExpertConfig& config, const std::vector<ExpertChoice>& choices, std::int64_t alignment)
        : rows(static_cast<std::size_t>(expertRowsFor(config, tokensOf(config, choices), alignment))),
          runs(static_cast<std::size_t>(expertRunsFor(config, tokensOf(config, choices)))),
          firstRows(config.count),
          used(groupByExpert(config, choices, alignment, firstRows.data(), rows.data(), runs.data()))
    {}
    static std::int64_t tokensOf(const ExpertConfig& config, const std::vector<ExpertChoice>& choices)
    {
        return static_cast<std::int64_t>(choices.size() / config.perToken);
    }

    std::vector<ExpertRow> rows;
    std::vector<ExpertRun> runs;
    std::vector<std::int64_t> firstRows;
    std::span<const ExpertRun> used;
};

} // namespace

class ExpertChoiceTest : public QObject
{
    Q_OBJECT

private slots:
    void followsTheDefinition()
    {
        std::mt19937 random(7);
        std::normal_distribution<float> normal(0.0F, 2.0F);
        for (int round = 0; round < 500; ++round) {
            const std::uint32_t count = 1 + random() % 130;
            ExpertConfig config = mixture(count, 1 + random() % count, round % 2 == 0);
            config.weightScale = round % 3 == 0 ? 2.5F : 1.0F;
            std::vector<float> logits(count);
            for (float& logit : logits)
                logit = round % 5 == 0 ? std::round(normal(random)) : normal(random); // with and without ties
            const auto expected = definition(config, logits);
            const std::vector<ExpertChoice> chosen = choose(config, logits);
            for (std::size_t i = 0; i < chosen.size(); ++i) {
                QCOMPARE(chosen[i].expert, expected[i].first);
                QVERIFY(std::abs(double{chosen[i].weight} - expected[i].second) < 1e-5);
            }
        }
    }

    void equalLogitsGoToTheLowestIds()
    {
        QCOMPARE(idsOf(choose(mixture(6, 3), {1, 2, 1, 2, 1, 2})), (std::vector<std::uint32_t>{1, 3, 5}));
        QCOMPARE(idsOf(choose(mixture(6, 4), {1, 2, 1, 2, 1, 2})), (std::vector<std::uint32_t>{1, 3, 5, 0}));
        const std::vector<ExpertChoice> same = choose(mixture(5, 2), std::vector<float>(5, -3.0F));
        QCOMPARE(idsOf(same), (std::vector<std::uint32_t>{0, 1}));
        QCOMPARE(same[0].weight, 0.5F);
    }

    void oneExpertOfOneHasTheWholeWeight()
    {
        for (const bool normalized : {true, false}) {
            const std::vector<ExpertChoice> chosen = choose(mixture(1, 1, normalized), {-90.0F});
            QCOMPARE(chosen[0].expert, 0U);
            QCOMPARE(chosen[0].weight, 1.0F);
        }
    }

    void largeLogitsDoNotOverflow()
    {
        const std::vector<ExpertChoice> chosen = choose(mixture(3, 2), {3e38F, -3e38F, 3e38F});
        QCOMPARE(idsOf(chosen), (std::vector<std::uint32_t>{0, 2}));
        QCOMPARE(chosen[0].weight, 0.5F);
    }

    void whatIsNotANumberIsTakenLast()
    {
        const std::vector<ExpertChoice> chosen = choose(mixture(4, 2), {kNan, 1.0F, kNan, 2.0F});
        QCOMPARE(idsOf(chosen), (std::vector<std::uint32_t>{3, 1}));
        QVERIFY(std::isnan(chosen[0].weight)); // also of those that are: the router is damaged
        const std::vector<ExpertChoice> more = choose(mixture(4, 3), {kNan, 1.0F, kNan, 2.0F});
        QCOMPARE(idsOf(more), (std::vector<std::uint32_t>{3, 1, 0}));
        QVERIFY(std::isnan(more[0].weight));
        QCOMPARE(idsOf(choose(mixture(3, 2), {kNan, kNan, kNan})), (std::vector<std::uint32_t>{0, 1}));
    }

    void everyChoiceHasItsRow()
    {
        std::mt19937 random(3);
        std::normal_distribution<float> normal;
        for (int round = 0; round < 300; ++round) {
            const std::uint32_t count = 1 + random() % 40;
            const ExpertConfig config = mixture(count, 1 + random() % count);
            const std::size_t tokens = 1 + random() % 50;
            const std::int64_t alignment = round % 2 == 0 ? 1 : 16;
            std::vector<ExpertChoice> choices;
            for (std::size_t token = 0; token < tokens; ++token) {
                std::vector<float> logits(count);
                for (float& logit : logits)
                    logit = normal(random);
                const std::vector<ExpertChoice> chosen = choose(config, logits);
                choices.insert(choices.end(), chosen.begin(), chosen.end());
            }
            const Grouped grouped(config, choices, alignment);
            checkGroups(config, choices, grouped, alignment);
            if (QTest::currentTestFailed())
                return;
        }
    }

    void onlyChosenExpertsHaveRuns()
    {
        const ExpertConfig config = mixture(8, 2);
        const Grouped grouped(config, {{5, 0.5F}, {2, 0.5F}, {5, 0.25F}, {7, 0.75F}}, 16);
        QCOMPARE(grouped.used.size(), std::size_t{3});
        QCOMPARE(grouped.used[0].expert, 2U);
        QCOMPARE(grouped.used[1].expert, 5U);
        QCOMPARE(grouped.used[1].first, std::int64_t{16});
        QCOMPARE(grouped.used[1].count, std::int64_t{2});
        QCOMPARE(grouped.rows[17].token, 1);
        QCOMPARE(grouped.rows[17].weight, 0.25F);
    }

private:
    static void checkGroups(const ExpertConfig& config, const std::vector<ExpertChoice>& choices,
                            const Grouped& grouped, std::int64_t alignment)
    {
        std::int64_t rows = 0, end = 0, lastExpert = -1;
        for (const ExpertRun& run : grouped.used) {
            QVERIFY(run.count > 0 && run.first >= end && run.first % alignment == 0);
            QVERIFY(run.expert > lastExpert);
            for (std::int64_t row = run.first; row < run.end(); ++row) {
                const ExpertRow& found = grouped.rows[static_cast<std::size_t>(row)];
                QVERIFY(row == run.first ||
                        grouped.rows[static_cast<std::size_t>(row) - 1].token < found.token);
                const auto* const first = &choices[static_cast<std::size_t>(found.token) * config.perToken];
                const auto* const choice = std::find_if(
                    first, first + config.perToken, [&](const auto& c) { return c.expert == run.expert; });
                QVERIFY(choice != first + config.perToken);
                QCOMPARE(found.weight, choice->weight);
            }
            rows += run.count;
            end = run.end();
            lastExpert = run.expert;
        }
        QCOMPARE(rows, static_cast<std::int64_t>(choices.size()));
    }
};

QTEST_APPLESS_MAIN(ExpertChoiceTest)
#include "expert_choice_test.moc"
