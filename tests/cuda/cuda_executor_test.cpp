// SPDX-License-Identifier: GPL-3.0-or-later
// The executor of a GPU, on the emulator, beside the CPU's: the same numbers on tiny models of every family
// that the engine reads, whatever the cut, the company, the format of the cache; graphs replayed against
// single calls; and what a device that fails comes to.
#include <QtTest>

#include <cmath>

#include "cuda_emulator/control.h"
#include "engine/cuda/cuda_executor.h"
#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/family_rows.h"
#include "tests/engine/support/model_files.h"
#include "tests/engine/support/thin_model.h"
#include "tests/engine/support/tiny_model.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
namespace emulator = vitrine::cuda_emulator;

namespace {

constexpr std::uint32_t kBlocks = 48;

ExecutorRig cudaRig(const std::shared_ptr<const Model>& model, const ExecutorOptions& options,
                    std::uint32_t blockSize, bool graphs = true, std::uint32_t blocks = kBlocks)
{
    CudaOptions cuda;
    cuda.graphs = graphs;
    return {model, makeCudaExecutor(model, options, cuda), blockSize, blocks, blockSize};
}

/// The largest difference of any logit.
double worst(const RigLogits& a, const RigLogits& b)
{
    double difference = 0;
    for (const auto& [position, logits] : a)
        for (std::size_t i = 0; i < logits.size(); ++i)
            difference = std::max(difference, std::abs(double{logits[i]} - double{b.at(position)[i]}));
    return difference;
}

/// A prompt in chunks, then the rest token by token.
RigLogits runThrough(ExecutorRig& rig, const std::vector<TokenId>& tokens, std::uint32_t prompt,
                     std::uint32_t chunk)
{
    RigSequence sequence;
    sequence.tokens.assign(tokens.begin(), tokens.begin() + prompt);
    rig.run(sequence, chunk, keepAll);
    sequence.tokens = tokens;
    rig.run(sequence, 1, keepAll);
    return sequence.logits;
}

} // namespace

class CudaExecutorTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { emulator::reset(); }

    void agreesWithTheCpu_data() { rowsOf(kAllFamilies); }
    void agreesWithTheCpu()
    {
        QFETCH(QString, family);
        const std::shared_ptr<const Model> model = tinyModel(family.toStdString());
        ExecutorOptions options;
        options.precise = true;
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 37, 3);
        ExecutorRig cpu(model, options, 8, kBlocks);
        ExecutorRig gpu = cudaRig(model, options, 8);
        const RigLogits expected = runThrough(cpu, tokens, 30, 30);
        const RigLogits found = runThrough(gpu, tokens, 30, 11);
        QCOMPARE(found.size(), tokens.size());
        QVERIFY2(worst(expected, found) < 2e-3, qPrintable(QString::number(worst(expected, found))));
    }

    void computesTheDefaultModelLikeTheCpu_data()
    {
        QTest::addColumn<bool>("precise");
        QTest::newRow("precisely") << true;
        QTest::newRow("as it is used") << false;
    }
    void computesTheDefaultModelLikeTheCpu()
    {
        QFETCH(bool, precise);
        const std::string path = vitrine::tests::servedModel();
        QVERIFY2(!path.empty(), "the model file is missing: ./installer/test brings it");
        const std::shared_ptr<const Model> model = loadModel(path);
        emulator::setDevices({{"Emulated GPU", std::size_t{1} << 30U}});
        ExecutorOptions options;
        options.precise = precise;
        // More rows than dp4a takes, for tensor cores; precisely fewer, which is slow here.
        const std::uint32_t prompt = precise ? 4 : 11;
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, prompt + 2, 13);
        ExecutorOptions exact;
        exact.precise = true;
        ExecutorRig cpu(model, exact, 16, 4);
        ExecutorRig gpu = cudaRig(model, options, 16, true, 4);
        const RigLogits expected = runThrough(cpu, tokens, prompt, prompt);
        const RigLogits found = runThrough(gpu, tokens, prompt, prompt);
        if (precise)
            QVERIFY2(worst(expected, found) < 2e-3, qPrintable(QString::number(worst(expected, found))));
        else
            QVERIFY2(cosine(expected, found) > 0.98, qPrintable(QString::number(cosine(expected, found))));
    }

    void staysNearTheCpuInEveryFormat_data()
    {
        QTest::addColumn<QString>("family");
        QTest::addColumn<int>("format");
        for (const QString family : {"llama", "gemma3"})
            for (const auto format :
                 {KvFormat::BF16, KvFormat::F16, KvFormat::Int8, KvFormat::F32, KvFormat::FP8})
                QTest::newRow(qPrintable(QString("%1, format %2").arg(family).arg(static_cast<int>(format))))
                    << family << static_cast<int>(format);
    }
    void staysNearTheCpuInEveryFormat()
    {
        QFETCH(QString, family);
        QFETCH(int, format);
        const std::shared_ptr<const Model> model = tinyModel(family.toStdString());
        ExecutorOptions options;
        options.kvFormat = static_cast<KvFormat>(format);
        ExecutorOptions exact;
        exact.precise = true;
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 33, 4);
        ExecutorRig cpu(model, exact, 8, kBlocks);
        ExecutorRig gpu = cudaRig(model, options, 8);
        const double near = cosine(runThrough(cpu, tokens, 28, 28), runThrough(gpu, tokens, 28, 13));
        QVERIFY2(near > 0.98, qPrintable(QString::number(near)));
    }

    void onePathKeepsEveryBitHoweverAPromptIsCut()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        ExecutorOptions options;
        options.deterministic = true;
        constexpr std::uint32_t kLength = vitrine::tests::effort(29U, 19U);
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, kLength, 5);
        ExecutorRig first = cudaRig(model, options, 8);
        const RigLogits whole = runThrough(first, tokens, kLength, kLength);
        for (const auto& [blockSize, chunk] :
             {std::pair{8U, 7U}, std::pair{5U, kLength}, std::pair{16U, 1U}}) {
            ExecutorRig rig = cudaRig(model, options, blockSize);
            QVERIFY2(sameBits(whole, runThrough(rig, tokens, kLength, chunk)),
                     qPrintable(QString("block size %1, chunks of %2").arg(blockSize).arg(chunk)));
        }
    }

    void companyInADecodeStepChangesNothing()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        std::vector<RigSequence> together(3);
        std::vector<RigLogits> alone;
        for (std::size_t i = 0; i < together.size(); ++i) {
            const std::vector<TokenId> tokens =
                randomTokens(model->config().vocab, 20 + 4 * i, 50 + static_cast<std::uint32_t>(i));
            ExecutorRig rig = cudaRig(model, {}, 8);
            alone.push_back(runThrough(rig, tokens, static_cast<std::uint32_t>(tokens.size()) - 4, 100));
            together[i].tokens = tokens;
        }
        ExecutorRig rig = cudaRig(model, {}, 8);
        for (RigSequence& sequence : together) {
            const auto prompt = static_cast<std::uint32_t>(sequence.tokens.size()) - 4;
            const RigChunk chunk{&sequence, prompt};
            rig.step(std::span(&chunk, 1), keepAll);
        }
        for (int i = 0; i < 4; ++i) {
            std::vector<RigChunk> chunks;
            for (RigSequence& sequence : together)
                chunks.push_back({&sequence, 1});
            rig.step(chunks, keepAll);
        }
        for (std::size_t i = 0; i < together.size(); ++i)
            QVERIFY2(sameBits(alone[i], together[i].logits), qPrintable(QString::number(i)));
    }

    void graphsGiveWhatSingleCallsGive()
    {
        const std::shared_ptr<const Model> model = tinyModel("gemma3");
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 26, 6);
        ExecutorRig recorded = cudaRig(model, {}, 8, true);
        ExecutorRig single = cudaRig(model, {}, 8, false);
        const RigLogits expected = runThrough(single, tokens, 10, 10);
        QVERIFY(sameBits(expected, runThrough(recorded, tokens, 10, 10)));
    }

    void aRecordedDecodeStepIsOneLaunch()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        ExecutorRig rig = cudaRig(model, {}, 16);
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
        steps(5, 1);
        const emulator::Counts counts = emulator::counts();
        QCOMPARE(counts.graphs, std::size_t{5});
        QCOMPARE(counts.kernels + counts.libraryCalls + counts.allocations, std::size_t{0});
        QCOMPARE(counts.copiesToDevice + counts.copiesToHost, std::size_t{0});
    }

    void bestTokensAreThoseOfTheLogits()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 12, 8);
        ExecutorRig rig = cudaRig(model, {}, 8);
        const RigLogits logits = runThrough(rig, tokens, 12, 12);
        ExecutorRig best = cudaRig(model, {}, 8);
        RigSequence sequence;
        sequence.tokens = tokens;
        const RigChunk chunk{&sequence, 12};
        ForwardBatch batch = best.build(std::span(&chunk, 1), keepAll);
        batch.bestOnly = true;
        const auto result = best.executor().forward(batch);
        QVERIFY(result.has_value());
        QVERIFY(result->empty());
        const std::span<const TokenId> found = best.executor().bestTokens();
        QCOMPARE(found.size(), std::size_t{12});
        for (std::uint32_t i = 0; i < 12; ++i) {
            const std::vector<float>& row = logits.at(i);
            QCOMPARE(found[i], static_cast<TokenId>(std::max_element(row.begin(), row.end()) - row.begin()));
        }
    }

    void blocksSurviveCopiesSwapsAndANewPool()
    {
        const std::shared_ptr<const Model> model = tinyModel("gemma3");
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 25, 9);
        ExecutorRig plain = cudaRig(model, {}, 8, true, 16);
        const RigLogits expected = runThrough(plain, tokens, 24, 24);
        ExecutorRig rig = cudaRig(model, {}, 8, true, 16);
        QVERIFY(rig.executor().reserveHost(4).has_value());
        RigSequence sequence;
        sequence.tokens.assign(tokens.begin(), tokens.begin() + 24);
        rig.run(sequence, 24, keepAll);
        std::vector<KvTransfer> moves;
        for (std::int32_t i = 0; i < 3; ++i)
            moves.push_back({KvTransfer::Kind::SwapOut, sequence.table[static_cast<std::size_t>(i)], i});
        QVERIFY(rig.transferBlocks(moves).has_value());
        QVERIFY(rig.executor().resizeKv(20).has_value());
        moves.clear();
        for (std::int32_t i = 0; i < 3; ++i) {
            moves.push_back({KvTransfer::Kind::SwapIn, i, 16 + i});
            moves.push_back({KvTransfer::Kind::Copy, 16 + i, 17 + i});
            sequence.table[static_cast<std::size_t>(i)] = 17 + i;
        }
        std::swap(moves[1], moves[4]); // the last first: they move up by one
        std::sort(moves.begin(), moves.end(), [](const KvTransfer& a, const KvTransfer& b) {
            return a.kind != b.kind ? a.kind == KvTransfer::Kind::SwapIn : a.from > b.from;
        });
        QVERIFY(rig.transferBlocks(moves).has_value());
        sequence.tokens = tokens;
        rig.run(sequence, 1, keepAll);
        QVERIFY(sequence.logits.at(24) == expected.at(24));
    }

    void tooLittleMemoryIsSaid()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        Result<std::unique_ptr<Executor>> executor = makeCudaExecutor(model, {}, {});
        QVERIFY(executor.has_value());
        const Result<void> reserved = (*executor)->reserveKv({0xFFFFFFFFU, 256});
        QVERIFY(!reserved);
        QVERIFY(reserved.error().code == ErrorCode::OutOfResources);
        QVERIFY(reserved.error().message.find("4294967295 pages") != std::string::npos);
        QVERIFY((*executor)->reserveKv({4, 16}).has_value());
        executor->reset();
        emulator::setMemoryLimit(0, 1 << 14);
        const auto refused = makeCudaExecutor(model, {}, {});
        QVERIFY(!refused);
        QVERIFY(refused.error().code == ErrorCode::OutOfResources);
        QVERIFY2(refused.error().message.find("for the weights failed") != std::string::npos,
                 refused.error().message.c_str());
    }

    void noDeviceIsSaid()
    {
        emulator::setDevices({});
        const auto refused = makeCudaExecutor(tinyModel("llama"), {}, {});
        QVERIFY(!refused);
        QVERIFY(refused.error().code == ErrorCode::OutOfResources);
        QVERIFY2(refused.error().message.find("no GPU can be used: ") == 0, refused.error().message.c_str());
    }

    void aFailingLaunchEndsTheExecutorNotTheProgram_data()
    {
        QTest::addColumn<bool>("late");
        QTest::newRow("refused at the call") << false;
        QTest::newRow("reported by the device later") << true;
    }
    void aFailingLaunchEndsTheExecutorNotTheProgram()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        ExecutorRig rig = cudaRig(model, {}, 8);
        RigSequence sequence;
        sequence.tokens = randomTokens(model->config().vocab, 10, 11);
        const RigChunk chunk{&sequence, 10};
        const ForwardBatch batch = rig.build(std::span(&chunk, 1), keepAll);
        QFETCH(bool, late);
        if (late)
            emulator::failExecution(3);
        else
            emulator::failLaunch(3);
        QVERIFY(!rig.executor().forward(batch));
        const auto again = rig.executor().forward(batch);
        QVERIFY(!again);
        QVERIFY(again.error().code == ErrorCode::Internal);
    }

    void loadingStopsWhenAsked()
    {
        const auto stopped =
            makeCudaExecutor(tinyModel("llama"), {}, {}, [](LoadStage, double) { return false; });
        QVERIFY(!stopped);
        QVERIFY(stopped.error().code == ErrorCode::Cancelled);
        QCOMPARE(emulator::leaks().size(), std::size_t{0});
        QCOMPARE(emulator::liveHandles(), std::size_t{0});
    }
};

QTEST_APPLESS_MAIN(CudaExecutorTest)
#include "cuda_executor_test.moc"
