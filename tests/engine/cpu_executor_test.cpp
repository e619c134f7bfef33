// SPDX-License-Identifier: GPL-3.0-or-later
// What the executor promises beyond right numbers: the same bits however a step is cut, and clear refusals.
#include <QtTest>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <span>

#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/model_files.h"
#include "tests/engine/support/resident.h"
#include "tests/engine/support/tiny_model.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
using vitrine::tests::effort;
using vitrine::tests::kSanitized;

namespace {

struct Cut
{
    std::uint32_t blockSize = 16;
    std::uint32_t chunk = 1000;
    std::uint32_t threads = 2;
};

/// Logits of the last tokens of the prompt, by position.
RigLogits runCut(const std::shared_ptr<const Model>& model, ExecutorOptions options, const Cut& cut,
                 const std::vector<TokenId>& tokens)
{
    options.threads = cut.threads;
    const auto blocks = static_cast<std::uint32_t>(tokens.size()) / cut.blockSize + 4;
    ExecutorRig rig(model, options, cut.blockSize, blocks, cut.blockSize);
    RigSequence sequence;
    sequence.tokens = tokens;
    rig.run(sequence, cut.chunk, [&](std::uint32_t position) { return position + 8 >= tokens.size(); });
    return sequence.logits;
}

} // namespace

class CpuExecutorTest : public QObject
{
    Q_OBJECT

private slots:
    void refusesAFormatOfGpus()
    {
        ExecutorOptions options;
        options.kvFormat = KvFormat::FP8;
        const auto refused = makeCpuExecutor(tinyModel("llama"), options);
        QVERIFY(!refused && refused.error().code == ErrorCode::InvalidArgument);
        QVERIFY(refused.error().message.find("--kv-format int8") != std::string::npos);
        options.precise = true; // float32 all the same
        QVERIFY(makeCpuExecutor(tinyModel("llama"), options).has_value());
    }

    void cuttingAPromptKeepsEveryBit_data() { variants({}); }
    void cuttingAPromptKeepsEveryBit()
    {
        const std::shared_ptr<const Model> model = fetchModel();
        if (!model)
            QFAIL("the model file is missing: ./installer/test brings it");
        QFETCH(bool, precise);
        QFETCH(int, kvFormat);
        QFETCH(int, tokens);
        const ExecutorOptions options{0, precise, true, static_cast<KvFormat>(kvFormat)};
        const std::vector<TokenId> prompt =
            randomTokens(model->config().vocab, static_cast<std::size_t>(tokens), 11);
        const RigLogits whole = runCut(model, options, {16, 1000, 1}, prompt);
        QCOMPARE(whole.size(), std::size_t{8});
        const bool large = model->file().fileBytes() > 10'000'000;
        const std::vector<Cut> cuts = {{16, 1000, 5}, {1, 100, 2}, {5, 7, 2},  {16, 1000, 2}, {5, 1000, 2},
                                       {256, 100, 1}, {16, 16, 2}, {16, 7, 1}, {48, 1, 2},    {16, 1, 1}};
        for (const Cut& cut : std::span(cuts).first(large ? effort<std::size_t>(10, 1) : 10))
            QVERIFY2(sameBits(whole, runCut(model, options, cut, prompt)),
                     qPrintable(QString("block size %1, chunks of %2, %3 threads")
                                    .arg(cut.blockSize)
                                    .arg(cut.chunk)
                                    .arg(cut.threads)));
    }

