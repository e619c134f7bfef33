// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/stage_executor.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/execution/huge_buffer.h"
#include "engine/execution/micro_batches.h"
#include "engine/execution/stage_layers.h"
#include "engine/telemetry/nvtx_ranges.h"
#include "kernels/cpu/thread_pool.h"

namespace vitrine::engine {

namespace {

/// A stage waits while others compute, for large models and prompts minutes. Whoever dies, or stands still in
/// a layer, is told of at once.
Deadline patience()
{
    return Deadline::inMilliseconds(600'000);
}

class StageExecutor final : public Executor
{
public:
    StageExecutor(std::unique_ptr<Executor> layers, StageSeat seat, const ModelConfig& config)
        : m_seat(std::move(seat)), m_stage(m_seat.plan.stageOf(m_seat.process)), m_hidden(config.hidden),
          m_vocab(config.vocab), m_layers(std::move(layers)),
          m_threads(m_seat.process == 0 ? 2 : 1, kernels::cpu::ThreadPool::Caller::Waits)
    {
        VT_CHECK(m_seat.plan.stages > 1 && m_seat.pipe->ranks() == m_seat.plan.processes() + 1 &&
                 m_seat.pipe->rank() == m_seat.process && (m_seat.process != 0 || m_seat.results));
        m_threads.run([this](std::uint32_t thread) {
            nameNvtxThread(thread == kResults ? "results" : "stage " + std::to_string(m_stage + 1));
        });
    }
    /// Nobody waits for a stage that is gone.
    ~StageExecutor() override
    {
        if (m_batch != nullptr)
            abort("the model is unloaded");
    }
    bool hasThreads() const { return !m_threads.callerWorks() && m_threads.size() == m_threads.wanted(); }

    std::uint64_t kvBytesPerToken() const override { return m_layers->kvBytesPerToken(); }
    Result<StepLimits> reserveSteps(const StepLimits& limits) override
    {
        return m_layers->reserveSteps(limits);
    }
    bool hasRoom(const StepLimits& limits) const override { return m_layers->hasRoom(limits); }
    std::uint64_t freeKvBytes() const override { return m_layers->freeKvBytes(); }
    Result<void> reserveKv(const KvPlan& plan) override { return m_layers->reserveKv(plan); }
    Result<void> reserveHost(std::uint32_t blocks) override { return m_layers->reserveHost(blocks); }
    Result<void> resizeKv(std::uint32_t blocks) override { return m_layers->resizeKv(blocks); }
    Result<void> setThreads(std::uint32_t threads) override { return m_layers->setThreads(threads); }
    void setDeterministic(bool on) override { m_layers->setDeterministic(on); }
    Result<void> transfer(std::span<const KvTransfer> transfers) override
    {
        VT_CHECK(m_batch == nullptr);
        return m_layers->transfer(transfers);
    }

    void rejoin() override
    {
        VT_CHECK(m_batch == nullptr);
        m_failure.reset();
        m_layers->rejoin(); // with the ranks of this stage
        for (const std::shared_ptr<Communicator>& end : {m_seat.pipe, m_seat.results})
            if (end)
                end->restart();
    }
    Result<void> launch(const ForwardBatch& batch) override;
    Result<std::span<const float>> await() override;
    std::span<const TokenId> bestTokens() const override { return m_best; }
    bool overlaps() const override { return true; }
    std::uint32_t ranks() const override { return m_layers->ranks(); }
    void forEach(std::size_t count, const std::function<void(std::size_t, std::uint32_t)>& job) override
    {
        VT_CHECK(m_batch == nullptr);
        m_layers->forEach(count, job);
    }
    bool measuresAttention() const override { return false; }
    std::span<const float> attentionMass(std::size_t /*index*/) const override { return {}; }
    void timeOperations(bool on) override
    {
        m_layers->timeOperations(on);
        m_steps = 0;
        m_othersNs = 0;
    }
    OperationTimes operationTimes() const override;
    std::vector<RankTimes> rankTimes() const override { return {m_times}; }
    ExecutorInfo info() const override { return m_layers->info(); }

private:
    bool isLast() const { return m_stage + 1 == m_seat.plan.stages; }
    bool sendsResults() const { return isLast() && m_seat.plan.rankOf(m_seat.process) == 0; }
    void abort(const std::string& reason);
    Result<void> reserveResults(const ForwardBatch& batch);

    static constexpr std::uint32_t kResults = 1; ///< of the threads; process 0 alone has it
    void run(std::uint32_t thread);
    /// On the first thread: all micro-batches in order.
    Result<void> computeAll();
    /// Of the step that this process began then.
    void settleTimes(std::int64_t beganNs);
    Result<void> compute(MicroBatch& micro);
    Result<void> passOn(const MicroBatch& micro, std::span<const float> logits);

    /// Of the results of a micro-batch, in the step's.
    struct Rows
    {
        std::size_t first = 0, count = 0;
    };
    /// What each micro-batch leaves of logits: to process 0, or to nobody in a stage before the last.
    void settleResults();
    std::uint32_t resultsFrom() const { return m_seat.plan.processes() - m_seat.plan.ranks; }
    /// On the thread for results, so that the last stage waits neither for this one nor for the caller.
    Result<void> receiveResults();
    Result<void> receiveLogits(const Rows& rows);
    Result<void> receiveBest(const Rows& rows);

    StageSeat m_seat;
    std::uint32_t m_stage;
    std::size_t m_hidden, m_vocab;
    std::unique_ptr<Executor> m_layers;
    const ForwardBatch* m_batch = nullptr; ///< the launched one
    std::vector<MicroBatch> m_micro;       ///< of it; the thread's while it runs
    std::vector<Rows> m_rowsOf;            ///< that come from the last stage; process 0
    std::vector<float> m_rows;             ///< [tokens, hidden]: what came from the stage before
    HugeBuffer m_logits;                   ///< [logitsRows, vocab]; process 0
    std::vector<TokenId> m_best;           ///< likewise
    RankTimes m_times;                     ///< of the step; the first thread's while it runs
    Result<void> m_computed;               ///< of the first thread, once it has finished
    Result<void> m_came;                   ///< of the other one
    std::int64_t m_computedNs = 0;         ///< when
    std::optional<Error> m_failure;        ///< of any step so far
    std::uint64_t m_steps = 0;
    std::int64_t m_othersNs = 0; ///< from the end of this stage's work to the end of the step
    kernels::cpu::ThreadPool m_threads;
};

void StageExecutor::abort(const std::string& reason)
{
    m_seat.pipe->abort(reason);
    if (m_seat.ranks)
        m_seat.ranks->abort(reason);
}

Result<void> StageExecutor::reserveResults(const ForwardBatch& batch)
{
    const std::size_t bytes = batch.bestOnly ? 0 : batch.logitsRows.size() * m_vocab * sizeof(float);
    if (m_seat.process != 0 || bytes <= m_logits.size())
        return {};
    m_logits = HugeBuffer();
    m_logits = HugeBuffer::allocate(bytes);
    return m_logits ? Result<void>()
                    : outOfResources("the system does not give " + std::to_string(bytes >> 20U) +
                                     " MiB for logits; take a smaller token budget");
}

Result<void> StageExecutor::launch(const ForwardBatch& batch)
{
    VT_CHECK(m_batch == nullptr && batch.hidden.empty() && batch.massRows.empty() && batch.choices.empty());
    if (m_failure)
        return *m_failure;
    Result<std::vector<MicroBatch>> micro = microBatches(batch, m_seat.plan.stages);
    const Result<void> ready = micro ? reserveResults(batch) : micro.error();
    if (!ready) {
        if (m_seat.process != 0) // the others compute already, and must not wait for this one
            abort(ready.error().message);
        return ready;
    }
    m_micro = std::move(*micro);
    settleResults();
    m_batch = &batch;
    m_best.clear();
    m_threads.launch([](void* self, std::uint32_t thread) { static_cast<StageExecutor*>(self)->run(thread); },
                     this);
    return {};
}

void StageExecutor::settleResults()
{
    m_rowsOf.clear();
    for (MicroBatch& micro : m_micro) {
        if (m_seat.process == 0 && !micro.batch.logitsRows.empty())
            m_rowsOf.push_back({micro.firstRow, micro.batch.logitsRows.size()});
        if (isLast())
            continue;
        micro.batch.logitsRows.clear();
        micro.batch.bestOnly = false;
    }
}

void StageExecutor::run(std::uint32_t thread)
{
    Result<void>& done = thread == kResults ? m_came : m_computed;
    done = thread == kResults ? receiveResults() : computeAll();
    if (!done)
        abort(done.error().message);
    if (thread != kResults)
        m_computedNs = nowNs();
}

Result<void> StageExecutor::computeAll()
{
    const std::int64_t began = nowNs();
    m_times = {};
    static_cast<void>(m_seat.pipe->takeTimes()); // of a step that failed
    Result<void> done;
    for (std::size_t i = 0; i < m_micro.size() && done; ++i)
        done = compute(m_micro[i]);
    settleTimes(began);
    return done;
}

/// A stage's wait for rows is a wait for other ranks too.
void StageExecutor::settleTimes(std::int64_t beganNs)
{
    m_times += m_seat.pipe->takeTimes();
    m_times.computeNs = nowNs() - beganNs - m_times.waitNs - m_times.sumNs;
}

Result<void> StageExecutor::compute(MicroBatch& micro)
{
    ForwardBatch& batch = micro.batch;
    if (m_stage > 0) {
        m_rows.resize(batch.tokens() * m_hidden);
        const Result<void> came = m_seat.pipe->receive(std::as_writable_bytes(std::span(m_rows)),
                                                       m_seat.process - m_seat.plan.ranks, patience());
        if (!came)
            return came;
        batch.hidden = m_rows;
    }
    const Result<std::span<const float>> logits = m_layers->forward(batch);
    for (const RankTimes& own : m_layers->rankTimes())
        m_times += own;
    return logits ? passOn(micro, *logits) : logits.error();
}

Result<void> StageExecutor::passOn(const MicroBatch& micro, std::span<const float> logits)
{
    if (!isLast())
        return m_seat.pipe->send(std::as_bytes(m_layers->hiddenRows()), m_seat.process + m_seat.plan.ranks,
                                 patience());
    if (!sendsResults() || micro.batch.logitsRows.empty())
        return {};
    const std::span<const std::byte> results =
        micro.batch.bestOnly ? std::as_bytes(m_layers->bestTokens()) : std::as_bytes(logits);
    return m_seat.pipe->send(results, m_seat.plan.processes(), patience());
}

Result<void> StageExecutor::receiveResults()
{
    Result<void> came;
    for (std::size_t i = 0; i < m_rowsOf.size() && came; ++i)
        came = m_batch->bestOnly ? receiveBest(m_rowsOf[i]) : receiveLogits(m_rowsOf[i]);
    return came;
}

Result<void> StageExecutor::receiveLogits(const Rows& rows)
{
    const std::span<float> logits(m_logits.as<float>() + rows.first * m_vocab, rows.count * m_vocab);
    return m_seat.results->receive(std::as_writable_bytes(logits), resultsFrom(), patience());
}

Result<void> StageExecutor::receiveBest(const Rows& rows)
{
    m_best.resize(rows.first + rows.count);
    const std::span<TokenId> best(m_best.data() + rows.first, rows.count);
    Result<void> came = m_seat.results->receive(std::as_writable_bytes(best), resultsFrom(), patience());
    for (const TokenId token : best)
        if (came && (token < 0 || static_cast<std::size_t>(token) >= m_vocab))
            came = internalError(m_seat.plan.nameOf(resultsFrom()) + " chose a token that there is not");
    return came;
}

Result<std::span<const float>> StageExecutor::await()
{
    VT_CHECK(m_batch != nullptr);
    m_threads.finish();
    ++m_steps;
    m_othersNs += nowNs() - m_computedNs;
    const bool hasLogits = m_seat.process == 0 && !m_batch->bestOnly;
    const std::size_t floats = hasLogits ? m_batch->logitsRows.size() * m_vocab : 0;
    m_batch = nullptr;
    if (!m_computed || !m_came)
        m_failure = m_computed ? m_came.error() : m_computed.error();
    if (m_failure)
        return *m_failure;
    return std::span<const float>(m_logits.as<float>(), floats);
}

/// Of this stage alone, a step at a time, and how long it then waited for the others.
OperationTimes StageExecutor::operationTimes() const
{
    OperationTimes times = m_layers->operationTimes();
    if (times.empty())
        return times;
    times.steps = m_steps;
    times.seconds[static_cast<std::size_t>(Operation::Reduce)] += static_cast<double>(m_othersNs) * 1e-9;
    return times;
}

} // namespace

Result<std::unique_ptr<Executor>> makeStageExecutor(std::unique_ptr<Executor> layers, StageSeat seat,
                                                    const ModelConfig& config)
{
    auto stage = std::make_unique<StageExecutor>(std::move(layers), std::move(seat), config);
    if (!stage->hasThreads())
        return outOfResources("the system starts no thread for a stage");
    return std::unique_ptr<Executor>(std::move(stage));
}

Result<std::unique_ptr<Executor>> makeCpuStage(const std::shared_ptr<const Model>& model,
                                               ExecutorOptions options, StageSeat seat,
                                               const LoadProgress& progress)
{
    const Result<std::vector<LayerRange>> layers = stageLayers(model->weights(), seat.plan.stages);
    if (!layers)
        return layers.error();
    options.layers = (*layers)[seat.plan.stageOf(seat.process)];
    options.ranks = seat.ranks;
    Result<std::unique_ptr<Executor>> own = makeCpuExecutor(model, options, progress);
    if (!own)
        return own.error();
    return makeStageExecutor(std::move(*own), std::move(seat), model->config());
}

} // namespace vitrine::engine
