// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "engine/kv_cache/block_pool.h"

using namespace vitrine::engine;

class BlockPoolTest : public QObject
{
    Q_OBJECT

private slots:
    void startsWithEveryBlockFreeAndHandsThemOutInOrder()
    {
        BlockPool pool(3);
        QCOMPARE(pool.available(), 3U);
        for (std::int32_t expected = 0; expected < 3; ++expected) {
            const BlockId block = pool.take();
            QCOMPARE(block.value, expected);
            QCOMPARE(pool.state(block), BlockState::Referenced);
        }
        QCOMPARE(pool.available(), 0U);
        QCOMPARE(pool.checkInvariants(), std::string());
    }

    void sharedBlockStaysUntilTheLastReferenceGoes()
    {
        BlockPool pool(2);
        const BlockId block = pool.take();
        pool.retain(block);
        pool.release(block, true);
        QCOMPARE(pool.state(block), BlockState::Referenced);
        pool.release(block, true);
        QCOMPARE(pool.state(block), BlockState::Cached);
        QCOMPARE(pool.checkInvariants(), std::string());
    }

    void takesFreeBlocksBeforeCachedOnesAndTheOldestCachedFirst()
    {
        BlockPool pool(4);
        const BlockId a = pool.take(), b = pool.take(), c = pool.take();
        pool.release(b, true);
        pool.release(a, true);
        pool.release(c, false);
        QCOMPARE(pool.take(), c); // free, last used
        QCOMPARE(pool.take(), BlockId{3});
        QCOMPARE(pool.take(), b); // cached longest
        QCOMPARE(pool.take(), a);
        QCOMPARE(pool.checkInvariants(), std::string());
    }

    void revivesACachedBlockOutOfTheMiddleOfTheList()
    {
        BlockPool pool(5);
        for (int i = 0; i < 5; ++i)
            pool.take();
        for (std::int32_t i = 0; i < 5; ++i)
            pool.release(BlockId{i}, true);
        pool.retain(BlockId{2});
        QCOMPARE(pool.checkInvariants(), std::string());
        QCOMPARE(pool.cached(), 4U);
        for (const std::int32_t expected : {0, 1, 3, 4})
            QCOMPARE(pool.take().value, expected);
    }

    void forgottenBlockBecomesFreeAndIsTakenFirst()
    {
        BlockPool pool(3);
        for (int i = 0; i < 3; ++i)
            pool.take();
        for (std::int32_t i = 0; i < 3; ++i)
            pool.release(BlockId{i}, true);
        pool.forget(BlockId{1});
        QCOMPARE(pool.state(BlockId{1}), BlockState::Free);
        QCOMPARE(pool.cached(), 2U);
        QCOMPARE(pool.checkInvariants(), std::string());
        QCOMPARE(pool.take(), BlockId{1});
    }

    void emptyPoolIsConsistent()
    {
        const BlockPool pool(0);
        QCOMPARE(pool.available(), 0U);
        QCOMPARE(pool.checkInvariants(), std::string());
    }
};

QTEST_APPLESS_MAIN(BlockPoolTest)
#include "block_pool_test.moc"
