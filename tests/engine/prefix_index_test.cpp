// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <random>
#include <set>

#include "engine/kv_cache/prefix_index.h"

using namespace vitrine::engine;

namespace {

const PrefixHasher kHasher(1, 2);

PrefixIndex::Entry makeEntry(const std::vector<TokenId>& tokens, const PrefixKey& parent = {},
                             std::uint64_t salt = 0)
{
    CacheScope scope;
    scope.salt = salt;
    return {kHasher.key(parent, scope, tokens), parent, scope, tokens};
}

} // namespace

class PrefixIndexTest : public QObject
{
    Q_OBJECT

private slots:
    void findsWhatWasInsertedAndNothingElse()
    {
        const std::vector<TokenId> here{1, 2}, other{1, 3};
        PrefixIndex index(4, 2);
        index.insert(BlockId{3}, makeEntry(here));
        QCOMPARE(index.find(makeEntry(here)), BlockId{3});
        QCOMPARE(index.find(makeEntry(other)), kNullBlock);
        QCOMPARE(index.find(makeEntry(here, {}, 9)), kNullBlock);
        QCOMPARE(index.find(makeEntry(here, {5, 6})), kNullBlock);
        QCOMPARE(index.checkInvariants(kHasher), std::string());
    }

    void evictingOneOfTwoEqualBlocksLeavesTheOtherFindable()
    {
        const std::vector<TokenId> tokens{7, 8};
        for (const std::int32_t first : {0, 1}) {
            PrefixIndex index(4, 2);
            index.insert(BlockId{0}, makeEntry(tokens));
            index.insert(BlockId{1}, makeEntry(tokens));
            QCOMPARE(index.findCopy(BlockId{first}), BlockId{1 - first});
            index.erase(BlockId{first});
            QCOMPARE(index.find(makeEntry(tokens)), BlockId{1 - first});
            QCOMPARE(index.findCopy(BlockId{1 - first}), kNullBlock);
            QCOMPARE(index.checkInvariants(kHasher), std::string());
        }
    }

    void equalKeyWithOtherContentsIsNoHit()
    {
        const std::vector<TokenId> tokens{1, 2}, other{3, 4};
        PrefixIndex index(4, 2);
        PrefixIndex::Entry colliding = makeEntry(other);
        colliding.key = makeEntry(tokens).key; // what a hash collision looks like
        index.insert(BlockId{0}, colliding);
        QCOMPARE(index.find(makeEntry(tokens)), kNullBlock);
        index.insert(BlockId{1}, makeEntry(tokens));
        QCOMPARE(index.find(makeEntry(tokens)), BlockId{1});
        QCOMPARE(index.find(colliding), BlockId{0});
        PrefixIndex::Entry elsewhere = makeEntry(tokens);
        elsewhere.parent = {1, 1};
        QCOMPARE(index.find(elsewhere), kNullBlock);
        elsewhere = makeEntry(tokens);
        elsewhere.scope.salt = 1;
        QCOMPARE(index.find(elsewhere), kNullBlock);
    }

    void keysDifferByModelAdapterSaltAndContent()
    {
        const std::vector<TokenId> tokens{1, 2, 3}, swapped{2, 1, 3};
        const PrefixKey base = kHasher.key({}, {}, tokens);
        QVERIFY(!(base == kHasher.key({}, {}, swapped)));
        QVERIFY(!(base == kHasher.key({0, 1}, {}, tokens)));
        QVERIFY(!(base == kHasher.key({1, 0}, {}, tokens)));
        for (const CacheScope& scope : {CacheScope{1, 0, 0}, CacheScope{0, 1, 0}, CacheScope{0, 0, 1}})
            QVERIFY(!(base == kHasher.key({}, scope, tokens)));
        QVERIFY(!(base == PrefixHasher(1, 3).key({}, {}, tokens))); // another model
        QVERIFY(!(base == PrefixHasher(2, 2).key({}, {}, tokens))); // another process
        QVERIFY(base == PrefixHasher(1, 2).key({}, {}, tokens));
    }

    void agreesWithAPlainSearchUnderRandomUse()
    {
        const unsigned seed = std::random_device{}();
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        constexpr std::int32_t kBlocks = 24;
        std::vector<std::vector<TokenId>> contents(kBlocks);
        std::vector<bool> indexed(kBlocks, false);
        PrefixIndex index(kBlocks, 2);
        for (int step = 0; step < 20'000; ++step) {
            const auto i = static_cast<std::int32_t>(random() % kBlocks);
            const auto at = static_cast<std::size_t>(i);
            if (indexed[at]) {
                index.erase(BlockId{i});
            } else {
                contents[at] = {static_cast<TokenId>(random() % 3), static_cast<TokenId>(random() % 3)};
                index.insert(BlockId{i}, makeEntry(contents[at]));
            }
            indexed[at] = !indexed[at];
            const std::vector<TokenId> wanted{static_cast<TokenId>(random() % 3),
                                              static_cast<TokenId>(random() % 3)};
            std::set<std::int32_t> expected, found;
            for (std::size_t b = 0; b < kBlocks; ++b)
                if (indexed[b] && contents[b] == wanted)
                    expected.insert(static_cast<std::int32_t>(b));
            for (BlockId b = index.find(makeEntry(wanted)); b != kNullBlock; b = index.findNext(b))
                found.insert(b.value);
            QCOMPARE(found, expected);
            QCOMPARE(index.checkInvariants(kHasher), std::string());
        }
    }
};

QTEST_APPLESS_MAIN(PrefixIndexTest)
#include "prefix_index_test.moc"
