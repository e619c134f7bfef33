// SPDX-License-Identifier: GPL-3.0-or-later
// Preemptions as read out of a recording.
#include "engine/analysis/preemption.h"

#include <algorithm>
#include <limits>
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

    void whatALargerPoolWouldHaveChangedIsReckonedFromNeedAndRoom()
    {
        PreemptionDetail detail;
        detail.pool = 10;
        detail.referenced = 9;
        detail.needed = 3;
        QVERIFY(reliefBy(detail, 11) == Relief::None);
        QVERIFY(reliefBy(detail, 12) == Relief::Lasting);
        detail.waiting = 2;
        detail.waitingBlocks = 9;
        QVERIFY(reliefBy(detail, 20) == Relief::ForNow);
        QVERIFY(reliefBy(detail, 21) == Relief::Lasting);
        detail.needed = 0; // not recorded: a block it was
        detail.waitingBlocks = 0;
        QVERIFY(reliefBy(detail, 9) == Relief::None);
        QVERIFY(reliefBy(detail, 10) == Relief::Lasting);
        detail.needed = std::numeric_limits<std::uint32_t>::max();
        detail.referenced = detail.needed;
        QVERIFY(reliefBy(detail, 1) == Relief::None);
    }

    void whyTheVictimHadToGoIsTold()
    {
        PreemptionDetail detail;
        detail.considered = 1;
        QVERIFY(victimReason(detail) == VictimReason::Only);
        detail.considered = 3;
        QVERIFY(victimReason(detail) == VictimReason::Newest);
        detail.price = 2.0;
        detail.alternatives = {{RequestId{3}, 2.0}, {RequestId{4}, 3.0}};
        QVERIFY(victimReason(detail) == VictimReason::Cheapest);
        detail.alternatives = {{RequestId{3}, 1.0}};
        detail.needed = 6;
        detail.cached = 2;
        detail.freed = 4;
        QVERIFY(victimReason(detail) == VictimReason::Suffices);
        detail.freed = 3;
        QVERIFY(victimReason(detail) == VictimReason::PerBlock);
    }

    void whoWaitsIsKnownAtEachPreemption()
    {
        const auto arrival = [](std::uint64_t id, std::uint32_t tokens) {
            return RecordedArrival{RequestId{id}, 0, tokens, 9, {}};
        };
        const auto admission = [](std::uint64_t id) {
            AdmissionEvent event;
            event.request = RequestId{id};
            return event;
        };
        PreemptionEvent event;
        event.victim = RequestId{1};
        std::vector<RecordedStep> steps(4);
        for (std::size_t i = 0; i < steps.size(); ++i) {
            steps[i].record.step = i + 1;
            steps[i].record.startNs = static_cast<std::int64_t>(i) * 100;
            steps[i].record.endNs = steps[i].record.startNs + 90;
        }
        steps[0].events = {arrival(1, 32), admission(1), arrival(2, 33), arrival(3, 1)};
        steps[1].events = {event};
        steps[2].events = {RecordedEnd{RequestId{3}, FinishReason::Cancelled, 0}, admission(1)};
        steps[3].events = {event};
        const std::vector<PreemptionDetail> list = preemptions({.blocks = 10, .blockSize = 16}, steps);
        QCOMPARE(list.size(), std::size_t{2});
        QCOMPARE(list[0].waiting, 2U);
        QCOMPARE(list[0].waitingBlocks, std::uint64_t{4});
        QCOMPARE(list[1].waiting, 1U);
        QCOMPARE(list[1].waitingBlocks, std::uint64_t{3});
        QCOMPARE(list[1].before, 1U);
    }

    void theOldestAreForgottenAndThoseThatGoOnAreNot()
    {
        const RecordedRun run = recordRun();
        const std::vector<PreemptionDetail> whole = preemptions(run.start, run.steps);
        QVERIFY(whole.size() >= 2);
        const std::int64_t cut = whole[whole.size() / 2].timeNs;
        PreemptionLog log(run.start);
        for (const RecordedStep& step : run.steps) {
            log.add(step);
            log.forgetBefore(cut);
        }
        const auto kept = static_cast<std::size_t>(std::count_if(
            whole.begin(), whole.end(), [&](const PreemptionDetail& one) { return one.timeNs >= cut; }));
        QVERIFY(kept < whole.size());
        QCOMPARE(log.all().size(), kept);
        for (std::size_t i = 0; i < kept; ++i) {
            const PreemptionDetail &left = log.all()[i], &right = whole[whole.size() - kept + i];
            QCOMPARE(left.victim, right.victim);
            QCOMPARE(left.before, right.before);
            QCOMPARE(left.recomputedTokens, right.recomputedTokens);
            QVERIFY(left.pauseSeconds == right.pauseSeconds);
        }
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
        for (int round = 0; round < effort(50, 15); ++round) {
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
