// SPDX-License-Identifier: GPL-3.0-or-later
// A stage that fails, in this process or in its own, ends the step with its name and takes nobody else's
// time; a process of its own is replaced, and steps are then what they were.
#include <QtTest>

#include <csignal>
#include <thread>

#include "engine/execution/ranked_model.h"
#include "tests/engine/support/model_files.h"
#include "tests/engine/support/stages.h"
#include "tests/engine/support/watched_part.h"
#include "tests/integration/support/child_processes.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

constexpr std::uint32_t kBlocks = 60, kBlockSize = 8;

/// Of processes of the command line; so many failures of them make fewer.
ExecutorRig rigOfProcesses(const std::shared_ptr<const Model>& model, const StagePlan& plan,
                           std::uint32_t failures)
{
    ExecutorOptions options;
    options.deterministic = true;
    options.threads = plan.processes();
    options.stageCount = plan.stages;
    options.rankCount = plan.ranks;
    options.rankFailures = failures;
    options.rankPatienceMs = vitrine::tests::kSanitized ? 20'000 : 900;
    return {model, makeRankedModel(model, options, {}, VITRINE_CLI), kBlockSize, kBlocks};
}

/// The logits of a prompt.
std::vector<float> computed(Executor& executor, const ForwardBatch& batch)
{
    const Result<std::span<const float>> logits = executor.forward(batch);
    return logits ? std::vector<float>(logits->begin(), logits->end()) : std::vector<float>();
}

void killChild(std::size_t index, int signal)
{
    const QList<qint64> children = vitrine::tests::childrenOf(getpid());
    VT_CHECK(index < static_cast<std::size_t>(children.size()));
    ::kill(static_cast<pid_t>(children[static_cast<qsizetype>(index)]), signal);
}

} // namespace

class StageFailuresTest : public QObject
{
    Q_OBJECT

private slots:
    void aStageThatFailsEndsTheStepWithItsReason_data()
    {
        QTest::addColumn<quint32>("failing");
        for (const quint32 failing : {0U, 1U, 2U, 3U, 4U, 5U})
            QTest::addRow("process %u", failing) << failing;
    }
    void aStageThatFailsEndsTheStepWithItsReason()
    {
        QFETCH(quint32, failing);
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const auto wrap = [&](std::unique_ptr<Executor> layers, std::uint32_t process) {
            return std::make_unique<WatchedPart>(
                std::move(layers), [fails = process == failing](const ForwardBatch& batch) -> Result<void> {
                    return fails && batch.positions.front() > 0 ? internalError("a planted failure")
                                                                : Result<void>();
                });
        };
        ExecutorRig rig(model, stagedExecutor(model, oneThread(false), {3, 2}, wrap), kBlockSize, kBlocks);
        RigSequence sequence;
        const ForwardBatch batch = promptOf(rig, sequence, 96); // the first micro-batch goes well
        const auto failed = rig.executor().forward(batch);
        QVERIFY(!failed && failed.error().message == "a planted failure");
        const auto next = rig.executor().forward(batch);
        QVERIFY(!next && next.error().message == "a planted failure");
    }

