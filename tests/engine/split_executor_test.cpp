// SPDX-License-Identifier: GPL-3.0-or-later
// A model computed by several executors one after the other gives what one gives, to the bit: wherever it is
// cut, whatever happens to its KV between steps, alone and below an engine.
#include <QtTest>

#include <cmath>

#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/family_rows.h"
#include "tests/engine/support/model_files.h"
#include "tests/engine/support/real_engine.h"
#include "tests/engine/support/refusing_part.h"
#include "tests/engine/support/split_parts.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
using vitrine::tests::RealEngine;

namespace {

constexpr std::uint32_t kBlocks = 40;
constexpr std::uint32_t kBlockSize = 8;
using Kind = KvTransfer::Kind;

ExecutorOptions twoThreads()
{
    ExecutorOptions options;
    options.threads = 2;
    return options;
}

ExecutorRig splitRig(const std::shared_ptr<const Model>& model, const ExecutorOptions& options,
                     const std::vector<std::uint32_t>& cuts)
{
    return {model, splitAt(model, options, cuts), kBlockSize, kBlocks, 5};
}

/// A prompt in chunks beside another sequence, then token by token.
RigLogits runThrough(ExecutorRig& rig, std::uint32_t vocab)
{
    RigSequence sequence, other;
    sequence.tokens = randomTokens(vocab, 70, 3);
    other.tokens = randomTokens(vocab, 40, 4);
    const std::array<RigChunk, 2> chunks{RigChunk{&other, 33}, RigChunk{&sequence, 21}};
    rig.step(chunks, keepAll);
    const RigChunk rest{&sequence, 40};
    rig.step(std::span(&rest, 1), [](std::uint32_t) { return false; });
    for (int i = 0; i < 7; ++i) {
        const std::array<RigChunk, 2> both{RigChunk{&sequence, 1}, RigChunk{&other, 1}};
        rig.step(both, keepAll);
    }
    RigLogits all = sequence.logits;
    for (auto& [position, logits] : other.logits)
        all.emplace(1000 + position, logits);
    return all;
}

MakePart lastRefuses(bool& refuses)
{
    return [&refuses](const std::shared_ptr<const Model>& model, const ExecutorOptions& options,
                      std::size_t index) -> Result<std::unique_ptr<Executor>> {
        Result<std::unique_ptr<Executor>> part = makeCpuExecutor(model, options);
        if (!part || index == 0)
            return part;
        return std::unique_ptr<Executor>(std::make_unique<RefusingPart>(std::move(*part), refuses));
    };
}

std::string familyPath(const QString& family)
{
    return std::string(VITRINE_TEST_DATA) + "/families/" + family.toStdString() + "/model.gguf";
}

EngineOptions engineOptions(std::uint32_t blocks)
{
    EngineOptions options;
    options.executor = twoThreads();
    options.executor.deterministic = true;
    options.kvBlocks = blocks;
    options.blockSize = kBlockSize;
    options.scheduler.watermark = 0.0;
    options.scheduler.tokenBudget = 48;
    return options;
}

struct Served
{
    std::vector<std::vector<TokenId>> replies;
    std::uint32_t preemptions = 0, cached = 0;
};

/// Six requests, the odd ones begin like those before them. `cut` 0: not cut; `shrinkTo` 0: the pool stays.
Served serve(const QString& family, const EngineOptions& options, std::uint32_t cut, std::uint32_t shrinkTo)
{
    RealEngine real;
    Served served;
    const std::string problem = real.load(
        familyPath(family), options, [&](std::unique_ptr<Executor> whole) -> std::unique_ptr<Executor> {
            if (cut == 0)
                return whole;
            const std::shared_ptr<const Model> model = tinyModel(family.toStdString());
            Result<std::unique_ptr<Executor>> split = splitAt(model, options.executor, {cut});
            VT_CHECK(split.has_value() && (*split)->reserveKv({options.kvBlocks, kBlockSize}).has_value());
            VT_CHECK((*split)->reserveHost(options.kvBlocks).has_value());
            return std::move(*split);
        });
    VT_CHECK(problem.empty());
    std::vector<RequestId> ids;
    for (std::uint32_t i = 0; i < 6; ++i) {
        GenerationRequest request;
        std::vector<TokenId> prompt = randomTokens(200, 30, i / 2);
        const std::vector<TokenId> rest = randomTokens(200, 5 + 7 * std::size_t{i}, 50 + i);
        prompt.insert(prompt.end(), rest.begin(), rest.end());
        request.prompt = prompt;
        request.maxTokens = 20;
        request.ignoreEndOfGeneration = true;
        ids.push_back(real.submit(std::move(request)));
        for (int step = 0; step < 3; ++step) // those that come later find what these have computed
            VT_CHECK(real.engine().step());
    }
    VT_CHECK(shrinkTo == 0 || real.engine().resizeKv(shrinkTo).has_value());
    VT_CHECK(real.run());
    for (const RequestId id : ids) {
        served.replies.push_back(real.reply(id).tokens);
        served.preemptions += real.reply(id).end.stats.preemptions;
        served.cached += real.reply(id).end.stats.cachedTokens;
    }
    return served;
}

} // namespace

