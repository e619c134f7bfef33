// SPDX-License-Identifier: GPL-3.0-or-later
// Who gets how much of a GPU, on the emulator: room for the largest step first, the KV pool the rest, a
// margin free, a limit kept; and what happens where memory is refused.
#include <QtTest>

#include "cuda_emulator/control.h"
#include "engine/cuda/cuda_executor.h"
#include "engine/cuda/device_budget.h"
#include "engine/engine.h"
#include "engine/memory_reserve.h"
#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/model_files.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
namespace emulator = vitrine::cuda_emulator;

namespace {

constexpr std::size_t kMebibyte = std::size_t{1} << 20U;
constexpr std::uint64_t kRounding = 64 * 1024; // what allocations are rounded up by, all together

std::unique_ptr<Executor> made(const std::shared_ptr<const Model>& model, const ExecutorOptions& options = {})
{
    Result<std::unique_ptr<Executor>> executor = makeCudaExecutor(model, options, {});
    VT_CHECK(executor.has_value());
    return std::move(*executor);
}

/// More than a small device has, so that memory decides.
EngineOptions greedy()
{
    EngineOptions options;
    options.scheduler.maxRunning = 1U << 20U;
    options.scheduler.tokenBudget = 64;
    return options;
}

std::uint64_t taken(const ExecutorInfo& info)
{
    return info.weightBytes + info.kvBytes + info.workspaceBytes + info.memory.graphs;
}

RigLogits logitsOf(ExecutorRig& rig, const std::vector<TokenId>& tokens, std::uint32_t chunk)
{
    RigSequence sequence;
    sequence.tokens = tokens;
    rig.run(sequence, chunk, keepAll);
    return sequence.logits;
}

} // namespace

class DeviceMemoryTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { emulator::reset(); }

    void theLedgerAddsUpAndThePoolTakesWhatIsLeft()
    {
        emulator::setDevices({{"Small GPU", 80 * kMebibyte}});
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const std::unique_ptr<Executor> executor = made(model);
        EngineOptions options = greedy();
        const Result<KvPlan> plan = reserveMemory(*executor, model->config(), options);
        QVERIFY2(plan.has_value(), plan ? "" : plan.error().message.c_str());
        const ExecutorInfo info = executor->info();
        QCOMPARE(info.memory.total, std::uint64_t{80 * kMebibyte});
        QVERIFY(info.weightBytes > 0 && info.kvBytes > 0 && info.workspaceBytes > 0);
        QVERIFY(taken(info) <= emulator::memoryUsed(0));
        QVERIFY(taken(info) + kRounding > emulator::memoryUsed(0));
        QCOMPARE(info.memory.free + emulator::memoryUsed(0), info.memory.total);
        // The margin and the graphs' part are what is left, but for less than a block.
        QVERIFY(info.memory.kept > 0);
        const std::uint64_t left = info.memory.kept + info.memory.graphBudget;
        QVERIFY(info.memory.free + kRounding >= left);
        QVERIFY(info.memory.free <= left + executor->kvBytesPerToken() * plan->blockSize + kRounding);
    }

    void aPoolIsNoLargerThanWhatMayEverRun()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const std::unique_ptr<Executor> executor = made(model);
        EngineOptions options;
        options.scheduler.maxRunning = 3;
        const Result<KvPlan> plan = reserveMemory(*executor, model->config(), options);
        QVERIFY(plan.has_value());
        QCOMPARE(plan->blocks, 3 * model->config().contextLength / options.blockSize);
    }

    void aLimitIsKept()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        ExecutorOptions limited;
        limited.gpuMemory = 60 * kMebibyte;
        const std::unique_ptr<Executor> executor = made(model, limited);
        EngineOptions options = greedy();
        QVERIFY(reserveMemory(*executor, model->config(), options).has_value());
        QVERIFY(emulator::memoryUsed(0) <= limited.gpuMemory + kRounding);
        QVERIFY(emulator::memoryUsed(0) > limited.gpuMemory / 2);
        QCOMPARE(executor->info().memory.limit, limited.gpuMemory);

        limited.gpuMemory = 1024;
        const auto refused = makeCudaExecutor(model, limited, {});
        QVERIFY(!refused);
        QVERIFY(refused.error().code == ErrorCode::OutOfResources);
        QVERIFY2(refused.error().message.find("allow more or take a smaller model") != std::string::npos,
                 refused.error().message.c_str());
    }

    void stepsWithinTheirLimitsAskForNoMemory()
    {
        for (const char* family : {"llama", "gemma3"}) {
            emulator::reset();
            const std::shared_ptr<const Model> model = tinyModel(family);
            std::unique_ptr<Executor> executor = made(model);
            const StepLimits limits{24, 5, model->config().contextLength, 8};
            const Result<StepLimits> granted = executor->reserveSteps(limits);
            QVERIFY(granted.has_value() && *granted == limits);
            QVERIFY(executor->hasRoom(limits));
            ExecutorRig rig(model, Result<std::unique_ptr<Executor>>(std::move(executor)), 8, 64);
            std::vector<RigSequence> sequences(5);
            for (std::uint32_t i = 0; i < 5; ++i)
                sequences[i].tokens = randomTokens(model->config().vocab, 60, i + 1);
            const std::uint64_t workspace = rig.executor().info().workspaceBytes;
            emulator::resetCounts();
            for (RigSequence& sequence : sequences) {
                const RigChunk chunk{&sequence, 24};
                ForwardBatch batch = rig.build(std::span(&chunk, 1), [](std::uint32_t p) { return p == 23; });
                batch.bestOnly = true;
                QVERIFY(rig.executor().forward(batch).has_value());
                sequence.computed = 24;
            }
            std::vector<RigChunk> chunks;
            for (RigSequence& sequence : sequences)
                chunks.push_back({&sequence, 1});
            for (const bool deterministic : {false, true}) {
                rig.executor().setDeterministic(deterministic);
                ForwardBatch batch = rig.build(chunks, keepAll);
                batch.bestOnly = true;
                QVERIFY(rig.executor().forward(batch).has_value());
            }
            QCOMPARE(emulator::counts().allocations, std::size_t{0});
            QCOMPARE(rig.executor().info().workspaceBytes, workspace);
        }
    }

    void aPoolThatIsRefusedBecomesSmaller()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const std::unique_ptr<Executor> executor = made(model);
        EngineOptions options;
        options.hostBlocks = 0;
        const Result<KvPlan> whole = reserveMemory(*executor, model->config(), options);
        QVERIFY(whole.has_value());
        emulator::failAllocation(1); // steps have their room: the pool is next
        const Result<KvPlan> smaller = reserveMemory(*executor, model->config(), options);
        QVERIFY(smaller.has_value());
        QCOMPARE(smaller->blocks, whole->blocks - whole->blocks / 4);
        options.kvBlocks = whole->blocks;
        emulator::failAllocation(1);
        const Result<KvPlan> asked = reserveMemory(*executor, model->config(), options);
        QVERIFY(!asked);
        QVERIFY(asked.error().code == ErrorCode::OutOfResources);
        QVERIFY2(asked.error().message.find("ask for fewer blocks") != std::string::npos,
                 asked.error().message.c_str());
    }

    void pinnedMemoryThatIsRefusedMeansASmallerHostTier()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const std::unique_ptr<Executor> executor = made(model);
        EngineOptions options;
        QVERIFY(reserveMemory(*executor, model->config(), options).has_value());
        const std::uint32_t whole = options.hostBlocks;
        QVERIFY(whole > 1);
        options.hostBlocks = kLikeKvBlocks;
        emulator::failAllocation(2); // the pool is the first
        QVERIFY(reserveMemory(*executor, model->config(), options).has_value());
        QCOMPARE(options.hostBlocks, whole / 2);
    }

    void stepsBecomeSmallerWhereMemoryIsShort()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        EngineOptions options;
        options.scheduler.tokenBudget = 1U << 16U;
        std::unique_ptr<Executor> executor = made(model);
        emulator::setMemoryLimit(0, emulator::memoryUsed(0) + 45 * kMebibyte);
        const Result<KvPlan> plan = reserveMemory(*executor, model->config(), options);
        QVERIFY2(plan.has_value(), plan ? "" : plan.error().message.c_str());
        QVERIFY(options.scheduler.tokenBudget < 1U << 16U);
        QVERIFY(options.scheduler.tokenBudget >= 16);
        const std::uint32_t budget = options.scheduler.tokenBudget;
        // Also later: a wish for larger steps is cut to what there is room for, and replies go on.
        Engine engine;
        engine.install({model, std::move(executor), *plan, options});
        SchedulerOptions larger = engine.scheduler()->options();
        larger.tokenBudget = 1U << 20U;
        QVERIFY(engine.configure(larger).has_value());
        QVERIFY(engine.scheduler()->options().tokenBudget >= budget);
        QVERIFY(engine.scheduler()->options().tokenBudget < 1U << 20U);
        QCOMPARE(runReply(engine, model), 6U);
    }

    void aStepWithoutRoomIsRefusedAndTheNextOneRuns()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 40, 3);
        ExecutorRig plain(model, makeCudaExecutor(model, {}, {}), 8, 16);
        const RigLogits expected = logitsOf(plain, tokens, 8);
        emulator::reset();
        ExecutorRig rig(model, makeCudaExecutor(model, {}, {}), 8, 16);
        RigSequence sequence;
        sequence.tokens = tokens;
        const RigChunk first{&sequence, 8};
        rig.step(std::span(&first, 1), keepAll);
        emulator::setMemoryLimit(0, emulator::memoryUsed(0) + 1024);
        const RigChunk large{&sequence, 32};
        const ForwardBatch batch = rig.build(std::span(&large, 1), keepAll);
        const auto refused = rig.executor().forward(batch);
        QVERIFY(!refused);
        QVERIFY(refused.error().code == ErrorCode::OutOfResources);
        QVERIFY2(refused.error().message.find("for a step of 32 tokens failed") != std::string::npos &&
                     refused.error().message.find("take a smaller KV cache") != std::string::npos,
                 refused.error().message.c_str());
        rig.run(sequence, 8, keepAll);
        QVERIFY(sameBits(expected, sequence.logits));
    }

    void aPoolIsResizedWhereBothDoNotFit()
    {
        const std::shared_ptr<const Model> model = tinyModel("gemma3");
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 40, 4);
        ExecutorRig plain(model, makeCudaExecutor(model, {}, {}), 8, 8);
        const RigLogits expected = logitsOf(plain, tokens, 8);
        emulator::reset();
        ExecutorRig rig(model, makeCudaExecutor(model, {}, {}), 8, 8);
        QVERIFY(rig.executor().resizeKv(64).has_value()); // the sequence lies in the first 8
        RigSequence sequence;
        sequence.tokens.assign(tokens.begin(), tokens.begin() + 24);
        rig.run(sequence, 8, keepAll);
        emulator::setMemoryLimit(0, emulator::memoryUsed(0));
        const std::size_t before = emulator::memoryUsed(0);
        QVERIFY(rig.executor().resizeKv(32).has_value());
        QVERIFY(emulator::memoryUsed(0) < before);
        QVERIFY(rig.executor().resizeKv(60).has_value());
        const Result<void> refused = rig.executor().resizeKv(1000);
        QVERIFY(!refused);
        QVERIFY(refused.error().code == ErrorCode::OutOfResources);
        sequence.tokens = tokens;
        rig.run(sequence, 8, keepAll);
        QVERIFY(sameBits(expected, sequence.logits));
    }

    void aResizeThatFailsHalfWayKeepsWhatThereWas()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const std::vector<TokenId> tokens = randomTokens(model->config().vocab, 40, 5);
        ExecutorRig plain(model, makeCudaExecutor(model, {}, {}), 8, 8);
        const RigLogits expected = logitsOf(plain, tokens, 8);
        emulator::reset();
        ExecutorRig rig(model, makeCudaExecutor(model, {}, {}), 8, 8);
        RigSequence sequence;
        sequence.tokens.assign(tokens.begin(), tokens.begin() + 24);
        rig.run(sequence, 8, keepAll);
        const std::uint64_t bytes = rig.executor().info().kvBytes;
        emulator::setMemoryLimit(0, emulator::memoryUsed(0));
        emulator::failAllocation(2); // beside there is no room, and then not in its place either
        QVERIFY(!rig.executor().resizeKv(4));
        QCOMPARE(rig.executor().info().kvBytes, bytes);
        sequence.tokens = tokens;
        rig.run(sequence, 8, keepAll);
        QVERIFY(sameBits(expected, sequence.logits));
    }

    void repliesGoOnWhileThePoolIsResizedOrIsNot()
    {
        const std::map<std::uint64_t, std::vector<TokenId>> expected = replies([](Engine&, int) {});
        QCOMPARE(expected.size(), std::size_t{3});
        emulator::reset();
        const auto found = replies([](Engine& engine, int step) {
            if (step == 4) {
                emulator::setMemoryLimit(0, emulator::memoryUsed(0)); // another program took the rest
                const std::uint32_t blocks = engine.model()->kv.blocks;
                VT_CHECK(!engine.resizeKv(2 * blocks) && engine.model()->kv.blocks == blocks);
            } else if (step == 8) {
                VT_CHECK(engine.resizeKv(engine.model()->kv.blocks / 2).has_value());
            }
        });
        QVERIFY(found == expected);
    }

    void theSharesAddUp()
    {
        const std::uint64_t total = std::uint64_t{12} << 30U;
        const DeviceBudget budget(total, 0);
        const DeviceUse fresh{total, 0, 0};
        QCOMPARE(budget.kept(), std::uint64_t{512 * kMebibyte});
        QCOMPARE(budget.forKv(fresh) + budget.kept() + budget.graphs(), total);
        QVERIFY(budget.forSteps(fresh) <= budget.forKv(fresh) / 3);
        const DeviceUse recorded{total - budget.graphs(), budget.graphs(), budget.graphs()};
        QCOMPARE(budget.forKv(recorded), budget.forKv(fresh)); // their part was counted already
        QCOMPARE(budget.forKv({1000, total, 0}), std::uint64_t{0});
        const DeviceBudget limited(total, std::uint64_t{4} << 30U);
        QCOMPARE(limited.forKv({total / 2, std::uint64_t{3} << 30U, 0}),
                 (std::uint64_t{1} << 30U) - limited.graphs());
        QCOMPARE(limited.forKv({total / 2, std::uint64_t{5} << 30U, 0}), std::uint64_t{0});
    }

