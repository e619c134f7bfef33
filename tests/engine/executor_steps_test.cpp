// SPDX-License-Identifier: GPL-3.0-or-later
// A step in two halves, and what happens to KV between steps: blocks swapped to host memory and back to other
// places, a pool that grows and shrinks. None of it changes a bit of any logit.
#include <QtTest>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <random>
#include <set>

#include "kernels/cpu/cpu_topology.h"
#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/model_files.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
using vitrine::kernels::cpu::CpuTopology;

namespace {

constexpr std::uint32_t kBlockSize = 8;
constexpr std::uint32_t kBlocks = 40;
constexpr std::uint32_t kSlots = 12;
constexpr std::uint32_t kPrompt = 45;
constexpr std::uint32_t kReply = 30;
constexpr std::uint32_t kHeld = (kPrompt + kReply + kBlockSize - 1) / kBlockSize;

using Kind = KvTransfer::Kind;

/// A sequence that holds all blocks it will ever need, so that the test alone says where they lie.
RigSequence placedSequence(std::uint32_t vocab, std::uint32_t seed)
{
    std::mt19937 random(seed);
    RigSequence sequence;
    for (std::uint32_t i = 0; i < kPrompt; ++i)
        sequence.tokens.push_back(static_cast<TokenId>(random() % vocab));
    std::vector<std::int32_t> blocks(kBlocks);
    std::iota(blocks.begin(), blocks.end(), 0);
    std::shuffle(blocks.begin(), blocks.end(), random);
    sequence.table.assign(blocks.begin(), blocks.begin() + kHeld);
    return sequence;
}

/// A greedy reply; `between(rig, sequence)` after each step.
template<class Between>
RigSequence reply(const std::shared_ptr<const Model>& model, const ExecutorOptions& options, Between between)
{
    ExecutorRig rig(model, options, kBlockSize, kBlocks);
    VT_CHECK(rig.executor().reserveHost(kSlots).has_value());
    RigSequence sequence = placedSequence(model->config().vocab, 3);
    while (sequence.tokens.size() < kPrompt + kReply) {
        const auto left = static_cast<std::uint32_t>(sequence.tokens.size()) - sequence.computed;
        const RigChunk chunk{&sequence, std::min(left, 20U)};
        rig.step(std::span(&chunk, 1), keepAll);
        const std::vector<float>& logits = sequence.logits.at(sequence.computed - 1);
        if (sequence.computed == sequence.tokens.size())
            sequence.tokens.push_back(
                static_cast<TokenId>(std::max_element(logits.begin(), logits.end()) - logits.begin()));
        between(rig, sequence);
    }
    return sequence;
}

bool sameBits(const RigSequence& a, const RigSequence& b)
{
    return a.tokens == b.tokens && test::sameBits(a.logits, b.logits);
}

/// Blocks below `blocks` that the sequence does not hold.
std::vector<std::int32_t> freeBlocks(const RigSequence& sequence, std::uint32_t blocks)
{
    const std::set<std::int32_t> held(sequence.table.begin(), sequence.table.end());
    std::vector<std::int32_t> found;
    for (std::int32_t block = 0; block < static_cast<std::int32_t>(blocks); ++block)
        if (!held.contains(block))
            found.push_back(block);
    return found;
}

/// Everything to host memory, something else over the old places, everything back to new ones: one list.
void swapEverything(ExecutorRig& rig, RigSequence& sequence, std::uint32_t blocks, std::mt19937& random)
{
    std::vector<std::int32_t> slotOrder(kSlots), places = freeBlocks(sequence, blocks);
    std::iota(slotOrder.begin(), slotOrder.end(), 0);
    std::shuffle(slotOrder.begin(), slotOrder.end(), random);
    std::shuffle(places.begin(), places.end(), random);
    std::vector<KvTransfer> list;
    for (std::size_t i = 0; i < sequence.table.size(); ++i)
        list.push_back({Kind::SwapOut, sequence.table[i], slotOrder[i]});
    for (const std::int32_t block : sequence.table)
        list.push_back({Kind::Copy, places.back(), block});
    places.insert(places.end(), sequence.table.begin(), sequence.table.end());
    for (std::size_t i = 0; i < sequence.table.size(); ++i) {
        sequence.table[i] = places[i];
        list.push_back({Kind::SwapIn, slotOrder[i], places[i]});
    }
    VT_CHECK(rig.transferBlocks(list).has_value());
}

/// Who lies in the part that goes moves first, as the engine does it.
void resize(ExecutorRig& rig, RigSequence& sequence, std::uint32_t blocks)
{
    std::vector<std::int32_t> places = freeBlocks(sequence, blocks);
    std::vector<KvTransfer> list;
    for (std::int32_t& block : sequence.table)
        if (block >= static_cast<std::int32_t>(blocks)) {
            list.push_back({Kind::Copy, block, places.back()});
            block = places.back();
            places.pop_back();
        }
    VT_CHECK(rig.transferBlocks(list).has_value() && rig.executor().resizeKv(blocks).has_value());
}

} // namespace

