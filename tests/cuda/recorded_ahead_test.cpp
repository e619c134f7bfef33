// SPDX-License-Identifier: GPL-3.0-or-later
// Decode steps recorded while nobody waits, on the emulator: in order of need, within a budget of memory,
// again after a resize, and with the numbers of single calls.
#define QT_NO_KEYWORDS // StepInputs has slots of its own
#include <QtTest>

#include "cuda_emulator/control.h"
#include "engine/cuda/cuda_executor.h"
#include "engine/cuda/decode_graphs.h"
#include "engine/engine.h"
#include "engine/memory_reserve.h"
#include "kernels/cuda/buffer.h"
#include "kernels/cuda/stream.h"
#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/model_files.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
namespace emulator = vitrine::cuda_emulator;
namespace cuda = vitrine::kernels::cuda;

namespace {

constexpr StepLimits kLimits{24, 4, 128, 8};

GraphKey keyOf(std::int64_t sequences, std::int64_t tableRow)
{
    GraphKey key;
    key.result = StepResult::Chosen;
    key.shape = {sequences, sequences, tableRow, 1, sequences, sequences};
    return key;
}

/// A reply that is drawn, step by step.
struct Reply
{
    explicit Reply(bool ahead, bool graphs = true) : model(tinyModel("llama"))
    {
        CudaOptions options;
        options.graphs = graphs;
        Result<std::unique_ptr<Executor>> executor = makeCudaExecutor(model, {}, options);
        VT_CHECK(executor && (*executor)->reserveSteps(kLimits));
        rig = std::make_unique<ExecutorRig>(model, std::move(executor), 8, 16);
        sequence.tokens = randomTokens(model->config().vocab, 20, 2);
        const RigChunk chunk{&sequence, 19};
        rig->step(std::span(&chunk, 1), [](std::uint32_t) { return false; });
        while (ahead && rig->executor().prepareAhead())
            ++recordings;
    }

    void steps(int count)
    {
        for (int i = 0; i < count; ++i) {
            const RigChunk chunk{&sequence, 1};
            ForwardBatch batch = rig->build(std::span(&chunk, 1), keepAll);
            batch.choices.push_back({false, 0.9F, 0, 1.0F, 0.0F, 5, 1, ++sequence.computed});
            VT_CHECK(rig->executor().forward(batch).has_value());
            sequence.tokens.push_back(rig->executor().chosenTokens()[0]);
        }
    }

    std::uint32_t recorded() const { return rig->executor().info().memory.recordedSteps; }

    std::shared_ptr<const Model> model;
    std::unique_ptr<ExecutorRig> rig;
    RigSequence sequence;
    int recordings = 0;
};

/// Work to record, and the graphs under a budget.
struct Recording
{
    Recording() { VT_CHECK(stream.create() && memory.allocate(1024)); }
    bool run(const GraphKey& key)
    {
        return bool(graphs.run(key, stream.get(),
                               [this] { return cuda::zeroBytes(memory.data(), 1024, stream.get()); }));
    }

    cuda::OwnedStream stream;
    cuda::DeviceBuffer memory;
    DecodeGraphs graphs;
};

} // namespace

class RecordedAheadTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { emulator::reset(); }

    void theFirstDecodeStepIsOneLaunch()
    {
        Reply single(false, false), ahead(true);
        QVERIFY(ahead.recordings > 3);
        QCOMPARE(ahead.recorded(), static_cast<std::uint32_t>(ahead.recordings));
        single.steps(12);
        emulator::resetCounts();
        ahead.steps(12);
        const emulator::Counts counts = emulator::counts();
        QCOMPARE(counts.graphs, std::size_t{12});
        QCOMPARE(counts.kernels + counts.libraryCalls + counts.captures + counts.allocations, std::size_t{0});
        QCOMPARE(ahead.sequence.tokens, single.sequence.tokens);
    }

    void recordingRunsNothingAndLeavesTheCacheAlone()
    {
        Reply reply(false);
        reply.steps(1);
        emulator::resetCounts();
        QVERIFY(reply.rig->executor().prepareAhead());
        const emulator::Counts counts = emulator::counts();
        QCOMPARE(counts.captures, std::size_t{1}); // one piece at a time
        QCOMPARE(counts.kernels + counts.graphs + counts.copiesToDevice + counts.copiesToHost,
                 std::size_t{0});
        while (reply.rig->executor().prepareAhead()) {
        }
        Reply plain(false, false);
        plain.steps(9);
        reply.steps(8);
        QCOMPARE(reply.sequence.tokens, plain.sequence.tokens);
    }

    void whatIsUsedComesFirstThenItsNeighboursThenTheSmallest()
    {
        const GraphLadder ladder{20, 60, 1, true};
        const std::vector<GraphKey> fresh = graphsWorthRecording(ladder, {});
        const std::size_t shapes = 6 * 4; // 1 2 4 8 16 32 by 8 16 32 64
        // Each behind another step in either place, and by itself.
        QVERIFY(fresh[0].fed && fresh[1].fed && fresh[0].place == 0 && fresh[1].place == 1);
        QVERIFY(fresh[0].shape == keyOf(1, 8).shape && fresh[1].shape == keyOf(1, 8).shape);
        QVERIFY((fresh[2] == keyOf(1, 8) && fresh[5] == keyOf(1, 16) && fresh[8] == keyOf(2, 8)));
        QVERIFY(fresh.back() == keyOf(32, 64));
        QCOMPARE(fresh.size(), 3 * shapes);
        GraphLadder part = ladder;
        part.head = false; // of a model: nothing is launched behind its steps
        QCOMPARE(graphsWorthRecording(part, {}).size(), shapes);
        const std::vector<GraphKey> used{keyOf(4, 16), keyOf(16, 64)};
        const std::vector<GraphKey> next = graphsWorthRecording(ladder, used);
        QVERIFY((next[0] == used[0] && next[1] == used[1]));
        QVERIFY((next[2] == keyOf(4, 32) && next[3] == keyOf(8, 16)));
        QVERIFY(next[4] == keyOf(32, 64)); // longer tables than 64 pages do not come
        QVERIFY(next[5] == keyOf(1, 8));
        QCOMPARE(next.size(), shapes);
        GraphKey fed = keyOf(2, 8);
        fed.fed = true;
        fed.place = 1;
        const std::vector<GraphKey> behind = graphsWorthRecording(ladder, std::span(&fed, 1));
        QVERIFY(std::all_of(behind.begin(), behind.end(), [](const GraphKey& key) { return key.fed; }));
        GraphLadder wide = ladder;
        wide.choices = false; // a vocabulary that is not sampled on the device
        QVERIFY(graphsWorthRecording(wide, {}).front().result == StepResult::Best);
    }

    void recordingEndsWithTheBudget()
    {
        Reply without(true);
        emulator::reset();
        Reply plain(false);
        const std::size_t before = emulator::memoryUsed(0);
        emulator::setGraphNodeBytes(16 * 1024);
        int recordings = 0;
        while (plain.rig->executor().prepareAhead())
            ++recordings;
        const DeviceMemory memory = plain.rig->executor().info().memory;
        QVERIFY(recordings > 0 && recordings < without.recordings);
        QVERIFY(memory.graphs <= memory.graphBudget);
        QVERIFY(emulator::memoryUsed(0) - before <= memory.graphBudget);
        QVERIFY(memory.graphs + 16 * 1024 >= emulator::memoryUsed(0) - before);
        plain.steps(5);
    }

    void theLeastUsedGoesAndWhatIsInUseStays()
    {
        emulator::setGraphNodeBytes(4096);
        Recording recorder;
        recorder.graphs.setBudget(2 * 4096);
        const GraphKey a = keyOf(1, 8), b = keyOf(2, 8), c = keyOf(4, 8);
        for (const GraphKey& key : {a, a, b, b})
            QVERIFY(recorder.run(key));
        QCOMPARE(recorder.graphs.recorded(), std::size_t{2});
        for (int i = 0; i < 3; ++i)
            QVERIFY(recorder.run(c)); // both others were in use a moment ago
        QCOMPARE(recorder.graphs.recorded(), std::size_t{2});
        QVERIFY(!recorder.graphs.isNew(a) && recorder.graphs.isNew(c));
        for (int i = 0; i < 70; ++i)
            QVERIFY(recorder.run(a));
        QVERIFY(recorder.run(c));
        QCOMPARE(recorder.graphs.recorded(), std::size_t{2});
        QVERIFY(!recorder.graphs.isNew(a) && recorder.graphs.isNew(b) && !recorder.graphs.isNew(c));
        QVERIFY(recorder.graphs.bytes() <= recorder.graphs.budget());
        QVERIFY(cuda::synchronize(recorder.stream.get()));
    }

    void whatWasUsedIsRecordedAgainAfterAResize()
    {
        Reply reply(true), plain(false, false);
        reply.steps(4);
        QVERIFY(reply.rig->executor().resizeKv(24).has_value());
        QCOMPARE(reply.recorded(), 0U);
        QVERIFY(reply.rig->executor().prepareAhead());
        QCOMPARE(reply.recorded(), 1U);
        emulator::resetCounts();
        reply.steps(4); // of the shape that was used before
        QCOMPARE(emulator::counts().graphs, std::size_t{4});
        QCOMPARE(emulator::counts().captures, std::size_t{0});
        plain.steps(8);
        QCOMPARE(reply.sequence.tokens, plain.sequence.tokens);
        QVERIFY(reply.rig->executor().resizeKv(20).has_value());
        emulator::resetCounts();
        reply.steps(1); // without idle time: when it comes again
        QCOMPARE(emulator::counts().captures, std::size_t{1});
    }

    void memoryRefusedToAGraphIsNoHarm()
    {
        Reply plain(false, false), reply(false);
        emulator::setGraphNodeBytes(1024);
        emulator::setMemoryLimit(0, emulator::memoryUsed(0));
        QVERIFY(!reply.rig->executor().prepareAhead());
        QVERIFY(!reply.rig->executor().prepareAhead());
        plain.steps(6);
        reply.steps(6);
        QCOMPARE(reply.recorded(), 0U);
        QCOMPARE(reply.sequence.tokens, plain.sequence.tokens);
        emulator::resetCounts();
        reply.steps(3);
        QCOMPARE(emulator::counts().captures, std::size_t{0}); // it is not tried at every step
    }

    void theEngineRecordsWhileIdleAndNotBesideARequest()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        Result<std::unique_ptr<Executor>> executor = makeCudaExecutor(model, {}, {});
        QVERIFY(executor.has_value());
        EngineOptions options;
        options.scheduler.maxRunning = 4;
        const Result<KvPlan> plan = reserveMemory(**executor, model->config(), options);
        QVERIFY(plan.has_value());
        Engine engine;
        QVERIFY(!engine.useIdleTime());
        engine.install({model, std::move(*executor), *plan, options});
        for (int graph = 0; graph < 3; ++graph)
            QVERIFY(engine.useIdleTime());
        GenerationRequest request;
        request.prompt = randomTokens(model->config().vocab, 9, 4);
        request.maxTokens = 5;
        request.ignoreEndOfGeneration = true;
        request.sampling.temperature = 0.8F;
        QVERIFY(engine.submit(request).has_value());
        const std::size_t captures = emulator::counts().captures;
        while (engine.hasWork()) {
            QVERIFY(!engine.useIdleTime());
            QVERIFY(engine.step());
        }
        QVERIFY(emulator::counts().graphs >= 4); // the prompt's own step is no graph
        QCOMPARE(emulator::counts().captures, captures);
        while (engine.useIdleTime()) {
        }
        QVERIFY(emulator::counts().captures > captures);
        QVERIFY(!engine.useIdleTime());
    }
};

QTEST_APPLESS_MAIN(RecordedAheadTest)
#include "recorded_ahead_test.moc"
