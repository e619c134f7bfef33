// SPDX-License-Identifier: GPL-3.0-or-later
// What became of KV blocks, and what a pool of another size would have found.
#include "engine/analysis/block_life.h"

#include <QElapsedTimer>
#include <QTest>

#include "engine/analysis/pool_what_if.h"
#include "tests/engine/support/recorded_run.h"
#include "tests/engine/support/shared_load.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

BlockEvent block(BlockEventKind kind, std::uint64_t request, std::int32_t block, std::uint32_t index = 0)
{
    return {kind, RequestId{request}, BlockId{block}, -1, index};
}

RecordedStep step(std::uint64_t number, std::int64_t ms, std::vector<BlockEvent> blocks)
{
    RecordedStep step;
    step.record.step = number;
    step.record.startNs = ms * 1'000'000;
    step.record.endNs = step.record.startNs + 1'000'000;
    step.blocks = std::move(blocks);
    return step;
}

} // namespace

class BlockLifeTest : public QObject
{
    Q_OBJECT

private slots:
    void aBlocksLifeIsMeasured()
    {
        using enum BlockEventKind;
        const std::vector<RecordedStep> steps = {
            step(1, 0, {block(Take, 1, 5), block(Fill, 0, 5)}),
            step(2, 100, {block(Release, 1, 5), block(Close, 1, -1)}),
            step(3, 150, {block(Share, 2, 5), block(Share, 3, 5)}),
            step(4, 200, {block(Release, 2, 5), block(Release, 3, 5)}),
            step(5, 500, {block(Evict, 0, 5), block(Take, 4, 5)}),
        };
        const BlockLife life = blockLife({.blocks = 8, .blockSize = 16}, steps);
        QCOMPARE(life.taken, 2U);
        QCOMPARE(life.shared, 2U);
        QCOMPARE(life.revived, 1U);
        QCOMPARE(life.evicted, 1U);
        QCOMPARE(life.evictedNew, 0U);
        QVERIFY(qFuzzyCompare(life.reuseGap.median(), 0.05));
        QVERIFY(qFuzzyCompare(life.idleBeforeEvict.median(), 0.3));
        QVERIFY(qFuzzyCompare(life.lifetime.median(), 0.5));
        QCOMPARE(life.references.size(), std::size_t{5});
        QCOMPARE(life.references[2].shared, 1U);
        QCOMPARE(life.references[2].references, 2U);
        QCOMPARE(life.references[3].cached, 1U);
    }

    void aCopyThatIsGivenBackIsNoEviction()
    {
        using enum BlockEventKind;
        const std::vector<RecordedStep> steps = {
            step(1, 0, {block(Take, 1, 5), block(Fill, 0, 5), block(Release, 1, 5), block(Evict, 0, 5)})};
        const BlockLife life = blockLife({.blocks = 8, .blockSize = 16}, steps);
        QCOMPARE(life.evicted, 0U);
        QCOMPARE(life.duplicates, 1U);
    }

    void theCountsOfARealRunEqualThePools()
    {
        const RecordedRun run = recordSharedLoad({});
        QCOMPARE(run.error, std::string());
        const BlockLife life = blockLife(run.start, run.steps);
        QCOMPARE(life.references.size(), run.steps.size());
        const StepFigures& last = run.steps.back().record;
        QCOMPARE(life.references.back().held, last.step == 0 ? 0U : last.blocksReferenced);
        QVERIFY(life.evicted > 0 && life.revived > 0);
        QVERIFY(life.idleBeforeEvict.size() == life.evicted && life.reuseGap.size() == life.revived);
    }

    void theRecordedPoolPlayedAgainFindsWhatWasFound_data()
    {
        QTest::addColumn<int>("blocks");
        QTest::addColumn<int>("hostBlocks");
        QTest::addColumn<int>("samePrompts");
        QTest::newRow("tight") << 16 << 0 << 0;
        QTest::newRow("tight, more at once") << 16 << 0 << 3;
        QTest::newRow("tight, several at once") << 20 << 0 << 2;
        QTest::newRow("roomy") << 80 << 0 << 0;
        QTest::newRow("host memory") << 20 << 30 << 0;
    }
    void theRecordedPoolPlayedAgainFindsWhatWasFound()
    {
        QFETCH(int, blocks);
        QFETCH(int, hostBlocks);
        QFETCH(int, samePrompts);
        const RecordedRun run = recordSharedLoad({.blocks = std::uint32_t(blocks),
                                                  .hostBlocks = std::uint32_t(hostBlocks),
                                                  .atOnce = std::uint32_t(samePrompts)});
        QCOMPARE(run.error, std::string());
        const PoolLoad load = poolLoad(run.start, run.steps);
        QVERIFY(load.lookedUpTokens > 1000);
        const WhatIfPoint point = playPool(load, run.start.blocks, run.start.hostBlocks);
        QVERIFY(point.whole);
        const auto recorded = double(load.cachedTokens), played = double(point.hitTokens);
        qInfo("recorded %.0f, played %.0f of %.0f", recorded, played, double(load.lookedUpTokens));
        QVERIFY(std::abs(recorded - played) <= 0.01 * double(load.lookedUpTokens));
    }

