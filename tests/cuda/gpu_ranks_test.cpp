// SPDX-License-Identifier: GPL-3.0-or-later
// Several GPUs that share every layer's tensors, on the emulator: the same numbers as one processor, and one
// launch a step and rank where steps are recorded.
#include <QtTest>

#include <algorithm>
#include <memory>
#include <vector>

#include "tests/cuda/support/gpu_ranks.h"
#include "tests/engine/support/thin_model.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
namespace emulator = vitrine::cuda_emulator;

class GpuRanksTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { emulator::reset(); }
    void cleanup()
    {
        QCOMPARE(emulator::leaks().size(), std::size_t{0});
        QCOMPARE(emulator::liveHandles(), std::size_t{0});
    }

    void agreesWithOneProcessor_data()
    {
        QTest::addColumn<QString>("family");
        QTest::addColumn<quint32>("ranks");
        for (const char* family : {"llama", "gemma3", "mixtral", "qwen3", "qwen3moe", "gemma2", "gpt_oss"})
            for (const quint32 ranks : {2U, 4U})
                QTest::addRow("%s, %u", family, ranks) << QString(family) << ranks;
        QTest::addRow("eight heads, 8") << QString() << quint32{8};
    }
    void agreesWithOneProcessor()
    {
        QFETCH(QString, family);
        QFETCH(quint32, ranks);
        const auto model = family.isEmpty() ? eightHeads() : tinyModel(family.toStdString());
        haveGpus(ranks);
        Result<std::unique_ptr<Executor>> shared = ranked(model, ranks, precisely());
        if (!shared) { // then it has too few heads, and it says how many ranks can
            QVERIFY2(shared.error().message.find("ranks; ") != std::string::npos,
                     shared.error().message.c_str());
            QVERIFY(ranks > model->config().kvHeads);
            return;
        }
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 29, 3);
        ExecutorRig cpu(model, precisely(), 8, kRankBlocks);
        ExecutorRig gpus(model, std::move(shared), 8, kRankBlocks);
        const RigLogits expected = runThrough(cpu, tokens, 23, 23);
        const RigLogits found = runThrough(gpus, tokens, 23, 9);
        QCOMPARE(found.size(), tokens.size());
        QVERIFY2(worst(expected, found) < 2e-3, qPrintable(QString::number(worst(expected, found))));
    }

    void staysNearOneProcessorAsItIsUsed()
    {
        const auto model = tinyModel("gemma3");
        haveGpus(2);
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 33, 4);
        ExecutorRig cpu(model, precisely(), 8, kRankBlocks);
        ExecutorRig gpus(model, ranked(model, 2), 8, kRankBlocks);
        const double near = cosine(runThrough(cpu, tokens, 28, 28), runThrough(gpus, tokens, 28, 13));
        QVERIFY2(near > 0.98, qPrintable(QString::number(near)));
    }

    void computesTheDefaultModel()
    {
        const std::string path = vitrine::tests::servedModel();
        QVERIFY2(!path.empty(), "the model file is missing: ./installer/test brings it");
        const std::shared_ptr<const Model> model = loadModel(path);
        haveGpus(2, 1024);
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 5, 13);
        ExecutorRig cpu(model, precisely(), 16, 4);
        ExecutorRig gpus(model, ranked(model, 2, precisely()), 16, 4);
        const RigLogits expected = runThrough(cpu, tokens, 4, 4);
        const RigLogits found = runThrough(gpus, tokens, 4, 4);
        QVERIFY2(worst(expected, found) < 2e-3, qPrintable(QString::number(worst(expected, found))));
    }

    void repeatedRunsAreEqualToTheBit()
    {
        const auto model = tinyModel("llama");
        ExecutorOptions options;
        options.deterministic = true;
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 25, 5);
        std::vector<RigLogits> runs;
        for (const auto& [seed, chunk] : {std::pair{1U, 19U}, std::pair{7U, 6U}}) {
            emulator::reset();
            emulator::setSeed(seed);
            haveGpus(2);
            ExecutorRig rig(model, ranked(model, 2, options), 8, kRankBlocks);
            runs.push_back(runThrough(rig, tokens, 19, chunk));
        }
        QVERIFY(sameBits(runs[0], runs[1]));
    }

    void graphsGiveWhatSingleCallsGive()
    {
        const auto model = tinyModel("llama");
        haveGpus(2);
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 24, 6);
        CudaOptions plain;
        plain.graphs = false;
        RigLogits expected;
        {
            ExecutorRig single(model, ranked(model, 2, {}, plain), 8, kRankBlocks);
            expected = runThrough(single, tokens, 10, 10);
        }
        ExecutorRig recorded(model, ranked(model, 2), 8, kRankBlocks);
        QVERIFY(sameBits(expected, runThrough(recorded, tokens, 10, 10)));
    }

    void aRecordedStepIsOneLaunchARank()
    {
        constexpr std::uint32_t kRanks = 4, kSteps = 5;
        const auto model = eightHeads();
        haveGpus(kRanks);
        ExecutorRig rig(model, ranked(model, kRanks), 16, kRankBlocks);
        RigSequence sequence;
        sequence.tokens = randomTokens(model->config().vocab, 40, 7);
        const auto steps = [&](std::uint32_t count, std::uint32_t tokens) {
            for (std::uint32_t i = 0; i < count; ++i) {
                const RigChunk chunk{&sequence, tokens};
                rig.step(std::span(&chunk, 1), keepAll);
            }
        };
        steps(1, 20);
        steps(3, 1); // once by single calls, once recorded, once more
        emulator::resetCounts();
        steps(kSteps, 1);
        const emulator::Counts counts = emulator::counts();
        QCOMPARE(counts.graphs, std::size_t{kRanks * kSteps});
        QCOMPARE(counts.kernels + counts.libraryCalls + counts.allocations + counts.collectives,
                 std::size_t{0});
        QCOMPARE(counts.copiesToDevice + counts.copiesToHost + counts.copiesOnDevice, std::size_t{0});
    }

    void stepsAreRecordedAheadByAll()
    {
        const auto model = tinyModel("llama");
        haveGpus(2);
        ExecutorRig rig(model, ranked(model, 2), 16, kRankBlocks);
        QVERIFY(rig.executor().reserveSteps({64, 4, 64, 16}).has_value());
        int recorded = 0;
        while (recorded < 6 && rig.executor().prepareAhead())
            ++recorded;
        QCOMPARE(recorded, 6);
        const ExecutorInfo info = rig.executor().info();
        QCOMPARE(info.parts.size(), std::size_t{2});
        QCOMPARE(info.parts[0].memory.recordedSteps, 6U);
        QCOMPARE(info.parts[1].memory.recordedSteps, 6U);
    }

    void oneRankThatCannotRecordKeepsTheOthersFromIt()
    {
        const auto model = tinyModel("llama");
        haveGpus(2);
        ExecutorRig rig(model, ranked(model, 2), 16, kRankBlocks);
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 16, 6);
        RigSequence sequence;
        sequence.tokens = tokens;
        const auto step = [&](std::uint32_t count) {
            const RigChunk chunk{&sequence, count};
            rig.step(std::span(&chunk, 1), keepAll);
        };
        step(10);
        step(1);
        emulator::setGraphNodeBytes(std::size_t{1} << 30U); // no instance fits
        step(1);
        step(1);
        emulator::setGraphNodeBytes(0);
        emulator::resetCounts();
        step(1);
        QCOMPARE(emulator::counts().graphs, std::size_t{0});
        QVERIFY(emulator::counts().collectives > 0);
        ExecutorRig cpu(model, precisely(), 16, kRankBlocks);
        RigSequence all;
        all.tokens.assign(tokens.begin(), tokens.begin() + 14);
        cpu.run(all, 14, keepAll);
        QVERIFY(cosine(all.logits, sequence.logits) > 0.98);
    }

    void rankZeroChoosesForAll()
    {
        const auto model = tinyModel("qwen3");
        haveGpus(2);
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 12, 8);
        ExecutorRig rig(model, ranked(model, 2), 8, kRankBlocks);
        const RigLogits logits = runThrough(rig, tokens, 12, 12);
        ExecutorRig best(model, ranked(model, 2), 8, kRankBlocks);
        RigSequence sequence;
        sequence.tokens = tokens;
        const RigChunk chunk{&sequence, 12};
        ForwardBatch batch = best.build(std::span(&chunk, 1), keepAll);
        batch.bestOnly = true;
        QVERIFY(best.executor().forward(batch).has_value());
        const std::span<const TokenId> found = best.executor().bestTokens();
        QCOMPARE(found.size(), std::size_t{12});
        for (std::uint32_t i = 0; i < 12; ++i) {
            const std::vector<float>& row = logits.at(i);
            QCOMPARE(found[i], static_cast<TokenId>(std::max_element(row.begin(), row.end()) - row.begin()));
        }
    }

    void stepsFollowWithTokensThatOnlyRankZeroHasSeen()
    {
        const auto model = tinyModel("llama");
        haveGpus(2);
        const std::vector<TokenId> prompt = randomTokens(model->config().vocab, 9, 2);
        const std::vector<TokenId> waiting = greedy(model, prompt, false);
        QCOMPARE(waiting.size(), std::size_t{8});
        QCOMPARE(greedy(model, prompt, true), waiting);
    }

    void blocksMoveOnAllRanks()
    {
        const auto model = tinyModel("gemma3");
        haveGpus(2);
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 25, 9);
        ExecutorRig plain(model, ranked(model, 2), 8, 16);
        const RigLogits expected = runThrough(plain, tokens, 24, 24);
        ExecutorRig rig(model, ranked(model, 2), 8, 16);
        QVERIFY(rig.executor().reserveHost(4).has_value());
        RigSequence sequence;
        sequence.tokens.assign(tokens.begin(), tokens.begin() + 24);
        rig.run(sequence, 24, keepAll);
        std::vector<KvTransfer> out, in;
        for (std::int32_t i = 0; i < 3; ++i) {
            out.push_back({KvTransfer::Kind::SwapOut, sequence.table[static_cast<std::size_t>(i)], i});
            in.push_back({KvTransfer::Kind::SwapIn, i, 16 + i});
            sequence.table[static_cast<std::size_t>(i)] = 16 + i;
        }
        QVERIFY(rig.transferBlocks(out).has_value());
        QVERIFY(rig.executor().resizeKv(20).has_value());
        QVERIFY(rig.transferBlocks(in).has_value());
        sequence.tokens = tokens;
        rig.run(sequence, 1, keepAll);
        QVERIFY(sequence.logits.at(24) == expected.at(24));
    }

