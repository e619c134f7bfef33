// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of recordings, by hand and of a real engine.
#include "engine/analysis/run_figures.h"

#include <cmath>

#include <QTest>

#include "engine/analysis/run_series.h"
#include "tests/engine/support/made_run.h"
#include "tests/engine/support/recorded_run.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

bool near(double a, double b)
{
    return std::abs(a - b) <= 1e-6 * std::max(1.0, std::abs(b));
}

} // namespace

class RunFiguresTest : public QObject
{
    Q_OBJECT

private slots:
    void percentilesLieBetweenTheClosestRanks()
    {
        const Samples samples({40, std::nan(""), 10, 30, 20});
        QCOMPARE(samples.size(), std::size_t{4});
        QVERIFY(near(samples.median(), 25));
        QVERIFY(near(samples.percentile(0.95), 38.5));
        QVERIFY(near(samples.percentile(0), 10) && near(samples.percentile(2), 40));
        QVERIFY(near(samples.mean(), 25));
    }

    void nothingRecordedIsZeroEverywhere()
    {
        const RunFigures run = runFigures({});
        for (const double figure :
             {run.seconds, run.tokensPerSecond(), run.tokensPerBusySecond(), run.prefixHitRate(), run.kvMean,
              run.kvPeak, run.firstToken.median(), run.between.percentile(0.95), run.step.mean()})
            QCOMPARE(figure, 0.0);
        QVERIFY(runSeries({}).bins.empty());
    }

    void figuresOfAKnownRunAreThatRun()
    {
        MadeRun made;
        made.add(
            {.queue = 0.1, .prefill = 0.2, .between = {0.05, 0.15}, .promptTokens = 32, .cachedTokens = 16});
        made.add({.queue = 0.3, .prefill = 0.4, .between = {}, .promptTokens = 32});
        const RunFigures run = runFigures(made.steps);
        QCOMPARE(run.requests.size(), std::size_t{2});
        QVERIFY(near(run.seconds, 1.2));
        QVERIFY(near(run.busySeconds, 0.8));
        QVERIFY(near(run.tokensPerSecond(), 4 / 1.2));
        QVERIFY(near(*run.requests[0].queue, 0.1) && near(*run.requests[0].firstToken, 0.3));
        QVERIFY(near(*run.requests[0].decode, 0.2) && near(*run.requests[0].total, 0.5));
        QVERIFY(!run.requests[1].decode);
        QVERIFY(near(run.between.most(), 0.15) && near(run.firstToken.most(), 0.7));
        QVERIFY(near(run.prefixHitRate(), 0.25));
        QVERIFY(near(run.kvMean, 0.3) && near(run.kvPeak, 0.4));
        QCOMPARE(run.finished, 2U);
    }

    void aPartKnowsNothingOfWhatCameBefore()
    {
        MadeRun made;
        made.add({.between = {0.05, 0.05, 0.05}});
        const RunFigures run = runFigures(std::span(made.steps).subspan(2));
        QCOMPARE(run.requests.size(), std::size_t{1});
        QVERIFY(run.firstToken.empty() && run.queue.empty() && run.prefill.empty() && run.decode.empty());
        QCOMPARE(run.between.size(), std::size_t{1});
    }

    void timesOutOfOrderHurtNobody()
    {
        MadeRun made;
        made.add({.between = {0.05, 0.05}});
        made.steps[0].record.endNs = std::numeric_limits<std::int64_t>::min();
        made.steps[1].record.startNs = std::numeric_limits<std::int64_t>::min();
        made.steps[2].record.endNs = std::numeric_limits<std::int64_t>::max();
        made.steps[2].record.blocksReferenced = 0xFFFFFFFFU;
        made.steps[2].record.blocksFree = 0xFFFFFFFFU;
        const RunFigures run = runFigures(made.steps);
        QVERIFY(std::isfinite(run.tokensPerSecond()) && std::isfinite(run.kvMean) && run.kvPeak <= 1.0);
        QVERIFY(run.step.least() >= 0.0);
        for (const SeriesBin& bin : runSeries(made.steps).bins)
            QVERIFY(std::isfinite(bin.tokensPerSecond));
    }

    void figuresOfARealRunEqualTheEngines()
    {
        const RecordedRun recorded = recordRun();
        QCOMPARE(recorded.error, std::string());
        const RunFigures run = runFigures(recorded.steps);
        QCOMPARE(run.requests.size(), recorded.replies.size());
        std::uint64_t tokens = 0, preemptions = 0;
        for (const RequestFigures& request : run.requests) {
            const Reply& reply = recorded.replies.at(request.request);
            const RequestTimes& times = reply.end.stats.times;
            tokens += reply.tokens.size();
            preemptions += reply.end.stats.preemptions;
            QCOMPARE(request.replyTokens, reply.tokens.size());
            QCOMPARE(request.cachedTokens, reply.end.stats.cachedTokens);
            QCOMPARE(request.preemptions, reply.end.stats.preemptions);
            QVERIFY(std::abs(*request.firstToken - double(times.firstTokenNs - times.arrivalNs) * 1e-9) <
                    0.02);
            QVERIFY(std::abs(*request.total - double(times.finishedNs - times.arrivalNs) * 1e-9) < 0.02);
        }
        QCOMPARE(run.replyTokens, tokens);
        QCOMPARE(run.preemptions, preemptions);
        QCOMPARE(run.finished, recorded.replies.size());
        std::uint64_t drawn = 0;
        for (const SeriesBin& bin : runSeries(recorded.steps, 20).bins)
            drawn += bin.replyTokens;
        QCOMPARE(drawn, tokens);
    }
};

QTEST_APPLESS_MAIN(RunFiguresTest)
#include "run_figures_test.moc"
