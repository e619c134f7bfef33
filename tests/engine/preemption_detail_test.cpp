// SPDX-License-Identifier: GPL-3.0-or-later
// Preemptions as read out of a recording.
#include "engine/analysis/preemption.h"

#include <random>

#include <QTest>

#include "tests/engine/support/shared_load.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {
constexpr int kNoHost = -1;
}

class PreemptionDetailTest : public QObject
{
    Q_OBJECT

private slots:
    void thePreemptionsOfARealRunAreTold_data()
    {
        QTest::addColumn<int>("choice");
        QTest::newRow("recompute") << int(PreemptionChoice::Recompute);
        QTest::newRow("swap") << int(PreemptionChoice::Swap);
        QTest::newRow("no host memory") << kNoHost;
    }
    void thePreemptionsOfARealRunAreTold()
    {
        QFETCH(int, choice);
        const RecordedRun run = choice == kNoHost ? recordSharedLoad({.blocks = 16})
                                                  : recordRun(static_cast<PreemptionChoice>(choice));
        QCOMPARE(run.error, std::string());
        const std::vector<PreemptionDetail> list = preemptions(run.start, run.steps);
        std::map<RequestId, std::uint32_t> count;
        std::uint64_t recomputed = 0, recorded = 0;
        for (const PreemptionDetail& one : list) {
            QCOMPARE(one.before, count[one.victim]++);
            QVERIFY(one.beneficiary != one.victim && run.replies.contains(one.beneficiary));
            QCOMPARE(one.pool, run.start.blocks);
            QCOMPARE(one.referenced + one.cached + one.free, one.pool);
            QVERIFY(one.reason == PreemptionReason::NoBlock);
            QVERIFY(one.needed > one.usable());
            QVERIFY(one.needed <= one.usable() + one.freed);
            QVERIFY(one.blocks >= one.freed && one.stillCached <= one.blocks);
            QVERIFY(one.keptTokens <= one.stillCached * run.start.blockSize);
            QVERIFY(one.predictedSeconds > 0.0 && one.considered >= 1);
            QVERIFY(one.returnedNs && *one.returnedNs > one.timeNs && *one.waitSeconds > 0.0);
            QVERIFY(one.pauseSeconds.has_value() && *one.pauseSeconds >= *one.waitSeconds);
            const bool moved = one.action == PreemptionAction::Swap;
            QVERIFY(one.costSeconds > 0.0 || !(moved || one.recomputedTokens > 0));
            recomputed += one.recomputedTokens;
            QVERIFY(one.recomputedTokens <= one.lostTokens + one.keptTokens);
        }
        for (const auto& [id, reply] : run.replies)
            QCOMPARE(count[id], reply.end.stats.preemptions);
        for (const RecordedStep& step : run.steps)
            recorded += step.record.recomputedTokens;
        QVERIFY(recomputed >= recorded);
        QVERIFY(!list.empty());
        QVERIFY(choice != kNoHost || recomputed > 0);
    }

    void whatElseWasConsideredIsTold()
    {
        const RecordedRun run = recordRun();
        bool any = false;
        for (const PreemptionDetail& one : preemptions(run.start, run.steps)) {
            any = any || !one.alternatives.empty();
            QVERIFY(one.alternatives.size() < one.considered);
            for (const PreemptionDetail::Alternative& other : one.alternatives)
                QVERIFY(other.request != one.victim && other.price > 0.0);
        }
        QVERIFY(any);
    }

    void oneWhoseEndIsNotRecordedStaysOpen()
    {
        std::vector<RecordedStep> steps(1);
        steps[0].record.step = 1;
        PreemptionEvent event;
        event.victim = RequestId{4};
        event.alternatives = 200; // of a recording that lies
        steps[0].events = {event};
        const std::vector<PreemptionDetail> list = preemptions({.blocks = 10, .blockSize = 16}, steps);
        QCOMPARE(list.size(), std::size_t{1});
        QCOMPARE(list[0].free, 10U);
        QVERIFY(!list[0].returnedNs && !list[0].pauseSeconds);
        QCOMPARE(list[0].needed, 0U);
    }

    void aRecordingThatLiesIsReadToo()
    {
        const RecordedRun run = recordRun();
        std::mt19937_64 random(4);
        for (int round = 0; round < 50; ++round) {
            std::vector<RecordedStep> steps = run.steps;
            for (RecordedStep& step : steps) {
                for (BlockEvent& event : step.blocks)
                    if (random() % 6 == 0)
                        event = {static_cast<BlockEventKind>(random() % 18), RequestId{random() % 7},
                                 BlockId{static_cast<std::int32_t>(random())},
                                 static_cast<std::int32_t>(random()), static_cast<std::uint32_t>(random())};
                if (random() % 5 == 0)
                    step.record.startNs = static_cast<std::int64_t>(random());
                if (random() % 5 == 0)
                    step.record.transferNs = static_cast<std::int64_t>(random());
            }
            for (const PreemptionDetail& one : preemptions(run.start, steps))
                QVERIFY(one.costSeconds >= 0.0);
        }
    }
};

QTEST_APPLESS_MAIN(PreemptionDetailTest)
#include "preemption_detail_test.moc"
