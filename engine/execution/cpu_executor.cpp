// SPDX-License-Identifier: GPL-3.0-or-later
// The Executor of this machine's CPU: packed weights, paged KV memory, a pool of threads.
// A row's numbers depend neither on the rows beside it, nor on the chunking, the block size or the number of
// threads, but on machines with AMX on whether its step has many rows: those go through bfloat16 tiles.
// ExecutorOptions::deterministic and setDeterministic() leave that path out.
#include <algorithm>
#include <atomic>
#include <optional>

#include "engine/base/check.h"
#include "engine/execution/batch_check.h"
#include "engine/execution/head_pass.h"
#include "engine/execution/kv_element.h"
#include "engine/execution/model_pass.h"
#include "engine/execution/packed_part.h"
#include "engine/execution/rank_sum.h"
#include "engine/execution/step_context.h"
#include "kernels/cpu/cpu_topology.h"

namespace vitrine::engine {

namespace cpu = kernels::cpu;

namespace {

constexpr std::uint32_t kMostThreads = 1024;

CpuOperations selectOperations(bool onePath)
{
    cpu::Isa isa = cpu::selectedIsa();
    if (isa == cpu::Isa::Amx && onePath)
        isa = cpu::Isa::Avx512Vnni;
    return {isa, cpu::linearOperations(isa), cpu::vectorOperations(isa), cpu::attentionOperations(isa)};
}

/// `aside`: the caller is to be free while the others compute.
Result<std::unique_ptr<cpu::ThreadPool>> makePool(std::uint32_t wanted, bool aside)
{
    if (wanted > kMostThreads)
        return invalidArgument(std::to_string(wanted) + " threads are more than the " +
                               std::to_string(kMostThreads) + " that make sense");
    const cpu::CpuTopology topology = cpu::CpuTopology::ofThisProcess();
    const std::uint32_t threads = wanted != 0 ? wanted : topology.bestThreads();
    // With a CPU to spare the engine thread's own work runs beside a step; else it computes with the others.
    const auto caller = aside || threads < topology.runnable() ? cpu::ThreadPool::Caller::Waits
                                                               : cpu::ThreadPool::Caller::Works;
    std::vector<std::vector<std::uint32_t>> homes;
    for (std::uint32_t rank = 0; rank < threads; ++rank)
        homes.push_back(topology.homeOf(rank, threads));
    auto pool = std::make_unique<cpu::ThreadPool>(threads, caller, std::move(homes));
    if (aside && pool->callerWorks())
        return outOfResources("the system starts no thread to compute on");
    pool->run([&](std::uint32_t rank) {
        if (rank != 0 || !pool->callerWorks()) // else it is whoever computes, which has a name of its own
            nameNvtxThread("worker " + std::to_string(rank));
    });
    return pool;
}

/// Behind the device's name, where the system did not start every thread.
std::string missingThreads(const cpu::ThreadPool& pool)
{
    return pool.size() == pool.wanted()
               ? std::string()
               : " (" + std::to_string(pool.size()) + "/" + std::to_string(pool.wanted()) + " threads)";
}

class CpuExecutor final : public Executor
{
public:
    CpuExecutor(std::shared_ptr<const PackedPart> packed, const ExecutorOptions& options,
                const CpuOperations& operations, std::unique_ptr<cpu::ThreadPool> pool)
        : m_packed(std::move(packed)), m_part(m_packed->part),
          m_element(options.precise ? cpu::KvElement::F32 : kvElementOf(options.kvFormat)),
          m_precise(options.precise), m_progress(options.progress), m_operations(operations),
          m_pool(std::move(pool)), m_weights(m_packed->weights),
          m_ropeTable(m_part->config(), m_weights.ropeFactors), m_nextUnit(m_part->config().layers.size())
    {
        if (options.ranks != nullptr)
            m_ranks.emplace(options.ranks, m_part->shard(), m_part->config().vocab, options.rankPatienceMs);
        if (!m_precise)
            m_conversions = m_weights.conversions();
        findWindows();
        fitToPool();
    }

    std::uint64_t kvBytesPerToken() const override { return layoutFor({1, 1}).totalBytes(); }

    Result<void> reserveKv(const KvPlan& plan) override
    {
        VT_CHECK(plan.blockSize >= 1 && plan.blockSize <= 256 && plan.blocks >= 1);
        m_plan = {};
        Result<void> reserved = m_kv.reserve(layoutFor(plan));
        if (reserved)
            m_plan = plan;
        return reserved;
    }

    Result<void> reserveHost(std::uint32_t slots) override
    {
        VT_CHECK(!m_step);
        return m_kv.reserveHost(std::size_t{slots} * m_part->columns().shape.blockPages());
    }

