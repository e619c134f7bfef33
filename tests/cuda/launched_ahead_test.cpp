// SPDX-License-Identifier: GPL-3.0-or-later
// The engine where steps are launched before the tokens of the one under way are known, on the emulator:
// whatever happens then (a stop found late, cancel, preemption, the last token, a failure), every reply is
// the one of steps that wait for each other, and nobody finds KV that was computed for a request after its
// end.
#include <QtTest>

#include <array>
#include <map>
#include <memory>
#include <random>
#include <set>

#include "engine/analysis/attribution.h"
#include "engine/cuda/cuda_executor.h"
#include "engine/kv_cache/block_history.h"
#include "tests/engine/support/faulty_executor.h"
#include "tests/engine/support/model_files.h"
#include "tests/engine/support/real_engine.h"
#include "tests/engine/support/tiny_model.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
using namespace vitrine::tests;

namespace {

using Ids = std::vector<RequestId>;
constexpr std::uint32_t kReply = 40;
/// Of hot(): some of their replies stop early, after 2 to 21 tokens.
constexpr std::array<std::size_t, 10> kVariants{39, 1, 65, 18, 3, 104, 22, 2, 12, 112};
constexpr std::array<std::size_t, 3> kStopping{65, 104, 22};

/// An engine that computes on the emulator.
struct Served
{
    explicit Served(Passing passing, std::uint32_t blocks = 64, bool prefixCache = true,
                    std::uint32_t hostBlocks = 0)
    {
        EngineOptions options;
        options.kvBlocks = blocks;
        options.hostBlocks = hostBlocks;
        options.blockSize = 8;
        options.prefixCache = prefixCache;
        options.cacheSeed = 5;
        options.executor.threads = 1;
        options.executor.deterministic = true; // batches differ
        options.scheduler.tokenBudget = 40;
        const std::string path = std::string(VITRINE_TEST_DATA) + "/families/llama/model.gguf";
        const std::string error = real.load(path, options, [&](std::unique_ptr<Executor>) {
            Result<std::unique_ptr<Executor>> made =
                makeCudaExecutor(tinyModel("llama"), options.executor, {});
            VT_CHECK(made && (*made)->reserveKv({options.kvBlocks, options.blockSize}) &&
                     (*made)->reserveHost(options.hostBlocks));
            return std::unique_ptr<Executor>(
                std::make_unique<FaultyExecutor>(std::move(*made), fault, passing));
        });
        VT_CHECK(error.empty());
    }

    std::string invariants()
    {
        const std::string scheduler = real.engine().scheduler()->checkInvariants();
        return scheduler.empty() ? real.engine().kvCache()->checkInvariants() : scheduler;
    }

    Fault fault; // outlives the executor
    RealEngine real;
};

std::vector<TokenId> promptOf(std::size_t variant, std::size_t length)
{
    std::vector<TokenId> prompt;
    for (std::size_t i = 0; i < length; ++i)
        prompt.push_back(static_cast<TokenId>(3 + (i * 37 + variant * 11) % 250));
    return prompt;
}

/// So hot that any token may come, a stop token too.
GenerationRequest hot(std::size_t variant, std::uint32_t maxTokens)
{
    GenerationRequest request;
    request.prompt = promptOf(variant, 5 + variant * 7 % 20);
    request.maxTokens = maxTokens;
    request.sampleKey = variant;
    request.sampling.temperature = variant % 4 == 3 ? 0.0F : 50.0F;
    request.sampling.seed = 9;
    return request;
}

/// What comes of requests alone in an engine whose steps wait for each other.
class Alone
{
public:
    Reply reply(const GenerationRequest& request)
    {
        const RequestId id = m_served.real.submit(request);
        VT_CHECK(m_served.real.run() && m_served.real.reply(id).finished());
        return m_served.real.reply(id);
    }
    const Reply& reply(std::size_t variant)
    {
        const auto known = m_known.find(variant);
        return known != m_known.end() ? known->second
                                      : m_known.emplace(variant, reply(hot(variant, kReply))).first->second;
    }

private:
    Served m_served{Passing::Tokens, 64, false};
    std::map<std::size_t, Reply> m_known;
};

bool beginsWith(const std::vector<TokenId>& whole, const std::vector<TokenId>& part)
{
    return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

} // namespace

class LaunchedAheadTest : public QObject
{
    Q_OBJECT

private slots:
    void repliesAreThoseOfStepsThatWait()
    {
        Served served(Passing::Followers);
        Ids ids;
        const std::size_t requests = effort(7, 4);
        for (std::size_t i = 0; i < requests; ++i)
            ids.push_back(served.real.submit(hot(kVariants[i], kReply)));
        while (served.real.engine().hasWork()) {
            QVERIFY(served.real.engine().step());
            QCOMPARE(served.invariants(), std::string());
        }
        int stops = 0;
        for (std::size_t i = 0; i < requests; ++i) {
            const Reply& expected = m_alone->reply(kVariants[i]);
            const Reply& reply = served.real.reply(ids[i]);
            QCOMPARE(reply.tokens, expected.tokens);
            QCOMPARE(reply.end.reason, expected.end.reason);
            QCOMPARE(reply.end.stats.replyTokens, expected.end.stats.replyTokens);
            const RequestStats& stats =
                reply.end.stats; // every moment has a name, also while two steps overlap
            QCOMPARE(stats.latency.total(), stats.times.finishedNs - stats.times.arrivalNs);
            stops += reply.end.reason == FinishReason::Stop ? 1 : 0;
        }
        QVERIFY(stops > 0); // each found a step late
        const std::size_t steps = served.real.drainSteps().size();
        QVERIFY2(served.fault.followers * 10 > steps * 8,
                 qPrintable(QString("%1 of %2").arg(served.fault.followers).arg(steps)));
        QCOMPARE(served.real.engine().kvCache()->usage().referenced, 0U);
    }

