// SPDX-License-Identifier: GPL-3.0-or-later
// Forks, promises, holes, host memory and a pool that changes its size, one behaviour a slot.
#include <QtTest>

#include "tests/engine/support/reference_prefix_cache.h"
#include "tests/engine/support/scheduler_rig.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

constexpr RequestId kA{1}, kB{2}, kC{3};

KvCacheOptions options(std::uint32_t blocks = 16, std::uint32_t hostBlocks = 0)
{
    return {.blocks = blocks,
            .blockSize = 4,
            .prefixCache = true,
            .modelKey = 1,
            .seed = 2,
            .hostBlocks = hostBlocks};
}

std::uint32_t fill(KvCache& cache, RequestId id, const std::vector<TokenId>& tokens,
                   const CacheScope& scope = {})
{
    const std::uint32_t found = cache.open(id, tokens, scope);
    if (!cache.grow(id, static_cast<std::uint32_t>(tokens.size())))
        qFatal("the pool is too small for this test");
    cache.markComputed(id, std::span(tokens).subspan(found));
    return found;
}

void add(KvCache& cache, RequestId id, std::uint32_t known, TokenId token)
{
    if (!cache.grow(id, known + 1))
        qFatal("the pool is too small for this test");
    cache.markComputed(id, std::span(&token, 1));
}

std::vector<KvTransfer> only(const std::vector<KvTransfer>& all, KvTransfer::Kind kind)
{
    std::vector<KvTransfer> some;
    std::copy_if(all.begin(), all.end(), std::back_inserter(some),
                 [kind](const KvTransfer& transfer) { return transfer.kind == kind; });
    return some;
}

#define SOUND(cache) QCOMPARE((cache).checkInvariants(), std::string())

} // namespace

class KvCacheSharingTest : public QObject
{
    Q_OBJECT

private slots:
    void forkSharesThePartialBlockUntilOneWrites()
    {
        KvCache cache(options());
        fill(cache, kA, countingPrompt(6));
        cache.fork(kA, kB);
        QCOMPARE(cache.usage().referenced, 2U);
        QCOMPARE(cache.growDemand(kB, 7), 1U);
        const BlockId shared = cache.table(kA)[1];
        add(cache, kB, 6, 77);
        const std::vector<KvTransfer> transfers = cache.takeTransfers();
        QCOMPARE(transfers.size(), 1U);
        QCOMPARE(transfers[0].from, shared.value);
        QCOMPARE(transfers[0].to, cache.table(kB)[1].value);
        add(cache, kA, 6, 78); // the last holder writes where it is
        QVERIFY(cache.takeTransfers().empty());
        QCOMPARE(cache.table(kA)[1], shared);
        SOUND(cache);
    }

    void forkWithoutABlockToCopyToChangesNothing()
    {
        KvCache cache(options(2));
        fill(cache, kA, countingPrompt(6));
        cache.fork(kA, kB);
        QVERIFY(!cache.grow(kB, 7));
        QVERIFY(cache.takeTransfers().empty());
        cache.close(kA);
        QVERIFY(cache.grow(kB, 7));
        SOUND(cache);
    }

    void blocksOfThisStepAreShared()
    {
        KvCache cache(options());
        const std::vector<TokenId> tokens = countingPrompt(14);
        QCOMPARE(cache.open(kA, tokens, {}), 0U);
        QVERIFY(cache.grow(kA, 14));
        cache.promise(kA, tokens);
        QCOMPARE(cache.lookUp(tokens, {}).later, 12U); // it comes, but nobody says when
        cache.plan(kA, 9);
        QCOMPARE(cache.lookUp(tokens, {}).landing, 8U);
        QCOMPARE(cache.lookUp(tokens, {}).later, 4U);
        QCOMPARE(cache.open(kB, tokens, {}), 8U);
        QCOMPARE(cache.table(kB)[1], cache.table(kA)[1]);
        cache.markComputed(kA, std::span(tokens).first(9));
        SOUND(cache);
        QCOMPARE(cache.lookUp(tokens, {}).device, 8U);
        cache.close(kB);
        cache.close(kA); // what it promised beyond is forgotten
        QCOMPARE(cache.lookUp(tokens, {}).later, 0U);
        SOUND(cache);
    }

    void plansThatAreCancelledAreNotShared()
    {
        KvCache cache(options());
        const std::vector<TokenId> tokens = countingPrompt(14);
        cache.open(kA, tokens, {});
        QVERIFY(cache.grow(kA, 14));
        cache.promise(kA, tokens);
        cache.plan(kA, 14);
        cache.cancelPlans();
        QCOMPARE(cache.lookUp(tokens, {}).found(), 0U);
        QCOMPARE(cache.open(kB, tokens, {}), 0U);
        SOUND(cache);
    }

