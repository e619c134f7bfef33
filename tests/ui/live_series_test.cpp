// SPDX-License-Identifier: GPL-3.0-or-later
// Step records in, the right values in the right seconds out; bounded whatever comes.
#include <random>

#include <QTest>

#include "ui/profiler/live_series.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

engine::StepRecord stepAt(std::uint64_t number, double second)
{
    engine::StepRecord record;
    record.step = number;
    record.endNs = static_cast<std::int64_t>(second * kSecond);
    record.startNs = record.endNs - 1'000'000;
    record.tokenBudget = 512;
    return record;
}

void addRow(engine::StepRecord& record, std::uint64_t request, bool decode, std::uint32_t blocks)
{
    engine::StepRow& row = record.rows[record.rowCount++];
    row.request.value = request;
    row.decodeTokens = decode ? 1 : 0;
    row.prefillTokens = decode ? 0 : 100;
    row.blocks = blocks;
    record.decodeTokens += row.decodeTokens;
    record.prefillTokens += row.prefillTokens;
}

const LiveBin& binAgo(const LiveView& view, std::size_t seconds)
{
    return view.bins[LiveSeries::kBins - 1 - seconds];
}

} // namespace

class LiveSeriesTest : public QObject
{
    Q_OBJECT

private slots:
    void isEmptyBeforeTheFirstStep()
    {
        const LiveView view = LiveSeries().view(5 * kSecond);
        QCOMPARE(view.bins.size(), LiveSeries::kBins);
        QVERIFY(!view.anyStep);
        QVERIFY(!view.hitRate && !view.medianFirstToken && !view.tokenGapP95);
    }

    void putsStepsIntoTheirSeconds()
    {
        LiveSeries series;
        auto a = stepAt(1, 100.2), b = stepAt(2, 100.7), c = stepAt(3, 102.1);
        a.prefillTokens = 300;
        b.prefillTokens = 512;
        b.preemptions = 2;
        c.decodeTokens = 4;
        for (const auto& record : {a, b, c})
            series.add(record);
        const LiveView view = series.view(std::int64_t(102.5 * kSecond));
        QCOMPARE(binAgo(view, 2).prefillTokens, 512u);
        QCOMPARE(binAgo(view, 2).steps, 2u);
        QCOMPARE(binAgo(view, 2).preemptions, 2u);
        QCOMPARE(binAgo(view, 1).steps, 0u);
        QCOMPARE(binAgo(view, 0).decodeRows, 4u);
        QCOMPARE(view.preemptions, 2u);
    }

    void quietSecondsKeepTheBlocksOfTheLastStep()
    {
        LiveSeries series;
        auto record = stepAt(1, 10.5);
        record.blocksReferenced = 30;
        record.blocksCached = 20;
        record.blocksFree = 50;
        series.add(record);
        const LiveView view = series.view(15 * kSecond);
        QCOMPARE(binAgo(view, 0).blocksReferenced, 30u);
        QCOMPARE(binAgo(view, 3).blocksCached, 20u);
        QCOMPARE(binAgo(view, 5).blocksTotal, 100u);
        QCOMPARE(binAgo(view, 6).blocksTotal, 0u);
        QCOMPARE(view.runningRows, 0u);
    }

    void oldSecondsLeaveTheWindow()
    {
        LiveSeries series;
        auto record = stepAt(1, 10.5);
        record.preemptions = 1;
        series.add(record);
        QCOMPARE(series.view(70 * kSecond).preemptions, 1u);
        QCOMPARE(series.view(71 * kSecond).preemptions, 0u);
        QVERIFY(!series.view(71 * kSecond).anyStep);
    }

    void ignoresRecordsFromBeforeTheWindow()
    {
        LiveSeries series;
        series.add(stepAt(1, 500));
        series.add(stepAt(2, 20));
        std::uint32_t steps = 0;
        for (const LiveBin& bin : series.view(500 * kSecond).bins)
            steps += bin.steps;
        QCOMPARE(steps, 1u);
    }

