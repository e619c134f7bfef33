// SPDX-License-Identifier: GPL-3.0-or-later
// A model computed in stages gives the bits of one executor, and with ranks in each stage those of as many
// ranks alone: however a step is cut and whatever happens to the KV between steps. Stages compute at the same
// time.
#include <QtTest>

#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/family_rows.h"
#include "tests/engine/support/model_files.h"
#include "tests/engine/support/ranks.h"
#include "tests/engine/support/real_engine.h"
#include "tests/engine/support/stages.h"
#include "tests/engine/support/watched_part.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
using vitrine::tests::RealEngine;

namespace {

constexpr std::uint32_t kBlocks = 60, kBlockSize = 8;
using Kind = KvTransfer::Kind;

/// Two prompts in chunks that are cut between and within them, then token by token.
RigLogits runThrough(ExecutorRig& rig, std::uint32_t vocab)
{
    RigSequence sequence, other;
    sequence.tokens = randomTokens(vocab, 150, 3);
    other.tokens = randomTokens(vocab, 70, 4);
    const std::array<RigChunk, 2> chunks{RigChunk{&other, 63}, RigChunk{&sequence, 50}};
    rig.step(chunks, keepAll);
    const RigChunk more{&sequence, 90};
    rig.step(std::span(&more, 1), [](std::uint32_t position) { return position > 120; });
    for (int i = 0; i < 7; ++i) {
        const std::array<RigChunk, 2> both{RigChunk{&sequence, 1}, RigChunk{&other, 1}};
        rig.step(both, keepAll);
    }
    RigLogits all = sequence.logits;
    for (auto& [position, logits] : other.logits)
        all.emplace(1000 + position, logits);
    return all;
}

ExecutorRig stagedRig(const std::shared_ptr<const Model>& model, const ExecutorOptions& options,
                      const StagePlan& plan, const WrapLayers& wrap = {})
{
    return {model, stagedExecutor(model, options, plan, wrap), kBlockSize, kBlocks, 5};
}

std::uint32_t layersIn(const std::shared_ptr<const Model>& model)
{
    return static_cast<std::uint32_t>(model->config().layers.size());
}

/// Steps of which stage began in which order.
class Events
{
public:
    void note(std::uint32_t stage)
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        ++m_begun.at(stage);
        m_changed.notify_all();
    }
    /// False: that did not happen in a minute.
    bool waitUntil(std::uint32_t stage, std::size_t begun)
    {
        std::unique_lock<std::mutex> lock(m_mutex);
        return m_changed.wait_for(lock, std::chrono::minutes(1), [&] { return m_begun.at(stage) >= begun; });
    }
    std::size_t begun(std::uint32_t stage)
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        return m_begun.at(stage);
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::array<std::size_t, 2> m_begun{};
};

struct Served
{
    std::vector<std::vector<TokenId>> replies;
    std::uint32_t preemptions = 0, cached = 0;
};

EngineOptions engineOptions()
{
    EngineOptions options;
    options.executor = oneThread(false);
    options.executor.deterministic = true;
    options.kvBlocks = 16;
    options.blockSize = kBlockSize;
    options.scheduler.watermark = 0.0;
    options.scheduler.tokenBudget = 48;
    return options;
}

GenerationRequest requestOf(std::uint32_t index)
{
    GenerationRequest request;
    std::vector<TokenId> prompt = randomTokens(200, 30, index / 2);
    const std::vector<TokenId> rest = randomTokens(200, 5 + 7 * std::size_t{index}, 50 + index);
    prompt.insert(prompt.end(), rest.begin(), rest.end());
    request.prompt = prompt;
    request.maxTokens = 20;
    request.sampling.temperature = index == 3 ? 0.8F : 0.0F;
    request.ignoreEndOfGeneration = true;
    return request;
}

/// Six requests, the odd ones begin like those before them, one has several samples. Stages 0: one executor.
Served serve(const QString& family, PreemptionChoice mode, std::uint32_t stages)
{
    EngineOptions options = engineOptions();
    options.scheduler.preemption = mode;
    RealEngine real;
    const std::shared_ptr<const Model> model = tinyModel(family.toStdString());
    const std::string problem =
        real.load(model->path(), options, [&](std::unique_ptr<Executor> whole) -> std::unique_ptr<Executor> {
            if (stages == 0)
                return whole;
            Result<std::unique_ptr<Executor>> staged = stagedExecutor(model, options.executor, {stages, 1});
            VT_CHECK(staged && (*staged)->reserveKv({options.kvBlocks, kBlockSize}) &&
                     (*staged)->reserveHost(options.kvBlocks));
            return std::move(*staged);
        });
    VT_CHECK(problem.empty());
    std::vector<RequestId> ids;
    for (std::uint32_t i = 0; i < 6; ++i) {
        const auto submitted = real.engine().submitSamples(requestOf(i), i == 3 ? 3 : 1);
        VT_CHECK(submitted.has_value());
        ids.insert(ids.end(), submitted->begin(), submitted->end());
        for (int step = 0; step < 3; ++step) // those that come later find what these have computed
            VT_CHECK(real.engine().step());
    }
    VT_CHECK(real.run());
    Served served;
    for (const RequestId id : ids) {
        served.replies.push_back(real.reply(id).tokens);
        served.preemptions += real.reply(id).end.stats.preemptions;
        served.cached += real.reply(id).end.stats.cachedTokens;
    }
    return served;
}

} // namespace

