// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine says about whose tokens lie in KV: while a reply is written, after it, and once its blocks
// have gone to others.
#include <QtTest>

#include "tests/engine/support/real_engine.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

constexpr std::uint32_t kPrompt = 100;
constexpr std::uint32_t kReply = 20;
constexpr std::uint32_t kBlock = 16;
constexpr std::uint32_t kWhole = (kPrompt + kReply - 1) / kBlock * kBlock; // the last token is never in KV

GenerationRequest request(std::size_t variant, std::uint32_t prompt = kPrompt)
{
    GenerationRequest request;
    request.prompt = madeUpTokens(prompt, variant);
    request.maxTokens = kReply;
    request.ignoreEndOfGeneration = true;
    return request;
}

/// Nothing goes down to host memory: what is evicted is gone.
EngineOptions smallPool(std::uint32_t blocks)
{
    EngineOptions options = testOptions();
    options.kvBlocks = blocks;
    options.hostBlocks = 0;
    return options;
}

std::vector<TokenId> reply(RealEngine& real, const GenerationRequest& asked)
{
    const RequestId id = real.submit(asked);
    real.run();
    return real.reply(id).end.path;
}

} // namespace

class EngineResidencyTest : public QObject
{
    Q_OBJECT

private slots:
    void pathIsPromptAndReply()
    {
        RealEngine real;
        QCOMPARE(real.load(), std::string());
        const RequestId id = real.submit(request(0));
        real.run();
        std::vector<TokenId> expected = madeUpTokens(kPrompt, 0);
        const std::vector<TokenId>& said = real.reply(id).tokens;
        expected.insert(expected.end(), said.begin(), said.end());
        QCOMPARE(real.reply(id).end.path, expected);
    }

    void whatWasRepliedIsResidentInWholeBlocks()
    {
        RealEngine real;
        QCOMPARE(real.load(), std::string());
        const std::vector<TokenId> path = reply(real, request(0));
        const KvResidency now = real.engine().residency(path);
        QCOMPARE(now.tokens, kPrompt + kReply);
        QCOMPARE(now.resident, kWhole);
        // And it is what the next prompt finds.
        GenerationRequest next;
        std::vector<TokenId> longer = path;
        longer.push_back(1000);
        next.prompt = longer;
        next.maxTokens = 1;
        const Result<KvResidency> foreseen = real.engine().foresee(next);
        QVERIFY(foreseen.has_value());
        QCOMPARE(foreseen->tokens, kPrompt + kReply + 1);
        const RequestId id = real.submit(next);
        real.run();
        QCOMPARE(real.reply(id).end.stats.cachedTokens, foreseen->resident);
    }

    void runningRequestIsResidentAsFarAsItIsComputed()
    {
        RealEngine real;
        QCOMPARE(real.load(), std::string());
        const RequestId id = real.submit(request(0));
        QCOMPARE(real.engine().residency(id), (KvResidency{kPrompt, 0, kPrompt / kBlock * kBlock}));
        while (real.reply(id).tokens.size() < 5)
            QVERIFY(real.engine().step());
        const KvResidency now = real.engine().residency(id);
        QVERIFY(now.tokens >= kPrompt + 5);
        QVERIFY(now.resident >= kPrompt + 4 && now.resident <= now.tokens);
        real.run();
        QCOMPARE(real.engine().residency(id), KvResidency{});
    }

    void evictionTakesTheTailFirstThenAll()
    {
        RealEngine real;
        QCOMPARE(real.load(smallPool(16)), std::string());
        const std::vector<TokenId> path = reply(real, request(0)); // 8 blocks, 7 of them whole
        QCOMPARE(real.engine().residency(path).resident, kWhole);
        const std::uint64_t before = real.engine().residencyChanges();
        reply(real, request(1, 140)); // 10 blocks: the other 8 were free, or hold nothing that is kept
        QVERIFY(real.engine().residencyChanges() > before);
        const std::uint32_t part = real.engine().residency(path).resident;
        QVERIFY2(part > 0 && part < kWhole && part % kBlock == 0, qPrintable(QString::number(part)));
        reply(real, request(2, 230));
        QCOMPARE(real.engine().residency(path), (KvResidency{kPrompt + kReply, 0, kWhole}));
    }

    void evictedToHostMemoryStillCounts()
    {
        EngineOptions options = smallPool(16);
        options.hostBlocks = 64;
        RealEngine real;
        QCOMPARE(real.load(options), std::string());
        const std::vector<TokenId> path = reply(real, request(0));
        reply(real, request(1, 230));
        QCOMPARE(real.engine().residency(path).resident, kWhole); // brought back, not computed again
    }

    void nothingIsResidentWithoutAModelOrInAnotherOne()
    {
        RealEngine real;
        QCOMPARE(real.load(), std::string());
        const std::vector<TokenId> path = reply(real, request(0));
        real.engine().unload();
        QCOMPARE(real.engine().residency(path), (KvResidency{kPrompt + kReply, 0, 0}));
        QVERIFY(!real.engine().foresee(request(0)).has_value());
        QCOMPARE(real.load(), std::string());
        QCOMPARE(real.engine().residency(path).resident, 0U);
    }
};

QTEST_GUILESS_MAIN(EngineResidencyTest)
#include "engine_residency_test.moc"
