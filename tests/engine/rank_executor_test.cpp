// SPDX-License-Identifier: GPL-3.0-or-later
// Ranks that share every layer's tensors, beside one executor that has them whole: the same logits within
// what another order of additions makes, the same tokens, and a rank that fails takes nobody else's time.
#include <QtTest>

#include <cmath>
#include <thread>

#include "engine/execution/rank_sum.h"
#include "engine/parallel/worker_executor.h"
#include "engine/parallel/worker_loop.h"
#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/model_files.h"
#include "tests/engine/support/ranks.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

constexpr std::uint32_t kBlocks = 24, kBlockSize = 8;

ExecutorOptions precise()
{
    ExecutorOptions options;
    options.precise = true;
    return options;
}

/// A prompt in two chunks, then the rest token by token.
RigLogits runThrough(ExecutorRig& rig, const std::vector<TokenId>& tokens, std::uint32_t prompt)
{
    RigSequence sequence;
    sequence.tokens.assign(tokens.begin(), tokens.begin() + prompt);
    rig.run(sequence, prompt * 2 / 3, keepAll);
    sequence.tokens = tokens;
    rig.run(sequence, 1, keepAll);
    return sequence.logits;
}

double worst(const RigLogits& a, const RigLogits& b)
{
    double difference = 0;
    for (const auto& [position, logits] : a) {
        const std::vector<double> x = logSoftmax(logits), y = logSoftmax(b.at(position));
        for (std::size_t i = 0; i < x.size(); ++i)
            difference = std::max(difference, std::abs(x[i] - y[i]));
    }
    return difference;
}

void familiesAndRanks()
{
    QTest::addColumn<QString>("family");
    QTest::addColumn<quint32>("ranks");
    for (const QString family :
         {"llama", "gemma3", "qwen3", "mixtral", "qwen3moe", "qwen2", "gemma2", "phi3", "granite", "gpt_oss"})
        for (const quint32 ranks : {1U, 2U, 3U, 4U})
            QTest::newRow(qPrintable(QString("%1, %2").arg(family).arg(ranks))) << family << ranks;
}

} // namespace