    void recordingKnowsNobodyAfterItsEnd()
    {
        Served served(Passing::Followers);
        Recorder recorder;
        served.real.engine().record(&recorder);
        std::set<RequestId> asked;
        for (const std::size_t variant : kStopping)
            asked.insert(served.real.submit(hot(variant, kReply)));
        LatencyAttribution attribution;
        BlockHistory history(recorder.start().blocks, recorder.start().hostBlocks, recorder.start().shape);
        std::set<RequestId> ended;
        std::int64_t last = 0;
        const auto read = [&](const RecordedStep& step) {
            const StepFigures& record = step.record;
            QVERIFY(record.startNs >= last); // forward passes follow each other
            last = record.startNs + record.scheduleNs + record.transferNs + record.forwardNs;
            QVERIFY(record.scheduleNs + record.transferNs + record.forwardNs + record.sampleNs +
                        record.emitNs <=
                    record.endNs - record.startNs);
            for (const StepRow& row : step.rows)
                QVERIFY(!ended.contains(row.request));
            for (const RecordedEvent& event : step.events)
                if (const auto* end = std::get_if<RecordedEnd>(&event))
                    ended.insert(end->request);
            history.apply(step.blocks);
            attribution.add(step);
        };
        while (served.real.engine().hasWork()) {
            QVERIFY(served.real.engine().step());
            for (const RecordedStep& step : recorder.take())
                read(step);
        }
        QVERIFY(served.fault.followers > 0);
        QCOMPARE(ended.size(), asked.size());
        QVERIFY(history.usage() == served.real.engine().kvCache()->usage());
        const std::vector<RequestLatency> requests = attribution.requests();
        QCOMPARE(requests.size(), asked.size());
        for (const RequestLatency& request : requests) {
            QVERIFY(request.finished);
            QVERIFY(asked.contains(request.request));
            QCOMPARE(request.replyTokens, served.real.reply(request.request).end.stats.replyTokens + 1);
        }
    }

    void replyOfOneTokenHasNoStepBehindIt()
    {
        Served served(Passing::Followers);
        const RequestId id = served.real.submit(hot(3, 1));
        QVERIFY(served.real.run());
        QCOMPARE(served.real.reply(id).tokens.size(), std::size_t{1});
        QCOMPARE(served.real.reply(id).tokens[0], m_alone->reply(3).tokens[0]);
        QCOMPARE(served.fault.followers, std::uint64_t{0});
    }

    void whatIsComputedAfterAStopIsFoundByNobody()
    {
        Served served(Passing::Followers);
        for (const std::size_t variant : kStopping) {
            const RequestId id = served.real.submit(hot(variant, kReply));
            QVERIFY(served.real.run());
            const RequestFinished& end = served.real.reply(id).end;
            QCOMPARE(end.reason, FinishReason::Stop);
            GenerationRequest next = hot(variant, 12); // the chat goes on with other words
            std::vector<TokenId> prompt = end.path;
            QVERIFY(served.real.engine().residency(prompt).resident <= prompt.size() - 1);
            for (TokenId token = 40; token < 52; ++token)
                prompt.push_back(token);
            next.prompt = prompt;
            const RequestId second = served.real.submit(next);
            QVERIFY(served.real.run());
            QCOMPARE(served.real.reply(second).tokens, m_alone->reply(next).tokens);
        }
    }