class SplitExecutorTest : public QObject
{
    Q_OBJECT

private slots:
    void everyCutGivesTheBitsOfOneExecutor_data()
    {
        QTest::addColumn<QString>("family");
        QTest::addColumn<int>("way");
        const QStringList ways{"as it is used", "precise", "deterministic, int8 KV"};
        for (const char* family : kFamilies)
            for (int way = 0; way < ways.size(); ++way)
                QTest::newRow(qPrintable(QString("%1, %2").arg(family, ways[way]))) << QString(family) << way;
    }
    void everyCutGivesTheBitsOfOneExecutor()
    {
        QFETCH(QString, family);
        QFETCH(int, way);
        const std::shared_ptr<const Model> model = tinyModel(family.toStdString());
        ExecutorOptions options = twoThreads();
        options.precise = way == 1;
        options.deterministic = way == 2;
        options.kvFormat = way == 2 ? KvFormat::Int8 : KvFormat::BF16;
        ExecutorRig whole(model, options, kBlockSize, kBlocks, 5);
        const RigLogits expected = runThrough(whole, model->config().vocab);
        for (std::uint32_t cut = 1; cut < layersOf(model); ++cut) {
            ExecutorRig split = splitRig(model, options, {cut});
            QVERIFY2(sameBits(expected, runThrough(split, model->config().vocab)),
                     qPrintable(QString("cut before layer %1").arg(cut)));
        }
    }

    void moreThanTwoPartsGiveTheSameBits()
    {
        const std::shared_ptr<const Model> model = tinyModel("gemma3");
        ExecutorRig whole(model, twoThreads(), kBlockSize, kBlocks, 5);
        ExecutorRig split = splitRig(model, twoThreads(), {1, 2, 5});
        QVERIFY(sameBits(runThrough(whole, model->config().vocab), runThrough(split, model->config().vocab)));
    }

