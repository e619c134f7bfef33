// SPDX-License-Identifier: GPL-3.0-or-later
// Greedy replies with the deterministic setting are the same whatever the engine does around them.
#include <QTest>

#include "tests/engine/support/real_engine.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

constexpr std::size_t kRequests = 6;
constexpr std::uint32_t kReply = 24;

struct Outcome
{
    std::vector<std::vector<TokenId>> replies;
    std::uint32_t preemptions = 0, cached = 0;
};

/// Prompts of 20 … 120 tokens; the odd ones begin like their predecessor.
std::vector<TokenId> prompt(std::size_t index)
{
    std::vector<TokenId> ids = madeUpTokens(40, index / 2);
    const std::vector<TokenId> rest = madeUpTokens(10 + 14 * index, 50 + index);
    ids.insert(ids.end(), rest.begin(), rest.end());
    return ids;
}

GenerationRequest request(std::size_t index)
{
    GenerationRequest made;
    made.prompt = prompt(index);
    made.maxTokens = kReply;
    made.ignoreEndOfGeneration = true;
    return made;
}

void collect(RealEngine& real, const std::vector<RequestId>& ids, Outcome& outcome)
{
    for (RequestId id : ids) {
        outcome.replies.push_back(real.reply(id).tokens);
        outcome.preemptions += real.reply(id).end.stats.preemptions;
        outcome.cached += real.reply(id).end.stats.cachedTokens;
    }
}

/// All at once, or each alone after the other.
Outcome runAll(const EngineOptions& options, bool alone = false)
{
    RealEngine real;
    Outcome outcome;
    if (!real.load(options).empty())
        return outcome;
    std::vector<RequestId> ids;
    for (std::size_t i = 0; i < kRequests; ++i) {
        ids.push_back(real.submit(request(i)));
        if (alone && !real.run())
            return outcome;
    }
    if (real.run())
        collect(real, ids, outcome);
    return outcome;
}

} // namespace

class EngineEqualityTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!findDefaultModel())
            QFAIL("the default model is missing: ./installer/test brings it");
        EngineOptions options = testOptions();
        options.prefixCache = false;
        m_wanted = runAll(options, true).replies;
        QCOMPARE(m_wanted.size(), kRequests);
        for (const auto& reply : m_wanted)
            QCOMPARE(reply.size(), std::size_t{kReply});
    }

    void batchedAsAlone()
    {
        EngineOptions options = testOptions();
        options.prefixCache = false;
        const Outcome outcome = runAll(options);
        QCOMPARE(outcome.replies, m_wanted);
        QCOMPARE(outcome.cached, 0U);
    }

    void withThePrefixCache()
    {
        const Outcome outcome = runAll(testOptions(), true);
        QCOMPARE(outcome.replies, m_wanted);
        QVERIFY(outcome.cached > 0);
    }

    void whenPreempted()
    {
        EngineOptions options = testOptions();
        options.kvBlocks = 20; // 320 tokens for 6 × (50 … 144)
        options.scheduler.watermark = 0.0;
        const Outcome outcome = runAll(options);
        QCOMPARE(outcome.replies, m_wanted);
        QVERIFY(outcome.preemptions > 0);
    }

    void forAnyTokenBudget()
    {
        for (const std::uint32_t budget : {7U, 33U, 1024U}) {
            EngineOptions options = testOptions();
            options.scheduler.tokenBudget = budget;
            QCOMPARE(runAll(options).replies, m_wanted);
        }
    }

    void forAnyBlockSize()
    {
        for (const std::uint32_t size : {1U, 5U, 64U}) {
            EngineOptions options = testOptions();
            options.blockSize = size;
            options.kvBlocks = 4096 / size;
            QCOMPARE(runAll(options).replies, m_wanted);
        }
    }

    void forAnyNumberOfThreads()
    {
        EngineOptions options = testOptions();
        options.executor.threads = 1;
        QCOMPARE(runAll(options).replies, m_wanted);
    }

    /// Alone a greedy reply asks for no logits; beside a sampled one it is chosen from them.
    void whetherOrNotLogitsAreWantedBeside()
    {
        RealEngine real;
        QCOMPARE(real.load(), std::string());
        const RequestId greedy = real.submit(request(0));
        GenerationRequest warm = request(3);
        warm.sampling.temperature = 1.0F;
        warm.maxTokens = kReply / 2;
        real.submit(warm);
        QVERIFY(real.run());
        QCOMPARE(real.reply(greedy).tokens, m_wanted.front());
    }

    /// What was computed one way is not found by what is computed the other.
    void otherArithmeticBeginsAnew()
    {
        RealEngine real;
        EngineOptions options = testOptions();
        options.executor.deterministic = false;
        QCOMPARE(real.load(options), std::string());
        QVERIFY(!Engine().setDeterministic(true)); // no model
        const auto cached = [&] {
            const RequestId id = real.submit(request(1));
            return real.run() ? real.reply(id).end.stats.cachedTokens : 0U;
        };
        QCOMPARE(cached(), 0U);
        QVERIFY(cached() > 0);
        QVERIFY(real.engine().setDeterministic(false).has_value()); // as it was
        QVERIFY(cached() > 0);
        QVERIFY(real.engine().setDeterministic(true).has_value());
        QCOMPARE(cached(), 0U);
        const RequestId id = real.submit(request(1));
        QVERIFY(real.run());
        QCOMPARE(real.reply(id).tokens, m_wanted[1]);
    }

    void sampledRepliesDependOnTheSeedOnly()
    {
        const auto sampled = [](std::uint64_t seed, bool crowd) {
            RealEngine real;
            if (!real.load().empty())
                return std::vector<TokenId>();
            for (std::size_t other = 0; other < 4 && crowd; ++other) { // chosen on several threads
                GenerationRequest warm = request(2 + other);
                warm.sampling.temperature = other == 0 ? 0.0F : 1.5F;
                warm.sampling.seed = 70 + other;
                real.submit(warm);
            }
            GenerationRequest made = request(0);
            made.sampling.temperature = 1.0F;
            made.sampling.seed = seed;
            const RequestId id = real.submit(made);
            return real.run() ? real.reply(id).tokens : std::vector<TokenId>();
        };
        const std::vector<TokenId> first = sampled(1, false);
        QCOMPARE(first.size(), std::size_t{kReply});
        QCOMPARE(sampled(1, true), first);
        QVERIFY(sampled(2, false) != first);
    }

private:
    std::vector<std::vector<TokenId>> m_wanted;
};

QTEST_APPLESS_MAIN(EngineEqualityTest)
#include "engine_equality_test.moc"