class RankExecutorTest : public QObject
{
    Q_OBJECT

private slots:
    void computesWhatOneComputes_data() { familiesAndRanks(); }
    void computesWhatOneComputes()
    {
        QFETCH(QString, family);
        QFETCH(quint32, ranks);
        if (ranks == 1)
            return; // nothing to share
        const std::shared_ptr<const Model> model = tinyModel(family.toStdString());
        Result<std::unique_ptr<Executor>> shared = rankedExecutor(model, precise(), ranks);
        if (!shared) { // then the model has too few heads, and it says how many ranks can
            QVERIFY2(shared.error().message.find("cannot be shared") != std::string::npos,
                     shared.error().message.c_str());
            QVERIFY(ranks > model->config().heads);
            return;
        }
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 40, 3);
        ExecutorRig whole(model, precise(), kBlockSize, kBlocks);
        ExecutorRig rig(model, std::move(shared), kBlockSize, kBlocks);
        const double difference = worst(runThrough(whole, tokens, 33), runThrough(rig, tokens, 33));
        QVERIFY2(difference < 1e-4, qPrintable(QString::number(difference)));
    }

    void refusesAModelWhoseHeadsAreNormedTogether()
    {
        const auto refused = rankedExecutor(tinyModel("olmo2"), precise(), 2);
        QVERIFY(!refused);
        const QString message = QString::fromStdString(refused.error().message);
        QVERIFY2(message.contains("norms the queries of all heads") && message.contains("stages"),
                 qPrintable(message));
    }

    void computesTheDefaultModel_data()
    {
        QTest::addColumn<quint32>("ranks");
        QTest::addColumn<bool>("exactly");
        for (const quint32 ranks : {2U, 3U, 4U}) {
            if (vitrine::tests::kSanitized && ranks != 4)
                continue; // each packs and computes the model anew
            QTest::addRow("%u, precisely", ranks) << ranks << true;
            QTest::addRow("%u, as it is used", ranks) << ranks << false;
        }
    }
    void computesTheDefaultModel()
    {
        QFETCH(quint32, ranks);
        QFETCH(bool, exactly);
        const std::shared_ptr<const Model> model = installedModel(kSmolLm2File);
        QVERIFY2(model, "the model file is missing: ./installer/test brings it");
        const ExecutorOptions options = exactly ? precise() : ExecutorOptions();
        const std::uint32_t prompt = vitrine::tests::effort(60U, 9U);
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, prompt + 3, 13);
        ExecutorRig whole(model, options, 16, kBlocks);
        ExecutorRig rig(model, rankedExecutor(model, options, ranks), 16, kBlocks);
        const RigLogits expected = runThrough(whole, tokens, prompt), found = runThrough(rig, tokens, prompt);
        const double difference = exactly ? worst(expected, found) : 1 - cosine(expected, found);
        QVERIFY2(difference < 2e-3, qPrintable(QString::number(difference)));
    }

    void findsTheBestTokenOfTheWholeVocabulary()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        ExecutorRig rig(model, rankedExecutor(model, {}, 3), kBlockSize, kBlocks);
        RigSequence sequence;
        sequence.tokens = randomTokens(model->config().vocab, 21, 5);
        rig.run(sequence, 21, keepAll);
        ExecutorRig again(model, rankedExecutor(model, {}, 3), kBlockSize, kBlocks);
        RigSequence same;
        same.tokens = sequence.tokens;
        const RigChunk chunk{&same, 21};
        ForwardBatch batch = again.build(std::span(&chunk, 1), keepAll);
        batch.bestOnly = true;
        QVERIFY(again.executor().forward(batch).has_value());
        const std::span<const TokenId> best = again.executor().bestTokens();
        QCOMPARE(best.size(), std::size_t{21});
        for (std::uint32_t i = 0; i < 21; ++i) {
            const std::vector<float>& row = sequence.logits.at(i);
            QCOMPARE(best[i], static_cast<TokenId>(std::max_element(row.begin(), row.end()) - row.begin()));
        }
    }

    void sameBitsEveryTime()
    {
        const std::shared_ptr<const Model> model = tinyModel("gemma3");
        ExecutorOptions options;
        options.deterministic = true;
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 30, 8);
        RigLogits first;
        for (int round = 0; round < 3; ++round) {
            options.threads = 1 + static_cast<std::uint32_t>(round); // also whatever the threads of a rank
            ExecutorRig rig(model, rankedExecutor(model, options, 2), kBlockSize, kBlocks);
            const RigLogits logits = runThrough(rig, tokens, 24);
            first = round == 0 ? logits : first;
            QVERIFY(sameBits(first, logits));
        }
    }

    void sumsInPiecesMakeNoDifferenceToABit_data()
    {
        QTest::addColumn<QString>("family");
        QTest::addColumn<quint32>("threads");
        for (const QString family : {"llama", "gemma3", "qwen3", "mixtral"})
            for (const quint32 threads : {1U, 2U, 3U})
                QTest::newRow(qPrintable(QString("%1, %2 threads").arg(family).arg(threads)))
                    << family << threads;
    }
    void sumsInPiecesMakeNoDifferenceToABit()
    {
        QFETCH(QString, family);
        QFETCH(quint32, threads);
        const std::shared_ptr<const Model> model = tinyModel(family.toStdString());
        ExecutorOptions options;
        options.deterministic = true;
        options.threads = threads;
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 302, 8);
        const auto logits = [&](std::size_t placeBytes) { // a chunk of 200 tokens: several pieces
            ExecutorRig rig(model, rankedExecutor(model, options, 2, placeBytes), kBlockSize, 48);
            return runThrough(rig, tokens, 300);
        };
        QVERIFY(sameBits(logits(1U << 20U), logits(64))); // the second has room for none
    }

    void saysWhatRanksSpendAStepOn()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        ExecutorRig alone(model, ExecutorOptions(), kBlockSize, kBlocks);
        QVERIFY(alone.executor().rankTimes().empty());
        ExecutorRig rig(model, rankedExecutor(model, {}, 2), kBlockSize, kBlocks);
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 40, 8);
        static_cast<void>(runThrough(rig, tokens, 39)); // a step of one token is the last one
        const std::vector<RankTimes> ranks = rig.executor().rankTimes();
        QCOMPARE(ranks.size(), std::size_t{2});
        const std::size_t sums = 2 * model->config().layers.size() * model->config().hidden * sizeof(float);
        QCOMPARE(ranks[0].bytes, std::uint64_t{sums});
        QVERIFY(ranks[1].bytes > sums); // and logits, which rank 0 gets
        for (const RankTimes& times : ranks)
            QVERIFY(times.computeNs > 0 && times.sumNs > 0 && times.waitNs >= 0 && times.hiddenNs >= 0);
    }

    void eachRankHoldsItsPart()
    {
        const std::shared_ptr<const Model> model = installedModel(kSmolLm2File);
        QVERIFY2(model, "the model file is missing: ./installer/test brings it");
        const auto whole = makeCpuExecutor(model, {});
        const auto shared = rankedExecutor(model, {}, 3);
        QVERIFY(whole && shared);
        QCOMPARE((*shared)->kvBytesPerToken(), (*whole)->kvBytesPerToken());
        const ExecutorInfo info = (*shared)->info();
        QCOMPARE(info.parts.size(), std::size_t{3});
        QVERIFY(info.weightBytes < (*whole)->info().weightBytes * 101 / 100);
        for (const ExecutorInfo& part : info.parts)
            QVERIFY(part.weightBytes * 100 < info.weightBytes * 36);
        QVERIFY(QString::fromStdString(info.device).startsWith("3 ranks, CPU"));
    }

    void aGroupThatHasEndedFailsTheStepAtOnce()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        Result<std::shared_ptr<RankGroup>> group = RankGroup::create({2, 4096, 4096});
        QVERIFY(group.has_value());
        ExecutorOptions options;
        options.threads = 1;
        options.ranks = (*group)->communicator(0);
        const std::shared_ptr<Communicator> other = (*group)->communicator(1); // that computes nothing
        ExecutorRig rig(model, makeCpuExecutor(model, options), kBlockSize, kBlocks);
        RigSequence sequence;
        sequence.tokens = {1, 2, 3};
        const RigChunk chunk{&sequence, 3};
        const ForwardBatch batch = rig.build(std::span(&chunk, 1), keepAll);
        QVERIFY(rig.executor().launch(batch).has_value());
        other->abort("rank 1 was stopped");
        const auto awaited = rig.executor().await();
        QVERIFY(!awaited && awaited.error().message == "rank 1 was stopped");
        const auto next = rig.executor().forward(batch);
        QVERIFY(!next && next.error().message == "rank 1 was stopped");
    }

    /// Ranks behind commands, as processes have them.
    void ranksAnswerCommands()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const auto steps = RankGroup::create({2, 4096, 4096}), control = RankGroup::create({2, 64, 4096});
        QVERIFY(steps && control);
        std::thread other([&] {
            ExecutorOptions options;
            options.threads = 1;
            options.rankPatienceMs = 20'000;
            options.ranks = (*steps)->communicator(1);
            const auto executor = makeCpuExecutor(model, options);
            VT_CHECK(executor && serveRank(**executor, *(*control)->communicator(1)));
        });
        {
            ExecutorOptions options;
            options.threads = 1;
            options.rankPatienceMs = 20'000;
            options.ranks = (*steps)->communicator(0);
            std::vector<std::unique_ptr<Executor>> ranks;
            ranks.push_back(std::move(*makeCpuExecutor(model, options)));
            Result<std::unique_ptr<Executor>> proxy = makeWorkerExecutor((*control)->communicator(0));
            VT_CHECK(proxy.has_value());
            ranks.push_back(std::move(*proxy));
            ExecutorRig rig(model, makeRankExecutor(std::move(ranks), options.ranks), kBlockSize, kBlocks);
            const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 30, 8);
            ExecutorRig same(model, rankedExecutor(model, {}, 2), kBlockSize, kBlocks);
            QVERIFY(sameBits(runThrough(rig, tokens, 24), runThrough(same, tokens, 24)));
            const KvTransfer copy{KvTransfer::Kind::Copy, 0, 1};
            QVERIFY(rig.executor().transfer(std::span(&copy, 1)).has_value());
            QVERIFY(rig.executor().reserveHost(3) && rig.executor().resizeKv(kBlocks + 4));
            QVERIFY(rig.executor().setThreads(2).has_value());
            rig.executor().setDeterministic(true);
            QCOMPARE(rig.executor().info().threads, 2U);
            QCOMPARE(rig.executor().info().kvBytes, same.executor().info().kvBytes * (kBlocks + 4) / kBlocks);
        }
        other.join();
    }

    void aRankThatCannotLoadSaysWhy()
    {
        const auto control = RankGroup::create({2, 64, 4096});
        QVERIFY(control.has_value());
        std::thread other([&] {
            answerFailure(*(*control)->communicator(1), outOfResources("no memory for the weights"));
        });
        const auto proxy = makeWorkerExecutor((*control)->communicator(0));
        other.join();
        QVERIFY(!proxy && proxy.error().code == ErrorCode::OutOfResources);
        QCOMPARE(proxy.error().message, std::string("no memory for the weights"));
    }

    void aTokenThatARankDoesNotHaveIsNotTaken()
    {
        const auto group = RankGroup::create({2, 64, 4096});
        QVERIFY(group.has_value());
        const std::shared_ptr<Communicator> other = (*group)->communicator(1);
        for (const TokenId nonsense : {-1, 49, 100, 1'000'000}) {
            (*group)->renew();
            other->restart();
            TensorShard shard;
            shard.ranks = 2;
            RankSum sum((*group)->communicator(0), shard, 100, 5'000);
            const BestLogit said[] = {{1.0F, 99}, {2.0F, nonsense}};
            QVERIFY(
                other->send(std::as_bytes(std::span(said)), 0, Deadline::inMilliseconds(5'000)).has_value());
            BestLogit best[] = {{0.0F, 3}, {0.0F, 4}};
            sum.gatherBest(best);
            QVERIFY(sum.failure() && sum.failure()->message == "rank 1 chose a token that it does not have");
            QVERIFY(best[0].id == 99 && best[1].id == 4);
        }
    }

    void aModelIsUnloadedWithAStepUnderWay()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        for (int round = 0; round < 20; ++round) {
            ExecutorRig rig(model, rankedExecutor(model, {}, 3), kBlockSize, kBlocks);
            RigSequence sequence;
            sequence.tokens = randomTokens(model->config().vocab, 60, 5);
            const RigChunk chunk{&sequence, 60};
            const ForwardBatch batch = rig.build(std::span(&chunk, 1), keepAll);
            QVERIFY(rig.executor().launch(batch).has_value());
            Result<std::unique_ptr<Executor>> nothing = makeCpuExecutor(model, {});
            rig = ExecutorRig(model, std::move(nothing), kBlockSize, kBlocks);
        }
    }
};

QTEST_APPLESS_MAIN(RankExecutorTest)
#include "rank_executor_test.moc"