    void bestTokensAreThoseOfOneExecutor()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        ExecutorRig whole(model, twoThreads(), kBlockSize, kBlocks);
        ExecutorRig split = splitRig(model, twoThreads(), {2});
        std::vector<std::vector<TokenId>> best;
        for (ExecutorRig* rig : {&whole, &split}) {
            RigSequence sequence;
            sequence.tokens = randomTokens(model->config().vocab, 20, 9);
            const RigChunk chunk{&sequence, 20};
            ForwardBatch batch = rig->build(std::span(&chunk, 1), keepAll);
            batch.bestOnly = true;
            const auto logits = rig->executor().forward(batch);
            QVERIFY(logits.has_value() && logits->empty());
            const std::span<const TokenId> tokens = rig->executor().bestTokens();
            best.emplace_back(tokens.begin(), tokens.end());
        }
        QCOMPARE(best[0].size(), std::size_t{20});
        QCOMPARE(best[1], best[0]);
    }

    void attentionByBlockIsTheMeanOverAllParts_data() { familyRows(); }
    void attentionByBlockIsTheMeanOverAllParts()
    {
        QFETCH(QString, family);
        const std::shared_ptr<const Model> model = tinyModel(family.toStdString());
        std::vector<std::vector<float>> masses;
        for (std::uint32_t cut = 0; cut < layersOf(model); ++cut) {
            ExecutorRig rig = cut == 0 ? ExecutorRig(model, twoThreads(), kBlockSize, kBlocks)
                                       : splitRig(model, twoThreads(), {cut});
            QVERIFY(rig.executor().measuresAttention());
            RigSequence sequence;
            sequence.tokens = randomTokens(model->config().vocab, 50, 2);
            const RigChunk chunk{&sequence, 50};
            ForwardBatch batch = rig.build(std::span(&chunk, 1), keepAll);
            batch.massRows = {0};
            QVERIFY(rig.executor().forward(batch).has_value());
            const std::span<const float> mass = rig.executor().attentionMass(0);
            masses.emplace_back(mass.begin(), mass.end());
            QCOMPARE(masses.back().size(), std::size_t{7});
            for (std::size_t block = 0; block < 7; ++block)
                QVERIFY(std::abs(masses.back()[block] - masses.front()[block]) < 1e-6F);
        }
        float sum = 0.0F;
        for (const float mass : masses.back())
            sum += mass;
        const bool sinks = static_cast<bool>(model->weights().layers.front().sinks); // take their part
        QVERIFY(sinks ? sum > 0.0F && sum < 1.0F : std::abs(sum - 1.0F) < 1e-4F);
    }

    void blocksSurviveCopiesSwapsAndANewPool_data() { familyRows(); }
    void blocksSurviveCopiesSwapsAndANewPool()
    {
        QFETCH(QString, family);
        const std::shared_ptr<const Model> model = tinyModel(family.toStdString());
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 25, 9);
        ExecutorRig plain(model, twoThreads(), kBlockSize, 16);
        RigSequence undisturbed;
        undisturbed.tokens = tokens;
        plain.run(undisturbed, 24, keepAll);
        ExecutorRig rig(model, splitAt(model, twoThreads(), {2}), kBlockSize, 16);
        QVERIFY(rig.executor().reserveHost(4).has_value());
        RigSequence sequence;
        sequence.tokens.assign(tokens.begin(), tokens.begin() + 24);
        rig.run(sequence, 24, keepAll);
        std::vector<KvTransfer> moves;
        for (std::int32_t i = 0; i < 3; ++i)
            moves.push_back({Kind::SwapOut, sequence.table[static_cast<std::size_t>(i)], i});
        QVERIFY(rig.transferBlocks(moves).has_value());
        QVERIFY(rig.executor().resizeKv(24).has_value());
        moves.clear();
        for (std::int32_t i = 0; i < 3; ++i) {
            moves.push_back({Kind::SwapIn, i, 16 + i});
            moves.push_back({Kind::Copy, 16 + i, 20 + i});
            sequence.table[static_cast<std::size_t>(i)] = 20 + i;
        }
        QVERIFY(rig.transferBlocks(moves).has_value());
        sequence.tokens = tokens;
        rig.run(sequence, 1, keepAll);
        QVERIFY(sequence.logits.at(24) == undisturbed.logits.at(24));
    }

    void weightsAndKvLieWhereTheyCompute()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        ExecutorRig whole(model, twoThreads(), kBlockSize, kBlocks);
        ExecutorRig split = splitRig(model, twoThreads(), {1});
        const ExecutorInfo one = whole.executor().info(), all = split.executor().info();
        QVERIFY(one.parts.empty());
        QCOMPARE(one.layers.count, 4U);
        QCOMPARE(all.parts.size(), std::size_t{2});
        QVERIFY((all.parts[0].layers == LayerRange{0, 1}) && (all.parts[1].layers == LayerRange{1, 3}));
        QCOMPARE(all.layers.count, 4U);
        QCOMPARE(all.parts[0].weightBytes + all.parts[1].weightBytes, one.weightBytes);
        QVERIFY(all.parts[0].weightBytes < all.parts[1].weightBytes / 3 + 1);
        QCOMPARE(all.weightBytes, one.weightBytes);
        QCOMPARE(split.executor().kvBytesPerToken(), whole.executor().kvBytesPerToken());
        QVERIFY2(all.device.find(", layers 1-1 + ") != std::string::npos &&
                     all.device.ends_with(", layers 2-4"),
                 all.device.c_str());
    }

    void aPartThatRefusesLeavesEverythingAsItWas()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        bool refuses = false;
        ExecutorRig rig(model, splitAt(model, twoThreads(), {2}, lastRefuses(refuses)), kBlockSize, kBlocks,
                        5);
        Executor& executor = rig.executor();
        const auto bytesOf = [&] { return executor.info().parts[0].kvBytes; };
        const std::uint64_t before = bytesOf();
        refuses = true;
        const Result<void> resized = executor.resizeKv(2 * kBlocks);
        QVERIFY(!resized && resized.error().message == "no memory");
        QCOMPARE(bytesOf(), before);
        QVERIFY(!executor.reserveHost(8));
        QCOMPARE(executor.info().hostBytes, std::uint64_t{0});
        QVERIFY(!executor.setThreads(1));
        QCOMPARE(executor.info().parts[0].threads, 2U);
        RigSequence sequence;
        sequence.tokens = randomTokens(model->config().vocab, 9, 1);
        const RigChunk chunk{&sequence, 9};
        const ForwardBatch batch = rig.build(std::span(&chunk, 1), keepAll);
        const auto failed = executor.forward(batch);
        QVERIFY(!failed && failed.error().message == "a planted failure");
        refuses = false;
        QVERIFY(executor.forward(batch).has_value());
        QVERIFY(executor.resizeKv(2 * kBlocks).has_value());
        QVERIFY(bytesOf() > before);
    }

    void operationsAreThoseOfAllParts()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        ExecutorRig rig = splitRig(model, twoThreads(), {2});
        rig.executor().timeOperations(true);
        runThrough(rig, model->config().vocab);
        const OperationTimes times = rig.executor().operationTimes();
        QCOMPARE(times.steps, std::uint64_t{9});
        QVERIFY(times.seconds[static_cast<std::size_t>(Operation::Head)] > 0.0);
        QVERIFY(times.seconds[static_cast<std::size_t>(Operation::Embed)] > 0.0);
    }

    void layersThatAreNotThereAreRefused()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        for (const LayerRange layers : {LayerRange{4, 0}, LayerRange{0, 5}, LayerRange{2, 3}}) {
            ExecutorOptions options = twoThreads();
            options.layers = layers;
            const auto refused = makeCpuExecutor(model, options);
            QVERIFY(!refused && refused.error().code == ErrorCode::InvalidArgument);
            QVERIFY2(refused.error().message.find("the model has 4 layers") == 0,
                     refused.error().message.c_str());
        }
    }

    void anEngineServesTheSameReplies_data()
    {
        QTest::addColumn<QString>("family");
        QTest::addColumn<int>("shrinkTo");
        for (const char* family : {"llama", "gemma3", "qwen3moe"}) {
            QTest::addRow("%s, prompts shared", family) << QString(family) << 0;
            QTest::addRow("%s, preempted by a pool that shrinks", family) << QString(family) << 13;
        }
    }
    void anEngineServesTheSameReplies()
    {
        QFETCH(QString, family);
        QFETCH(int, shrinkTo);
        const EngineOptions options = engineOptions(80);
        const Served whole = serve(family, options, 0, static_cast<std::uint32_t>(shrinkTo));
        const Served split = serve(family, options, 2, static_cast<std::uint32_t>(shrinkTo));
        QCOMPARE(split.replies, whole.replies);
        QCOMPARE(split.replies.front().size(), std::size_t{20});
        QVERIFY(split.cached > 0);
        QCOMPARE(split.preemptions > 0, shrinkTo > 0);
    }
};

QTEST_APPLESS_MAIN(SplitExecutorTest)
#include "split_executor_test.moc"