    void companyInTheBatchChangesNothing_data() { variants({.large = !kSanitized}); }
    void companyInTheBatchChangesNothing()
    {
        const std::shared_ptr<const Model> model = fetchModel();
        if (!model)
            QFAIL("the model file is missing: ./installer/test brings it");
        QFETCH(bool, precise);
        QFETCH(int, kvFormat);
        ExecutorOptions options{2, precise, true, static_cast<KvFormat>(kvFormat)};
        const std::size_t lengths[] = {70, 1, 33, 90, 64};
        std::vector<RigLogits> alone;
        ExecutorRig rig(model, options, 8, 64);
        std::vector<RigSequence> together(std::size(lengths));
        for (std::size_t i = 0; i < std::size(lengths); ++i) {
            together[i].tokens =
                randomTokens(model->config().vocab, lengths[i], 100 + static_cast<std::uint32_t>(i));
            alone.push_back(runCut(model, options, {16, 1000, 1}, together[i].tokens));
        }
        runTogether(rig, together);
        for (std::size_t i = 0; i < together.size(); ++i)
            QVERIFY2(sameBits(alone[i], together[i].logits), qPrintable(QString::number(i)));
    }

    void packedWeightsReplaceTheFilesPages()
    {
        const std::shared_ptr<const Model> model = installedModel(kSmolLm2File);
        QVERIFY2(model, "the model file is missing: ./installer/test brings it");
        const WeightView& gate = model->weights().layers.front().gate;
        if (residentBytes(gate.data) < 0)
            QSKIP("this system does not tell what is in memory");
        const auto executor = makeCpuExecutor(model, {}, {});
        QVERIFY(executor);
        QVERIFY((*executor)->info().weightBytes > model->file().fileBytes() / 2);
        QVERIFY(residentBytes(gate.data) < static_cast<std::int64_t>(model->file().fileBytes() / 16));
    }

    /// The fastest path takes bfloat16 for many rows where the machine has tiles; elsewhere it is the one
    /// path.
    void manyRowsStayNearTheOnePath_data() { variants({.mixtures = false, .large = !kSanitized}); }
    void manyRowsStayNearTheOnePath()
    {
        const std::shared_ptr<const Model> model = fetchModel();
        if (!model)
            QFAIL("the model file is missing: ./installer/test brings it");
        QFETCH(bool, precise);
        QFETCH(int, kvFormat);
        ExecutorOptions options{2, precise, false, static_cast<KvFormat>(kvFormat)};
        const std::vector<TokenId> prompt = randomTokens(model->config().vocab, 90, 13);
        const RigLogits fastest = runCut(model, options, {16, 1000, 2}, prompt);
        options.deterministic = true;
        const RigLogits one = runCut(model, options, {16, 1000, 2}, prompt);
        for (const auto& [position, logits] : one) {
            double dot = 0, square = 0, other = 0;
            for (std::size_t i = 0; i < logits.size(); ++i) {
                const double a = double{logits[i]}, b = double{fastest.at(position)[i]};
                dot += a * b;
                square += a * a;
                other += b * b;
            }
            const double cosine = dot / std::sqrt(square * other);
            QVERIFY2(cosine > 0.98, qPrintable(QString("position %1: %2").arg(position).arg(cosine)));
        }
    }