private:
    /// Greedy tokens after a prompt; steps wait for each other or not.
    static std::vector<TokenId> greedy(const std::shared_ptr<const Model>& model,
                                       const std::vector<TokenId>& prompt, bool follow)
    {
        ExecutorRig rig(model, ranked(model, 2), 8, kRankBlocks);
        RigSequence sequence;
        sequence.tokens = prompt;
        const auto last = [&](std::uint32_t position) { return position + 1 >= prompt.size(); };
        std::vector<std::unique_ptr<ForwardBatch>> batches;
        const auto next = [&](std::uint32_t count) -> const ForwardBatch& {
            const RigChunk chunk{&sequence, count};
            batches.push_back(std::make_unique<ForwardBatch>(rig.build(std::span(&chunk, 1), last)));
            batches.back()->bestOnly = true;
            sequence.computed += count;
            return *batches.back();
        };
        std::vector<TokenId> tokens;
        const auto take = [&] {
            VT_CHECK(rig.executor().await().has_value());
            tokens.push_back(rig.executor().bestTokens()[0]);
        };
        VT_CHECK(rig.executor().launch(next(static_cast<std::uint32_t>(prompt.size()))).has_value());
        for (int step = 1; step < 8; ++step) {
            if (!follow)
                take();
            sequence.tokens.push_back(follow ? fedToken(0) : tokens.back());
            const ForwardBatch& batch = next(1);
            VT_CHECK(!follow || rig.executor().mayFollow(batch));
            VT_CHECK(rig.executor().launch(batch).has_value());
            if (follow)
                take();
        }
        take();
        return tokens;
    }
};

QTEST_GUILESS_MAIN(GpuRanksTest)
#include "gpu_ranks_test.moc"
