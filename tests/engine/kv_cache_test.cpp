// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "tests/engine/support/scheduler_rig.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

constexpr KvCacheOptions kOptions{.blocks = 8, .blockSize = 4, .prefixCache = true, .modelKey = 1, .seed = 2};

CacheScope scope(std::uint64_t salt)
{
    CacheScope scope;
    scope.salt = salt;
    return scope;
}

std::uint32_t found(const KvCache& cache, const std::vector<TokenId>& tokens, std::uint64_t salt)
{
    return cache.lookUp(tokens, scope(salt)).found();
}

/// Opens, grows and computes the whole of `tokens`. Returns the tokens found.
std::uint32_t fill(KvCache& cache, std::uint64_t id, const std::vector<TokenId>& tokens,
                   std::uint64_t salt = 0)
{
    const std::uint32_t found = cache.open(RequestId{id}, tokens, scope(salt));
    if (!cache.grow(RequestId{id}, static_cast<std::uint32_t>(tokens.size())))
        qFatal("the pool is too small for this test");
    cache.markComputed(RequestId{id}, std::span(tokens).subspan(found));
    return found;
}

std::vector<BlockId> blocksOf(const KvCache& cache, std::uint64_t id)
{
    const std::span<const BlockId> table = cache.table(RequestId{id});
    return {table.begin(), table.end()};
}

} // namespace

class KvCacheTest : public QObject
{
    Q_OBJECT

private slots:
    void computedPrefixIsFoundWhileInUseAndAfter()
    {
        KvCache cache(kOptions);
        const std::vector<TokenId> tokens = countingPrompt(10);
        QCOMPARE(fill(cache, 1, tokens), 0U);
        QCOMPARE(fill(cache, 2, tokens), 8U);
        QCOMPARE(blocksOf(cache, 1)[1], blocksOf(cache, 2)[1]);
        QVERIFY(blocksOf(cache, 1)[2] != blocksOf(cache, 2)[2]);
        QCOMPARE(cache.usage().referenced, 4U);
        cache.close(RequestId{1});
        cache.close(RequestId{2});
        QCOMPARE(cache.usage().cached, 2U);
        QCOMPARE(found(cache, tokens, 0), 8U);
        QCOMPARE(cache.checkInvariants(), std::string());
    }

    void fullHitLeavesTheLastTokenToCompute()
    {
        KvCache cache(kOptions);
        const std::vector<TokenId> tokens = countingPrompt(8);
        fill(cache, 1, tokens);
        QCOMPARE(found(cache, tokens, 0), 4U);
        QCOMPARE(found(cache, countingPrompt(9), 0), 8U);
        QCOMPARE(found(cache, countingPrompt(1), 0), 0U);
        QCOMPARE(found(cache, {}, 0), 0U);
    }

    void onlyFullBlocksAreFindable()
    {
        KvCache cache(kOptions);
        const std::vector<TokenId> tokens = countingPrompt(12);
        cache.open(RequestId{1}, tokens, scope(0));
        QVERIFY(cache.grow(RequestId{1}, 12));
        QCOMPARE(found(cache, tokens, 0), 0U); // granted, but nothing computed
        cache.markComputed(RequestId{1}, std::span(tokens).first(7));
        QCOMPARE(found(cache, tokens, 0), 4U);
        cache.markComputed(RequestId{1}, std::span(tokens).subspan(7, 1));
        QCOMPARE(found(cache, tokens, 0), 8U);
        QCOMPARE(cache.checkInvariants(), std::string());
    }

    void saltAndModelSeparatePrefixes()
    {
        KvCache cache(kOptions);
        const std::vector<TokenId> tokens = countingPrompt(9);
        fill(cache, 1, tokens, 5);
        QCOMPARE(found(cache, tokens, 5), 8U);
        QCOMPARE(found(cache, tokens, 6), 0U);
        QCOMPARE(found(cache, tokens, 0), 0U);
    }

    void evictedDuplicateLeavesTheLiveCopyFindable()
    {
        KvCache cache(kOptions);
        const std::vector<TokenId> tokens = countingPrompt(9);
        // Both opened before either is computed: two copies of the same blocks.
        for (const std::uint64_t id : {1, 2}) {
            cache.open(RequestId{id}, tokens, scope(0));
            QVERIFY(cache.grow(RequestId{id}, 9));
        }
        cache.markComputed(RequestId{1}, tokens);
        cache.markComputed(RequestId{2}, tokens);
        QCOMPARE(cache.checkInvariants(), std::string());
        for (const std::uint64_t gone : {1, 2}) {
            cache.close(RequestId{gone});
            QCOMPARE(found(cache, tokens, 0), 8U);
            QCOMPARE(cache.checkInvariants(), std::string());
        }
        QCOMPARE(cache.usage().cached, 2U); // one copy is enough
    }

