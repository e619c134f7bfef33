// SPDX-License-Identifier: GPL-3.0-or-later
// A step cut into micro-batches is the same step: every token, table and wanted row once and in order, each
// piece a batch of its own; and lists that do not fit are refused, whatever they say.
#include <QtTest>

#include <random>

#include "engine/execution/batch_check.h"
#include "engine/execution/micro_batches.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;

namespace {

constexpr std::uint32_t kBlockSize = 4;
constexpr KvShape kMixed{1, 2, 12}; // a full and two window pages a block, windows of 12 keys

struct Part
{
    std::int32_t context = 0, tokens = 0;
};

/// Sequences with blocks of their own; rows of every `rowStep`-th token are wanted.
ForwardBatch batchOf(const std::vector<Part>& parts, std::size_t rowStep = 1, bool pages = false)
{
    ForwardBatch batch;
    batch.blockSize = kBlockSize;
    batch.queryStart = {0};
    for (const Part& part : parts)
        batch.maxBlocksPerSequence =
            std::max(batch.maxBlocksPerSequence, static_cast<std::uint32_t>((part.context + 3) / 4));
    std::int32_t block = 0;
    for (const Part& part : parts) {
        const std::int32_t first = block;
        for (std::uint32_t i = 0; i < batch.maxBlocksPerSequence; ++i)
            batch.blockTables.push_back(static_cast<std::int32_t>(i) * 4 < part.context ? block++ : -1);
        for (std::int32_t position = part.context - part.tokens; position < part.context; ++position) {
            batch.tokenIds.push_back(static_cast<TokenId>(batch.tokenIds.size() % 97));
            batch.positions.push_back(position);
            batch.slotMapping.push_back((first + position / 4) * 4 + position % 4);
        }
        batch.queryStart.push_back(static_cast<std::int32_t>(batch.tokens()));
        batch.contextLengths.push_back(part.context);
    }
    for (std::size_t token = 0; token < batch.tokens(); token += rowStep)
        batch.logitsRows.push_back(static_cast<std::int32_t>(token));
    for (std::int32_t column = 0; pages && column < 3; ++column)
        for (const std::int32_t held : batch.blockTables)
            batch.pageTables.push_back(held < 0 ? held : held * 3 + column);
    return batch;
}

BatchLimits limitsOf(bool pages)
{
    return {{4096, kBlockSize}, 100, pages ? kMixed : KvShape{}};
}

/// Empty where these are the batch, cut.
std::string fault(const ForwardBatch& whole, const std::vector<MicroBatch>& micro)
{
    ForwardBatch all;
    for (const MicroBatch& one : micro) {
        const ForwardBatch& batch = one.batch;
        if (one.firstToken != all.tokens() || one.firstRow != all.logitsRows.size())
            return "a micro-batch begins elsewhere";
        if (std::string problem = batchViolation(batch, limitsOf(!whole.pageTables.empty()));
            !problem.empty())
            return problem;
        if (batch.bestOnly != whole.bestOnly)
            return "other results are wanted";
        for (const std::int32_t row : batch.logitsRows)
            all.logitsRows.push_back(row + static_cast<std::int32_t>(one.firstToken));
        all.tokenIds.insert(all.tokenIds.end(), batch.tokenIds.begin(), batch.tokenIds.end());
        all.positions.insert(all.positions.end(), batch.positions.begin(), batch.positions.end());
        all.slotMapping.insert(all.slotMapping.end(), batch.slotMapping.begin(), batch.slotMapping.end());
    }
    const bool same = all.tokenIds == whole.tokenIds && all.positions == whole.positions &&
                      all.slotMapping == whole.slotMapping && all.logitsRows == whole.logitsRows;
    return same ? "" : "tokens or rows are missing";
}

std::vector<MicroBatch> cut(const ForwardBatch& batch, std::uint32_t stages)
{
    Result<std::vector<MicroBatch>> micro = microBatches(batch, stages);
    VT_CHECK(micro.has_value());
    return std::move(*micro);
}

std::vector<Part> randomParts(std::mt19937& random)
{
    std::vector<Part> parts(1 + random() % 40);
    for (Part& part : parts) {
        part.tokens = static_cast<std::int32_t>(random() % 3 == 0 ? 1 + random() % 90 : 1);
        part.context = part.tokens + static_cast<std::int32_t>(random() % 60);
    }
    return parts;
}

std::vector<std::int32_t>& listOf(ForwardBatch& batch, std::uint32_t number)
{
    std::vector<std::int32_t>* lists[] = {&batch.tokenIds,   &batch.positions,      &batch.slotMapping,
                                          &batch.queryStart, &batch.contextLengths, &batch.blockTables,
                                          &batch.logitsRows, &batch.pageTables};
    return *lists[number % std::size(lists)];
}

} // namespace