    void copiedBlocksHoldTheSameKeys()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        ExecutorRig rig(model, {}, 8, 32);
        RigSequence original;
        original.tokens = randomTokens(model->config().vocab, 41, 5);
        RigSequence copy = original;
        rig.run(original, 40, keepAll);
        RigSequence placeholder;
        placeholder.tokens = randomTokens(model->config().vocab, 40, 6);
        rig.run(placeholder, 40, keepAll);
        std::vector<KvTransfer> copies;
        for (std::size_t i = 0; i < placeholder.table.size(); ++i)
            copies.push_back({KvTransfer::Kind::Copy, original.table[i], placeholder.table[i]});
        QVERIFY(rig.transferBlocks(copies));
        copy.table = placeholder.table;
        copy.computed = 40;
        rig.run(copy, 1, keepAll);
        QVERIFY(copy.logits.at(40) == original.logits.at(40));
    }

    void blocksBehindTheWindowMayBeMissing()
    {
        const std::shared_ptr<const Model> model = slidingModel();
        QVERIFY(model);
        RigSequence whole;
        whole.tokens = randomTokens(model->config().vocab, 100, 8);
        RigSequence holes = whole;
        ExecutorRig first(model, {}, 4, 32);
        first.run(whole, 1, keepAll);
        ExecutorRig second(model, {}, 4, 32);
        while (holes.computed < holes.tokens.size()) {
            const std::uint32_t window = model->config().layers.front().slidingWindow;
            for (std::uint32_t block = 0; (block + 1) * 4 + window <= holes.computed + 1; ++block)
                holes.table[block] = -1;
            const RigChunk chunk{&holes, 1};
            second.step(std::span(&chunk, 1), keepAll);
        }
        QVERIFY(holes.table.front() == -1);
        QVERIFY(sameBits(whole.logits, holes.logits));
    }

    void onlyWantedRowsGetLogits()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        ExecutorRig rig(model, {}, 8, 32);
        RigSequence sequence;
        sequence.tokens = randomTokens(model->config().vocab, 20, 5);
        const RigChunk chunk{&sequence, 20};
        const auto none = [](std::uint32_t) { return false; };
        const ForwardBatch batch = rig.build(std::span(&chunk, 1), none);
        const auto logits = rig.executor().forward(batch);
        QVERIFY(logits.has_value());
        QVERIFY(logits->empty());
    }

    void tellsWhatIsComputedInAnotherForm()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const std::vector<WeightConversion> found =
            ExecutorRig(model, {}, 8, 4).executor().info().conversions;
        std::size_t tensors = 0;
        for (const WeightConversion& one : found) {
            tensors += one.tensors;
            QCOMPARE(one.type, std::string("BF16"));
            const bool eightBits = one.form == WeightConversion::Form::EightBits; // else columns fit no block
            QVERIFY(eightBits ? one.bytes < one.fileBytes * 3 / 4 : one.bytes >= one.fileBytes);
        }
        QCOMPARE(found.size(), std::size_t{2});
        QCOMPARE(tensors, model->config().layers.size() * 7 + 1);
        ExecutorOptions precise;
        precise.precise = true;
        QVERIFY(ExecutorRig(model, precise, 8, 4).executor().info().conversions.empty());
    }

    void refusesMorePagesThanThereIsMemory()
    {
        Result<std::unique_ptr<Executor>> executor = makeCpuExecutor(tinyModel("llama"), {});
        QVERIFY(executor.has_value());
        const Result<void> reserved = (*executor)->reserveKv({0xFFFFFFFFU, 256});
        QVERIFY(!reserved);
        QVERIFY(reserved.error().code == ErrorCode::OutOfResources);
        QVERIFY(reserved.error().message.find("4294967295 blocks") != std::string::npos);
        QCOMPARE((*executor)->info().kvBytes, std::uint64_t{0});
        QVERIFY((*executor)->reserveKv({4, 16}).has_value());
        QVERIFY((*executor)->info().kvBytes >= 4 * 16 * (*executor)->kvBytesPerToken());
    }

    void refusesAbsurdThreadCounts()
    {
        ExecutorOptions options;
        options.threads = 100000;
        const auto executor = makeCpuExecutor(tinyModel("llama"), options);
        QVERIFY(!executor);
        QVERIFY(executor.error().code == ErrorCode::InvalidArgument);
    }

    void packingReportsRisingProgress()
    {
        double last = 0;
        int calls = 0;
        const auto progress = [&](LoadStage stage, double fraction) {
            ++calls;
            const bool rises = stage == LoadStage::PackingWeights && fraction >= last && fraction <= 1.0;
            last = fraction;
            return rises;
        };
        ExecutorOptions options;
        options.threads = 1;
        QVERIFY(makeCpuExecutor(tinyModel("llama"), options, progress).has_value());
        QVERIFY(calls > 0);
    }

    void packingStopsWhenAsked()
    {
        int calls = 0;
        ExecutorOptions options;
        options.threads = 1;
        const auto executor = makeCpuExecutor(tinyModel("llama"), options, [&](LoadStage, double) {
            ++calls;
            return false;
        });
        QVERIFY(!executor);
        QVERIFY(executor.error().code == ErrorCode::Cancelled);
        QCOMPARE(calls, 1);
    }