    void largerPoolsFindMoreUpToAllThatIsShared()
    {
        const RecordedRun run = recordSharedLoad({.blocks = 20});
        const WhatIf found = poolWhatIf(run.start, run.steps);
        QVERIFY(found.points.size() >= 6);
        QCOMPARE(found.recordedHitTokens, poolLoad(run.start, run.steps).cachedTokens);
        QVERIFY(found.points.back().hitTokens > found.points.front().hitTokens);
        QVERIFY(found.rate(found.points.back()) > 0.5);
        for (std::size_t i = 1; i < found.points.size(); ++i)
            QVERIFY(found.points[i].hitTokens + 64 >= found.points[i - 1].hitTokens);
    }

    void aRecordingThatLiesIsPlayedToo()
    {
        RecordedRun run = recordSharedLoad({.blocks = 20});
        std::mt19937 random(3);
        for (int round = 0; round < effort(30, 10); ++round) {
            std::vector<RecordedStep> steps = run.steps;
            for (RecordedStep& step : steps) {
                for (BlockEvent& event : step.blocks)
                    if (random() % 8 == 0)
                        event = {static_cast<BlockEventKind>(random() % 18), RequestId{random() % 30},
                                 BlockId{static_cast<std::int32_t>(random() % 2 ? random() : random() % 20)},
                                 static_cast<std::int32_t>(random()),
                                 static_cast<std::uint32_t>(random() % 9)};
                for (StepRow& row : step.rows)
                    if (random() % 8 == 0)
                        row = {RequestId{random() % 30}, static_cast<std::uint32_t>(random()), 1,
                               static_cast<std::uint32_t>(random()), 0};
                if (random() % 4 == 0)
                    std::shuffle(step.blocks.begin(), step.blocks.end(), random);
            }
            (void)blockLife(run.start, steps);
            for (const WhatIfPoint& point : poolWhatIf(run.start, steps).points)
                QVERIFY(point.hitTokens <= poolLoad(run.start, steps).lookedUpTokens);
        }
        RecordingStart absurd{.blocks = 0xFFFFFFFFU, .hostBlocks = 0xFFFFFFFFU, .blockSize = 16};
        QVERIFY(!poolWhatIf(absurd, run.steps, std::vector{0xFFFFFFFFU, 0U}).points.empty());
        absurd.blockSize = 0;
        QVERIFY(poolWhatIf(absurd, run.steps).points.empty());
    }

    void aMillionEventsAreRead()
    {
        using enum BlockEventKind;
        std::vector<RecordedStep> steps;
        std::uint64_t taken = 0;
        for (std::uint64_t number = 1; taken < 250'000; ++number) {
            RecordedStep one = step(number, std::int64_t(number), {});
            const auto id = RequestId{number};
            std::vector<TokenId> prompt(16 * 50);
            for (std::size_t i = 0; i < prompt.size(); ++i)
                prompt[i] = static_cast<TokenId>(i < 400 ? i : number * 7 + i);
            one.events = {RecordedArrival{id, 0, std::uint32_t(prompt.size()), 1, prompt},
                          AdmissionEvent{.request = id}};
            for (std::uint32_t i = 0; i < 50; ++i, ++taken) {
                one.blocks.push_back({Take, id, BlockId{std::int32_t(taken % 4096)}, -1, i});
                one.blocks.push_back({Fill, {}, BlockId{std::int32_t(taken % 4096)}, -1, i});
            }
            for (std::uint32_t i = 50; i-- > 0;)
                one.blocks.push_back({Release, id, BlockId{std::int32_t((taken - 50 + i) % 4096)}, -1, i});
            one.blocks.push_back({Close, id, kNullBlock, -1, 0});
            steps.push_back(std::move(one));
        }
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(blockLife({.blocks = 4096, .blockSize = 16}, steps).taken, taken);
        const WhatIf found = poolWhatIf({.blocks = 4096, .blockSize = 16}, steps);
        qInfo("%zu sizes in %lld ms", found.points.size(), static_cast<long long>(timer.elapsed()));
        for (const WhatIfPoint& point : found.points)
            QVERIFY(point.whole && found.rate(point) > 0.45);
    }
};

QTEST_APPLESS_MAIN(BlockLifeTest)
#include "block_life_test.moc"
