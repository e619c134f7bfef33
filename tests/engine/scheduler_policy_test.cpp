// SPDX-License-Identifier: GPL-3.0-or-later
// Who is admitted first, in which batches, with which budget, and what waiting requests are told.
#include <QtTest>

#include <map>

#include "engine/scheduler/fair_policy.h"
#include "tests/engine/support/scheduler_rig.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

RigOptions options(PolicyKind policy, std::uint32_t maxRunning = 1)
{
    RigOptions result;
    result.pool.blocks = 64;
    result.scheduler.maxRunning = maxRunning;
    result.scheduler.policy = policy;
    return result;
}

RequestSpec spec(TokenId first, std::uint32_t maxTokens, const std::string& client = "",
                 std::int32_t priority = 0)
{
    RequestSpec result = makeSpec(countingPrompt(6, first), maxTokens);
    result.client = client;
    result.priority = priority;
    return result;
}

/// Clients in the order in which their requests finish.
std::string finishingOrder(SchedulerRig& rig)
{
    std::string order;
    while (rig.scheduler.hasWork() && rig.fault.empty()) {
        rig.step();
        for (const StepOutcome& outcome : rig.outcomes)
            if (outcome.finish != FinishReason::None)
                order += rig.request(outcome.request).spec.client;
    }
    return order;
}

} // namespace

class SchedulerPolicyTest : public QObject
{
    Q_OBJECT

private slots:
    void priorityGoesFirstAndAgesByArrival()
    {
        SchedulerRig rig(options(PolicyKind::Priority));
        rig.submit(spec(0, 3, "a"));
        rig.submit(spec(100, 3, "b", 1));
        rig.submit(spec(200, 3, "c", 2));
        rig.submit(spec(300, 3, "d", 1));
        QCOMPARE(finishingOrder(rig), std::string("cbda"));
        // A level is worth ten seconds of waiting: one that came eleven seconds earlier goes first.
        Request early, late;
        early.id = RequestId{1};
        late.id = RequestId{2};
        early.times.arrivalNs = 1'000'000'000;
        late.times.arrivalNs = 12'000'000'000;
        late.spec.priority = 1;
        const std::unique_ptr<Policy> policy = makePolicy(PolicyKind::Priority);
        policy->push(late);
        policy->push(early);
        QCOMPARE(policy->first(1).front()->id, early.id);
    }

    void shortestExpectedReplyGoesFirst()
    {
        SchedulerRig rig(options(PolicyKind::Shortest));
        for (int i = 0; i < 12; ++i) { // the history: "brief" says little, "wordy" much
            rig.submit(spec(20 * i, 2, "brief"));
            rig.submit(spec(1000 + 20 * i, 24, "wordy"));
        }
        QVERIFY2(rig.drain(), rig.fault.c_str());
        QVERIFY(rig.scheduler.lengths().error().replies == 24);
        rig.submit(spec(5000, 100, "wordy"));
        rig.submit(spec(6000, 100, "wordy"));
        rig.submit(spec(7000, 100, "brief"));
        const std::vector<WaitEstimate> waiting = rig.scheduler.waitEstimates(3);
        QCOMPARE(rig.request(waiting.front().request).spec.client, std::string("brief"));
    }

    void everyClientGetsItsTurnBesideAGreedyOne()
    {
        SchedulerRig rig(options(PolicyKind::Fair));
        for (int i = 0; i < 8; ++i)
            rig.submit(spec(20 * i, 4, "g"));
        QVERIFY(rig.step());
        rig.submit(spec(1000, 4, "a"));
        rig.submit(spec(1100, 4, "a"));
        rig.submit(spec(1200, 4, "b"));
        const std::string order = finishingOrder(rig);
        QVERIFY2(order.substr(0, 4).find('a') != std::string::npos, order.c_str());
        QVERIFY2(order.substr(0, 4).find('b') != std::string::npos, order.c_str());
    }

    void idleClientSavesUpNoClaims()
    {
        FairPolicy policy;
        Request busy, idle;
        busy.spec.client = "busy";
        idle.spec.client = "idle";
        policy.arrived(busy);
        policy.served(busy, 1000, 0);
        policy.stepServed();
        policy.arrived(idle);
        QCOMPARE(policy.counter("idle"), policy.counter("busy"));
    }

    void memoryOfFairSharesIsBounded()
    {
        FairPolicy policy;
        Request request;
        for (int i = 0; i < 20'000; ++i) {
            request.spec.client = std::to_string(i);
            policy.arrived(request);
            policy.served(request, 1, 1);
            policy.stepServed();
            policy.left(request);
        }
        QCOMPARE(policy.counter("0"), 0.0); // forgotten
    }

    void policySwitchesWhileRequestsWait()
    {
        SchedulerRig rig(options(PolicyKind::Fcfs));
        rig.submit(spec(0, 3, "a"));
        rig.submit(spec(100, 3, "b", 1));
        rig.submit(spec(200, 3, "c", 2));
        SchedulerOptions wanted = rig.scheduler.options();
        wanted.policy = PolicyKind::Priority;
        QVERIFY(rig.scheduler.configure(wanted));
        QCOMPARE(finishingOrder(rig), std::string("cba"));
    }

