// SPDX-License-Identifier: GPL-3.0-or-later
// What the scheduler promises when KV blocks are short or shared: preemption, watermark, prefix cache.
#include <QtTest>

#include "tests/engine/support/scheduler_rig.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

RigOptions options(std::uint32_t blocks, std::uint32_t maxRunning, std::uint32_t budget)
{
    RigOptions result;
    result.pool.blocks = blocks;
    result.scheduler.maxRunning = maxRunning;
    result.scheduler.tokenBudget = budget;
    return result;
}

} // namespace

class SchedulerMemoryTest : public QObject
{
    Q_OBJECT

private slots:
    // Preemption

    void preemptsTheLastToComeWhenBlocksRunOut()
    {
        SchedulerRig rig(options(4, 2, 32));
        const RequestId elder = rig.submit(makeSpec(countingPrompt(7), 8));
        const RequestId younger = rig.submit(makeSpec(countingPrompt(7, 50), 8));
        while (rig.batch.preemptions.empty())
            QVERIFY2(rig.step(), rig.fault.c_str());
        const PreemptionEvent& event = rig.batch.preemptions.front();
        QCOMPARE(event.victim, younger);
        QCOMPARE(event.beneficiary, elder);
        QCOMPARE(event.recomputeTokens, 8U);
        QCOMPARE(event.blocksFreed, 2U);
        QCOMPARE(rig.request(younger).preemptions, 1U);
        QVERIFY2(rig.drain(), rig.fault.c_str());
        QCOMPARE(rig.request(elder).preemptions, 0U);
        for (const RequestId id : {elder, younger})
            QCOMPARE(rig.request(id).reply, rig.executor.reference(rig.request(id).spec));
    }

    void lastToComeWaitsForABlockAndKeepsWhatItHas()
    {
        SchedulerRig rig(options(4, 2, 32));
        const RequestId elder = rig.submit(makeSpec(countingPrompt(5), 3));
        const RequestId younger = rig.submit(makeSpec(countingPrompt(7, 50), 6));
        while (rig.row(younger).has_value() || rig.batch.empty())
            QVERIFY2(rig.step(), rig.fault.c_str());
        QVERIFY(rig.row(elder).has_value());
        QCOMPARE(rig.cache.table(younger).size(), 2U);
        QVERIFY2(rig.drain(), rig.fault.c_str());
        QCOMPARE(rig.request(younger).preemptions, 0U); // nothing was computed twice
        QCOMPARE(rig.request(younger).reply, rig.executor.reference(rig.request(younger).spec));
    }

    void nobodyLosesBlocksToARequestThatCameLater()
    {
        SchedulerRig rig(options(5, 3, 64));
        const RequestId first = rig.submit(makeSpec(countingPrompt(5), 12));
        const RequestId second = rig.submit(makeSpec(countingPrompt(8, 50), 9)); // the first to ask
        const RequestId third = rig.submit(makeSpec(countingPrompt(1, 90), 12));
        std::size_t preemptions = 0;
        while (rig.scheduler.hasWork()) {
            QVERIFY2(rig.step(), rig.fault.c_str());
            for (const PreemptionEvent& event : rig.batch.preemptions)
                QVERIFY(event.beneficiary.value < event.victim.value);
            preemptions += rig.batch.preemptions.size();
        }
        QVERIFY(preemptions > 0);
        QCOMPARE(rig.request(first).preemptions, 0U);
        for (const RequestId id : {first, second, third})
            QCOMPARE(rig.request(id).reply, rig.executor.reference(rig.request(id).spec));
    }

    void preemptedRequestGoesBeforeLaterArrivals()
    {
        SchedulerRig rig(options(5, 2, 32));
        rig.submit(makeSpec(countingPrompt(7), 12));
        const RequestId victim = rig.submit(makeSpec(countingPrompt(7, 50), 8));
        const RequestId later = rig.submit(makeSpec({1}, 2));
        while (rig.request(victim).preemptions == 0)
            QVERIFY2(rig.step(), rig.fault.c_str());
        while (rig.request(victim).state == RequestState::Waiting) {
            QVERIFY(rig.request(later).state == RequestState::Waiting);
            QVERIFY2(rig.step(), rig.fault.c_str());
        }
        QVERIFY2(rig.drain(), rig.fault.c_str());
    }

