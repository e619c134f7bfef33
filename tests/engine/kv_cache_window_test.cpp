// SPDX-License-Identifier: GPL-3.0-or-later
// Models that mix full and sliding-window layers: what a block keeps, what it gives back, and what can still
// be shared then. One full page and three window pages a block of four tokens; a window of ten tokens.
#include <QtTest>

#include "engine/kv_cache/block_history.h"
#include "tests/engine/support/scheduler_rig.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

constexpr RequestId kA{1}, kB{2}, kC{3};
constexpr KvShape kShape{1, 3, 10};

KvCacheOptions options(std::uint32_t blocks, std::uint32_t hostBlocks = 0)
{
    KvCacheOptions result;
    result.blocks = blocks;
    result.blockSize = 4;
    result.modelKey = 1;
    result.seed = 2;
    result.hostBlocks = hostBlocks;
    result.shape = kShape;
    return result;
}

/// Computes the tokens in chunks of one block, as a scheduler does, with the window passing.
std::uint32_t fill(KvCache& cache, RequestId id, const std::vector<TokenId>& tokens)
{
    const std::uint32_t found = cache.open(id, tokens, {});
    const auto all = static_cast<std::uint32_t>(tokens.size());
    for (std::uint32_t at = found; at < all;) {
        const std::uint32_t end = std::min(all, (at / 4 + 1) * 4);
        if (!cache.grow(id, all, end))
            qFatal("the pool is too small for this test");
        cache.markComputed(id, std::span(tokens).subspan(at, end - at));
        at = end;
        cache.passWindow(id, at + 1 > kShape.window ? at + 1 - kShape.window : 0);
    }
    return found;
}

#define SOUND(cache) QCOMPARE((cache).checkInvariants(), std::string())

} // namespace

class KvCacheWindowTest : public QObject
{
    Q_OBJECT

private slots:
    void windowPagesGoWhenTheWindowHasPassed()
    {
        KvCache cache(options(16)); // 64 pages
        fill(cache, kA, countingPrompt(40));
        SOUND(cache);
        // The token at 40 looks back to 31: blocks 7, 8 and 9 have window pages that count.
        QCOMPARE(cache.usage().referenced, 10U + 3 * 3);
        QCOMPARE(cache.exclusivePages(kA), 19U);
        QVERIFY(cache.page(kA, 1, 6) < 0 && cache.page(kA, 0, 6) >= 0 && cache.page(kA, 3, 7) >= 0);
    }

    void aRequestMayBeLongerThanThePoolInWholeBlocks()
    {
        KvCache cache(options(8)); // 32 pages: 8 whole blocks, or 14 with window pages for 6 of them
        QCOMPARE(cache.mostTokens(), std::uint64_t{14 * 4});
        QCOMPARE(cache.pagesAlone(14), 32U);
        fill(cache, kA, countingPrompt(56));
        SOUND(cache);
    }

    void mostTokensIsWhatFits()
    {
        for (std::uint32_t blocks = 1; blocks < 40; ++blocks) {
            const KvCache cache(options(blocks));
            const auto most = static_cast<std::uint32_t>(cache.mostTokens() / 4);
            QVERIFY(cache.pagesAlone(most) <= cache.totalPages());
            QVERIFY(cache.pagesAlone(most + 1) > cache.totalPages());
        }
    }

    void aPrefixIsSharedWhereItsLastWindowIsThere()
    {
        KvCache cache(options(32));
        fill(cache, kA, countingPrompt(41));
        std::vector<TokenId> longer = countingPrompt(44);
        longer[43] = 999;
        QCOMPARE(fill(cache, kB, longer), 40U);
        SOUND(cache);
        QVERIFY(cache.page(kB, 1, 7) < 0 && cache.page(kB, 1, 8) >= 0);
        QCOMPARE(cache.page(kB, 1, 8), cache.page(kA, 1, 8));
    }