    Result<void> resizeKv(std::uint32_t blocks) override
    {
        VT_CHECK(!m_step && blocks >= 1);
        Result<void> resized = m_kv.resize(std::size_t{blocks} * m_part->columns().shape.blockPages());
        if (resized)
            m_plan.blocks = blocks;
        return resized;
    }

    Result<void> setThreads(std::uint32_t threads) override
    {
        VT_CHECK(!m_step);
        if ((threads != 0 ? threads : cpu::CpuTopology::ofThisProcess().bestThreads()) == m_pool->size())
            return {};
        Result<std::unique_ptr<cpu::ThreadPool>> pool = makePool(threads, m_ranks.has_value());
        if (!pool)
            return pool.error();
        m_pool = std::move(*pool);
        fitToPool();
        return {};
    }

    void rejoin() override
    {
        VT_CHECK(!m_step);
        if (m_ranks)
            m_ranks->restart();
    }

    void setDeterministic(bool on) override
    {
        VT_CHECK(!m_step);
        m_operations.emplace(selectOperations(on || m_precise)); // both read the same packed weights
    }

    Result<void> transfer(std::span<const KvTransfer> transfers) override
    {
        VT_CHECK(!m_step);
        m_kv.transfer(transfers);
        return {};
    }

    Result<void> launch(const ForwardBatch& batch) override;
    Result<std::span<const float>> await() override;
    ~CpuExecutor() override
    {
        if (m_step && overlaps()) // else nothing of it runs yet
            m_pool->finish();
    }
    bool overlaps() const override { return !m_pool->callerWorks(); }
    std::span<const float> hiddenRows() const override
    {
        return {m_work->residual, m_part->ends() ? 0 : m_hiddenRows * m_part->config().hidden};
    }
    std::span<const TokenId> bestTokens() const override { return m_best; }

    std::uint32_t ranks() const override { return m_pool->size(); }
    void forEach(std::size_t count, const std::function<void(std::size_t, std::uint32_t)>& job) override
    {
        VT_CHECK(!m_step);
        std::atomic<std::size_t> next{0};
        m_pool->run([&](std::uint32_t rank) {
            for (std::size_t index = next++; index < count; index = next++)
                job(index, rank);
        });
    }

    std::span<const float> attentionMass(std::size_t index) const override { return m_mass.at(index); }

    void timeOperations(bool on) override
    {
        VT_CHECK(!m_step);
        m_timed = on;
        m_clock.reset(on);
    }
    OperationTimes operationTimes() const override { return m_clock.times(); }
    std::vector<RankTimes> rankTimes() const override
    {
        return m_ranks ? std::vector{m_ranks->times()} : std::vector<RankTimes>();
    }

    ExecutorInfo info() const override
    {
        return {std::string("CPU ") + cpu::isaTitle(m_operations->isa) + missingThreads(*m_pool),
                m_pool->size(),
                m_weights.bytes(),
                m_kv.bytes(),
                m_kv.hostBytes(),
                m_conversions,
                m_work->bytes(),
                {},
                m_part->layers(),
                {},
                m_weights.expertBytes()};
    }

private:
    cpu::KvLayout layoutFor(const KvPlan& plan) const
    {
        const ModelConfig& config = m_part->config();
        const std::size_t pages = std::size_t{plan.blocks} * m_part->columns().shape.blockPages();
        return {m_element,     m_part->columns().layersPerPage, pages, plan.blockSize, config.kvHeads,
                config.headDim};
    }

    /// What there is one of for each thread.
    void fitToPool()
    {
        m_work.emplace(m_part->config(), m_pool->size(), m_ropeTable.kinds(), m_ranks.has_value());
        m_clock = OperationClock(m_pool->size());
        m_clock.reset(m_timed);
    }

    /// One attention plan serves all layers with the same window.
    void findWindows()
    {
        for (const LayerConfig& layer : m_part->config().layers) {
            const auto found = std::find(m_windows.begin(), m_windows.end(), layer.slidingWindow);
            m_planOfLayer.push_back(static_cast<std::size_t>(found - m_windows.begin()));
            if (found == m_windows.end())
                m_windows.push_back(layer.slidingWindow);
        }
    }

    BatchLimits limits() const
    {
        return {m_plan, m_part->config().vocab, m_part->columns().shape,
                0,      m_part->hiddenIn(),     m_part->ends()};
    }

    /// Everything a step needs before its threads start.
    Result<void> prepare(const ForwardBatch& batch);