class StageExecutorTest : public QObject
{
    Q_OBJECT

private slots:
    void everyStageGivesTheBitsOfOneExecutor_data()
    {
        QTest::addColumn<QString>("family");
        QTest::addColumn<bool>("exactly");
        for (const char* family : kFamilies)
            for (const bool exactly : {true, false})
                QTest::addRow("%s, %s", family, exactly ? "precisely" : "deterministic")
                    << QString(family) << exactly;
    }
    void everyStageGivesTheBitsOfOneExecutor()
    {
        QFETCH(QString, family);
        QFETCH(bool, exactly);
        const std::shared_ptr<const Model> model = tinyModel(family.toStdString());
        ExecutorOptions options = oneThread(exactly);
        options.deterministic = true;
        ExecutorRig whole(model, options, kBlockSize, kBlocks, 5);
        const RigLogits expected = runThrough(whole, model->config().vocab);
        for (std::uint32_t stages = 2; stages <= std::min(layersIn(model), 4U); ++stages) {
            ExecutorRig rig = stagedRig(model, options, {stages, 1});
            QVERIFY2(sameBits(expected, runThrough(rig, model->config().vocab)),
                     QByteArray::number(stages) + " stages");
        }
    }

    void ranksInStagesGiveTheBitsOfRanksAlone_data()
    {
        QTest::addColumn<QString>("family");
        for (const char* family : kFamilies)
            QTest::newRow(family) << QString(family);
    }
    void ranksInStagesGiveTheBitsOfRanksAlone()
    {
        QFETCH(QString, family);
        const std::shared_ptr<const Model> model = tinyModel(family.toStdString());
        ExecutorRig whole(model, oneThread(true), kBlockSize, kBlocks, 5);
        ExecutorRig ranks(model, rankedExecutor(model, oneThread(true), 2), kBlockSize, kBlocks, 5);
        ExecutorRig rig = stagedRig(model, oneThread(true), {2, 2});
        const RigLogits expected = runThrough(whole, model->config().vocab);
        const RigLogits found = runThrough(rig, model->config().vocab);
        QVERIFY(sameBits(runThrough(ranks, model->config().vocab), found));
        for (const auto& [position, logits] : expected) {
            const std::vector<double> x = logSoftmax(logits), y = logSoftmax(found.at(position));
            for (std::size_t i = 0; i < x.size(); ++i)
                QVERIFY(std::abs(x[i] - y[i]) < 1e-4);
        }
    }