    void findsALiveCopyAfterADuplicateWasEvicted()
    {
        KvCache cache(options(4));
        const std::vector<TokenId> tokens = countingPrompt(5);
        for (const RequestId id : {kA, kB}) { // both compute it, neither saw the other
            cache.open(id, std::vector<TokenId>{9}, {});
            QVERIFY(cache.grow(id, 5));
        }
        for (const RequestId id : {kA, kB})
            cache.markComputed(id, std::span(tokens).first(4));
        cache.close(kA); // its copy goes, the other one is still used
        QCOMPARE(cache.lookUp(tokens, {}).device, 4U);
        SOUND(cache);
    }

    void revivedBlockKeepsItsHash()
    {
        KvCache cache(options());
        const std::vector<TokenId> tokens = countingPrompt(9);
        fill(cache, kA, tokens);
        cache.close(kA);
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(fill(cache, kB, tokens), 8U);
            cache.close(kB);
            SOUND(cache);
        }
    }

    void scopesShareNothing()
    {
        KvCache cache(options());
        const std::vector<TokenId> tokens = countingPrompt(9);
        fill(cache, kA, tokens, {1, 2, 3});
        QCOMPARE(cache.lookUp(tokens, {1, 2, 3}).found(), 8U);
        for (const CacheScope& other : {CacheScope{0, 2, 3}, CacheScope{1, 0, 3}, CacheScope{1, 2, 0}})
            QCOMPARE(cache.lookUp(tokens, other).found(), 0U);
    }

    // Holes

    void trimmedBlocksComeBackToThePoolAndStayFindable()
    {
        KvCache cache(options());
        const std::vector<TokenId> tokens = countingPrompt(20);
        fill(cache, kA, tokens);
        QCOMPARE(cache.trim(kA, 13, 0, true), 3U);
        QCOMPARE(cache.table(kA)[2], kNullBlock);
        QVERIFY(cache.table(kA)[3] != kNullBlock);
        QCOMPARE(cache.usage().cached, 3U);
        QCOMPARE(cache.lookUp(tokens, {}).device, 16U);
        add(cache, kA, 20, 5);
        SOUND(cache);
        cache.close(kA);
        SOUND(cache);
    }

    void whatIsComputedBehindAHoleIsNeverShared()
    {
        KvCache cache(options());
        std::vector<TokenId> tokens = countingPrompt(10);
        fill(cache, kA, tokens);
        QVERIFY(cache.dropBlock(kA, 1));
        QVERIFY(!cache.dropBlock(kA, 1)); // gone already
        QVERIFY(!cache.dropBlock(kA, 2)); // not full
        for (TokenId token = 50; token < 60; ++token) {
            add(cache, kA, static_cast<std::uint32_t>(tokens.size()), token);
            tokens.push_back(token);
        }
        QCOMPARE(cache.lookUp(tokens, {}).device, 8U); // from before the hole
        SOUND(cache);
        cache.close(kA);
        QCOMPARE(cache.usage().cached, 2U);
        SOUND(cache);
    }

    void sinksStay()
    {
        KvCache cache(options());
        fill(cache, kA, countingPrompt(30));
        QCOMPARE(cache.trim(kA, 22, 3, false), 4U);
        QVERIFY(cache.table(kA)[0] != kNullBlock && cache.table(kA)[1] == kNullBlock);
    }

    // Host memory

    void swapsOutAndInAgain()
    {
        KvCache cache(options(8, 8));
        fill(cache, kA, countingPrompt(10));
        QVERIFY(cache.swapOut(kA));
        QVERIFY(cache.isSwapped(kA) && cache.table(kA).empty());
        QCOMPARE(cache.usage().hostPinned, 3U);
        QCOMPARE(only(cache.takeTransfers(), KvTransfer::Kind::SwapOut).size(), 3U);
        fill(cache, kB, countingPrompt(32, 500)); // takes the whole device
        QVERIFY(!cache.swapIn(kA));
        cache.close(kB);
        cache.takeTransfers();
        QVERIFY(cache.swapIn(kA));
        QCOMPARE(only(cache.takeTransfers(), KvTransfer::Kind::SwapIn).size(), 3U);
        QCOMPARE(cache.usage().hostPinned, 0U);
        add(cache, kA, 10, 5);
        SOUND(cache);
    }

    void whatStillLiesOnTheDeviceIsNotCopiedBack()
    {
        KvCache cache(options(8, 8));
        fill(cache, kA, countingPrompt(10));
        QVERIFY(cache.swapOut(kA));
        cache.takeTransfers();
        QVERIFY(cache.swapIn(kA));
        QCOMPARE(cache.takeTransfers().size(), 1U); // only the partial block
        SOUND(cache);
    }

    void fullHostRefusesASwap()
    {
        KvCache cache(options(8, 2));
        fill(cache, kA, countingPrompt(10));
        QVERIFY(!cache.swapOut(kA));
        QVERIFY(!cache.isSwapped(kA));
        QVERIFY(cache.takeTransfers().empty());
        SOUND(cache);
    }

    void evictedPrefixesComeBackFromHostMemory()
    {
        KvCache cache(options(4, 8));
        const std::vector<TokenId> tokens = countingPrompt(13);
        fill(cache, kA, tokens);
        cache.close(kA);
        fill(cache, kB, countingPrompt(16, 500)); // pushes them out
        cache.close(kB);
        QVERIFY(cache.usage().hostPrefix >= 3);
        QCOMPARE(cache.lookUp(tokens, {}).host, 12U);
        cache.takeTransfers();
        QCOMPARE(fill(cache, kC, tokens), 12U);
        QCOMPARE(only(cache.takeTransfers(), KvTransfer::Kind::SwapIn).size(), 3U);
        SOUND(cache);
    }

    void prefetchFillsOnlyWhatIsFree()
    {
        KvCache cache(options(8, 8));
        const std::vector<TokenId> tokens = countingPrompt(13);
        fill(cache, kA, tokens);
        cache.close(kA);
        fill(cache, kB, countingPrompt(32, 500));
        QCOMPARE(cache.prefetch(tokens, {}, 8), 0U); // the device is full
        cache.close(kB);
        QCOMPARE(cache.prefetch(tokens, {}, 8), 0U); // of what others may still want
        cache.dropPrefixes();
        QCOMPARE(cache.prefetch(tokens, {}, 8), 0U); // host memory was emptied too
        SOUND(cache);
    }

    void prefetchBringsAConversationBack()
    {
        KvCache cache(options(8, 16));
        const std::vector<TokenId> tokens = countingPrompt(13);
        fill(cache, kA, tokens);
        cache.close(kA);
        fill(cache, kB, countingPrompt(30, 500)); // seven full blocks, and one that is not
        cache.close(kB);
        QCOMPARE(cache.usage().free, 1U);
        QCOMPARE(cache.prefetch(tokens, {}, 8), 1U);
        QCOMPARE(cache.lookUp(tokens, {}).device, 4U);
        SOUND(cache);
    }

    // The pool

    void shrinkingMovesWhoIsInTheTail()
    {
        KvCache cache(options(16));
        fill(cache, kA, countingPrompt(10));
        fill(cache, kB, countingPrompt(10, 500));
        cache.close(kA); // free and cached places at the front
        QVERIFY(!cache.resize(2));
        QVERIFY(cache.resize(4));
        QCOMPARE(cache.options().blocks, 4U);
        for (const BlockId block : cache.table(kB))
            QVERIFY(block.value < 4);
        QCOMPARE(only(cache.takeTransfers(), KvTransfer::Kind::Copy).size(), 2U);
        SOUND(cache);
        QVERIFY(cache.resize(100));
        add(cache, kB, 10, 3);
        QCOMPARE(cache.usage().free + cache.usage().cached + cache.usage().referenced, 100U);
        SOUND(cache);
    }

    // The reference

    void agreesWithThePlainPrefixCache()
    {
        const unsigned seed = std::random_device{}();
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        const auto pick = [&](unsigned low, unsigned high) {
            return std::uniform_int_distribution<unsigned>(low, high)(random);
        };
        for (int run = 0; run < vitrine::tests::effort(300, 60); ++run) {
            KvCacheOptions pool = options(pick(3, 20));
            pool.blockSize = pick(1, 4);
            KvCache cache(pool);
            ReferencePrefixCache reference(pool.blocks, pool.blockSize);
            std::map<RequestId, std::vector<TokenId>> live;
            for (std::uint64_t step = 1; step <= 1000; ++step) {
                if (pick(0, 1) == 0 || live.empty()) {
                    std::vector<TokenId> tokens(pick(1, 4 * pool.blockSize));
                    for (TokenId& token : tokens)
                        token = static_cast<TokenId>(pick(0, 1));
                    const RequestId id{step};
                    const CacheScope scope{pick(0, 1), 0, 0};
                    QCOMPARE(cache.lookUp(tokens, scope).device, reference.lookUp(tokens, scope));
                    if (cache.demand(tokens, scope) > cache.available())
                        continue;
                    fill(cache, id, tokens, scope);
                    reference.run(id, tokens, scope);
                    live[id] = tokens;
                } else {
                    const auto gone =
                        std::next(live.begin(), pick(0, static_cast<unsigned>(live.size()) - 1));
                    cache.close(gone->first);
                    reference.close(gone->first);
                    live.erase(gone);
                }
                QCOMPARE(cache.usage().cached, reference.cached());
                QCOMPARE(cache.usage().referenced, reference.referenced());
                SOUND(cache);
            }
        }
    }
};

QTEST_APPLESS_MAIN(KvCacheSharingTest)
#include "kv_cache_sharing_test.moc"