class ExecutorStepsTest : public QObject
{
    Q_OBJECT

private slots:
    void swapsAndResizesInTheMiddleKeepEveryBit_data() { variants(); }
    void swapsAndResizesInTheMiddleKeepEveryBit()
    {
        const std::shared_ptr<const Model> model = fetchModel();
        if (!model)
            QFAIL("the model file is missing: ./installer/test brings it");
        const ExecutorOptions options = fetchOptions();
        const RigSequence wanted = reply(model, options, [](ExecutorRig&, RigSequence&) {});
        constexpr std::uint32_t kSeed = 6;
        qInfo("seed %u", kSeed);
        std::mt19937 random(kSeed);
        std::uint32_t blocks = kBlocks;
        const RigSequence moved = reply(model, options, [&](ExecutorRig& rig, RigSequence& sequence) {
            if (random() % 2 == 0)
                swapEverything(rig, sequence, blocks, random);
            if (random() % 3 == 0)
                resize(rig, sequence, blocks = kHeld + 1 + random() % 60);
        });
        QVERIFY(sameBits(wanted, moved));
    }

    void pagesMayLieAnywhereAndWindowPagesBehindTheWindowMayBeGone()
    {
        const std::shared_ptr<const Model> model = tinyModel("gemma3");
        const RigSequence wanted = reply(model, {}, [](ExecutorRig&, RigSequence&) {});
        ExecutorRig rig(model, {}, kBlockSize, kBlocks);
        const KvShape shape = rig.shape();
        QVERIFY(shape.mixed());
        std::vector<std::int32_t> pages(kBlocks * shape.blockPages()); // [block, column]
        std::iota(pages.begin(), pages.end(), 0);
        std::shuffle(pages.begin(), pages.end(), std::mt19937(7));
        std::size_t gone = 0;
        rig.beforeStep = [&](ForwardBatch& batch) {
            const std::uint32_t first = std::uint32_t(batch.positions.front()), size = batch.blockSize;
            for (std::uint32_t column = 0; column < shape.blockPages(); ++column)
                for (std::uint32_t i = 0; i < batch.maxBlocksPerSequence; ++i) {
                    const bool passed =
                        column >= shape.fullPages && (i + 1) * size + shape.window <= first + 1;
                    gone += passed ? 1 : 0;
                    const std::int32_t block = batch.blockTables[i];
                    batch.pageTables.push_back(
                        passed || block < 0 ? -1 : pages[std::size_t(block) * shape.blockPages() + column]);
                }
        };
        RigSequence sequence = placedSequence(model->config().vocab, 3);
        sequence.tokens = wanted.tokens;
        sequence.tokens.pop_back();
        while (sequence.computed < sequence.tokens.size()) {
            const std::uint32_t left = sequence.computed < kPrompt ? kPrompt - sequence.computed : 1;
            const RigChunk chunk{&sequence, std::min(left, 20U)};
            rig.step(std::span(&chunk, 1), keepAll);
        }
        sequence.tokens = wanted.tokens;
        QVERIFY(gone > 0);
        QVERIFY(sameBits(wanted, sequence));
    }

    void twoHalvesAreTheWhole_data() { variants(); }
    void twoHalvesAreTheWhole()
    {
        const std::shared_ptr<const Model> model = fetchModel();
        if (!model)
            QFAIL("the model file is missing: ./installer/test brings it");
        const ExecutorOptions options = fetchOptions();
        ExecutorRig whole(model, options, kBlockSize, kBlocks), halves(model, options, kBlockSize, kBlocks);
        QCOMPARE(halves.executor().overlaps(),
                 halves.executor().info().threads < CpuTopology::ofThisProcess().runnable());
        RigSequence sequence = placedSequence(model->config().vocab, 4);
        for (const std::uint32_t tokens : {20U, 1U, 17U, 1U, 6U}) {
            const RigChunk chunk{&sequence, tokens};
            const ForwardBatch batch = whole.build(std::span(&chunk, 1), keepAll);
            QVERIFY(halves.executor().launch(batch).has_value());
            const auto expected = whole.executor().forward(batch); // beside it
            const auto logits = halves.executor().await();
            QVERIFY(expected.has_value() && logits.has_value());
            QCOMPARE(logits->size(), std::size_t{tokens} * model->config().vocab);
            QVERIFY(std::memcmp(logits->data(), expected->data(), logits->size_bytes()) == 0);
            sequence.computed += tokens;
        }
    }

