// SPDX-License-Identifier: GPL-3.0-or-later
// Two recordings beside each other: what changed is found, what did not is not.
#include "engine/analysis/compare.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <QTest>

#include "tests/engine/support/made_run.h"
#include "tests/engine/support/recorded_run.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

/// Requests whose lengths are those of the load, and noise of the machine on top.
std::vector<RecordedStep> noisyRun(std::uint32_t seed, double slower = 1.0, std::size_t requests = 40)
{
    std::mt19937 load(7), noise(seed);
    std::lognormal_distribution<double> shape(0.0, 0.5), jitter(0.0, 0.1);
    MadeRun run;
    for (std::size_t i = 0; i < requests; ++i) {
        MadeRequest request;
        request.prefill = 0.2 * shape(load) * jitter(noise) * slower;
        request.queue = 0.05 * shape(load) * jitter(noise);
        for (int token = 0; token < 5; ++token)
            request.between.push_back(0.02 * jitter(noise) * slower);
        run.add(request);
    }
    return std::move(run.steps);
}

const CompareRow* rowOf(const Comparison& comparison, Metric metric, Statistic statistic)
{
    for (const CompareRow& row : comparison.rows)
        if (row.metric == metric && row.statistic == statistic)
            return &row;
    return nullptr;
}

} // namespace

class CompareTest : public QObject
{
    Q_OBJECT

private slots:
    void aRecordingDoesNotDifferFromItself()
    {
        const RecordedRun run = recordRun();
        QCOMPARE(run.error, std::string());
        for (const AlignBy align : {AlignBy::Request, AlignBy::Step}) {
            const Comparison same = compareRuns(run.steps, run.steps, {.align = align});
            QCOMPARE(same.pairs, same.unitsA);
            QVERIFY(same.rows.size() > 8);
            for (const CompareRow& row : same.rows) {
                QCOMPARE(row.change, 0.0);
                QVERIFY(row.verdict == Verdict::NoDifference || row.verdict == Verdict::TooFew);
            }
        }
    }

    void aPlantedSlowdownIsFoundWithTheTruthInItsInterval()
    {
        const Comparison found = compareRuns(noisyRun(1), noisyRun(2, 1.2));
        QVERIFY(found.pairing == Pairing::SamePrompt);
        QCOMPARE(found.pairs, std::size_t{40});
        for (const Statistic statistic : {Statistic::Median, Statistic::Mean, Statistic::P95}) {
            const CompareRow* row = rowOf(found, Metric::Between, statistic);
            QVERIFY(row != nullptr && row->paired);
            QVERIFY(row->verdict == Verdict::Worse);
            QVERIFY(row->relativeLow <= 0.2 && 0.2 <= row->relativeHigh);
        }
        QVERIFY(rowOf(found, Metric::FirstToken, Statistic::Mean)->verdict == Verdict::Worse);
        QVERIFY(rowOf(found, Metric::StepTime, Statistic::Median)->verdict == Verdict::Worse);
        const Comparison back = compareRuns(noisyRun(2, 1.2), noisyRun(1));
        QVERIFY(rowOf(back, Metric::Between, Statistic::Median)->verdict == Verdict::Better);
    }

    void noiseAloneRarelyLooksLikeADifference()
    {
        constexpr std::uint32_t kSeeds = effort(200U, 40U);
        std::map<std::pair<Metric, Statistic>, int> wrong;
        for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
            const Comparison found =
                compareRuns(noisyRun(1000 + seed), noisyRun(5000 + seed), {.seed = seed, .resamples = 300});
            for (const CompareRow& row : found.rows)
                wrong[{row.metric, row.statistic}] +=
                    row.verdict == Verdict::Better || row.verdict == Verdict::Worse;
        }
        QVERIFY(wrong.contains({Metric::FirstToken, Statistic::Median}));
        int all = 0;
        for (const auto& [row, count] : wrong) {
            all += count;
            const QByteArray name = QByteArray(metricName(row.first).data()) + " " +
                                    QByteArray(statisticName(row.second).data()) + ": " +
                                    QByteArray::number(count);
            QVERIFY2(count <= int(kSeeds * 0.09), name); // 7 % and what 200 tries may stray
        }
        QVERIFY(all <= double(wrong.size()) * kSeeds * 0.07);
    }

    void requestsWithOtherPromptsArePairedAsTheyArrived()
    {
        std::vector<RecordedStep> other = noisyRun(3);
        for (RecordedStep& step : other)
            for (RecordedEvent& event : step.events)
                if (auto* arrival = std::get_if<RecordedArrival>(&event))
                    arrival->prompt[0] += 500'000;
        const Comparison found = compareRuns(noisyRun(2), other);
        QVERIFY(found.pairing == Pairing::Arrival);
        QCOMPARE(found.pairs, std::size_t{40});
    }

    void onlyWhatBothHaveIsPaired()
    {
        const Comparison found = compareRuns(noisyRun(2, 1.0, 40), noisyRun(3, 1.0, 25));
        QVERIFY(found.pairing == Pairing::SamePrompt);
        QCOMPARE(found.pairs, std::size_t{25});
        QCOMPARE(rowOf(found, Metric::FirstToken, Statistic::Median)->nA, std::size_t{25});
    }

    void aFewRequestsGetNoInterval()
    {
        const Comparison found = compareRuns(noisyRun(1, 1.0, 3), noisyRun(2, 2.0, 3));
        QVERIFY(rowOf(found, Metric::FirstToken, Statistic::Median)->verdict == Verdict::TooFew);
    }

    void curvesAreBoundedAndWhole()
    {
        const Comparison found =
            compareRuns(noisyRun(1, 1.0, 400), noisyRun(2, 1.1, 300), {.curvePoints = 50});
        QCOMPARE(found.curves.size(), std::size_t{4});
        for (const CompareCurves& curves : found.curves) {
            QVERIFY(curves.ecdfA.size() <= 50 && curves.ecdfB.size() <= 50);
            QVERIFY(std::is_sorted(curves.ecdfA.begin(), curves.ecdfA.end(),
                                   [](const auto& p, const auto& q) { return p.x < q.x; }));
            QCOMPARE(curves.ecdfA.back().y, 1.0);
            double sum = 0.0;
            for (const double share : curves.densityB)
                sum += share;
            QVERIFY(std::abs(sum - 1.0) < 1e-9);
        }
    }

    void nothingRecordedIsCompared()
    {
        const Comparison none = compareRuns({}, noisyRun(1));
        QVERIFY(none.rows.empty());
        QVERIFY(compareRuns({}, {}).curves.empty());
    }

    void theSameRecordingsGiveTheSameAnswer()
    {
        const auto a = noisyRun(1), b = noisyRun(2);
        const Comparison once = compareRuns(a, b), again = compareRuns(a, b);
        for (std::size_t i = 0; i < once.rows.size(); ++i)
            QVERIFY(once.rows[i].low == again.rows[i].low && once.rows[i].high == again.rows[i].high);
    }
};

QTEST_APPLESS_MAIN(CompareTest)
#include "compare_test.moc"