private:
    /// Three greedy replies, by request; `between` is called before each step.
    static std::map<std::uint64_t, std::vector<TokenId>>
    replies(const std::function<void(Engine&, int)>& between)
    {
        const std::shared_ptr<const Model> model = tinyModel("gemma3");
        std::unique_ptr<Executor> executor = made(model);
        EngineOptions options;
        options.blockSize = 8;
        options.kvBlocks = 64;
        const Result<KvPlan> plan = reserveMemory(*executor, model->config(), options);
        VT_CHECK(plan.has_value());
        Engine engine;
        engine.install({model, std::move(executor), *plan, options});
        std::map<std::uint64_t, std::vector<TokenId>> tokens;
        engine.subscribe([&](const EngineEvent& event) {
            if (const auto* token = std::get_if<TokenGenerated>(&event))
                tokens[token->request.value].push_back(token->token.id);
        });
        for (std::uint32_t i = 0; i < 3; ++i) {
            GenerationRequest request;
            request.prompt = randomTokens(model->config().vocab, 20 + i, 20 + i);
            request.maxTokens = 14;
            request.ignoreEndOfGeneration = true;
            VT_CHECK(engine.submit(request).has_value());
        }
        for (int step = 0; engine.hasWork(); ++step) {
            between(engine, step);
            VT_CHECK(engine.step());
        }
        return tokens;
    }

    /// Tokens of one greedy reply of six.
    static std::uint32_t runReply(Engine& engine, const std::shared_ptr<const Model>& model)
    {
        std::uint32_t tokens = 0;
        engine.subscribe([&](const EngineEvent& event) {
            if (const auto* last = std::get_if<RequestFinished>(&event))
                tokens = last->reason == FinishReason::Length ? last->stats.replyTokens : 0;
        });
        GenerationRequest request;
        request.prompt = randomTokens(model->config().vocab, 50, 8);
        request.maxTokens = 6;
        request.ignoreEndOfGeneration = true;
        if (!engine.submit(request))
            return 0;
        while (engine.hasWork() && engine.step()) {
        }
        engine.subscribe({});
        return tokens;
    }
};

QTEST_APPLESS_MAIN(DeviceMemoryTest)
#include "device_memory_test.moc"
