// SPDX-License-Identifier: GPL-3.0-or-later
// The real engine where its own work runs beside a step: step() returns with a step in flight. Whatever
// happens then (cancel, submit, unload, another pool, a failure), nobody's reply changes and no event is
// lost.
#include <QtTest>

#include <set>

#include "kernels/cpu/cpu_topology.h"
#include "tests/engine/support/faulty_executor.h"
#include "tests/engine/support/model_files.h"
#include "tests/engine/support/real_engine.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

using Tokens = std::vector<TokenId>;
using Ids = std::vector<RequestId>;

/// With one compute thread on a machine with more CPUs the engine thread works beside a step.
EngineOptions withThreads(std::uint32_t threads)
{
    EngineOptions options = testOptions();
    options.executor.threads = threads;
    options.scheduler.tokenBudget = 24; // prompts take several steps
    return options;
}

GenerationRequest tinyRequest(std::size_t variant, std::uint32_t maxTokens)
{
    GenerationRequest request;
    Tokens prompt;
    for (std::size_t i = 0; i < 20 + variant * 7 % 30; ++i)
        prompt.push_back(static_cast<TokenId>(3 + (i * 37 + variant * 11) % 250));
    request.prompt = prompt;
    request.maxTokens = maxTokens;
    request.ignoreEndOfGeneration = true;
    request.sampleKey = variant;
    request.sampling.temperature = variant % 2 == 0 ? 0.0F : 1.0F;
    return request;
}

std::string tinyFile()
{
    return std::string(VITRINE_TEST_DATA) + "/families/llama/model.gguf";
}

void step(RealEngine& real, int times)
{
    for (int i = 0; i < times && real.engine().hasWork(); ++i)
        real.engine().step();
}

bool isPrefix(const Tokens& part, const Tokens& whole)
{
    return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

/// Started first, told to be finished once and last, tokens in between; and the statistics tell the same.
std::string orderFault(const Reply& reply)
{
    const std::vector<std::string>& order = reply.order;
    if (order.empty() || order.back() != "finished" ||
        std::count(order.begin(), order.end(), "finished") != 1)
        return "not finished once and last";
    if (order.size() > 1 &&
        (order.front() != "started" || std::count(order.begin(), order.end(), "started") != 1))
        return "not started once and first";
    const auto token = std::find(order.begin(), order.end(), "token");
    if (std::find(token, order.end(), "prefill") != order.end())
        return "prefill after a token";
    return reply.end.stats.replyTokens == reply.tokens.size() ? "" : "statistics count other tokens";
}

} // namespace

class EngineAsyncTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (vitrine::kernels::cpu::CpuTopology::ofThisProcess().runnable() < 2)
            QSKIP("with one CPU no work runs beside a step");
        RealEngine real;
        QCOMPARE(real.load(tinyFile(), withThreads(2)), std::string());
        for (std::size_t variant = 0; variant < 8; ++variant) {
            const RequestId id = real.submit(tinyRequest(variant, kReply));
            QVERIFY(real.run());
            QCOMPARE(real.reply(id).tokens.size(), std::size_t{kReply});
            m_alone.push_back(real.reply(id).tokens);
        }
    }

    void defaultModelSaysTheSameAsWithoutOverlap()
    {
        const auto replies = [](std::uint32_t threads, std::vector<Reply>& all) {
            RealEngine real;
            EngineOptions options = withThreads(threads);
            options.kvBlocks = 14; // not enough for all: some are preempted
            options.hostBlocks = 20;
            QCOMPARE(real.load(options), std::string());
            Ids ids;
            for (const char* text :
                 {"What is the capital of Germany?", "Name three colours.", "Why is the sky blue?"})
                ids.push_back(real.submit(chat(text, 40)));
            GenerationRequest samples = chat("Tell me about the sea.", 12);
            samples.sampling.temperature = 0.8F;
            const Result<Ids> sampled = real.engine().submitSamples(samples, 3);
            QVERIFY(sampled.has_value());
            ids.insert(ids.end(), sampled->begin(), sampled->end());
            QVERIFY(real.run());
            for (const RequestId id : ids)
                all.push_back(real.reply(id));
        };
        std::vector<Reply> overlapping, apart;
        replies(1, overlapping);
        replies(2, apart);
        QCOMPARE(overlapping.size(), apart.size());
        for (std::size_t i = 0; i < apart.size(); ++i) {
            QCOMPARE(overlapping[i].text, apart[i].text);
            QCOMPARE(overlapping[i].tokens, apart[i].tokens);
            QCOMPARE(overlapping[i].end.reason, apart[i].end.reason);
        }
        QVERIFY(says(apart[0].text, "Berlin"));
    }

    void eventsComeInOrderAndWorkIsHidden()
    {
        RealEngine real;
        QCOMPARE(real.load(tinyFile(), withThreads(1)), std::string());
        const Ids ids = submitSome(real, 5);
        bool inFlight = false;
        while (real.engine().hasWork()) {
            QVERIFY(real.engine().step());
            inFlight = inFlight || (real.engine().scheduler()->hasWork() && real.engine().hasWork());
        }
        QVERIFY(inFlight);
        for (std::size_t i = 0; i < ids.size(); ++i) {
            QCOMPARE(orderFault(real.reply(ids[i])), std::string());
            QCOMPARE(real.reply(ids[i]).tokens, m_alone[i]);
        }
        std::int64_t hidden = 0;
        std::uint64_t number = 0;
        for (const StepRecord& record : real.drainSteps()) {
            QCOMPARE(record.step, ++number);
            hidden += record.hiddenNs;
        }
        QVERIFY(hidden > 0);
    }

    void cancelTellsWhatWasSaid()
    {
        for (int steps = 1; steps < 40; steps += effort(1, 3)) {
            RealEngine real;
            QCOMPARE(real.load(tinyFile(), withThreads(1)), std::string());
            Ids ids = submitSome(real, 3);
            ids.push_back(real.submit(tinyRequest(3, 4))); // ends early, perhaps just then
            step(real, steps);
            const bool alreadyFinished = real.reply(ids[3]).finished();
            real.engine().cancel(ids[1]);
            real.engine().cancel(ids[3]);
            QVERIFY(real.reply(ids[1]).finished() && real.reply(ids[3]).finished());
            QVERIFY(real.run());
            for (std::size_t i = 0; i < ids.size(); ++i) {
                Reply& reply = real.reply(ids[i]);
                QCOMPARE(orderFault(reply), std::string());
                const std::size_t whole = i == 3 ? 4 : kReply;
                QCOMPARE(reply.end.reason == FinishReason::Length, reply.tokens.size() == whole);
                QVERIFY(isPrefix(reply.tokens, m_alone[i]));
                QVERIFY(i % 2 == 1 || reply.tokens == m_alone[i]);
            }
            QVERIFY(!alreadyFinished || real.reply(ids[3]).end.reason == FinishReason::Length);
            QCOMPARE(faults(real), std::string());
        }
    }

    void submitWhileAStepIsInFlight()
    {
        RealEngine real;
        QCOMPARE(real.load(tinyFile(), withThreads(1)), std::string());
        Ids ids;
        for (std::size_t variant = 0; variant < m_alone.size(); ++variant) {
            ids.push_back(real.submit(tinyRequest(variant, kReply)));
            step(real, 3);
        }
        QVERIFY(real.run());
        for (std::size_t i = 0; i < ids.size(); ++i) {
            QCOMPARE(real.reply(ids[i]).tokens, m_alone[i]);
            QCOMPARE(orderFault(real.reply(ids[i])), std::string());
        }
        QCOMPARE(faults(real), std::string());
    }

    void unloadWhileAStepIsInFlight()
    {
        for (int steps = 1; steps < 20; ++steps) {
            RealEngine* self = nullptr;
            int refused = 0;
            RealEngine real([&](const EngineEvent& event) {
                const auto* end = std::get_if<RequestFinished>(&event);
                if (end != nullptr && end->reason == FinishReason::Cancelled)
                    refused += self->engine().submit(tinyRequest(0, 4)).has_value() ? 0 : 1;
            });
            self = &real;
            QCOMPARE(real.load(tinyFile(), withThreads(1)), std::string());
            const Ids ids = submitSome(real, 4);
            step(real, steps);
            real.engine().unload();
            QVERIFY(!real.engine().hasWork() && !real.engine().hasModel());
            int cancelled = 0;
            for (std::size_t i = 0; i < ids.size(); ++i) {
                const Reply& reply = real.reply(ids[i]);
                QCOMPARE(orderFault(reply), std::string());
                cancelled += reply.end.reason == FinishReason::Cancelled ? 1 : 0;
                QCOMPARE(reply.end.reason == FinishReason::Length, reply.tokens.size() == kReply);
                QVERIFY(isPrefix(reply.tokens, m_alone[i]));
            }
            QCOMPARE(refused, cancelled); // nobody can begin on a model that goes
        }
    }

    void anEngineMayGoWithAStepInFlight()
    {
        for (int steps = 1; steps < 12; ++steps) {
            RealEngine real;
            QCOMPARE(real.load(tinyFile(), withThreads(1)), std::string());
            submitSome(real, 4);
            step(real, steps);
        }
    }

    /// Also while prompts are cut into pieces and a step is planned ahead.
    void poolAndOptionsChangeWhileAStepIsInFlight()
    {
        RealEngine real;
        EngineOptions options = withThreads(1);
        options.kvBlocks = 40;
        options.hostBlocks = 30;
        QCOMPARE(real.load(tinyFile(), options), std::string());
        const Ids ids = submitSome(real, 8);
        for (std::uint32_t i = 0; real.engine().hasWork(); ++i) {
            QVERIFY(real.engine().step());
            if (i % 2 == 1) {
                QVERIFY(real.engine().resizeKv(6 + i * 7 % 30).has_value());
                QCOMPARE(real.engine().scheduler()->checkInvariants(), std::string());
                QCOMPARE(real.engine().kvCache()->checkInvariants(), std::string());
            }
            options.scheduler.policy = static_cast<PolicyKind>(i % 4);
            options.scheduler.mode = static_cast<BatchMode>(i / 2 % 2);
            QVERIFY(real.engine().configure(options.scheduler).has_value());
        }
        for (std::size_t i = 0; i < ids.size(); ++i) {
            QCOMPARE(real.reply(ids[i]).tokens, m_alone[i]);
            QCOMPARE(orderFault(real.reply(ids[i])), std::string());
        }
        QCOMPARE(faults(real), std::string());
    }

    void aFailureEndsExactlyTheRequestsOfItsStep_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("place");
        QTest::addColumn<int>("threads");
        const auto row = [](const char* name, Fault::Kind kind, Fault::Place place) {
            for (const int threads : {1, 2})
                QTest::addRow("%s, %d threads", name, threads)
                    << static_cast<int>(kind) << static_cast<int>(place) << threads;
        };
        row("error of launch", Fault::Kind::Error, Fault::Place::Launch);
        row("error of await", Fault::Kind::Error, Fault::Place::Await);
        row("no memory in launch", Fault::Kind::BadAlloc, Fault::Place::Launch);
        row("no memory in await", Fault::Kind::BadAlloc, Fault::Place::Await);
    }
    void aFailureEndsExactlyTheRequestsOfItsStep()
    {
        QFETCH(int, kind);
        QFETCH(int, place);
        QFETCH(int, threads);
        for (std::uint32_t spared = 0; spared < 24; spared += threads == 1 ? effort(1U, 3U) : 5) {
            Fault fault{static_cast<Fault::Kind>(kind), static_cast<Fault::Place>(place), spared, 0};
            RealEngine real;
            EngineOptions options = withThreads(static_cast<std::uint32_t>(threads));
            options.scheduler.maxRunning = 3;
            QCOMPARE(real.load(tinyFile(), options, wrapInto(fault)), std::string());
            const Ids ids = submitSome(real, 6);
            QVERIFY(real.run());
            QCOMPARE(fault.kind, Fault::Kind::None);
            std::size_t failed = 0;
            for (std::size_t i = 0; i < ids.size(); ++i) {
                Reply& reply = real.reply(ids[i]);
                const bool ended = reply.end.reason == FinishReason::Error;
                failed += ended ? 1 : 0;
                QCOMPARE(orderFault(reply), std::string());
                QCOMPARE(reply.end.error.empty(), !ended);
                QVERIFY(ended ? isPrefix(reply.tokens, m_alone[i]) : reply.tokens == m_alone[i]);
            }
            QCOMPARE(failed, fault.sequences);
            QCOMPARE(faults(real), std::string());
            const RequestId next = real.submit(tinyRequest(7, kReply));
            QVERIFY(real.run());
            QCOMPARE(real.reply(next).tokens, m_alone[7]);
        }
    }

    /// Its exception comes while the engine tells of a step, perhaps beside the next one.
    void aSinkThatThrowsEndsRequestsNotTheEngine()
    {
        for (int spared = 0; spared < 60; spared += effort(1, 4)) {
            int left = spared;
            RealEngine real([&](const EngineEvent&) {
                if (left-- == 0)
                    throw std::bad_alloc();
            });
            QCOMPARE(real.load(tinyFile(), withThreads(1)), std::string());
            const Ids ids = submitSome(real, 4);
            QVERIFY(real.run());
            for (std::size_t i = 0; i < ids.size(); ++i) {
                const Reply& reply = real.reply(ids[i]);
                QCOMPARE(std::count(reply.order.begin(), reply.order.end(), "finished"), 1);
                QVERIFY(isPrefix(reply.tokens, m_alone[i]));
                QVERIFY(reply.end.reason == FinishReason::Error || reply.tokens == m_alone[i]);
            }
            QCOMPARE(faults(real), std::string());
            const RequestId next = real.submit(tinyRequest(7, kReply));
            QVERIFY(real.run());
            QCOMPARE(real.reply(next).tokens, m_alone[7]);
        }
    }

private:
    static constexpr std::uint32_t kReply = 12;

    static Ids submitSome(RealEngine& real, std::size_t count)
    {
        Ids ids;
        for (std::size_t variant = 0; variant < count; ++variant)
            ids.push_back(real.submit(tinyRequest(variant, kReply)));
        return ids;
    }

    static RealEngine::Wrap wrapInto(Fault& fault)
    {
        return [&fault](std::unique_ptr<Executor> real) {
            return std::make_unique<FaultyExecutor>(std::move(real), fault);
        };
    }

    /// What an idle engine must not have left.
    static std::string faults(RealEngine& real)
    {
        if (real.engine().kvCache()->usage().referenced != 0)
            return "blocks leak";
        const std::string cache = real.engine().kvCache()->checkInvariants();
        return cache.empty() ? real.engine().scheduler()->checkInvariants() : cache;
    }

    std::vector<Tokens> m_alone; ///< by variant: a reply with nothing beside it
};

QTEST_APPLESS_MAIN(EngineAsyncTest)
#include "engine_async_test.moc"