class MicroBatchesTest : public QObject
{
    Q_OBJECT

private slots:
    void aShortStepStaysWhole()
    {
        for (const std::uint32_t stages : {2U, 4U}) {
            const ForwardBatch batch = batchOf(std::vector<Part>(8, {20, 1}));
            const std::vector<MicroBatch> micro = cut(batch, stages);
            QCOMPARE(micro.size(), std::size_t{1});
            QCOMPARE(fault(batch, micro), std::string());
            QVERIFY(micro[0].batch.blockTables == batch.blockTables);
        }
    }

    void oneStageHasNothingToWaitFor() { QCOMPARE(cut(batchOf({{500, 500}}), 1).size(), std::size_t{1}); }

    void manyRepliesAreCutBetweenThem()
    {
        const ForwardBatch batch = batchOf(std::vector<Part>(64, {20, 1}));
        const std::vector<MicroBatch> micro = cut(batch, 2);
        QVERIFY(micro.size() >= 2);
        QCOMPARE(fault(batch, micro), std::string());
        for (const MicroBatch& one : micro)
            QCOMPARE(one.batch.sequences(), 64 / micro.size());
    }

    void aLongPromptIsCutIntoChunks()
    {
        const ForwardBatch batch = batchOf({{700, 512}}, 512);
        const std::vector<MicroBatch> micro = cut(batch, 3);
        QVERIFY(micro.size() >= 3);
        QCOMPARE(fault(batch, micro), std::string());
        QCOMPARE(micro.front().batch.logitsRows.size(), std::size_t{1});
        QCOMPARE(micro.front().batch.contextLengths,
                 std::vector<std::int32_t>{188 + static_cast<std::int32_t>(micro[1].firstToken)});
    }

    void aPromptIsNotCutBesideItsEnd()
    {
        const ForwardBatch batch = batchOf({{34, 34}, {30, 30}}); // the middle is two tokens before a border
        const std::vector<MicroBatch> micro = cut(batch, 2);
        QVERIFY(micro.size() > 1);
        QVERIFY(std::any_of(micro.begin(), micro.end(),
                            [](const MicroBatch& one) { return one.firstToken == 34; }));
        QCOMPARE(fault(batch, micro), std::string());
    }

    void anyStepIsCutIntoItself()
    {
        const std::uint32_t seed = std::random_device()();
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        std::size_t severals = 0;
        for (int round = 0; round < vitrine::tests::effort(2000, 200); ++round) {
            ForwardBatch batch = batchOf(randomParts(random), 1 + random() % 9, random() % 2 == 0);
            batch.bestOnly = random() % 2 == 0;
            QCOMPARE(batchViolation(batch, limitsOf(!batch.pageTables.empty())), std::string());
            const std::vector<MicroBatch> micro = cut(batch, 2 + random() % 5);
            QCOMPARE(fault(batch, micro), std::string());
            severals += micro.size() > 1 ? 1 : 0;
        }
        QVERIFY(severals > 100);
    }

    void listsThatDoNotFitAreRefused()
    {
        const ForwardBatch good = batchOf({{30, 20}, {25, 20}}, 1, true);
        for (std::uint32_t list = 0; list < 6; ++list) {
            ForwardBatch batch = good;
            listOf(batch, list).pop_back();
            const auto refused = microBatches(batch, 2);
            QVERIFY2(!refused && refused.error().code == ErrorCode::BadInput, QByteArray::number(list));
        }
        ForwardBatch falls = good;
        falls.queryStart[1] = 50;
        QVERIFY(!microBatches(falls, 2));
        ForwardBatch early = good;
        early.contextLengths[0] = 19;
        QVERIFY(!microBatches(early, 2));
        ForwardBatch outside = good;
        outside.logitsRows.back() = 40;
        QVERIFY(!microBatches(outside, 2));
        QVERIFY(!microBatches(ForwardBatch(), 2));
    }

    /// What a worker gets from elsewhere: refused, or cut without reading beyond a list.
    void damagedStepsAreCutOrRefused()
    {
        const std::uint32_t seed = std::random_device()();
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        std::size_t refused = 0;
        for (int round = 0; round < vitrine::tests::effort(20'000, 4000); ++round) {
            ForwardBatch batch = batchOf({{30, 20}, {25, 20}, {9, 1}}, 1, round % 2 == 0);
            std::vector<std::int32_t>& list = listOf(batch, static_cast<std::uint32_t>(random()));
            if (random() % 4 == 0)
                list.resize(random() % 60, -7);
            if (!list.empty())
                list[random() % list.size()] = static_cast<std::int32_t>(random());
            if (random() % 8 == 0)
                batch.maxBlocksPerSequence = static_cast<std::uint32_t>(random());
            refused += microBatches(batch, 2) ? 0 : 1;
        }
        QVERIFY(refused > 0);
    }
};

QTEST_APPLESS_MAIN(MicroBatchesTest)
#include "micro_batches_test.moc"