    /// Every chat leaves blocks that the next ones push out to host memory, and finds its own there again.
    void stepsThatPushBlocksOutGoBehindOthers()
    {
        Served served(Passing::Followers, 24, true, 64);
        for (int round = 0; round < 2; ++round)
            for (const std::size_t variant : kVariants) {
                const GenerationRequest request = hot(variant, kReply);
                const RequestId id = served.real.submit(request);
                QVERIFY(served.real.run());
                QCOMPARE(served.invariants(), std::string());
                QCOMPARE(served.real.reply(id).tokens, m_alone->reply(variant).tokens);
                if (variant == kVariants[effort(9U, 4U)])
                    break;
            }
        QVERIFY2(served.fault.moved > 10, qPrintable(QString::number(served.fault.moved)));
        const std::vector<StepRecord> steps = served.real.drainSteps();
        const auto sum = [&](auto figure) {
            std::uint64_t total = 0;
            for (const StepRecord& step : steps)
                total += step.*figure;
            return total;
        };
        QVERIFY(sum(&StepRecord::swappedOut) > 10); // what comes back is chosen by measured times
    }

    void requestsComeAndGoWhileTwoStepsAreUnderWay()
    {
        const quint32 seed = qEnvironmentVariableIsSet("VITRINE_RANDOM_SEED")
                                 ? qEnvironmentVariableIntValue("VITRINE_RANDOM_SEED")
                                 : std::random_device()();
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        const auto oneIn = [&](unsigned n) { return random() % n == 0; };
        Served served(Passing::Followers, 24); // some are preempted
        std::vector<std::pair<RequestId, std::size_t>> requests;
        for (std::size_t step = 0; step < std::size_t(effort(80, 50)); ++step) {
            if (oneIn(6)) {
                const std::size_t variant = kVariants[random() % kVariants.size()];
                requests.emplace_back(served.real.submit(hot(variant, kReply)), variant);
            }
            if (!requests.empty() && oneIn(15))
                served.real.engine().cancel(requests[random() % requests.size()].first);
            if (oneIn(40))
                QVERIFY(served.real.engine().resizeKv(oneIn(2) ? 16 : 24));
            served.real.engine().step();
            QCOMPARE(served.invariants(), std::string());
        }
        QVERIFY(served.real.run());
        QVERIFY(served.fault.followers > 0);
        for (const auto& [id, variant] : requests) {
            const Reply& reply = served.real.reply(id);
            QVERIFY(reply.finished());
            const Reply& expected = m_alone->reply(variant);
            QVERIFY(beginsWith(expected.tokens, reply.tokens));
            if (reply.end.reason != FinishReason::Cancelled)
                QCOMPARE(reply.tokens, expected.tokens);
        }
    }

    void aFailureTakesBothStepsDownAndNothingElse_data()
    {
        QTest::addColumn<int>("place");
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("spared");
        for (const auto place : {Fault::Place::Launch, Fault::Place::Await})
            for (const auto kind : {Fault::Kind::Error, Fault::Kind::BadAlloc})
                for (const int spared : {0, 5})
                    QTest::addRow("%s %s %d", place == Fault::Place::Launch ? "launch" : "await",
                                  kind == Fault::Kind::Error ? "error" : "memory", spared)
                        << int(place) << int(kind) << spared;
    }
    void aFailureTakesBothStepsDownAndNothingElse()
    {
        QFETCH(int, place);
        QFETCH(int, kind);
        QFETCH(int, spared);
        Served served(Passing::Followers);
        Ids ids;
        for (std::size_t variant = 0; variant < 3; ++variant)
            ids.push_back(served.real.submit(hot(4 * variant + 3, 20)));
        served.real.engine().step();
        served.fault.place = static_cast<Fault::Place>(place);
        served.fault.spared = static_cast<std::uint32_t>(spared);
        served.fault.kind = static_cast<Fault::Kind>(kind);
        QVERIFY(served.real.run());
        QCOMPARE(served.fault.kind, Fault::Kind::None);
        for (const RequestId id : ids) {
            const std::vector<std::string>& order = served.real.reply(id).order;
            QCOMPARE(std::count(order.begin(), order.end(), "finished"), 1);
        }
        QCOMPARE(served.invariants(), std::string());
        QCOMPARE(served.real.engine().kvCache()->usage().referenced, 0U);
        const RequestId after = served.real.submit(hot(7, kReply));
        QVERIFY(served.real.run());
        QCOMPARE(served.real.reply(after).tokens, m_alone->reply(7).tokens);
    }

private:
    std::unique_ptr<Alone> m_alone = std::make_unique<Alone>();
};

QTEST_APPLESS_MAIN(LaunchedAheadTest)
#include "launched_ahead_test.moc"