    void admitsNobodyInAStepThatPreempted()
    {
        SchedulerRig rig(options(6, 3, 32));
        rig.submit(makeSpec(countingPrompt(8), 12));
        rig.submit(makeSpec(countingPrompt(14, 50), 8));
        while (rig.batch.preemptions.empty()) {
            if (rig.scheduler.waiting() == 0)
                rig.submit(makeSpec({1}, 1));
            const std::uint32_t running = rig.scheduler.running();
            QVERIFY2(rig.step(), rig.fault.c_str());
            if (!rig.batch.preemptions.empty())
                QVERIFY(rig.batch.rows.size() < running);
        }
        QCOMPARE(rig.batch.lookedUpTokens, 0U);
        QCOMPARE(rig.batch.prefillTokens, 0U);
    }

    void neverRunsMoreThanMaxRunningThroughPreemptions()
    {
        SchedulerRig rig(options(10, 3, 16));
        for (TokenId i = 0; i < 30; ++i)
            rig.submit(makeSpec(countingPrompt(5 + static_cast<std::uint32_t>(i) % 4, 20 * i), 20));
        std::size_t preemptions = 0;
        while (rig.scheduler.hasWork()) {
            QVERIFY2(rig.step(), rig.fault.c_str());
            QVERIFY(rig.scheduler.running() <= 3);
            preemptions += rig.batch.preemptions.size();
        }
        QVERIFY(preemptions > 0);
    }

    void fullPoolKillsNobody()
    {
        SchedulerRig rig(options(6, 8, 16));
        std::vector<RequestId> ids;
        for (TokenId i = 0; i < 40; ++i)
            ids.push_back(rig.submit(makeSpec(countingPrompt(4, 20 * i), 19)));
        QVERIFY2(rig.drain(), rig.fault.c_str());
        for (const RequestId id : ids) {
            QVERIFY(rig.request(id).finish == FinishReason::Length);
            QCOMPARE(rig.request(id).reply, rig.executor.reference(rig.request(id).spec));
        }
    }

    void watermarkStaysFreeAtAdmission()
    {
        RigOptions cautious = options(10, 4, 64);
        cautious.scheduler.watermark = 0.3;
        SchedulerRig rig(cautious);
        rig.submit(makeSpec(countingPrompt(15), 10)); // 4 blocks
        const RequestId second = rig.submit(makeSpec(countingPrompt(15, 50), 10));
        QVERIFY(rig.step());
        QVERIFY(!rig.row(second).has_value()); // 2 of 10 would be left
        QVERIFY(rig.cache.available() >= 3);
        QVERIFY2(rig.drain(), rig.fault.c_str());
    }

    // Prefix cache

    void fullHitComputesOnlyTheRest()
    {
        SchedulerRig rig(options(16, 4, 32));
        rig.submit(makeSpec(countingPrompt(12), 1));
        QVERIFY2(rig.drain(), rig.fault.c_str());
        const RequestId again = rig.submit(makeSpec(countingPrompt(12), 1));
        QVERIFY(rig.step());
        QCOMPARE(rig.row(again)->firstToken, 8U);
        QCOMPARE(rig.row(again)->tokens, 4U);
        QCOMPARE(rig.batch.lookedUpTokens, 12U);
        QCOMPARE(rig.batch.cachedTokens, 8U);
        QCOMPARE(rig.request(again).cachedTokens, 8U);
    }

