// SPDX-License-Identifier: GPL-3.0-or-later
// Traps that serving engines fell into and that no other test is named after.
#include <QtTest>

#include "tests/engine/support/scheduler_rig.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

RigOptions options(std::uint32_t blocks, std::uint32_t maxRunning, std::uint32_t budget = 64)
{
    RigOptions result;
    result.pool.blocks = blocks;
    result.scheduler.maxRunning = maxRunning;
    result.scheduler.tokenBudget = budget;
    return result;
}

} // namespace

class SchedulerTrapsTest : public QObject
{
    Q_OBJECT

private slots:
    void preemptedRequestThatHitsItsOwnPrefixStaysInRange()
    {
        for (std::uint32_t length = 7; length <= 9; ++length) { // around the end of a block
            SchedulerRig rig(options(6, 2));
            const RequestId first = rig.submit(makeSpec(countingPrompt(length), 9));
            const RequestId second = rig.submit(makeSpec(countingPrompt(length, 50), 9));
            QVERIFY2(rig.drain(), rig.fault.c_str());
            QVERIFY(rig.request(second).preemptions > 0);
            for (const RequestId id : {first, second})
                QCOMPARE(rig.request(id).reply, rig.executor.reference(rig.request(id).spec));
        }
    }

    void cachedTokensAreThoseOfTheAdmissionThatHappened()
    {
        SchedulerRig rig(options(12, 2));
        const RequestId model = rig.submit(makeSpec(countingPrompt(17), 2)); // fills the cache
        QVERIFY2(rig.drain(), rig.fault.c_str());
        rig.scheduler.forget(model);
        rig.submit(makeSpec(countingPrompt(30, 500), 10)); // needs most of the pool
        QVERIFY(rig.step());
        const RequestId late = rig.submit(makeSpec(countingPrompt(17), 4)); // looked up again and again
        while (rig.request(late).state == RequestState::Waiting)
            QVERIFY2(rig.step(), rig.fault.c_str());
        const std::uint32_t cached = rig.request(late).cachedTokens;
        QCOMPARE(rig.batch.cachedTokens, cached);
        QCOMPARE(rig.row(late)->firstToken, cached);
        QVERIFY2(rig.drain(), rig.fault.c_str());
        QCOMPARE(rig.request(late).cachedTokens, cached);
    }

    void sampleOfACancelledLeaderIsNotLostInTheQueue()
    {
        SchedulerRig rig(options(40, 1));
        rig.submit(makeSpec(countingPrompt(10, 500), 10));
        QVERIFY(rig.step());
        const std::vector<std::uint64_t> keys{0, 1};
        const auto ids = rig.scheduler.submitSamples(makeSpec(countingPrompt(10), 4), keys);
        QCOMPARE(rig.scheduler.waiting(), 2U);
        rig.scheduler.cancel(ids->front());
        rig.check();
        QCOMPARE(rig.scheduler.waiting(), 1U);
        QVERIFY2(rig.drain(), rig.fault.c_str());
        QVERIFY(rig.request(ids->back()).finish == FinishReason::Length);
    }

    void samplesKeepToALimitThatWasLowered()
    {
        RigOptions few = options(64, 8, 16); // the prompt takes two steps
        SchedulerRig rig(few);
        rig.submit(makeSpec(countingPrompt(4, 500), 20));
        const std::vector<std::uint64_t> keys{0, 1, 2, 3, 4};
        QVERIFY(rig.scheduler.submitSamples(makeSpec(countingPrompt(21), 6), keys).has_value());
        QVERIFY(rig.step());
        QCOMPARE(rig.scheduler.running(), 2U);
        few.scheduler.maxRunning = 1;
        QVERIFY(rig.scheduler.configure(few.scheduler));
        const ScheduledBatch batch = rig.scheduler.schedule();
        QVERIFY(batch.rows.back().samples && batch.forks.empty());
    }

    void whoIsPreemptedBeforeItBeganIsNotToldToHaveBegun()
    {
        SchedulerRig rig(options(16, 8));
        rig.submit(makeSpec(countingPrompt(20), 4));
        RequestId late;
        rig.duringStep = [&] {
            late = rig.submit(makeSpec(countingPrompt(16, 500), 4));
            QVERIFY(rig.scheduler.planAhead());
        };
        QVERIFY(rig.step());
        QCOMPARE(rig.request(late).state, RequestState::Running); // planned ahead
        std::vector<PreemptionEvent> preemptions;
        std::vector<RequestId> ended;
        QVERIFY(rig.scheduler.resizePool(7, preemptions, ended));
        QCOMPARE(preemptions.size(), std::size_t{1});
        QCOMPARE(preemptions.front().victim, late);
        const ScheduledBatch batch = rig.scheduler.schedule();
        QCOMPARE(batch.rows.size(), std::size_t{1});
        QVERIFY(batch.admissions.empty());
    }

    void everythingEndsWhenAllIsCancelledInFlight()
    {
        SchedulerRig rig(options(40, 4));
        for (TokenId i = 0; i < 6; ++i)
            rig.submit(makeSpec(countingPrompt(10, 100 * i), 10));
        QVERIFY(rig.step());
        const ScheduledBatch batch = rig.scheduler.schedule();
        rig.scheduler.planAhead();
        rig.scheduler.cancelAll(FinishReason::Cancelled);
        QVERIFY(!rig.scheduler.hasWork());
        QVERIFY(rig.cache.usage().referenced > 0); // still in flight
        rig.scheduler.update(batch, {});
        QCOMPARE(rig.cache.usage().referenced, 0U);
        QVERIFY(rig.scheduler.schedule().empty());
        rig.check();
        QVERIFY2(rig.fault.empty(), rig.fault.c_str());
    }
};

QTEST_APPLESS_MAIN(SchedulerTrapsTest)
#include "scheduler_traps_test.moc"
