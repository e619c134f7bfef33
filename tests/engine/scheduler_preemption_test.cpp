// SPDX-License-Identifier: GPL-3.0-or-later
// Preemption by cost, by swap and ahead of time; samples of one prompt; steps planned while one is in flight.
#include <QtTest>

#include "engine/scheduler/length_predictor.h"
#include "tests/engine/support/scheduler_rig.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

RigOptions options(std::uint32_t blocks, std::uint32_t maxRunning = 4)
{
    RigOptions result;
    result.pool.blocks = blocks;
    result.scheduler.maxRunning = maxRunning;
    result.scheduler.tokenBudget = 64;
    result.scheduler.victim = VictimChoice::Cost;
    result.scheduler.kvBytesPerToken = 100;
    return result;
}

void verifyReplies(SchedulerRig& rig, const std::vector<RequestId>& ids)
{
    for (const RequestId id : ids)
        QCOMPARE(rig.request(id).reply, rig.executor.reference(rig.request(id).spec));
}

} // namespace

class SchedulerPreemptionTest : public QObject
{
    Q_OBJECT

private slots:
    void preemptsCheapestWhenBlocksRunOut()
    {
        SchedulerRig rig(options(12, 3));
        const RequestId oldest = rig.submit(makeSpec(countingPrompt(7), 24));
        const RequestId cheap = rig.submit(makeSpec(countingPrompt(5, 100), 24));
        const RequestId dear = rig.submit(makeSpec(countingPrompt(15, 200), 24));
        while (rig.batch.preemptions.empty())
            QVERIFY2(rig.step(), rig.fault.c_str());
        const PreemptionEvent& event = rig.batch.preemptions.front();
        QCOMPARE(event.victim, cheap);
        QVERIFY(event.reason == PreemptionReason::NoBlock);
        QVERIFY(event.considered >= 2);
        QVERIFY(event.alternatives >= 1);
        QVERIFY(event.others[0].price >= event.price && event.seconds > 0.0);
        QVERIFY2(rig.drain(), rig.fault.c_str());
        verifyReplies(rig, {oldest, cheap, dear});
        QCOMPARE(rig.request(oldest).preemptions, 0U); // it always goes on
    }

    void priceGrowsWithPriorityProgressAndEarlierPreemptions()
    {
        const PreemptionRates rates{1e-3, 1e-3};
        PreemptionCase base;
        base.recomputeTokens = 100;
        base.blocks = 10;
        const double plain = priceOf(base, rates).weighted;
        PreemptionCase other = base;
        other.priority = 1;
        QVERIFY(priceOf(other, rates).weighted > plain);
        other = base;
        other.progress = 0.9;
        QVERIFY(priceOf(other, rates).weighted > plain);
        other = base;
        other.preemptions = 3;
        QVERIFY(priceOf(other, rates).weighted > 4 * plain);
        other = base;
        other.recomputeTokens = 50; // shared with somebody, or still cached
        QVERIFY(priceOf(other, rates).weighted < plain);
    }

    void swapsWhenThatIsCheaperThanRecompute()
    {
        PreemptionCase request;
        request.recomputeTokens = 100;
        request.blocks = 10;
        request.canSwap = true;
        QVERIFY(priceOf(request, {1e-3, 1e-4}).action == PreemptionAction::Swap);
        QVERIFY(priceOf(request, {1e-5, 1e-3}).action == PreemptionAction::Recompute);
        request.canSwap = false;
        QVERIFY(priceOf(request, {1e-3, 1e-4}).action == PreemptionAction::Recompute);
        request.mustSwap = true; // the host has no room
        QVERIFY(priceOf(request, {1e-3, 1e-4}).action == PreemptionAction::Recompute);
    }

