// SPDX-License-Identifier: GPL-3.0-or-later
// Settings beside each other: medians of repeats, the best, and what is no more than noise.
#include "engine/workload/setting_comparison.h"

#include <limits>

#include <QTest>

using namespace vitrine::engine;

namespace {

constexpr auto kSpeed = static_cast<std::size_t>(LoadFigure::TokensPerSecond);
constexpr auto kWait = static_cast<std::size_t>(LoadFigure::FirstTokenP99);

std::vector<LoadFigures> runsOf(std::initializer_list<double> speeds, std::initializer_list<double> waits)
{
    std::vector<LoadFigures> runs(speeds.size());
    std::size_t at = 0;
    for (const double speed : speeds)
        runs[at++][kSpeed] = speed;
    at = 0;
    for (const double wait : waits)
        runs[at++][kWait] = wait;
    return runs;
}

} // namespace

class SettingComparisonTest : public QObject
{
    Q_OBJECT

private slots:
    void mediansSpreadAndBest()
    {
        const std::vector<std::vector<LoadFigures>> settings = {runsOf({10.0, 14.0, 11.0}, {2.0, 2.0, 2.0}),
                                                                runsOf({20.0, 22.0, 30.0}, {3.0, 3.5, 4.0})};
        const std::vector<LoadRow> rows = compareSettings(settings);
        QCOMPARE(rows[0][kSpeed].median, 11.0);
        QCOMPARE(rows[0][kSpeed].least, 10.0);
        QCOMPARE(rows[0][kSpeed].most, 14.0);
        QCOMPARE(rows[1][kSpeed].change.value(), 1.0);
        QVERIFY(rows[1][kSpeed].best && !rows[0][kSpeed].best);
        QVERIFY(rows[0][kWait].best && !rows[1][kWait].best); // less waiting is better
        QCOMPARE(rows[1][kSpeed].difference, Difference::Better);
        QCOMPARE(rows[1][kWait].difference, Difference::Worse);
        QCOMPARE(rows[0][kSpeed].difference, Difference::None);
    }

    void whatRepeatsDifferByIsNoDifference()
    {
        const std::vector<std::vector<LoadFigures>> settings = {runsOf({10.0, 14.0, 11.0}, {}),
                                                                runsOf({13.0, 15.0, 16.0}, {})};
        QCOMPARE(compareSettings(settings)[1][kSpeed].difference, Difference::WithinNoise);
    }

    void fewRepeatsAreNotSure()
    {
        const std::vector<std::vector<LoadFigures>> once = {runsOf({10.0}, {}), runsOf({20.0}, {})};
        QCOMPARE(compareSettings(once)[1][kSpeed].difference, Difference::Unsure);
        const std::vector<std::vector<LoadFigures>> twice = {runsOf({10.0, 11.0}, {}),
                                                             runsOf({20.0, 21.0}, {})};
        QCOMPARE(compareSettings(twice)[1][kSpeed].difference, Difference::Unsure);
    }

    void whatWasNotMeasuredIsNotCompared()
    {
        const double never = std::numeric_limits<double>::quiet_NaN();
        const std::vector<std::vector<LoadFigures>> settings = {
            runsOf({never}, {0.0}), runsOf({20.0}, {1.0}), {}};
        const std::vector<LoadRow> rows = compareSettings(settings);
        QCOMPARE(rows[0][kSpeed].runs, std::size_t{0});
        QCOMPARE(rows[1][kSpeed].difference, Difference::None);
        QVERIFY(!rows[1][kWait].change.has_value()); // nothing to be a share of
        QCOMPARE(rows[2][kWait].runs, std::size_t{0});
        QVERIFY(compareSettings({}).empty());
    }

    void equalValuesHaveNoBest()
    {
        const std::vector<std::vector<LoadFigures>> settings = {runsOf({10.0}, {}), runsOf({10.0}, {})};
        for (const LoadRow& row : compareSettings(settings))
            QVERIFY(!row[kSpeed].best);
    }

    void figuresOfARun()
    {
        WorkloadTotals totals;
        totals.replies = 2;
        totals.wallSeconds = 4.0;
        totals.generatedTokens = 100;
        totals.promptTokens = 200;
        totals.cachedTokens = 50;
        totals.firstToken = {1.0, 3.0};
        totals.queue = {0.0, 1.0};
        totals.peakBlocks = 30;
        totals.totalBlocks = 120;
        const LoadFigures figures = figuresOf(totals);
        const auto of = [&](LoadFigure figure) { return figures[static_cast<std::size_t>(figure)]; };
        QCOMPARE(of(LoadFigure::TokensPerSecond).value(), 25.0);
        QCOMPARE(of(LoadFigure::FirstTokenP50).value(), 2.0);
        QCOMPARE(of(LoadFigure::Queue).value(), 0.5);
        QCOMPARE(of(LoadFigure::PrefixHits).value(), 0.25);
        QCOMPARE(of(LoadFigure::PeakBlocks).value(), 0.25);
        QCOMPARE(of(LoadFigure::Preemptions).value(), 0.0);
        QVERIFY(!of(LoadFigure::BetweenP50).has_value());
        for (const std::optional<double>& figure : figuresOf({}))
            QVERIFY(!figure.has_value());
    }
};

QTEST_GUILESS_MAIN(SettingComparisonTest)
#include "setting_comparison_test.moc"
