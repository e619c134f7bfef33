// SPDX-License-Identifier: GPL-3.0-or-later
// Mixtures of experts in quantised formats on the executor of a GPU, on the emulator: near the CPU whichever
// kernels multiply the experts, the same bits however steps are cut, recorded or padded.
#define QT_NO_KEYWORDS // ExpertChoice has slots of its own
#include <QtTest>

#include <cmath>

#include "cuda_emulator/control.h"
#include "engine/cuda/cuda_executor.h"
#include "engine/model/synthetic_model.h"
#include "kernels/cuda/expert_routing.h"
#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/model_files.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
using vitrine::kernels::QuantType;
namespace emulator = vitrine::cuda_emulator;

namespace {

constexpr SyntheticShape kShape{"tiny", 256, 2, 4, 2, 64, 256, 300, 256, 10'000.0F, true, 4, 2, 256};

std::shared_ptr<const Model> modelOf(const SyntheticShape& shape, QuantType type)
{
    const Result<SyntheticModel> file = SyntheticModel::make(shape, type, 5);
    return file ? loadModel(file->path()) : nullptr;
}

ExecutorRig cudaRig(const std::shared_ptr<const Model>& model, const ExecutorOptions& options = {},
                    bool graphs = true)
{
    CudaOptions cuda;
    cuda.graphs = graphs;
    return {model, makeCudaExecutor(model, options, cuda), 8, 48};
}

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

/// Three sequences, each a prompt by itself and then three tokens beside the others.
std::vector<RigLogits> together(ExecutorRig& rig, std::uint32_t vocab)
{
    std::vector<RigSequence> sequences(3);
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        sequences[i].tokens = randomTokens(vocab, 9 + 3 * i, 70 + static_cast<std::uint32_t>(i));
        const RigChunk chunk{&sequences[i], static_cast<std::uint32_t>(6 + 3 * i)};
        rig.step(std::span(&chunk, 1), keepAll);
    }
    for (int i = 0; i < 3; ++i) {
        std::vector<RigChunk> chunks;
        for (RigSequence& sequence : sequences)
            chunks.push_back({&sequence, 1});
        rig.step(chunks, keepAll);
    }
    std::vector<RigLogits> logits;
    for (const RigSequence& sequence : sequences)
        logits.push_back(sequence.logits);
    return logits;
}

} // namespace

class ExpertExecutorTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { emulator::reset(); }

    /// One token, some (tiles of 16 pairs) and many (tiles of 32).
    void staysNearTheCpu_data()
    {
        QTest::addColumn<QuantType>("type");
        for (const QuantType type : {QuantType::Q8_0, QuantType::Q4_K, QuantType::BF16})
            QTest::newRow(vitrine::kernels::quantInfo(type).name) << type;
    }
    void staysNearTheCpu()
    {
        QFETCH(QuantType, type);
        const std::shared_ptr<const Model> model = modelOf(kShape, type);
        QVERIFY(model);
        ExecutorOptions exact;
        exact.precise = true;
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 36, 4);
        ExecutorRig cpu(model, exact, 8, 48);
        const RigLogits expected = runThrough(cpu, tokens, 34, 34);
        for (const std::uint32_t chunk : {34U, 17U}) {
            ExecutorRig gpu = cudaRig(model);
            const double near = cosine(expected, runThrough(gpu, tokens, 34, chunk));
            QVERIFY2(near > 0.98, qPrintable(QString::number(near)));
        }
    }

    void onePathKeepsEveryBitHoweverAPromptIsCut()
    {
        const std::shared_ptr<const Model> model = modelOf(kShape, QuantType::Q4_K);
        ExecutorOptions options;
        options.deterministic = true;
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 23, 5);
        ExecutorRig first = cudaRig(model, options);
        const RigLogits whole = runThrough(first, tokens, 20, 20);
        for (const std::uint32_t chunk : {7U, 1U}) {
            ExecutorRig rig = cudaRig(model, options);
            QVERIFY2(sameBits(whole, runThrough(rig, tokens, 20, chunk)), qPrintable(QString::number(chunk)));
        }
    }

    /// A recorded step is padded to four rows; the last goes to no expert.
    void graphsGiveWhatSingleCallsGive()
    {
        const std::shared_ptr<const Model> model = modelOf(kShape, QuantType::Q8_0);
        ExecutorRig recorded = cudaRig(model, {}, true), single = cudaRig(model, {}, false);
        const std::vector<RigLogits> found = together(recorded, model->config().vocab);
        const std::vector<RigLogits> expected = together(single, model->config().vocab);
        for (std::size_t i = 0; i < expected.size(); ++i)
            QVERIFY2(sameBits(expected[i], found[i]), qPrintable(QString::number(i)));
    }

    void aRecordedDecodeStepIsOneLaunch()
    {
        const std::shared_ptr<const Model> model = modelOf(kShape, QuantType::Q8_0);
        ExecutorRig rig = cudaRig(model);
        RigSequence sequence;
        sequence.tokens = randomTokens(model->config().vocab, 30, 7);
        const auto steps = [&](std::uint32_t count, std::uint32_t tokens) {
            for (std::uint32_t i = 0; i < count; ++i) {
                const RigChunk chunk{&sequence, tokens};
                rig.step(std::span(&chunk, 1), keepAll);
            }
        };
        steps(1, 10);
        steps(3, 1);
        emulator::resetCounts();
        steps(5, 1);
        const emulator::Counts counts = emulator::counts();
        QCOMPARE(counts.graphs, std::size_t{5});
        QCOMPARE(counts.kernels + counts.libraryCalls + counts.allocations, std::size_t{0});
        QCOMPARE(counts.copiesToDevice + counts.copiesToHost, std::size_t{0});
    }

    void noStepWithinItsLimitsAsksForMemory()
    {
        const std::shared_ptr<const Model> model = modelOf(kShape, QuantType::Q4_K);
        ExecutorRig rig = cudaRig(model);
        const StepLimits limits{48, 4, 128, 8};
        const auto granted = rig.executor().reserveSteps(limits);
        QVERIFY(granted.has_value() && *granted == limits);
        RigSequence sequence;
        sequence.tokens = randomTokens(model->config().vocab, 50, 8);
        emulator::resetCounts();
        rig.run(sequence, 48, [](std::uint32_t position) { return position == 49; });
        QCOMPARE(emulator::counts().allocations, std::size_t{0});
    }

    void tellsWhatOfTheWeightsAreExperts()
    {
        const std::shared_ptr<const Model> model = modelOf(kShape, QuantType::Q8_0);
        const auto executor = makeCudaExecutor(model, {}, {});
        QVERIFY(executor.has_value());
        constexpr std::uint64_t kMatrix = 256 * 256 / 32 * 34; // bytes
        QCOMPARE((*executor)->info().expertBytes, 2 * 4 * 3 * kMatrix);
        QVERIFY((*executor)->info().weightBytes > 2 * 4 * 3 * kMatrix);
    }

    void moreExpertsThanKernelsHoldAreRefused()
    {
        SyntheticShape shape = kShape;
        shape.layers = 1;
        shape.experts = static_cast<std::uint32_t>(vitrine::kernels::cuda::kMostExperts) + 1;
        shape.expertFfn = 32;
        const std::shared_ptr<const Model> model = modelOf(shape, QuantType::Q8_0);
        QVERIFY(model);
        const auto refused = makeCudaExecutor(model, {}, {});
        QVERIFY(!refused && refused.error().code == ErrorCode::BadInput);
        QVERIFY2(refused.error().message.find("513 experts") != std::string::npos,
                 refused.error().message.c_str());
        QCOMPARE(emulator::leaks().size(), std::size_t{0});
    }
};

QTEST_APPLESS_MAIN(ExpertExecutorTest)
#include "expert_executor_test.moc"