    void hitRateIsOverLookedUpTokens()
    {
        LiveSeries series;
        auto a = stepAt(1, 1), b = stepAt(2, 3);
        a.lookedUpTokens = 100;
        b.lookedUpTokens = 300;
        b.cachedTokens = 240;
        series.add(a);
        series.add(b);
        const LiveView view = series.view(3 * kSecond);
        QCOMPARE(view.hitRate.value(), 0.6);
        QCOMPARE(binAgo(view, 0).hitRate().value(), 0.8);
        QVERIFY(!binAgo(view, 1).hitRate().has_value());
    }

    void splitsReferencedBlocksByHueAndSharesSharedOnes()
    {
        LiveSeries series;
        series.setHueOf([](engine::RequestId id) { return std::size_t(id.value); });
        auto record = stepAt(1, 1);
        addRow(record, 1, true, 30);
        addRow(record, 2, true, 10);
        record.blocksReferenced = 20; // half of what the rows name: they share
        series.add(record);
        const LiveView view = series.view(kSecond);
        QCOMPARE(binAgo(view, 0).blocksByHue[1], 15.0f);
        QCOMPARE(binAgo(view, 0).blocksByHue[2], 5.0f);
        QCOMPARE(binAgo(view, 0).blocksByHue[0], 0.0f);
    }

    void measuresGapsBetweenTokensOfOneReply()
    {
        LiveSeries series;
        for (int i = 0; i < 100; ++i) {
            auto record = stepAt(std::uint64_t(i + 1), 1 + 0.01 * i);
            addRow(record, 7, i > 0, 4);
            series.add(record);
        }
        const LiveView view = series.view(2 * kSecond);
        QVERIFY(qAbs(view.tokenGapP95.value() - 0.01) < 1e-6);
    }

    void lostRecordsDoNotLookLikeSlowTokens()
    {
        LiveSeries series;
        auto a = stepAt(1, 1), b = stepAt(900, 9);
        addRow(a, 7, true, 4);
        addRow(b, 7, true, 4);
        series.add(a);
        series.add(b);
        QVERIFY(!series.view(9 * kSecond).tokenGapP95.has_value());
    }

    void medianOfFirstTokensIsOfTheWindow()
    {
        LiveSeries series;
        series.add(stepAt(1, 100));
        series.addFirstToken(10 * kSecond, 9.0); // long ago
        series.addFirstToken(98 * kSecond, 0.3);
        series.addFirstToken(99 * kSecond, 0.1);
        series.addFirstToken(100 * kSecond, 0.2);
        QCOMPARE(series.view(100 * kSecond).medianFirstToken.value(), 0.2);
    }

    void aViewIsFrozenWhileDataGoOn()
    {
        LiveSeries series;
        series.add(stepAt(1, 5));
        const LiveView frozen = series.view(5 * kSecond);
        for (std::uint64_t i = 2; i < 1000; ++i)
            series.add(stepAt(i, 5 + 0.01 * double(i)));
        QCOMPARE(binAgo(frozen, 0).steps, 1u);
        QVERIFY(binAgo(series.view(15 * kSecond), 1).steps > 90);
    }

    void staysBoundedUnderAnyLoad()
    {
        const unsigned seed = 20240817;
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        LiveSeries series;
        double time = 1;
        for (std::uint64_t i = 1; i <= 300'000; ++i) {
            time += (random() % 1000 == 0) ? double(random() % 300) : 0.0005;
            auto record = stepAt(i, time);
            for (int row = 0; row < 8; ++row)
                addRow(record, random() % 100'000, true, 1);
            record.rowsOmitted = random() % 100;
            series.add(record);
            series.addFirstToken(record.endNs, 0.1);
        }
        const LiveView view = series.view(std::int64_t(time * kSecond));
        QCOMPARE(view.bins.size(), LiveSeries::kBins);
        QVERIFY(series.storedSamples() <=
                2 * LiveSeries::kMaxGaps + LiveSeries::kMaxRequests + LiveSeries::kBins);
    }
};

QTEST_APPLESS_MAIN(LiveSeriesTest)
#include "live_series_test.moc"