    std::shared_ptr<const PackedPart> m_packed; ///< maybe other executors' too
    std::shared_ptr<const ModelPart> m_part;
    cpu::KvElement m_element;
    bool m_precise;
    std::shared_ptr<WorkProgress> m_progress;  ///< null: nobody watches
    std::optional<CpuOperations> m_operations; ///< always there; chosen anew for one path or the fastest
    std::unique_ptr<cpu::ThreadPool> m_pool;
    const CpuWeights& m_weights;
    std::vector<WeightConversion> m_conversions;
    RopeTable m_ropeTable;
    std::optional<Workspace> m_work; ///< always there; made anew for other threads
    KvMemory m_kv;
    KvPlan m_plan;
    std::vector<std::uint32_t> m_windows;   ///< different ones, in order of appearance
    std::vector<std::size_t> m_planOfLayer; ///< index into m_windows and m_plans
    std::vector<AttentionPlan> m_plans;     ///< of the current step
    std::vector<std::atomic<std::uint32_t>> m_nextUnit;
    StepPages m_pages;
    AttentionMass m_mass;
    std::size_t m_hiddenRows = 0; ///< of the last step
    std::vector<TokenId> m_best;  ///< of the last step, if it wanted no more
    bool m_timed = false;
    OperationClock m_clock{1};
    std::optional<RankSum> m_ranks;    ///< that share the tensors, if any
    std::optional<StepContext> m_step; ///< the launched one
};

Result<void> CpuExecutor::prepare(const ForwardBatch& batch)
{
    m_plans.clear();
    std::size_t stateRows = 0;
    for (const std::uint32_t window : m_windows) {
        m_plans.push_back(planAttention(batch, m_part->config(), window, m_pool->size()));
        stateRows = std::max(stateRows, m_plans.back().stateRows);
    }
    for (std::atomic<std::uint32_t>& next : m_nextUnit)
        next.store(0, std::memory_order_relaxed);
    m_pages.prepare(batch, m_part->columns());
    m_mass.prepare(batch, m_part->config(), m_part->model().config());
    m_best.reserve(batch.logitsRows.size()); // await() must not fail
    Result<void> ensured = m_work->ensure(batch.tokens(), stateRows);
    if (ensured)
        ensured = m_work->ensureHead(batch.logitsRows.size(), batch.bestOnly);
    if (!ensured)
        return ensured;
    m_work->chooseForms(m_operations->linear.manyRows, static_cast<std::int64_t>(batch.tokens()),
                        static_cast<std::int64_t>(batch.logitsRows.size()));
    return ensured;
}

Result<void> CpuExecutor::launch(const ForwardBatch& batch)
{
    VT_CHECK(!m_step && batch.choices.empty());
    const std::string violation = batchViolation(batch, limits());
    if (!violation.empty())
        checkFailed(violation.c_str(), __FILE__, __LINE__);
    if (m_ranks && m_ranks->failure())
        return *m_ranks->failure();
    if (Result<void> prepared = prepare(batch); !prepared) {
        if (m_ranks &&
            m_ranks->shard().rank != 0) // the others compute already, and must not wait for this one
            m_ranks->abort(prepared.error().message);
        return prepared.error();
    }
    if (m_ranks)
        m_ranks->beginStep();
    m_step.emplace(StepContext{*m_part, m_weights, *m_operations, m_ropeTable, batch, *m_work, m_kv, m_pages,
                               *m_pool, m_plans, m_planOfLayer, m_nextUnit, m_mass, m_clock,
                               m_ranks ? &*m_ranks : nullptr, m_progress.get()});
    m_pool->launch([](void* step, std::uint32_t rank) { runModel(*static_cast<StepContext*>(step), rank); },
                   &*m_step);
    return {};
}

Result<std::span<const float>> CpuExecutor::await()
{
    VT_CHECK(m_step);
    m_pool->finish();
    const ForwardBatch& batch = m_step->batch;
    const std::size_t logits = batch.bestOnly ? 0 : batch.logitsRows.size() * m_part->config().vocab;
    m_hiddenRows = batch.tokens();
    m_best.clear();
    if (batch.bestOnly)
        gatherBest(*m_step, m_best);
    m_step.reset();
    if (m_ranks && m_ranks->failure())
        return *m_ranks->failure();
    return std::span<const float>(m_work->logits, logits);
}

} // namespace

Result<std::unique_ptr<Executor>> makeCpuExecutor(std::shared_ptr<const Model> model,
                                                  const ExecutorOptions& options,
                                                  const LoadProgress& progress)
{
    if (!options.precise && options.kvFormat == KvFormat::FP8)
        return invalidArgument(
            "fp8 keys and values are for layers on a GPU; int8 ones take no more memory on "
            "the CPU and are more exact (--kv-format int8)");
    Result<std::unique_ptr<cpu::ThreadPool>> pool = makePool(options.threads, options.ranks != nullptr);
    if (!pool)
        return pool.error();
    const CpuOperations operations = selectOperations(options.precise || options.deterministic);
    Result<std::shared_ptr<const PackedPart>> packed =
        packPart(model, options, operations.linear, **pool, progress);
    if (!packed)
        return packed.error();
    return std::unique_ptr<Executor>(
        std::make_unique<CpuExecutor>(std::move(*packed), options, operations, std::move(*pool)));
}

} // namespace vitrine::engine
