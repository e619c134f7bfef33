// SPDX-License-Identifier: GPL-3.0-or-later
// The engine with the real default model while its memory changes and its steps overlap: nothing of that
// shows in a reply.
#include <QtTest>

#include "kernels/cpu/cpu_topology.h"
#include "tests/engine/support/real_engine.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

GenerationRequest request(std::size_t variant, std::uint32_t maxTokens = 40)
{
    GenerationRequest request;
    request.prompt = madeUpTokens(50, variant);
    request.maxTokens = maxTokens;
    request.ignoreEndOfGeneration = true;
    return request;
}

/// With one compute thread on a machine with more CPUs the engine thread works beside a step.
EngineOptions overlapping()
{
    EngineOptions options = testOptions();
    options.executor.threads = 1;
    return options;
}

using Tokens = std::vector<TokenId>;

Tokens alone(std::size_t variant)
{
    RealEngine real;
    if (!real.load().empty())
        return {};
    const RequestId id = real.submit(request(variant));
    real.run();
    return real.reply(id).tokens;
}

} // namespace

class EngineMemoryTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        for (std::size_t variant = 0; variant < 4; ++variant) {
            m_alone.push_back(alone(variant));
            QCOMPARE(m_alone.back().size(), std::size_t{40});
        }
    }

    void poolResizedInFlightKeepsReplies_data() { engines(); }
    void poolResizedInFlightKeepsReplies()
    {
        RealEngine real;
        QCOMPARE(real.load(fetch()), std::string());
        std::vector<RequestId> ids;
        for (std::size_t variant = 0; variant < 4; ++variant)
            ids.push_back(real.submit(request(variant)));
        const std::vector<std::uint32_t> sizes{40, 12, 30, 8, 64};
        for (std::size_t i = 0; real.engine().hasWork(); ++i) {
            QVERIFY(real.engine().step());
            if (i % 6 == 5) {
                QVERIFY(real.engine().resizeKv(sizes[i / 6 % sizes.size()]));
                QCOMPARE(real.engine().kvCache()->checkInvariants(), std::string());
                QCOMPARE(real.engine().model()->kv.blocks, sizes[i / 6 % sizes.size()]);
            }
        }
        for (std::size_t i = 0; i < ids.size(); ++i)
            QCOMPARE(real.reply(ids[i]).tokens, m_alone[i]);
    }

    void refusesAPoolThatCannotBe()
    {
        RealEngine real;
        QVERIFY(!real.engine().resizeKv(8)); // no model
        QCOMPARE(real.load(), std::string());
        QVERIFY(!real.engine().resizeKv(0));
        QVERIFY(!real.engine().resizeKv(0xFFFFFFFF));
        QCOMPARE(real.engine().model()->kv.blocks, 512U);
    }

    void tooSmallAPoolEndsWhatNeverFits()
    {
        RealEngine real;
        QCOMPARE(real.load(), std::string());
        const RequestId id = real.submit(request(0));
        QVERIFY(real.engine().step());
        QVERIFY(real.engine().resizeKv(3)); // 48 tokens for a prompt of 50
        QCOMPARE(real.reply(id).end.reason, FinishReason::Error);
        QVERIFY(!real.engine().hasWork());
    }

    void smallerPoolShortensWhatStillFits()
    {
        RealEngine real;
        QCOMPARE(real.load(), std::string());
        const RequestId id = real.submit(request(0, 400)), brief = real.submit(request(1, 5));
        QVERIFY(real.engine().step());
        QVERIFY(real.engine().resizeKv(6)); // 96 tokens for a prompt of 50
        QVERIFY(real.run());
        QCOMPARE(real.reply(id).end.reason, FinishReason::Length);
        QCOMPARE(real.reply(id).tokens.size(), std::size_t{46});
        QVERIFY(real.reply(id).end.stats.contextFull);
        QCOMPARE(real.reply(brief).tokens.size(), std::size_t{5});
        QVERIFY(!real.reply(brief).end.stats.contextFull);
    }

    void evictedConversationIsPrefetched()
    {
        RealEngine real;
        EngineOptions options = testOptions();
        options.kvBlocks = 12;
        options.hostBlocks = 64;
        QCOMPARE(real.load(options), std::string());
        real.submit(request(0, 2));
        QVERIFY(real.run());
        real.submit(request(1, 120)); // pushes the first conversation out
        QVERIFY(real.run());
        const std::uint32_t brought = real.engine().prefetch(madeUpTokens(50, 0), 0);
        const RequestId again = real.submit(request(0));
        QVERIFY(real.run());
        QCOMPARE(real.reply(again).tokens, m_alone[0]);
        QCOMPARE(real.reply(again).end.stats.cachedTokens, 48U);
        QVERIFY(brought <= 3);
    }

    void overlappingStepsChangeNothing()
    {
        RealEngine real;
        QCOMPARE(real.load(overlapping()), std::string());
        std::vector<RequestId> ids;
        for (std::size_t variant = 0; variant < 4; ++variant)
            ids.push_back(real.submit(request(variant)));
        QVERIFY(real.run());
        std::int64_t hidden = 0;
        for (const StepRecord& step : real.drainSteps())
            hidden += step.hiddenNs;
        QVERIFY(hidden > 0 || vitrine::kernels::cpu::CpuTopology::ofThisProcess().runnable() < 2);
        for (std::size_t i = 0; i < ids.size(); ++i) {
            QCOMPARE(real.reply(ids[i]).tokens, m_alone[i]);
            const std::vector<std::string>& order = real.reply(ids[i]).order;
            QCOMPARE(order.front(), std::string("started"));
            QCOMPARE(order.back(), std::string("finished"));
            QCOMPARE(std::count(order.begin(), order.end(), "finished"), 1);
        }
    }

    void cancelAndSubmitWhileAStepIsInFlight()
    {
        RealEngine real;
        QCOMPARE(real.load(overlapping()), std::string());
        const RequestId kept = real.submit(request(0));
        const RequestId gone = real.submit(request(1));
        for (int i = 0; i < 5; ++i)
            QVERIFY(real.engine().step());
        real.engine().cancel(gone);
        QCOMPARE(real.reply(gone).end.reason, FinishReason::Cancelled);
        const RequestId late = real.submit(request(2));
        QVERIFY(real.run());
        QCOMPARE(real.reply(kept).tokens, m_alone[0]);
        QCOMPARE(real.reply(late).tokens, m_alone[2]);
        const Tokens& said = real.reply(gone).tokens;
        QVERIFY(std::equal(said.begin(), said.end(), m_alone[1].begin()));
        QCOMPARE(real.engine().kvCache()->usage().referenced, 0U);
    }

    void modelGoesWhileAStepIsInFlight()
    {
        RealEngine real;
        QCOMPARE(real.load(overlapping()), std::string());
        const RequestId id = real.submit(request(0));
        for (int i = 0; i < 5; ++i)
            QVERIFY(real.engine().step());
        real.engine().unload();
        QCOMPARE(real.reply(id).end.reason, FinishReason::Cancelled);
        QVERIFY(!real.engine().hasWork() && !real.engine().step());
    }

    void leastAttendedBlocksAreDroppedAndTold()
    {
        RealEngine real;
        QCOMPARE(real.load(), std::string());
        GenerationRequest small = request(0, 60);
        small.keepTokens = 32;
        const RequestId id = real.submit(small);
        QVERIFY(real.run());
        QCOMPARE(real.reply(id).tokens.size(), std::size_t{60});
        QVERIFY(real.reply(id).end.stats.droppedMass > 0.0);
        QVERIFY(real.reply(id).end.stats.droppedMass < 5.0);
        const RequestId whole =
            real.submit(request(0)); // others find nothing of what was computed with holes
        QVERIFY(real.run());
        QCOMPARE(real.reply(whole).tokens, m_alone[0]);
    }

private:
    static void engines()
    {
        QTest::addColumn<bool>("overlaps");
        QTest::newRow("one after the other") << false;
        QTest::newRow("overlapping") << true;
    }
    static EngineOptions fetch()
    {
        QFETCH(bool, overlaps);
        return overlaps ? overlapping() : testOptions();
    }

    std::vector<Tokens> m_alone; ///< by variant: a reply with nothing else going on
};

QTEST_APPLESS_MAIN(EngineMemoryTest)
#include "engine_memory_test.moc"