    void swappedRequestGoesOnWithoutRecompute()
    {
        RigOptions swap = options(8, 2);
        swap.pool.hostBlocks = 16;
        swap.scheduler.preemption = PreemptionChoice::Swap;
        SchedulerRig rig(swap);
        const RequestId first = rig.submit(makeSpec(countingPrompt(10), 16));
        const RequestId second = rig.submit(makeSpec(countingPrompt(10, 50), 16));
        std::uint32_t recomputed = 0, swaps = 0;
        while (rig.scheduler.hasWork()) {
            QVERIFY2(rig.step(), rig.fault.c_str());
            recomputed += rig.batch.recomputedTokens;
            for (const PreemptionEvent& event : rig.batch.preemptions)
                swaps += event.action == PreemptionAction::Swap ? 1 : 0;
        }
        QVERIFY(swaps > 0);
        QCOMPARE(recomputed, 0U);
        verifyReplies(rig, {first, second});
    }

    void fullHostMeansRecompute()
    {
        RigOptions swap = options(8, 2);
        swap.pool.hostBlocks = 1;
        swap.scheduler.preemption = PreemptionChoice::Swap;
        SchedulerRig rig(swap);
        const RequestId first = rig.submit(makeSpec(countingPrompt(10), 16));
        const RequestId second = rig.submit(makeSpec(countingPrompt(10, 50), 16));
        QVERIFY2(rig.drain(), rig.fault.c_str());
        verifyReplies(rig, {first, second});
    }

    void actsBeforeThePoolRunsDry()
    {
        RigOptions ahead = options(14, 3);
        ahead.scheduler.watermark = 0.01;
        SchedulerRig rig(ahead);
        for (TokenId i = 0; i < 3; ++i)
            rig.submit(makeSpec(countingPrompt(9 + static_cast<std::uint32_t>(i), 100 * i), 40));
        std::uint32_t predicted = 0, late = 0;
        while (rig.scheduler.hasWork()) {
            QVERIFY2(rig.step() || !rig.batch.preemptions.empty(), rig.fault.c_str());
            for (const PreemptionEvent& event : rig.batch.preemptions)
                ++(event.reason == PreemptionReason::Predicted ? predicted : late);
        }
        QVERIFY(predicted > 0);
        QCOMPARE(late, 0U);
    }

    void preemptionsDoNotCascade()
    {
        RigOptions many = options(48, 12);
        many.scheduler.tokenBudget = 256;
        SchedulerRig rig(many);
        for (TokenId i = 0; i < 40; ++i)
            rig.submit(makeSpec(countingPrompt(8 + static_cast<std::uint32_t>(i) % 9, 100 * i), 30));
        std::size_t rounds = 0;
        while (rig.scheduler.hasWork()) {
            QVERIFY2(rig.step() || !rig.batch.preemptions.empty(), rig.fault.c_str());
            rounds += rig.batch.preemptions.empty() ? 0 : 1;
            // One round serves the step: victims together free little more than was missing.
            QVERIFY(rig.batch.preemptions.size() <= 4);
            if (!rig.batch.preemptions.empty())
                QVERIFY(rig.batch.admissions.empty());
        }
        QVERIFY(rounds > 0);
    }

    // Samples of one prompt

    void samplesOfOnePromptRunOnePrefill()
    {
        SchedulerRig rig(options(64, 8));
        const std::vector<std::uint64_t> keys{0, 1, 2, 3};
        const auto ids = rig.scheduler.submitSamples(makeSpec(countingPrompt(21), 6), keys);
        QVERIFY(ids);
        std::uint32_t prefill = 0, copies = 0;
        while (rig.scheduler.hasWork()) {
            QVERIFY2(rig.step(), rig.fault.c_str());
            prefill += rig.batch.prefillTokens;
            for (const KvTransfer& transfer : rig.batch.transfers)
                copies += transfer.kind == KvTransfer::Kind::Copy ? 1 : 0;
        }
        QCOMPARE(prefill, 21U);
        QCOMPARE(copies, 3U); // the last holder of the partial block keeps it
        verifyReplies(rig, *ids);
        QVERIFY(rig.request((*ids)[0]).reply != rig.request((*ids)[1]).reply);
    }

    void samplesBeyondMaxRunningComeLater()
    {
        SchedulerRig rig(options(64, 2));
        const std::vector<std::uint64_t> keys{0, 1, 2, 3, 4};
        const auto ids = rig.scheduler.submitSamples(makeSpec(countingPrompt(21), 6), keys);
        QVERIFY2(rig.drain(), rig.fault.c_str());
        verifyReplies(rig, *ids);
    }

