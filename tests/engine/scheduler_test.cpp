// SPDX-License-Identifier: GPL-3.0-or-later
// What the scheduler promises, one slot a promise; many are traps that other engines fell into.
#include <QtTest>

#include <map>

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

bool contains(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class SchedulerTest : public QObject
{
    Q_OBJECT

private slots:
    // Accepting and refusing

    void refusesWhatNeverFitsThePoolNamingTheLargestSize()
    {
        SchedulerRig rig(options(4, 4, 8)); // 16 tokens
        const auto tooLong = rig.scheduler.submit(makeSpec(countingPrompt(10), 7));
        QVERIFY(!tooLong);
        QVERIFY(tooLong.error().code == ErrorCode::OutOfResources);
        QVERIFY2(contains(tooLong.error().message, "at most 6 tokens of reply"),
                 tooLong.error().message.c_str());
        const auto hopeless = rig.scheduler.submit(makeSpec(countingPrompt(16), 1));
        QVERIFY2(contains(hopeless.error().message, "at most 15 tokens"), hopeless.error().message.c_str());
        QVERIFY(!rig.scheduler.hasWork());
    }

    void refusesWhatNeverFitsTheContext()
    {
        RigOptions small = options(100, 4, 8);
        small.scheduler.contextLength = 20;
        SchedulerRig rig(small);
        const auto refused = rig.scheduler.submit(makeSpec(countingPrompt(15), 6));
        QVERIFY(!refused);
        QVERIFY2(contains(refused.error().message, "context holds 20: ask for at most 5"),
                 refused.error().message.c_str());
        QVERIFY(rig.scheduler.submit(makeSpec(countingPrompt(15), 5)));
    }

    void refusesAbsurdSizesWithoutOverflow()
    {
        SchedulerRig rig(options(4, 4, 8));
        const auto refused = rig.scheduler.submit(makeSpec(countingPrompt(2), 0xFFFFFFFFU));
        QVERIFY(!refused);
        QVERIFY2(contains(refused.error().message, "4294967297"), refused.error().message.c_str());
    }

    void refusesWhatMakesNoSense()
    {
        SchedulerRig rig;
        RequestSpec hot = makeSpec({1}, 1);
        hot.sampling.temperature = -1.0F;
        for (const RequestSpec& spec : {makeSpec({}, 1), makeSpec({1}, 0), makeSpec({1, -2}, 1), hot}) {
            const auto refused = rig.scheduler.submit(spec);
            QVERIFY(!refused);
            QVERIFY(refused.error().code == ErrorCode::InvalidArgument);
        }
        QVERIFY(!rig.scheduler.hasWork());
        QVERIFY(rig.scheduler.schedule().empty());
    }

    void requestAsLargeAsThePoolRunsToItsEnd()
    {
        for (const double watermark : {0.0, 0.5}) {
            RigOptions tight = options(4, 4, 3);
            tight.scheduler.watermark = watermark;
            SchedulerRig rig(tight);
            const RequestId id = rig.submit(makeSpec(countingPrompt(10), 6));
            const RequestId second = rig.submit(makeSpec(countingPrompt(10, 50), 6));
            QVERIFY2(rig.drain(), rig.fault.c_str());
            QCOMPARE(rig.request(id).reply.size(), 6U);
            QCOMPARE(rig.request(second).reply.size(), 6U);
        }
    }

    // Batching

    void longPromptIsComputedInChunks()
    {
        SchedulerRig rig(options(16, 4, 10));
        const RequestId id = rig.submit(makeSpec(countingPrompt(25), 2));
        for (const std::uint32_t expected : {10U, 10U, 5U, 1U}) {
            QVERIFY(rig.step());
            QCOMPARE(rig.row(id)->tokens, expected);
            QCOMPARE(rig.row(id)->samples, expected < 10);
            QCOMPARE(rig.row(id)->decode, expected == 1);
        }
        QVERIFY(!rig.scheduler.hasWork());
    }

    void decodesAndPromptsShareOneStep()
    {
        SchedulerRig rig(options(32, 4, 16));
        const RequestId first = rig.submit(makeSpec(countingPrompt(4), 20));
        QVERIFY(rig.step());
        const RequestId second = rig.submit(makeSpec(countingPrompt(40, 100), 2));
        QVERIFY(rig.step());
        QCOMPARE(rig.row(first)->tokens, 1U);
        QCOMPARE(rig.row(second)->tokens, 15U);
        QCOMPARE(rig.batch.decodeTokens, 1U);
        QCOMPARE(rig.batch.prefillTokens, 15U);
    }

    void decoderIsServedEveryStepWhilePromptsKeepArriving()
    {
        SchedulerRig rig(options(200, 6, 8));
        const RequestId decoder = rig.submit(makeSpec(countingPrompt(4), 450));
        QVERIFY(rig.step());
        for (int i = 0; i < 400; ++i) {
            rig.submit(makeSpec(countingPrompt(20, 100 * i), 1));
            QVERIFY2(rig.step(), rig.fault.c_str());
            QVERIFY(rig.row(decoder).has_value());
        }
    }

    void promptIsServedEveryStepWhileDecodesFillTheBudget()
    {
        for (const std::uint32_t budget : {2U, 4U}) {
            SchedulerRig rig(options(400, 9, budget));
            for (TokenId i = 0; i < 8; ++i)
                rig.submit(makeSpec({i}, 150));
            while (rig.scheduler.waiting() > 0 || rig.batch.prefillTokens > 0)
                QVERIFY2(rig.step(), rig.fault.c_str());
            const RequestId prompt = rig.submit(makeSpec(countingPrompt(20, 100), 1));
            for (std::uint32_t i = 0; i < 20; ++i) {
                QVERIFY2(rig.step(), rig.fault.c_str());
                QVERIFY(rig.row(prompt).has_value());
                QVERIFY(rig.batch.decodeTokens == budget - 1);
            }
        }
    }

    void budgetOfOneTokenGoesToDecodesAndPromptsInTurn()
    {
        SchedulerRig rig(options(100, 4, 1));
        const RequestId decoder = rig.submit(makeSpec({1}, 100));
        QVERIFY(rig.step());
        const RequestId prompt = rig.submit(makeSpec(countingPrompt(30), 1));
        std::map<RequestId, int> served;
        for (int i = 0; i < 40; ++i) {
            QVERIFY2(rig.step(), rig.fault.c_str());
            ++served[rig.batch.rows.front().request];
        }
        QCOMPARE(served[decoder], 20);
        QCOMPARE(served[prompt], 20);
    }

    void decodesTakeTurnsWhenTheBudgetIsTooSmallForAll()
    {
        SchedulerRig rig(options(200, 6, 2));
        std::vector<RequestId> ids;
        for (TokenId i = 0; i < 6; ++i)
            ids.push_back(rig.submit(makeSpec({i}, 60)));
        while (rig.scheduler.waiting() > 0 || rig.batch.prefillTokens > 0)
            QVERIFY(rig.step());
        std::map<RequestId, int> served;
        for (int i = 0; i < 30; ++i) {
            QVERIFY(rig.step());
            for (const ScheduledRow& row : rig.batch.rows)
                ++served[row.request];
        }
        for (const RequestId id : ids)
            QCOMPARE(served[id], 10);
    }

    void admitsInOrderOfArrival()
    {
        SchedulerRig rig(options(100, 2, 64));
        std::vector<RequestId> ids;
        for (TokenId i = 0; i < 5; ++i)
            ids.push_back(rig.submit(makeSpec(countingPrompt(3, 10 * i), 2)));
        std::vector<RequestId> finished;
        while (rig.step()) {
            QVERIFY(rig.scheduler.running() <= 2);
            for (const StepOutcome& outcome : rig.outcomes)
                if (outcome.finish != FinishReason::None)
                    finished.push_back(outcome.request);
        }
        QCOMPARE(finished, ids);
    }

    void failedStepEndsItsRequestsAndTheOthersGoOn()
    {
        SchedulerRig rig(options(16, 4, 10));
        const RequestId running = rig.submit(makeSpec(countingPrompt(12), 3));
        const RequestId waiting = rig.submit(makeSpec(countingPrompt(12, 40), 3));
        const ScheduledBatch batch = rig.scheduler.schedule();
        QCOMPARE(rig.scheduler.abandon(batch), std::vector<RequestId>{running});
        rig.check();
        QVERIFY(rig.request(running).finish == FinishReason::Error);
        QCOMPARE(rig.cache.usage().cached, 0U); // nobody finds what was never computed
        QVERIFY2(rig.drain(), rig.fault.c_str());
        QCOMPARE(rig.request(waiting).reply, rig.executor.reference(rig.request(waiting).spec));
    }

    // Endings

    void stopTokenEndsTheReplyAndIsItsLastToken()
    {
        SchedulerRig rig;
        RequestSpec spec = makeSpec(countingPrompt(5), 12);
        const std::vector<TokenId> full = rig.executor.reference(spec);
        spec.stopTokens = {-7, full[3]};
        const RequestId id = rig.submit(spec);
        QVERIFY2(rig.drain(), rig.fault.c_str());
        QVERIFY(rig.request(id).finish == FinishReason::Stop);
        QCOMPARE(rig.request(id).reply, std::vector<TokenId>(full.begin(), full.begin() + 4));
        QVERIFY(rig.outcomes.back().finish == FinishReason::Stop);
    }

    void lengthEndsTheReplyUnlessItsLastTokenIsAStop()
    {
        SchedulerRig rig;
        RequestSpec spec = makeSpec(countingPrompt(5), 4);
        const RequestId plain = rig.submit(spec);
        spec.stopTokens = {rig.executor.reference(spec).back()};
        const RequestId stopped = rig.submit(spec);
        QVERIFY2(rig.drain(), rig.fault.c_str());
        QVERIFY(rig.request(plain).finish == FinishReason::Length);
        QVERIFY(rig.request(stopped).finish == FinishReason::Stop);
    }

    void cancelFreesBlocksAtOnceInEveryState()
    {
        SchedulerRig rig(options(16, 2, 8));
        const RequestId decoding = rig.submit(makeSpec(countingPrompt(4), 30));
        QVERIFY(rig.step());
        const RequestId prefilling = rig.submit(makeSpec(countingPrompt(20, 100), 2));
        const RequestId waiting = rig.submit(makeSpec(countingPrompt(4, 200), 2));
        QVERIFY(rig.step());
        for (const RequestId id : {decoding, prefilling, waiting}) {
            rig.scheduler.cancel(id);
            rig.scheduler.cancel(id); // no-op
            rig.check();
            QVERIFY(rig.request(id).finish == FinishReason::Cancelled);
            QVERIFY(rig.cache.table(id).empty());
        }
        QVERIFY(!rig.scheduler.hasWork());
        QCOMPARE(rig.cache.usage().referenced, 0U);
        QVERIFY2(rig.fault.empty(), rig.fault.c_str());
        rig.scheduler.cancel(RequestId{999}); // unknown
    }

    void tokenOfARequestCancelledDuringItsStepIsDropped()
    {
        SchedulerRig rig;
        const RequestId kept = rig.submit(makeSpec(countingPrompt(4), 3));
        const RequestId gone = rig.submit(makeSpec(countingPrompt(4, 50), 3));
        const ScheduledBatch batch = rig.scheduler.schedule();
        rig.note(rig.executor.forward(batch, rig.scheduler, rig.tokens));
        rig.scheduler.cancel(gone);
        const std::vector<StepOutcome> outcomes = rig.scheduler.update(batch, rig.tokens);
        rig.check();
        QCOMPARE(outcomes.size(), 1U);
        QCOMPARE(outcomes[0].request, kept);
        QVERIFY(rig.request(gone).reply.empty());
        rig.scheduler.forget(gone);
        QVERIFY(rig.scheduler.find(gone) == nullptr);
        QVERIFY2(rig.drain(), rig.fault.c_str());
    }

    void cancelAllEndsRunningAndWaitingWithTheReasonGiven()
    {
        SchedulerRig rig(options(16, 1, 8));
        const RequestId first = rig.submit(makeSpec(countingPrompt(4), 3));
        const RequestId second = rig.submit(makeSpec(countingPrompt(4), 3));
        QVERIFY(rig.step());
        QCOMPARE(rig.scheduler.cancelAll(FinishReason::Error), (std::vector<RequestId>{first, second}));
        rig.check();
        QVERIFY(rig.request(second).finish == FinishReason::Error);
        QVERIFY(!rig.scheduler.hasWork());
        QVERIFY2(rig.fault.empty(), rig.fault.c_str());
    }
};

QTEST_APPLESS_MAIN(SchedulerTest)
#include "scheduler_test.moc"