    void refusesOptionsThatMakeNoSense()
    {
        SchedulerRig rig;
        const SchedulerOptions good = rig.scheduler.options();
        const auto refused = [&](auto change) {
            SchedulerOptions bad = good;
            change(bad);
            return !rig.scheduler.configure(bad);
        };
        QVERIFY(refused([](SchedulerOptions& o) { o.maxRunning = 0; }));
        QVERIFY(refused([](SchedulerOptions& o) { o.tokenBudget = 0; }));
        QVERIFY(refused([](SchedulerOptions& o) { o.watermark = 1.0; }));
        QVERIFY(refused([](SchedulerOptions& o) { o.itlTarget = -1.0; }));
        QVERIFY(refused([](SchedulerOptions& o) { o.itlTarget = std::nan(""); }));
        QCOMPARE(rig.scheduler.options().maxRunning, good.maxRunning);
    }

    // Batches

    void twoPhasesNeverMixAndStarveNobody()
    {
        RigOptions apart = options(PolicyKind::Fcfs, 6);
        apart.pool.blocks = 400;
        apart.scheduler.mode = BatchMode::TwoPhase;
        apart.scheduler.tokenBudget = 8;
        SchedulerRig rig(apart);
        const RequestId decoder = rig.submit(spec(0, 60));
        std::uint32_t longest = 0, without = 0;
        for (TokenId i = 0; i < 700 && rig.request(decoder).state != RequestState::Finished; ++i) {
            if (rig.scheduler.waiting() < 3)
                rig.submit(makeSpec(countingPrompt(40, 100 + 50 * i), 1)); // prompts keep arriving
            QVERIFY2(rig.step(), rig.fault.c_str());
            QVERIFY(rig.batch.prefillTokens == 0 || rig.batch.decodeTokens == 0);
            without = rig.row(decoder) ? 0 : without + 1;
            longest = std::max(longest, without);
        }
        QVERIFY(rig.request(decoder).state == RequestState::Finished);
        QVERIFY2(longest <= 12, qPrintable(QString::number(longest)));
    }

    void budgetFollowsTheTargetBetweenTokens()
    {
        RigOptions adaptive = options(PolicyKind::Fcfs, 8);
        adaptive.pool.blocks = 2000;
        adaptive.scheduler.tokenBudget = 2048;
        adaptive.scheduler.itlTarget = 0.050;
        SchedulerRig rig(adaptive);
        // A machine that takes 2 ms a step, 0.2 ms a prompt token and 1 ms a decode.
        const auto seconds = [](const StepLoad& load) {
            return 2e-3 + 2e-4 * load.prefillTokens + 1e-3 * load.decodeRows;
        };
        rig.submit(spec(0, 400));
        double worst = 0;
        for (TokenId i = 0; i < 200; ++i) {
            if (rig.scheduler.waiting() == 0)
                rig.submit(makeSpec(countingPrompt(900, 1000 + 1000 * i), 1));
            QVERIFY2(rig.step(), rig.fault.c_str());
            if (i > 60 && rig.batch.decodeTokens > 0)
                worst = std::max(worst, seconds(rig.batch.load));
            rig.scheduler.observeStep(rig.batch, seconds(rig.batch.load));
        }
        QVERIFY2(worst > 0.040 && worst < 0.055, qPrintable(QString::number(worst)));
        QVERIFY(rig.scheduler.stepTimes().relativeError() < 0.05);
    }

    void targetThatCannotBeMetStillLetsPromptsThrough()
    {
        RigOptions adaptive = options(PolicyKind::Fcfs, 4);
        adaptive.scheduler.itlTarget = 1e-6;
        SchedulerRig rig(adaptive);
        rig.submit(spec(0, 20));
        rig.submit(makeSpec(countingPrompt(100, 50), 3));
        QVERIFY2(rig.drain(), rig.fault.c_str());
    }

    // Waiting

    void waitingRequestsHearPositionAndTime()
    {
        SchedulerRig rig(options(PolicyKind::Fcfs));
        for (int i = 0; i < 4; ++i)
            rig.submit(spec(100 * i, 30));
        for (int i = 0; i < 5; ++i) {
            QVERIFY(rig.step());
            rig.scheduler.observeStep(rig.batch, 0.010);
        }
        const std::vector<WaitEstimate> waiting = rig.scheduler.waitEstimates(10);
        QCOMPARE(waiting.size(), 3U);
        for (std::size_t i = 0; i < waiting.size(); ++i) {
            QCOMPARE(waiting[i].position, i + 1);
            QVERIFY(waiting[i].seconds > (i == 0 ? 0.0 : waiting[i - 1].seconds));
        }
        QVERIFY(waiting[0].seconds < 60.0);
        QCOMPARE(rig.scheduler.waitEstimates(1).size(), 1U);
    }

    void aHundredThousandRequestsWaitInOrder()
    {
        for (const PolicyKind policy :
             {PolicyKind::Fcfs, PolicyKind::Priority, PolicyKind::Fair, PolicyKind::Shortest}) {
            SchedulerRig rig(options(policy));
            for (TokenId i = 0; i < 100'000; ++i)
                if (!rig.scheduler.submit(spec(i % 1000, 2, std::to_string(i % 50), i % 7)))
                    QFAIL("refused");
            const ScheduledBatch batch = rig.scheduler.schedule();
            QCOMPARE(batch.rows.size(), 1U);
            QCOMPARE(rig.scheduler.waiting(), 99'999U);
            rig.scheduler.cancelAll(FinishReason::Cancelled);
            QVERIFY(!rig.scheduler.hasWork());
        }
    }
};

QTEST_APPLESS_MAIN(SchedulerPolicyTest)
#include "scheduler_policy_test.moc"
