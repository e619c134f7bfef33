// SPDX-License-Identifier: GPL-3.0-or-later
// A model whose layers are shared out between the CPU and an emulated GPU: near the CPU alone wherever it is
// cut, to the bit what one GPU gives where both parts are GPUs, with only the weights of its layers on the
// device; and how many layers are given to a device with so much memory.
#include <QtTest>

#include <cmath>

#include "cuda_emulator/control.h"
#include "engine/cuda/cuda_executor.h"
#include "engine/cuda/device_budget.h"
#include "engine/cuda/device_weights.h"
#include "engine/cuda/layer_fit.h"
#include "engine/execution/executor_choice.h"
#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/family_rows.h"
#include "tests/engine/support/model_files.h"
#include "tests/engine/support/real_engine.h"
#include "tests/engine/support/split_parts.h"
#include "tests/engine/support/tiny_model.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
using vitrine::tests::RealEngine;
namespace emulator = vitrine::cuda_emulator;

extern "C" const CudaPluginEntry* vitrineCudaPlugin();

namespace {

constexpr std::uint32_t kBlocks = 32;
constexpr std::uint32_t kBlockSize = 8;
const LayerDemand kDemand{256, {64, 16, 256, 16}};

Result<std::unique_ptr<Executor>> gpuPart(const std::shared_ptr<const Model>& model,
                                          const ExecutorOptions& options, std::size_t /*index*/)
{
    return makeCudaExecutor(model, options, {});
}

/// Part `gpu` on the GPU, the others on the CPU.
MakePart mixed(std::size_t gpu)
{
    return
        [gpu](const std::shared_ptr<const Model>& model, const ExecutorOptions& options, std::size_t index) {
            return index == gpu ? gpuPart(model, options, index) : cpuPart(model, options, index);
        };
}

ExecutorRig rigOf(const std::shared_ptr<const Model>& model, Result<std::unique_ptr<Executor>> executor)
{
    return {model, std::move(executor), kBlockSize, kBlocks, 7};
}

/// A prompt in chunks of 11, then token by token: some steps are recorded and replayed.
RigLogits runThrough(ExecutorRig& rig, std::uint32_t vocab)
{
    const std::vector<TokenId> tokens = randomTokens(vocab, 30, 3);
    RigSequence sequence;
    sequence.tokens.assign(tokens.begin(), tokens.begin() + 25);
    rig.run(sequence, 11, keepAll);
    sequence.tokens = tokens;
    rig.run(sequence, 1, keepAll);
    return sequence.logits;
}

double worst(const RigLogits& a, const RigLogits& b)
{
    double difference = a.size() == b.size() ? 0.0 : 1e9;
    for (const auto& [position, logits] : a)
        for (std::size_t i = 0; i < logits.size(); ++i)
            difference = std::max(difference, std::abs(double{logits[i]} - double{b.at(position)[i]}));
    return difference;
}

struct Served
{
    std::vector<std::vector<TokenId>> replies;
    std::uint32_t preemptions = 0, cached = 0;
};

/// Four greedy replies of an engine with half of the layers on the GPU; odd prompts begin like even ones.
/// `shrinkTo` 0: the pool stays.
Served serve(bool cache, std::uint32_t shrinkTo = 0)
{
    EngineOptions options;
    options.executor.threads = 1;
    options.executor.deterministic = true;
    options.kvBlocks = kBlocks;
    options.blockSize = kBlockSize;
    options.scheduler.watermark = 0.0;
    options.prefixCache = cache;
    const std::shared_ptr<const Model> model = tinyModel("llama");
    RealEngine real;
    const std::string problem =
        real.load(model->path(), options, [&](std::unique_ptr<Executor>) -> std::unique_ptr<Executor> {
            Result<std::unique_ptr<Executor>> split = splitAt(model, options.executor, {2}, mixed(1));
            VT_CHECK(split.has_value() && (*split)->reserveKv({kBlocks, kBlockSize}).has_value());
            VT_CHECK((*split)->reserveHost(kBlocks).has_value());
            return std::move(*split);
        });
    VT_CHECK(problem.empty());
    std::vector<RequestId> ids;
    for (std::uint32_t i = 0; i < 4; ++i) {
        GenerationRequest request;
        std::vector<TokenId> prompt = randomTokens(200, 24, i / 2);
        const std::vector<TokenId> rest = randomTokens(200, 4 + 5 * std::size_t{i}, 50 + i);
        prompt.insert(prompt.end(), rest.begin(), rest.end());
        request.prompt = prompt;
        request.maxTokens = 10;
        request.ignoreEndOfGeneration = true;
        ids.push_back(real.submit(std::move(request)));
        VT_CHECK(real.engine().step());
    }
    VT_CHECK(shrinkTo == 0 || real.engine().resizeKv(shrinkTo).has_value());
    VT_CHECK(real.run(1000));
    Served served;
    for (const RequestId id : ids) {
        served.replies.push_back(real.reply(id).tokens);
        served.preemptions += real.reply(id).end.stats.preemptions;
        served.cached += real.reply(id).end.stats.cachedTokens;
    }
    return served;
}

/// Device bytes of the last `count` layers.
std::uint64_t bytesOf(const std::shared_ptr<const Model>& model, std::uint32_t count)
{
    const auto part = ModelPart::of(model, {layersOf(model) - count, count});
    VT_CHECK(part.has_value());
    return deviceBytesFor(**part, {}, kDemand,
                          vitrine::kernels::cuda::listDevices().devices[0].multiprocessors);
}

/// That a device of this size does not give to weights, KV and steps.
std::uint64_t keptOf(std::uint64_t total)
{
    const DeviceBudget budget(total, 0);
    return budget.kept() + budget.graphs();
}

ExecutorOptions onGpu(std::uint32_t layers = kLayersThatFit)
{
    ExecutorOptions options;
    options.gpu = 0;
    options.threads = 1;
    options.gpuLayers = layers;
    return options;
}

} // namespace

class SplitGpuTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { emulator::reset(); }

    void everyCutComputesWhatTheCpuComputes_data() { familyRows(); }
    void everyCutComputesWhatTheCpuComputes()
    {
        QFETCH(QString, family);
        const std::shared_ptr<const Model> model = tinyModel(family.toStdString());
        ExecutorOptions options;
        options.precise = true;
        options.threads = 1;
        ExecutorRig cpu = rigOf(model, makeCpuExecutor(model, options));
        const RigLogits expected = runThrough(cpu, model->config().vocab);
        for (std::uint32_t cut = 1; cut < layersOf(model); ++cut)
            for (const std::size_t gpu : {0U, 1U}) {
                ExecutorRig split = rigOf(model, splitAt(model, options, {cut}, mixed(gpu)));
                const double difference = worst(expected, runThrough(split, model->config().vocab));
                QVERIFY2(difference < 2e-3, qPrintable(QString("cut before layer %1, part %2 on the GPU: %3")
                                                           .arg(cut)
                                                           .arg(gpu)
                                                           .arg(difference)));
            }
    }

    void twoPartsOnGpusGiveTheBitsOfOne_data() { familyRows(); }
    void twoPartsOnGpusGiveTheBitsOfOne()
    {
        QFETCH(QString, family);
        const std::shared_ptr<const Model> model = tinyModel(family.toStdString());
        ExecutorRig whole = rigOf(model, makeCudaExecutor(model, {}, {}));
        const RigLogits expected = runThrough(whole, model->config().vocab);
        for (std::uint32_t cut = 1; cut < layersOf(model); ++cut) {
            ExecutorRig split = rigOf(model, splitAt(model, {}, {cut}, gpuPart));
            QVERIFY2(sameBits(expected, runThrough(split, model->config().vocab)),
                     qPrintable(QString("cut before layer %1").arg(cut)));
        }
    }

    void aRecordedStepOfALaterPartIsOneLaunch()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        ExecutorRig rig = rigOf(model, splitAt(model, {}, {2}, gpuPart));
        RigSequence sequence;
        sequence.tokens = randomTokens(model->config().vocab, 40, 7);
        const auto steps = [&](std::uint32_t count, std::uint32_t tokens) {
            for (std::uint32_t i = 0; i < count; ++i) {
                const RigChunk chunk{&sequence, tokens};
                rig.step(std::span(&chunk, 1), keepAll);
            }
        };
        steps(1, 20);
        steps(3, 1);
        emulator::resetCounts();
        steps(5, 1);
        const emulator::Counts counts = emulator::counts();
        QCOMPARE(counts.graphs, std::size_t{10}); // two parts
        QCOMPARE(counts.kernels + counts.libraryCalls + counts.allocations, std::size_t{0});
        QCOMPARE(counts.copiesToDevice + counts.copiesToHost, std::size_t{0});
    }

    void stepsThatEndWithHiddenRowsAreRecordedAhead()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        ExecutorRig rig = rigOf(model, splitAt(model, {}, {2}, gpuPart));
        const StepLimits limits{32, 2, 64, kBlockSize};
        const auto granted = rig.executor().reserveSteps(limits);
        QVERIFY(granted.has_value());
        QVERIFY(*granted == limits && rig.executor().hasRoom(limits));
        int recorded = 0;
        while (rig.executor().prepareAhead())
            ++recorded;
        QVERIFY(recorded > 1);
        RigSequence sequence;
        sequence.tokens = randomTokens(model->config().vocab, 21, 7);
        const RigChunk prompt{&sequence, 20}, next{&sequence, 1};
        rig.step(std::span(&prompt, 1), keepAll);
        emulator::resetCounts();
        rig.step(std::span(&next, 1), keepAll); // logits, which the last part has not recorded
        QCOMPARE(emulator::counts().graphs, std::size_t{1});
    }

    void onlyTheWeightsOfItsLayersComeToTheDevice()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        for (const std::uint32_t count : {1U, 3U, 4U}) {
            const auto part = ModelPart::of(model, {4 - count, count});
            QVERIFY(part.has_value());
            const std::uint64_t expected = deviceWeightBytes((*part)->weights(), false);
            QVERIFY((expected < deviceWeightBytes(model->weights(), false)) == (count < 4));
            ExecutorOptions options;
            options.layers = {4 - count, count};
            const auto executor = makeCudaExecutor(model, options, {});
            QVERIFY(executor.has_value());
            QCOMPARE((*executor)->info().weightBytes, expected);
        }
    }

    void theDefaultModelComputesHalfOnEach()
    {
        const std::shared_ptr<const Model> model = installedModel(kSmolLm2File);
        QVERIFY2(model, "the model file is missing: ./installer/test brings it");
        emulator::setDevices({{"Emulated GPU", std::size_t{1} << 30U}});
        ExecutorOptions options;
        options.precise = true;
        ExecutorRig cpu = rigOf(model, makeCpuExecutor(model, options));
        ExecutorRig split = rigOf(model, splitAt(model, options, {24}, mixed(1)));
        std::vector<RigLogits> logits;
        for (ExecutorRig* rig : {&cpu, &split}) {
            RigSequence sequence;
            sequence.tokens = randomTokens(model->config().vocab, 5, 13);
            rig->run(sequence, 4, keepAll);
            logits.push_back(sequence.logits);
        }
        QVERIFY2(worst(logits[0], logits[1]) < 2e-3,
                 qPrintable(QString::number(worst(logits[0], logits[1]))));
    }

    void repliesDoNotHangOnSharedPromptsOrPreemption()
    {
        const Served plain = serve(false);
        QCOMPARE(plain.replies.back().size(), std::size_t{10});
        QCOMPARE(plain.cached, 0U);
        const Served cached = serve(true);
        QVERIFY(cached.cached > 0);
        QCOMPARE(cached.replies, plain.replies);
        const Served preempted = serve(true, 10);
        QVERIFY(preempted.preemptions > 0);
        QCOMPARE(preempted.replies, plain.replies);
    }

    void asManyLayersAsFitAreGivenToTheDevice()
    {
        const std::shared_ptr<const Model> model = tinyModel("gemma3");
        const std::uint32_t all = layersOf(model);
        const vitrine::kernels::cuda::DeviceInfo device = vitrine::kernels::cuda::listDevices().devices[0];
        const std::uint64_t others = keptOf(device.totalBytes);
        const auto fitting = [&](std::uint64_t bytes, const ExecutorOptions& options = {}) {
            return fittingLayers(model, options, kDemand, device, bytes);
        };
        for (std::uint32_t count = 1; count <= all; ++count) {
            const std::uint64_t need = bytesOf(model, count);
            QVERIFY(count == 1 || need >= bytesOf(model, count - 1));
            QVERIFY(fitting(need + others) >= count);
            QVERIFY(fitting(need + others - 1) <= count);
        }
        QCOMPARE(fitting(bytesOf(model, 1) + others - 1), 0U);
        QCOMPARE(fitting(bytesOf(model, all) + others - 1), all - 1);
        ExecutorOptions limited;
        limited.gpuMemory = bytesOf(model, 3) + DeviceBudget(device.totalBytes, 0).graphs();
        QCOMPARE(fitting(device.totalBytes, limited), fitting(bytesOf(model, 3) + others));
        LayerDemand more = kDemand;
        more.kvTokens *= 100'000;
        QVERIFY(fittingLayers(model, {}, more, device, bytesOf(model, all) + others) < all);
    }

    void aModelThatDoesNotFitIsSplit()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const auto whole = makeGpuExecutor(*vitrineCudaPlugin(), model, onGpu(), kDemand, {});
        QVERIFY(whole.has_value());
        QVERIFY((*whole)->info().parts.empty());
        QCOMPARE((*whole)->info().device, std::string("Emulated GPU"));
        emulator::setMemoryLimit(0, emulator::memoryUsed(0) + bytesOf(model, 2) +
                                        keptOf(emulator::VirtualDevice{}.bytes));
        std::vector<double> told;
        const auto split =
            makeGpuExecutor(*vitrineCudaPlugin(), model, onGpu(), kDemand, [&](LoadStage, double fraction) {
                told.push_back(fraction);
                return true;
            });
        QVERIFY2(split.has_value(), split ? "" : split.error().message.c_str());
        const ExecutorInfo info = (*split)->info();
        QCOMPARE(info.parts.size(), std::size_t{2});
        QVERIFY((info.parts[0].layers == LayerRange{0, 2}) && (info.parts[1].layers == LayerRange{2, 2}));
        QCOMPARE(info.parts[1].device, std::string("Emulated GPU"));
        QVERIFY(std::is_sorted(told.begin(), told.end()));
        QVERIFY(told.front() >= 0.1 && told.back() <= 0.97 + 1e-9);
    }

    void asManyLayersAsAreAskedFor()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        for (const std::uint32_t count : {0U, 1U, 3U, 4U, 99U}) {
            const auto made = makeGpuExecutor(*vitrineCudaPlugin(), model, onGpu(count), kDemand, {});
            QVERIFY(made.has_value());
            const ExecutorInfo info = (*made)->info();
            QCOMPARE(info.parts.size(), std::size_t{count == 1 || count == 3 ? 2U : 0U});
            if (!info.parts.empty())
                QCOMPARE(info.parts[1].layers.count, count);
            QCOMPARE(info.device == "Emulated GPU", count >= 4);
        }
    }

    void noRoomForOneLayerIsSaid()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        emulator::setMemoryLimit(0, 1 << 14);
        const auto refused = makeGpuExecutor(*vitrineCudaPlugin(), model, onGpu(), kDemand, {});
        QVERIFY(!refused && refused.error().code == ErrorCode::OutOfResources);
        QVERIFY2(refused.error().message.starts_with("not even one layer of ") &&
                     refused.error().message.find(" fits GPU 0; ") != std::string::npos,
                 refused.error().message.c_str());
    }

    void loadingASplitStopsWhenAsked()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        for (const double at : {0.2, 0.9}) {
            const auto stopped = makeGpuExecutor(*vitrineCudaPlugin(), model, onGpu(2), kDemand,
                                                 [at](LoadStage, double fraction) { return fraction < at; });
            QVERIFY(!stopped && stopped.error().code == ErrorCode::Cancelled);
        }
        QCOMPARE(emulator::leaks().size(), std::size_t{0});
    }
};

QTEST_APPLESS_MAIN(SplitGpuTest)
#include "split_gpu_test.moc"