    void hitTakesTheCopyThatIsInUse()
    {
        KvCache cache(kOptions);
        const std::vector<TokenId> tokens = countingPrompt(9);
        cache.open(RequestId{1}, tokens, scope(0));
        QVERIFY(cache.grow(RequestId{1}, 9));
        fill(cache, 2, tokens);
        cache.close(RequestId{2});                // one copy is cached …
        cache.markComputed(RequestId{1}, tokens); // … and now one is in use
        QCOMPARE(cache.usage().cached, 2U);
        QCOMPARE(cache.demand(tokens, scope(0)), 1U);
        QCOMPARE(cache.checkInvariants(), std::string());
    }

    void revivedBlockKeepsItsContentsFindable()
    {
        KvCache cache(kOptions);
        const std::vector<TokenId> tokens = countingPrompt(9);
        fill(cache, 1, tokens);
        cache.close(RequestId{1});
        for (std::uint64_t id = 2; id < 6; ++id) {
            QCOMPARE(fill(cache, id, tokens), 8U);
            cache.close(RequestId{id});
            QCOMPARE(cache.checkInvariants(), std::string());
        }
    }

    void evictsTheTailOfTheOldestPrefixFirst()
    {
        KvCache cache(kOptions);
        const std::vector<TokenId> older = countingPrompt(13), newer = countingPrompt(13, 100);
        fill(cache, 1, older);
        fill(cache, 2, newer);
        cache.close(RequestId{1});
        cache.close(RequestId{2});
        QCOMPARE(cache.usage().cached, 6U);
        cache.open(RequestId{3}, {}, scope(0));
        QVERIFY(cache.grow(RequestId{3}, 16)); // two free blocks and two cached ones
        QCOMPARE(found(cache, older, 0), 4U);
        QCOMPARE(found(cache, newer, 0), 12U);
        QCOMPARE(cache.checkInvariants(), std::string());
    }

    void refusedGrowthChangesNothing()
    {
        KvCache cache(kOptions);
        fill(cache, 1, countingPrompt(20));
        cache.open(RequestId{2}, {}, scope(0));
        QVERIFY(!cache.grow(RequestId{2}, 13));
        QVERIFY(cache.table(RequestId{2}).empty());
        QCOMPARE(cache.available(), 3U);
        QVERIFY(cache.grow(RequestId{2}, 12));
        QCOMPARE(cache.available(), 0U);
        QVERIFY(cache.grow(RequestId{2}, 12)); // already covered
        QCOMPARE(cache.checkInvariants(), std::string());
    }

    void demandCountsCachedHitsButNotSharedOnes()
    {
        KvCache cache(kOptions);
        const std::vector<TokenId> tokens = countingPrompt(9);
        QCOMPARE(cache.demand(tokens, scope(0)), 3U);
        fill(cache, 1, tokens);
        QCOMPARE(cache.demand(tokens, scope(0)), 1U); // two blocks are in use anyway
        cache.close(RequestId{1});
        QCOMPARE(cache.demand(tokens, scope(0)), 3U); // two come out of the cached ones
        const std::uint32_t before = cache.available();
        cache.open(RequestId{2}, tokens, scope(0));
        QVERIFY(cache.grow(RequestId{2}, 9));
        QCOMPARE(before - cache.available(), 3U);
    }

    void droppedPrefixesAreNeverFoundAgain()
    {
        KvCache cache(kOptions);
        fill(cache, 1, countingPrompt(9));
        fill(cache, 2, countingPrompt(9, 50));
        cache.close(RequestId{1});
        cache.dropPrefixes();
        QCOMPARE(cache.usage().cached, 0U);
        QCOMPARE(found(cache, countingPrompt(9), 0), 0U);
        QCOMPARE(found(cache, countingPrompt(9, 50), 0), 8U); // in use, so not only cached
        QCOMPARE(cache.checkInvariants(), std::string());
    }

    void switchedOffCacheFindsNothing()
    {
        KvCacheOptions options = kOptions;
        options.prefixCache = false;
        KvCache cache(options);
        QCOMPARE(fill(cache, 1, countingPrompt(9)), 0U);
        QCOMPARE(fill(cache, 2, countingPrompt(9)), 0U);
        cache.close(RequestId{1});
        QCOMPARE(cache.usage().cached, 0U);
        QCOMPARE(cache.checkInvariants(), std::string());
    }

    void slotIsTheBlocksPlaceAndTheOffset()
    {
        KvCache cache(kOptions);
        fill(cache, 1, countingPrompt(6));
        const BlockId second = cache.table(RequestId{1})[1];
        QCOMPARE(cache.slot(RequestId{1}, 5), static_cast<std::uint32_t>(second.value) * 4 + 1);
    }
};

QTEST_APPLESS_MAIN(KvCacheTest)
#include "kv_cache_test.moc"