    void samplesSurviveTheirLeader()
    {
        for (const bool during : {false, true}) {
            SchedulerRig rig(options(64, 8));
            const std::vector<std::uint64_t> keys{0, 1, 2};
            const auto ids = rig.scheduler.submitSamples(makeSpec(countingPrompt(21), 6), keys);
            if (during)
                rig.duringStep = [&] { rig.scheduler.cancel(ids->front()); };
            else
                rig.scheduler.cancel(ids->front());
            QVERIFY2(rig.drain(), rig.fault.c_str());
            verifyReplies(rig, {(*ids)[1], (*ids)[2]});
        }
    }

    // Sharing within a step

    void identicalPromptsOfOneStepShare()
    {
        SchedulerRig rig(options(64, 8));
        std::vector<RequestId> ids;
        for (int i = 0; i < 4; ++i)
            ids.push_back(rig.submit(makeSpec(countingPrompt(14), 4)));
        QVERIFY(rig.step());
        QCOMPARE(rig.batch.prefillTokens, 14U + 3 * 2); // full blocks once, the rest each
        QVERIFY2(rig.drain(), rig.fault.c_str());
        verifyReplies(rig, ids);
    }

    void longIdenticalPromptWaitsForTheOneThatComputesIt()
    {
        SchedulerRig rig(options(64, 8));
        SchedulerOptions small = rig.scheduler.options();
        small.tokenBudget = 8;
        QVERIFY(rig.scheduler.configure(small));
        const std::vector<RequestId> ids{rig.submit(makeSpec(countingPrompt(30), 2)),
                                         rig.submit(makeSpec(countingPrompt(30), 2))};
        std::uint32_t prefill = 0;
        while (rig.scheduler.hasWork()) {
            QVERIFY2(rig.step(), rig.fault.c_str());
            prefill += rig.batch.prefillTokens;
        }
        QCOMPARE(prefill, 30U + 2U);
        verifyReplies(rig, ids);
    }

    // Steps in flight

    void blocksOfAStepInFlightAreNotFreed()
    {
        SchedulerRig rig(options(16, 4));
        const RequestId id = rig.submit(makeSpec(countingPrompt(9), 8));
        const ScheduledBatch batch = rig.scheduler.schedule();
        rig.scheduler.cancel(id);
        QCOMPARE(rig.cache.usage().referenced, 3U);
        QCOMPARE(rig.scheduler.checkInvariants(), std::string());
        rig.scheduler.update(batch, {});
        QCOMPARE(rig.cache.usage().referenced, 0U);
    }

    void nextStepIsPlannedWhileOneIsInFlight()
    {
        SchedulerRig rig(options(64, 4));
        rig.ahead = true;
        std::vector<RequestId> ids;
        for (TokenId i = 0; i < 6; ++i)
            ids.push_back(rig.submit(makeSpec(countingPrompt(10, 100 * i), 12)));
        QVERIFY2(rig.drain(), rig.fault.c_str());
        verifyReplies(rig, ids);
    }

    void whatIsPlannedAheadAndEndsIsLeftOut()
    {
        SchedulerRig rig(options(64, 4));
        const RequestId kept = rig.submit(makeSpec(countingPrompt(10), 12));
        RequestSpec stopping = makeSpec(countingPrompt(10, 100), 12);
        stopping.stopTokens = {rig.executor.reference(stopping)[2]};
        const RequestId stopped = rig.submit(stopping);
        rig.ahead = true;
        QVERIFY2(rig.drain(), rig.fault.c_str());
        QVERIFY(rig.request(stopped).finish == FinishReason::Stop);
        verifyReplies(rig, {kept, stopped});
    }

    // Memory given back early

