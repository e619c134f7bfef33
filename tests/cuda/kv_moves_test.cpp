// SPDX-License-Identifier: GPL-3.0-or-later
// KV pages moved while a step is under way, on the emulator in several orders: beside it where it does not
// use them, behind it where it does, and before the step that follows; the tokens are those of steps between
// which nothing moves.
#include <QtTest>

#include <array>
#include <memory>

#include "cuda_emulator/control.h"
#include "engine/cuda/cuda_executor.h"
#include "engine/cuda/kv_mover.h"
#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/model_files.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
namespace emulator = vitrine::cuda_emulator;
using Kind = KvTransfer::Kind;

namespace {

constexpr std::uint32_t kBlockSize = 8, kPrompt = 20, kBlocks = 24, kSpare = 20;
constexpr std::int32_t kPromptBlocks = 3;

/// Two sequences with a prompt each; blocks from kSpare on are never theirs.
struct Pair
{
    explicit Pair(const std::string& family)
        : rig(tinyModel(family), makeCudaExecutor(tinyModel(family), {}, {}), kBlockSize, kSpare)
    {
        VT_CHECK(rig.executor().resizeKv(kBlocks) && rig.executor().reserveHost(8));
        for (std::uint32_t i = 0; i < 2; ++i) {
            sequences[i].tokens = randomTokens(200, kPrompt, i + 1);
            rig.run(sequences[i], kPrompt, keepAll);
        }
    }

    ForwardBatch decode(std::size_t which)
    {
        RigSequence& sequence = sequences.at(which);
        if (sequence.tokens.size() == sequence.computed)
            sequence.tokens.push_back(static_cast<TokenId>(50 + which));
        const RigChunk chunk{&sequence, 1};
        ForwardBatch batch = rig.build(std::span(&chunk, 1), keepAll);
        batch.bestOnly = true;
        ++sequence.computed;
        return batch;
    }

    /// The prompt's blocks go to host memory and come back as others.
    std::vector<KvTransfer> roundTrip(std::size_t which)
    {
        std::vector<KvTransfer> moves;
        std::vector<std::int32_t>& table = sequences.at(which).table;
        for (std::int32_t i = 0; i < kPromptBlocks; ++i)
            moves.push_back({Kind::SwapOut, table[static_cast<std::size_t>(i)], 2 + i});
        for (std::int32_t i = 0; i < kPromptBlocks; ++i)
            moves.push_back({Kind::SwapIn, 2 + i, static_cast<std::int32_t>(kSpare) + i});
        for (std::int32_t i = 0; i < kPromptBlocks; ++i)
            table[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(kSpare) + i;
        return moves;
    }

    ExecutorRig rig;
    std::array<RigSequence, 2> sequences;
};

TokenId taken(Executor& executor)
{
    VT_CHECK(executor.await().has_value());
    return executor.bestTokens()[0];
}

void ordersOfTheEmulator()
{
    QTest::addColumn<QString>("family");
    QTest::addColumn<unsigned>("seed");
    for (const QString family : {"llama", "gemma3"})
        for (unsigned seed = 0; seed < vitrine::tests::effort(6U, 2U); ++seed)
            QTest::newRow(qPrintable(QString("%1, order %2").arg(family).arg(seed))) << family << seed;
}

} // namespace

class KvMovesTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { emulator::reset(); }

    void movesOfOthersGoBesideAStep_data() { ordersOfTheEmulator(); }
    void movesOfOthersGoBesideAStep()
    {
        QFETCH(QString, family);
        QFETCH(unsigned, seed);
        emulator::setSeed(seed);
        Pair quiet(family.toStdString()), moving(family.toStdString());
        std::vector<TokenId> expected, found;
        for (const std::size_t which : {0U, 1U}) {
            const ForwardBatch batch = quiet.decode(which);
            QVERIFY(quiet.rig.executor().launch(batch).has_value());
            expected.push_back(taken(quiet.rig.executor()));
        }
        Executor& executor = moving.rig.executor();
        const ForwardBatch first = moving.decode(0);
        QVERIFY(executor.launch(first).has_value());
        QVERIFY(moving.rig.transferBlocks(moving.roundTrip(1)).has_value());
        const ForwardBatch second = moving.decode(1);
        QVERIFY(executor.mayFollow(second));
        QVERIFY(executor.launch(second).has_value());
        found.push_back(taken(executor));
        QVERIFY(!executor.moveSeconds()); // not before that step
        found.push_back(taken(executor));
        QVERIFY(executor.moveSeconds().has_value());
        QCOMPARE(found, expected);
    }