    void aTokenThatThereIsNotIsRefused()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const StageGroups groups({2, 1});
        Result<std::unique_ptr<Executor>> own = makeCpuStage(model, oneThread(false), groups.seat(0));
        QVERIFY(own && (*own)->reserveKv({kBlocks, kBlockSize}));
        std::thread last([&] { // that computes nothing
            const StageSeat seat = groups.seat(1);
            std::vector<float> rows(std::size_t{3} * model->config().hidden);
            VT_CHECK(seat.pipe->receive(std::as_writable_bytes(std::span(rows)), 0,
                                        Deadline::inMilliseconds(60'000)));
            const TokenId chosen[] = {1, static_cast<TokenId>(model->config().vocab), 2};
            VT_CHECK(seat.pipe->send(std::as_bytes(std::span(chosen)), 2, Deadline::inMilliseconds(60'000)));
        });
        ExecutorRig rig(model, oneThread(false), kBlockSize, kBlocks);
        RigSequence sequence;
        ForwardBatch batch = promptOf(rig, sequence, 3);
        batch.bestOnly = true;
        const auto failed = (*own)->forward(batch);
        last.join();
        QVERIFY(!failed && failed.error().message == "stage 2 of 2 chose a token that there is not");
    }

    void aStepThatDoesNotFitIsRefused()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const StageGroups groups({2, 1});
        Result<std::unique_ptr<Executor>> last = makeCpuStage(model, oneThread(false), groups.seat(1));
        QVERIFY(last && (*last)->reserveKv({kBlocks, kBlockSize}));
        ForwardBatch batch;
        batch.tokenIds = {1, 2, 3};
        const auto refused = (*last)->forward(batch);
        QVERIFY(!refused && refused.error().code == ErrorCode::BadInput);
        QVERIFY(groups.pipe->hasEnded()); // the others do not wait
    }

    void aModelIsUnloadedWithAStepUnderWay()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        for (int round = 0; round < 20; ++round) {
            auto rig = std::make_unique<ExecutorRig>(
                model, stagedExecutor(model, {}, {2, round % 2 == 0 ? 1U : 2U}), kBlockSize, kBlocks);
            RigSequence sequence;
            const ForwardBatch batch = promptOf(*rig, sequence, 200);
            QVERIFY(rig->executor().launch(batch).has_value());
            rig.reset();
        }
    }

    void aProcessThatFailsIsReplaced_data()
    {
        QTest::addColumn<quint32>("ranks");
        QTest::addColumn<int>("signal");
        QTest::newRow("a stage is killed") << 1U << SIGKILL;
        QTest::newRow("a stage is stopped") << 1U << SIGSTOP;
        QTest::newRow("a rank of a stage is killed") << 2U << SIGKILL;
    }
    void aProcessThatFailsIsReplaced()
    {
        QFETCH(quint32, ranks);
        QFETCH(int, signal);
        const std::shared_ptr<const Model> model = tinyModel("llama");
        ExecutorRig rig = rigOfProcesses(model, {2, ranks}, 1000);
        Executor& executor = rig.executor();
        RigSequence sequence;
        const ForwardBatch batch = promptOf(rig, sequence, 90);
        const std::vector<float> expected = computed(executor, batch);
        QCOMPARE(expected.size(), std::size_t{90} * model->config().vocab);
        for (std::size_t child = 0; child < 2 * std::size_t{ranks} - 1; ++child) {
            killChild(0, signal); // the oldest; who replaces it is the youngest
            for (int step = 0; step < 20'000 && computed(executor, batch) == expected; ++step) {
            }
            QVERIFY(executor.isBroken());
            const Result<RankRecovery> recovery = executor.recover();
            QVERIFY2(recovery.has_value(), recovery ? "" : recovery.error().message.c_str());
            QCOMPARE(recovery->replaced.size(), std::size_t{1});
            QVERIFY2(recovery->reason.find(ranks == 1 ? "the process of stage 2 of 2 was " : " of stage ") !=
                         std::string::npos,
                     recovery->reason.c_str());
            QVERIFY(computed(executor, batch) == expected);
        }
    }

    void whereProcessesFailOftenThereAreFewer()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        ExecutorRig rig = rigOfProcesses(model, {2, 2}, 1);
        Executor& executor = rig.executor();
        RigSequence sequence;
        ForwardBatch batch = promptOf(rig, sequence, 90);
        for (const std::size_t left : {2U, 1U}) {
            killChild(0, SIGKILL);
            for (int step = 0; step < 20'000 && !computed(executor, batch).empty(); ++step) {
            }
            const Result<RankRecovery> recovery = executor.recover();
            QVERIFY2(recovery.has_value(), recovery ? "" : recovery.error().message.c_str());
            QCOMPARE(std::size_t{recovery->ranksNow}, left);
            QCOMPARE(executor.info().parts.size(), left);
            QCOMPARE(executor.info().layers.count, 4U);
        }
        ExecutorOptions options = oneThread(false);
        options.deterministic = true;
        ExecutorRig whole(model, options, kBlockSize, kBlocks);
        RigSequence same;
        const ForwardBatch again = promptOf(whole, same, 90);
        QVERIFY(computed(executor, batch) == computed(whole.executor(), again));
    }
};

QTEST_APPLESS_MAIN(StageFailuresTest)
#include "stage_failures_test.moc"