    void nextTurnFindsThePreviousReply()
    {
        SchedulerRig rig(options(16, 4, 32));
        const RequestId first = rig.submit(makeSpec(countingPrompt(10), 8));
        QVERIFY2(rig.drain(), rig.fault.c_str());
        std::vector<TokenId> next = rig.request(first).spec.prompt;
        next.insert(next.end(), rig.request(first).reply.begin(), rig.request(first).reply.end());
        next.push_back(5);
        const RequestId second = rig.submit(makeSpec(next, 2));
        QVERIFY2(rig.drain(), rig.fault.c_str());
        QCOMPARE(rig.request(second).cachedTokens, 16U); // of 19; 17 had been computed
    }

    void identicalPromptsInOneStepAreBothRight()
    {
        SchedulerRig rig(options(32, 4, 64));
        const RequestId first = rig.submit(makeSpec(countingPrompt(13), 9));
        const RequestId second = rig.submit(makeSpec(countingPrompt(13), 9));
        QVERIFY(rig.step());
        QCOMPARE(rig.batch.rows.size(), 2U);
        QVERIFY2(rig.drain(), rig.fault.c_str());
        QCOMPARE(rig.request(first).reply, rig.request(second).reply);
        QCOMPARE(rig.request(first).reply, rig.executor.reference(rig.request(first).spec));
        const RequestId third = rig.submit(makeSpec(countingPrompt(13), 1));
        QVERIFY(rig.step());
        QCOMPARE(rig.request(third).cachedTokens, 12U);
    }

    void clientsWithOtherSaltsShareNothing()
    {
        SchedulerRig rig(options(32, 4, 64));
        rig.submit(makeSpec(countingPrompt(13), 1, 1));
        QVERIFY2(rig.drain(), rig.fault.c_str());
        const RequestId other = rig.submit(makeSpec(countingPrompt(13), 1, 2));
        const RequestId same = rig.submit(makeSpec(countingPrompt(13), 1, 1));
        QVERIFY2(rig.drain(), rig.fault.c_str());
        QCOMPARE(rig.request(other).cachedTokens, 0U);
        QCOMPARE(rig.request(same).cachedTokens, 12U);
    }

    void recomputeAfterPreemptionIsNoCacheHit()
    {
        SchedulerRig rig(options(5, 2, 32));
        rig.submit(makeSpec(countingPrompt(7), 12));
        const RequestId victim = rig.submit(makeSpec(countingPrompt(7, 50), 8));
        std::uint32_t lookedUp = 0, cached = 0, recomputed = 0;
        while (rig.scheduler.hasWork()) {
            QVERIFY2(rig.step(), rig.fault.c_str());
            lookedUp += rig.batch.lookedUpTokens;
            cached += rig.batch.cachedTokens;
            recomputed += rig.batch.recomputedTokens;
        }
        QVERIFY(rig.request(victim).preemptions > 0);
        QVERIFY(recomputed > 0);
        QCOMPARE(lookedUp, 14U);
        QCOMPARE(cached, 0U);
        QCOMPARE(rig.request(victim).cachedTokens, 0U);
    }

    void failedAdmissionLeavesNoTrace()
    {
        SchedulerRig rig(options(6, 4, 32));
        rig.submit(makeSpec(countingPrompt(9), 1));
        QVERIFY2(rig.drain(), rig.fault.c_str());
        rig.submit(makeSpec(countingPrompt(13, 50), 6)); // 4 blocks, then 5
        QVERIFY(rig.step());
        const RequestId blocked = rig.submit(makeSpec(countingPrompt(12), 1));
        while (rig.request(blocked).state == RequestState::Waiting && rig.scheduler.running() > 0) {
            QVERIFY2(rig.step(), rig.fault.c_str());
            if (rig.request(blocked).state != RequestState::Waiting)
                break;
            QCOMPARE(rig.batch.lookedUpTokens, 0U);
            QCOMPARE(rig.batch.cachedTokens, 0U);
            QCOMPARE(rig.request(blocked).cachedTokens, 0U);
            QVERIFY(rig.cache.table(blocked).empty());
        }
        QVERIFY2(rig.drain(), rig.fault.c_str());
    }
};

QTEST_APPLESS_MAIN(SchedulerMemoryTest)
#include "scheduler_memory_test.moc"