    void slidingWindowGivesBlocksBack()
    {
        RigOptions window = options(32, 2);
        window.scheduler.slidingWindow = 8;
        SchedulerRig rig(window);
        const RequestId id = rig.submit(makeSpec(countingPrompt(6), 60));
        std::uint32_t most = 0;
        while (rig.scheduler.hasWork()) {
            QVERIFY2(rig.step(), rig.fault.c_str());
            most = std::max(most, rig.cache.usage().referenced);
        }
        QVERIFY2(most <= 4, qPrintable(QString::number(most)));
        verifyReplies(rig, {id});
    }

    void endlessReplyGoesBeyondContextAndPool()
    {
        RigOptions small = options(10, 2);
        small.scheduler.contextLength = 32;
        SchedulerRig rig(small);
        RequestSpec spec = makeSpec(countingPrompt(12), 300);
        QVERIFY(!rig.scheduler.submit(spec));
        spec.endless = {4, 12};
        const RequestId id = rig.submit(spec);
        while (rig.scheduler.hasWork()) {
            QVERIFY2(rig.step(), rig.fault.c_str());
            if (rig.cache.table(id).size() > 8)
                QVERIFY(rig.cache.table(id)[0] != kNullBlock && rig.cache.table(id)[1] == kNullBlock);
        }
        QCOMPARE(rig.request(id).reply.size(), 300U);
    }

    void leastAttendedBlocksGo()
    {
        SchedulerRig rig(options(32, 2));
        RequestSpec spec = makeSpec(countingPrompt(24), 20);
        spec.keepTokens = 16;
        const RequestId id = rig.submit(spec);
        rig.duringStep = [&] { // block 2 is what everybody looks at
            std::vector<float> mass(rig.cache.table(id).size(), 0.01F);
            mass[2] = 0.9F;
            if (!rig.batch.forward.massRows.empty())
                rig.scheduler.noteAttention(id, mass);
        };
        for (int i = 0; i < 6; ++i)
            QVERIFY2(rig.step(), rig.fault.c_str());
        const std::span<const BlockId> table = rig.cache.table(id);
        QVERIFY(table[0] != kNullBlock && table[2] != kNullBlock && table[1] == kNullBlock);
        QVERIFY(rig.request(id).droppedMass > 0.0);
        QVERIFY2(rig.drain(), rig.fault.c_str());
    }

    // A pool that changes

    void poolShrinksUnderRunningRequests()
    {
        SchedulerRig rig(options(40, 4));
        std::vector<RequestId> ids;
        for (TokenId i = 0; i < 4; ++i)
            ids.push_back(rig.submit(makeSpec(countingPrompt(20, 100 * i), 20)));
        for (int i = 0; i < 5; ++i)
            QVERIFY(rig.step());
        std::vector<PreemptionEvent> events;
        std::vector<RequestId> ended;
        QVERIFY(rig.scheduler.resizePool(12, events, ended));
        rig.executor.transfer(rig.cache.takeTransfers());
        rig.executor.resize(12);
        rig.check();
        QVERIFY(!events.empty() && ended.empty());
        QVERIFY(events.front().reason == PreemptionReason::PoolShrinks);
        QVERIFY2(rig.drain(), rig.fault.c_str());
        verifyReplies(rig, ids);
    }

    // Predictions

    void lengthsAreLearnedByClientAndErrorsAreTold()
    {
        LengthPredictor predictor;
        QVERIFY(predictor.predict("x", 10) <= 10.0);
        for (int i = 0; i < 40; ++i) {
            predictor.learn("short", 10, predictor.predict("short", 1000));
            predictor.learn("long", 500, predictor.predict("long", 1000));
        }
        QVERIFY(std::abs(predictor.predict("short", 1000) - 10) < 60);
        QVERIFY(std::abs(predictor.predict("long", 1000) - 500) < 100);
        QVERIFY(predictor.error().replies == 80 && predictor.error().meanAbsolute > 0.0);
        QVERIFY(remainingTokens(10, 50, 1000) >= 1.0); // it outgrew its prediction
        QCOMPARE(remainingTokens(100, 20, 30), 10.0);
    }
};

QTEST_APPLESS_MAIN(SchedulerPreemptionTest)
#include "scheduler_preemption_test.moc"