    void theDefaultModelGivesTheBitsOfOneExecutor_data()
    {
        QTest::addColumn<quint32>("stages");
        QTest::addColumn<bool>("exactly");
        for (const quint32 stages : {2U, 3U})
            for (const bool exactly : {true, false})
                if (!vitrine::tests::kSanitized || (stages == 2 && !exactly))
                    QTest::addRow("%u, %s", stages, exactly ? "precisely" : "deterministic")
                        << stages << exactly;
    }
    void theDefaultModelGivesTheBitsOfOneExecutor()
    {
        QFETCH(quint32, stages);
        QFETCH(bool, exactly);
        const std::shared_ptr<const Model> model = installedModel(kSmolLm2File);
        QVERIFY2(model, "the model file is missing: ./installer/test brings it");
        ExecutorOptions options = oneThread(exactly);
        options.deterministic = true;
        const std::uint32_t prompt = vitrine::tests::effort(70U, 34U);
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, prompt + 2, 13);
        RigLogits logits[2];
        for (int which = 0; which < 2; ++which) {
            auto executor =
                which == 0 ? makeCpuExecutor(model, options) : stagedExecutor(model, options, {stages, 1});
            ExecutorRig rig(model, std::move(executor), 16, kBlocks);
            RigSequence sequence;
            sequence.tokens.assign(tokens.begin(), tokens.begin() + prompt);
            rig.run(sequence, prompt, keepAll);
            sequence.tokens = tokens;
            rig.run(sequence, 1, keepAll);
            logits[which] = sequence.logits;
        }
        QCOMPARE(logits[0].size(), std::size_t{prompt} + 2);
        QVERIFY(sameBits(logits[0], logits[1]));
    }

    void findsTheBestTokensOfOneExecutor()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        std::vector<std::vector<TokenId>> best;
        for (const StagePlan& plan : {StagePlan{1, 1}, StagePlan{2, 1}, StagePlan{2, 2}}) {
            auto executor = plan.alone() ? makeCpuExecutor(model, oneThread(true))
                                         : stagedExecutor(model, oneThread(true), plan);
            ExecutorRig rig(model, std::move(executor), kBlockSize, kBlocks);
            RigSequence sequence;
            ForwardBatch batch = promptOf(rig, sequence, 90);
            batch.bestOnly = true;
            const auto logits = rig.executor().forward(batch);
            QVERIFY(logits.has_value() && logits->empty());
            const std::span<const TokenId> tokens = rig.executor().bestTokens();
            best.emplace_back(tokens.begin(), tokens.end());
        }
        QCOMPARE(best[0].size(), std::size_t{90});
        QCOMPARE(best[1], best[0]);
        QCOMPARE(best[2], best[0]);
    }

    /// The last stage does not begin before the first one is at what comes after: it would wait for ever if
    /// stages took turns.
    void stagesComputeAtTheSameTime()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        Events events;
        const auto wrap = [&](std::unique_ptr<Executor> layers, std::uint32_t stage) {
            return std::make_unique<WatchedPart>(
                std::move(layers), [&events, stage](const ForwardBatch&) -> Result<void> {
                    events.note(stage);
                    const std::size_t next = std::min<std::size_t>(events.begun(stage) + 1, 4);
                    if (stage == 1 && !events.waitUntil(0, next))
                        return internalError("the first stage waits");
                    return {};
                });
        };
        ExecutorRig rig = stagedRig(model, oneThread(false), {2, 1}, wrap);
        RigSequence sequence;
        const ForwardBatch batch = promptOf(rig, sequence, 64);
        QVERIFY(rig.executor().forward(batch).has_value());
        QVERIFY(events.begun(0) == 4 && events.begun(1) == 4);
    }

    void blocksSurviveCopiesSwapsAndANewPool_data() { familyRows(); }
    void blocksSurviveCopiesSwapsAndANewPool()
    {
        QFETCH(QString, family);
        const std::shared_ptr<const Model> model = tinyModel(family.toStdString());
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 25, 9);
        ExecutorRig plain(model, oneThread(false), kBlockSize, 16);
        RigSequence undisturbed;
        undisturbed.tokens = tokens;
        plain.run(undisturbed, 24, keepAll);
        ExecutorRig rig(model, stagedExecutor(model, oneThread(false), {2, 1}), kBlockSize, 16);
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

    void anEngineServesTheSameReplies_data()
    {
        QTest::addColumn<QString>("family");
        QTest::addColumn<bool>("swaps");
        for (const char* family : {"llama", "gemma3"})
            for (const bool swaps : {false, true})
                QTest::addRow("%s, %s", family, swaps ? "swaps" : "computes again")
                    << QString(family) << swaps;
    }
    void anEngineServesTheSameReplies()
    {
        QFETCH(QString, family);
        QFETCH(bool, swaps);
        const PreemptionChoice mode = swaps ? PreemptionChoice::Swap : PreemptionChoice::Recompute;
        const Served one = serve(family, mode, 0), two = serve(family, mode, 2),
                     again = serve(family, mode, 2);
        QCOMPARE(one.replies.size(), std::size_t{8});
        QVERIFY2(two.preemptions > 0, QByteArray::number(two.preemptions));
        QVERIFY2(two.cached > 0, QByteArray::number(two.cached));
        QCOMPARE(two.replies, one.replies);
        QCOMPARE(again.replies, two.replies);
    }

    void eachStageHoldsItsLayers()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const auto whole = makeCpuExecutor(model, oneThread(false));
        ExecutorRig rig = stagedRig(model, oneThread(false), {2, 2});
        QVERIFY(whole.has_value());
        const ExecutorInfo info = rig.executor().info();
        QCOMPARE(info.parts.size(), std::size_t{4});
        QVERIFY(info.parts[0].layers == info.parts[1].layers && info.parts[2].layers == info.parts[3].layers);
        QVERIFY(info.parts[0].layers.first == 0 && info.parts[2].layers.first == info.parts[0].layers.count);
        QVERIFY((info.layers == LayerRange{0, layersIn(model)}));
        QVERIFY2(info.device.starts_with("2 stages of 2 ranks, CPU"), info.device.c_str());
        QVERIFY2(info.parts[3].device.starts_with("rank 1 of stage 2 of 2, CPU"),
                 info.parts[3].device.c_str());
        QCOMPARE(rig.executor().kvBytesPerToken(), (*whole)->kvBytesPerToken());
        QVERIFY(rig.executor().setThreads(8) && rig.executor().info().threads == 8);
    }

    void operationsAreCountedByStep()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        ExecutorRig rig = stagedRig(model, oneThread(false), {2, 1});
        rig.executor().timeOperations(true);
        RigSequence sequence;
        const ForwardBatch batch = promptOf(rig, sequence, 64);
        QVERIFY(rig.executor().forward(batch) && rig.executor().forward(batch));
        const OperationTimes times = rig.executor().operationTimes();
        QCOMPARE(times.steps, std::uint64_t{2});
        QVERIFY(times.seconds[static_cast<std::size_t>(Operation::Embed)] > 0.0);
    }
};

QTEST_APPLESS_MAIN(StageExecutorTest)
#include "stage_executor_test.moc"