    void anExecutorMayGoWithAStepLaunched_data() { variants(); }
    void anExecutorMayGoWithAStepLaunched()
    {
        const std::shared_ptr<const Model> model = fetchModel();
        if (!model)
            QFAIL("the model file is missing: ./installer/test brings it");
        const ExecutorOptions options = fetchOptions();
        for (const std::uint32_t tokens : {1U, 40U}) {
            RigSequence sequence = placedSequence(model->config().vocab, 5);
            const RigChunk chunk{&sequence, tokens};
            ForwardBatch batch;
            {
                ExecutorRig rig(model, options, kBlockSize, kBlocks);
                batch = rig.build(std::span(&chunk, 1), keepAll);
                QVERIFY(rig.executor().launch(batch).has_value());
            }
            std::fill(batch.tokenIds.begin(), batch.tokenIds.end(), -1); // nobody reads it any more
        }
    }

    void timesByOperationAreThoseOfTheSteps()
    {
        const std::shared_ptr<const Model> model = tinyModel("gemma3");
        ExecutorOptions options;
        options.threads = 2;
        ExecutorRig rig(model, options, kBlockSize, kBlocks);
        RigSequence sequence = placedSequence(model->config().vocab, 4);
        const auto step = [&](std::uint32_t tokens) {
            const RigChunk chunk{&sequence, tokens};
            rig.step(std::span(&chunk, 1), keepAll);
        };
        step(5);
        QVERIFY(rig.executor().operationTimes().empty()); // nobody asked
        rig.executor().timeOperations(true);
        const std::int64_t start = nowNs();
        step(20);
        step(1);
        const double wall = static_cast<double>(nowNs() - start) * 1e-9;
        const OperationTimes times = rig.executor().operationTimes();
        QCOMPARE(times.steps, std::uint64_t{2});
        double sum = 0.0;
        for (std::size_t i = 0; i < kOperations; ++i) {
            const auto operation = static_cast<Operation>(i);
            const bool none = operation == Operation::Router || operation == Operation::Reduce;
            QCOMPARE(times.seconds[i] > 0.0, !none); // no experts here, and no other ranks
            sum += times.seconds[i];
        }
        QVERIFY(sum <= wall);
        rig.executor().timeOperations(false);
        step(1);
        QVERIFY(rig.executor().operationTimes().empty());
    }

    void hostMemoryIsReportedAndGivenBack()
    {
        ExecutorRig rig(tinyModel("llama"), {}, kBlockSize, kBlocks);
        Executor& executor = rig.executor();
        const std::uint64_t block = executor.kvBytesPerToken() * kBlockSize;
        QCOMPARE(executor.info().hostBytes, std::uint64_t{0});
        QVERIFY(executor.reserveHost(kSlots).has_value());
        QVERIFY(executor.info().hostBytes >= kSlots * block);
        const Result<void> refused = executor.reserveHost(0xFFFFFFFFU);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::OutOfResources);
        QVERIFY(executor.reserveHost(0).has_value());
        QCOMPARE(executor.info().hostBytes, std::uint64_t{0});
    }

    void aRefusedResizeKeepsThePool()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const RigSequence wanted = reply(model, {}, [](ExecutorRig&, RigSequence&) {});
        const RigSequence refused = reply(model, {}, [](ExecutorRig& rig, RigSequence&) {
            const std::uint64_t bytes = rig.executor().info().kvBytes;
            VT_CHECK(!rig.executor().resizeKv(0xFFFFFFFFU).has_value());
            VT_CHECK(rig.executor().info().kvBytes == bytes);
        });
        QVERIFY(sameBits(wanted, refused));
    }

private:
    static void variants()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("threads");
        QTest::addColumn<int>("kvFormat");
        for (const int threads : {1, 2}) {
            for (const KvFormat format : {KvFormat::BF16, KvFormat::F32, KvFormat::Int8})
                QTest::addRow("llama, %d threads, format %d", threads, static_cast<int>(format))
                    << "llama" << threads << static_cast<int>(format);
            QTest::addRow("gemma3, %d threads", threads) << "gemma3" << threads << int(KvFormat::BF16);
            if (threads == 2 || !vitrine::tests::kSanitized)
                QTest::addRow("SmolLM2, %d threads", threads)
                    << kSmolLm2File << threads << int(KvFormat::BF16);
        }
    }

    static std::shared_ptr<const Model> fetchModel()
    {
        QFETCH(QString, model);
        return model.endsWith(".gguf") ? installedModel(model.toStdString()) : tinyModel(model.toStdString());
    }

    static ExecutorOptions fetchOptions()
    {
        QFETCH(int, threads);
        QFETCH(int, kvFormat);
        return {static_cast<std::uint32_t>(threads), false, false, static_cast<KvFormat>(kvFormat)};
    }
};

QTEST_APPLESS_MAIN(ExecutorStepsTest)
#include "executor_steps_test.moc"