    void idleWindowPagesAreFoundUntilTheMemoryIsNeeded()
    {
        KvCache cache(options(12)); // 48 pages
        fill(cache, kA, countingPrompt(41));
        std::vector<TokenId> branch = countingPrompt(26);
        branch[25] = 999; // leaves kA's prompt where its window has passed
        QCOMPARE(cache.lookUp(branch, {}).device, 24U);
        fill(cache, kC, countingPrompt(16, 500)); // takes the idle ones
        SOUND(cache);
        QVERIFY(cache.lookUp(branch, {}).device < 24U);
        cache.close(kC);
        const std::uint32_t found = fill(cache, kB, branch);
        QVERIFY(found < 24U);
        SOUND(cache);
    }

    void windowPagesGoBeforeBlocksThatWereUsedLater()
    {
        KvCache cache(options(12));
        fill(cache, kA, countingPrompt(40));
        cache.close(kA);
        fill(cache, kB, countingPrompt(24, 500)); // needs what kA left first: its passed window pages
        SOUND(cache);
        std::vector<TokenId> again = countingPrompt(41);
        QCOMPARE(cache.lookUp(again, {}).device, 40U);
    }

    void samplesCopyTheBlockThatTheyWriteTo()
    {
        KvCache cache(options(16));
        fill(cache, kA, countingPrompt(18));
        cache.fork(kA, kB);
        SOUND(cache);
        QCOMPARE(cache.growDemand(kB, 19), 4U); // full and window pages of the shared block
        cache.takeTransfers();
        QVERIFY(cache.grow(kB, 19));
        QCOMPARE(cache.takeTransfers().size(), std::size_t{4});
        QVERIFY(cache.page(kA, 2, 4) != cache.page(kB, 2, 4) && cache.page(kA, 2, 3) == cache.page(kB, 2, 3));
        SOUND(cache);
        cache.close(kA);
        cache.close(kB);
        QCOMPARE(cache.usage().referenced, 0U);
        SOUND(cache);
    }

    void swapsMoveOnlyWhatIsStillLookedAt()
    {
        KvCache cache(options(16, 16));
        fill(cache, kA, countingPrompt(42));
        cache.takeTransfers();
        const std::uint32_t held = cache.usage().referenced;
        QVERIFY(cache.swapOut(kA));
        QCOMPARE(cache.takeTransfers().size(), std::size_t{held});
        SOUND(cache);
        cache.dropPrefixes(); // nothing is left on the device
        QCOMPARE(cache.usage().free, 64U);
        QVERIFY(cache.swapInDemand(kA, 43) <= 64U);
        QVERIFY(cache.swapIn(kA) && cache.grow(kA, 43));
        QCOMPARE(cache.takeTransfers().size(), std::size_t{held});
        QCOMPARE(cache.usage().referenced, held);
        SOUND(cache);
    }

    void aPoolThatShrinksMovesPages()
    {
        KvCache cache(options(32));
        BlockLog log;
        BlockHistory history(32, 0, kShape);
        cache.setLog(&log);
        fill(cache, kA, countingPrompt(30));
        fill(cache, kB, countingPrompt(30, 500));
        cache.close(kA);
        const std::vector<BlockId> before(cache.table(kB).begin(), cache.table(kB).end());
        const std::uint32_t held = cache.usage().referenced;
        cache.takeTransfers();
        QVERIFY(!cache.resize(held / 4 - 1));
        QVERIFY(cache.resize(held / 4 + 1));
        SOUND(cache);
        QCOMPARE(cache.usage().referenced, held);
        for (std::uint32_t column = 0; column < 4; ++column)
            for (std::size_t i = 0; i < before.size(); ++i)
                QVERIFY(cache.page(kB, column, i) < static_cast<std::int32_t>(cache.totalPages()));
        QVERIFY(cache.resize(64));
        SOUND(cache);
        QVERIFY(cache.grow(kB, 200, 31));
        history.apply(log);
        QVERIFY(history.usage() == cache.usage());
    }

    void holesOfAnEndlessChatGiveBothKindsBack()
    {
        KvCache cache(options(16));
        fill(cache, kA, countingPrompt(40));
        QVERIFY(cache.trim(kA, 36, 4, false) > 0);
        SOUND(cache);
        QVERIFY(cache.dropBlock(kA, 9));
        SOUND(cache);
        QCOMPARE(cache.usage().referenced, 1U);
        cache.close(kA);
        SOUND(cache);
    }
};

QTEST_APPLESS_MAIN(KvCacheWindowTest)
#include "kv_cache_window_test.moc"