    void movesOfWhatAStepWritesComeAfterIt_data() { ordersOfTheEmulator(); }
    void movesOfWhatAStepWritesComeAfterIt()
    {
        QFETCH(QString, family);
        QFETCH(unsigned, seed);
        emulator::setSeed(seed);
        Pair quiet(family.toStdString()), moving(family.toStdString());
        std::vector<TokenId> expected, found;
        for (int i = 0; i < 2; ++i) {
            const ForwardBatch batch = quiet.decode(0);
            QVERIFY(quiet.rig.executor().launch(batch).has_value());
            expected.push_back(taken(quiet.rig.executor()));
        }
        Executor& executor = moving.rig.executor();
        const ForwardBatch first = moving.decode(0);
        QVERIFY(executor.launch(first).has_value());
        QVERIFY(moving.rig.transferBlocks(moving.roundTrip(0)).has_value());
        // What lay there may be somebody else's now.
        std::vector<KvTransfer> over;
        for (std::size_t i = 0; i < kPromptBlocks; ++i)
            over.push_back({Kind::Copy, moving.sequences[1].table[i], first.blockTables[i]});
        QVERIFY(moving.rig.transferBlocks(over).has_value());
        const ForwardBatch second = moving.decode(0);
        QVERIFY(executor.launch(second).has_value());
        found.push_back(taken(executor));
        found.push_back(taken(executor));
        QCOMPARE(found, expected);
    }

    void knowsThePagesOfAStep()
    {
        ForwardBatch batch;
        batch.blockTables = {4, -1, 7};
        const auto touches = [&](std::int32_t columns, const KvTransfer& move) {
            return touchesPages(batch, columns, std::span(&move, 1));
        };
        QVERIFY(touches(1, {Kind::SwapOut, 7, 0}));
        QVERIFY(touches(1, {Kind::SwapIn, 0, 4}));
        QVERIFY(touches(1, {Kind::Copy, 3, 4}));
        QVERIFY(touches(1, {Kind::Copy, 4, 3}));
        QVERIFY(!touches(1, {Kind::SwapOut, 5, 7})); // a place in host memory
        QVERIFY(!touches(1, {Kind::SwapIn, 4, 5}));
        QVERIFY(touches(3, {Kind::SwapOut, 23, 0})); // the last page of block 7
        QVERIFY(!touches(3, {Kind::SwapOut, 24, 0}));
        QVERIFY(!touches(3, {Kind::SwapOut, 7, 0}));
        batch.pageTables = {9, -1, 2};
        QVERIFY(touches(3, {Kind::SwapOut, 9, 0}));
        QVERIFY(!touches(3, {Kind::SwapOut, 23, 0}));
        QVERIFY(!touchesPages(batch, 3, {}));
    }

    void pagesInARowGoAsOneCopy()
    {
        Pair pair("llama");
        const std::array<KvTransfer, 5> moves{{{Kind::SwapOut, 3, 0},
                                               {Kind::SwapOut, 4, 1},
                                               {Kind::SwapOut, 5, 2},
                                               {Kind::SwapOut, 9, 3},
                                               {Kind::SwapOut, 10, 5}}};
        emulator::resetCounts();
        QVERIFY(pair.rig.executor().transfer(moves).has_value());
        QCOMPARE(emulator::counts().copiesToHost, std::size_t{3});
    }
};

QTEST_APPLESS_MAIN(KvMovesTest)
#include "kv_moves_test.moc"
