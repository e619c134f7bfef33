// SPDX-License-Identifier: GPL-3.0-or-later
// Several GPUs of which one does not come, dies or has no memory; machines that cannot have a group at all.
#include <QtTest>

#include "tests/cuda/support/gpu_ranks.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
namespace emulator = vitrine::cuda_emulator;

class GpuRanksFailuresTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { emulator::reset(); }
    void cleanup()
    {
        QCOMPARE(emulator::leaks().size(), std::size_t{0});
        QCOMPARE(emulator::liveHandles(), std::size_t{0});
    }

    void aRankThatDoesNotComeEndsTheStepAndANewGroupWorks_data()
    {
        QTest::addColumn<bool>("told");
        QTest::addColumn<bool>("last");
        QTest::addColumn<QString>("reason");
        QTest::newRow("NCCL notices") << true << false << "another GPU of the group is gone";
        QTest::newRow("NCCL notices at the end") << true << true << "another GPU of the group is gone";
        QTest::newRow("the clock notices") << false << false << "waited 5000 ms";
    }
    void aRankThatDoesNotComeEndsTheStepAndANewGroupWorks()
    {
        QFETCH(bool, told);
        QFETCH(bool, last);
        QFETCH(QString, reason);
        const auto model = tinyModel("llama");
        haveGpus(2);
        CudaOptions impatient;
        impatient.patience = std::chrono::milliseconds(5000);
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 20, 11);
        {
            ExecutorRig rig(model, ranked(model, 2, {}, impatient), 8, kRankBlocks);
            RigSequence sequence;
            sequence.tokens = tokens;
            const RigChunk chunk{&sequence, 10};
            const ForwardBatch batch = rig.build(std::span(&chunk, 1), keepAll);
            emulator::resetCounts();
            QVERIFY(rig.executor().forward(batch).has_value());
            const auto all = static_cast<unsigned>(emulator::counts().collectives);
            emulator::failCollective(last ? all : all / 2, told);
            const auto failed = rig.executor().forward(batch);
            QVERIFY(!failed);
            QVERIFY2(QString::fromStdString(failed.error().message).contains(reason),
                     failed.error().message.c_str());
            QVERIFY(!rig.executor().forward(batch));
        }
        ExecutorRig cpu(model, precisely(), 8, kRankBlocks);
        ExecutorRig again(model, ranked(model, 2, precisely()), 8, kRankBlocks);
        QVERIFY(worst(runThrough(cpu, tokens, 15, 15), runThrough(again, tokens, 15, 15)) < 2e-3);
    }

    void aGpuThatDiesEndsTheGroup()
    {
        const auto model = tinyModel("llama");
        haveGpus(2);
        ExecutorRig rig(model, ranked(model, 2), 8, kRankBlocks);
        RigSequence sequence;
        sequence.tokens = randomTokens(model->config().vocab, 10, 11);
        const RigChunk chunk{&sequence, 10};
        const ForwardBatch batch = rig.build(std::span(&chunk, 1), keepAll);
        emulator::failExecution(9);
        const auto failed = rig.executor().forward(batch);
        QVERIFY(!failed);
        QVERIFY(failed.error().code == ErrorCode::Internal);
        emulator::reset(); // what a dead device holds cannot be given back
        haveGpus(2);
    }

    void aGroupThatFailedIsPutTogetherAgain()
    {
        const auto model = tinyModel("llama");
        haveGpus(2);
        ExecutorOptions options = precisely();
        options.rankFailures = 2;
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 14, 12);
        ExecutorRig cpu(model, precisely(), 8, kRankBlocks);
        const RigLogits expected = runThrough(cpu, tokens, 10, 10);
        ExecutorRig rig(model, ranked(model, 2, options), 8, kRankBlocks);
        QVERIFY(rig.executor().reserveSteps({64, 4, 64, 8}).has_value());
        for (int time = 0; time < 2; ++time) {
            QVERIFY(!rig.executor().isBroken());
            fail(rig, tokens);
            QVERIFY(rig.executor().isBroken());
            const Result<RankRecovery> recovery = rig.executor().recover();
            QVERIFY2(recovery.has_value(), recovery ? "" : recovery.error().message.c_str());
            QVERIFY2(recovery->reason.find("another GPU of the group is gone") != std::string::npos,
                     recovery->reason.c_str());
            QCOMPARE(recovery->ranksNow, 2U);
            QVERIFY(rig.executor().hasRoom({64, 4, 64, 8}));
            QVERIFY(worst(expected, runThrough(rig, tokens, 10, 10)) < 2e-3);
        }
        fail(rig, tokens);
        const Result<RankRecovery> refused = rig.executor().recover();
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.find("3 times within a minute") != std::string::npos,
                 refused.error().message.c_str());
    }

    void whatCannotBeLoadedAgainRefusesSteps()
    {
        const auto model = tinyModel("llama");
        haveGpus(2);
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 10, 12);
        ExecutorRig rig(model, ranked(model, 2), 8, kRankBlocks);
        fail(rig, tokens);
        emulator::setNcclVersion(0);
        const Result<RankRecovery> refused = rig.executor().recover();
        QVERIFY(!refused);
        QVERIFY(refused.error().message.find("NCCL") != std::string::npos);
        QVERIFY(rig.executor().isBroken());
        QCOMPARE(rig.executor().info().parts.size(), std::size_t{2});
        RigSequence sequence;
        sequence.tokens = tokens;
        const RigChunk chunk{&sequence, 10};
        const auto step = rig.executor().forward(rig.build(std::span(&chunk, 1), keepAll));
        QVERIFY(!step);
        QVERIFY(step.error().message.find("load the model again") != std::string::npos);
        QVERIFY(!rig.executor().recover());
    }

    void aMachineWithoutNcclIsSaid()
    {
        haveGpus(2);
        emulator::setNcclVersion(0);
        const auto refused = ranked(tinyModel("llama"), 2);
        QVERIFY(!refused);
        QVERIFY(refused.error().code == ErrorCode::OutOfResources);
        QVERIFY2(refused.error().message.find("libnccl.so.2 is not on this machine") != std::string::npos,
                 refused.error().message.c_str());
        emulator::setNcclVersion(21203);
        const auto old = ranked(tinyModel("llama"), 2);
        QVERIFY(!old);
        QVERIFY2(old.error().message.find("2.12.3") != std::string::npos, old.error().message.c_str());
    }

    void tooFewGpusAreSaid()
    {
        haveGpus(2);
        CudaOptions second;
        second.device = 1;
        const auto refused = ranked(tinyModel("llama"), 2, {}, second);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message ==
                     "2 ranks need as many GPUs, and from number 1 on there are 1 that can be used; ask for "
                     "fewer ranks",
                 refused.error().message.c_str());
    }

    void oneRankWithoutMemoryRefusesTheModelForAll()
    {
        haveGpus(2);
        emulator::setMemoryLimit(1, 1 << 14);
        const auto refused = ranked(tinyModel("llama"), 2);
        QVERIFY(!refused);
        QVERIFY(refused.error().code == ErrorCode::OutOfResources);
        QVERIFY2(refused.error().message.find("for the weights failed") != std::string::npos,
                 refused.error().message.c_str());
    }

    void loadingStopsWhenAsked()
    {
        haveGpus(2);
        ExecutorOptions options;
        options.rankCount = 2;
        const auto model = tinyModel("llama");
        const auto loaded = makeGpuRanks(model, options, {}, [](LoadStage, double) { return false; });
        // A model so small may be there before anybody is asked.
        QVERIFY(loaded.has_value() || loaded.error().code == ErrorCode::Cancelled);
    }

private:
    /// A step of which a sum never happens.
    static void fail(ExecutorRig& rig, const std::vector<TokenId>& tokens)
    {
        RigSequence sequence;
        sequence.tokens = tokens;
        const RigChunk chunk{&sequence, 10};
        const ForwardBatch batch = rig.build(std::span(&chunk, 1), keepAll);
        emulator::failCollective(3);
        QVERIFY(!rig.executor().forward(batch));
    }
};

QTEST_GUILESS_MAIN(GpuRanksFailuresTest)
#include "gpu_ranks_failures_test.moc"