private:
    struct Variants
    {
        bool mixtures = true;
        bool large = true; ///< the real models
    };
    /// Another way of rounding may choose other experts, after which nothing is near any more. Large models
    /// are packed for every rig, which takes a sanitizer seconds; cutting a prompt shows it all of them.
    static void variants(const Variants& which)
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<bool>("precise");
        QTest::addColumn<int>("kvFormat");
        QTest::addColumn<int>("tokens");
        const auto row = [](const char* name, const char* model, bool precise, KvFormat format, int tokens) {
            QTest::newRow(name) << model << precise << static_cast<int>(format) << tokens;
        };
        row("llama, default", "llama", false, KvFormat::BF16, 300);
        row("llama, f16", "llama", false, KvFormat::F16, 300);
        row("llama, int8", "llama", false, KvFormat::Int8, 300);
        row("llama, precise", "llama", true, KvFormat::F32, 300);
        row("gemma3, default", "gemma3", false, KvFormat::BF16, 300);
        row("gemma3, precise", "gemma3", true, KvFormat::F32, 300);
        if (which.mixtures) {
            row("mixtral, default", "mixtral", false, KvFormat::BF16, 300);
            row("mixtral, precise", "mixtral", true, KvFormat::F32, 300);
            row("qwen3moe, default", "qwen3moe", false, KvFormat::BF16, 300);
            row("qwen3moe, int8", "qwen3moe", false, KvFormat::Int8, 300);
        }
        if (!which.large)
            return;
        row("SmolLM2, default", kSmolLm2File, false, KvFormat::BF16, effort(150, 50));
        row("Gemma 3 270M, default", kGemma3File, false, KvFormat::BF16, effort(40, 20));
    }

    static std::shared_ptr<const Model> fetchModel()
    {
        QFETCH(QString, model);
        return model.endsWith(".gguf") ? installedModel(model.toStdString()) : tinyModel(model.toStdString());
    }

    /// Steps that mix chunks of different lengths until all sequences are through.
    static void runTogether(ExecutorRig& rig, std::vector<RigSequence>& sequences)
    {
        for (std::uint32_t round = 0;; ++round) {
            std::vector<RigChunk> chunks;
            for (std::size_t i = 0; i < sequences.size(); ++i) {
                const auto left =
                    static_cast<std::uint32_t>(sequences[i].tokens.size()) - sequences[i].computed;
                const std::uint32_t wanted = 1 + (round * 7 + static_cast<std::uint32_t>(i) * 13) % 29;
                if (left > 0)
                    chunks.push_back({&sequences[i], std::min(left, wanted)});
            }
            if (chunks.empty())
                break;
            rig.step(chunks, keepAll);
        }
        for (RigSequence& sequence : sequences)
            while (sequence.logits.size() > 8)
                sequence.logits.erase(sequence.logits.begin());
    }

    /// Every layer looks at 16 keys only.
    static std::shared_ptr<const Model> slidingModel()
    {
        vitrine::test::GgufWriter writer = vitrine::test::TinyModel("gemma3").build();
        std::vector<std::string> tokens;
        std::vector<std::int32_t> types(256, 1);
        types[0] = 2; // the unknown token
        for (int i = 0; i < 256; ++i)
            tokens.push_back(std::to_string(i));
        writer.add("tokenizer.ggml.unknown_token_id", 0U)
            .add("tokenizer.ggml.model", "llama")
            .addArray("tokenizer.ggml.tokens", tokens);
        writer.addArray("tokenizer.ggml.scores", std::vector<float>(256, 0.0F));
        writer.addArray("tokenizer.ggml.token_type", types);
        const std::string path =
            (std::filesystem::temp_directory_path() / "vitrine_sliding_model.gguf").string();
        if (!writer.write(path))
            return nullptr;
        std::shared_ptr<const Model> model = loadModel(path);
        std::filesystem::remove(path);
        return model;
    }
};

QTEST_APPLESS_MAIN(CpuExecutorTest)
#include "cpu_executor_test.moc"
