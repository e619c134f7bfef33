// SPDX-License-Identifier: GPL-3.0-or-later
// One step of the engine: schedule → transfers → forward → sample → update → events.
//
// Where the executor lets the caller's work run beside a step (Executor::overlaps), a step is told and the
// next one planned while the following one computes: step() then returns with a step in flight. Where it is
// the host that samples, that cannot be hidden: its tokens are the input of the next step. Where the executor
// chooses them, the next step may be launched before they are known (engine_ahead.cpp).
#include <algorithm>
#include <new>
#include <utility>

#include "engine/base/clock.h"
#include "engine/engine.h"
#include "engine/engine_stream.h"

namespace vitrine::engine {

namespace {

/// Adds the time until it goes out of scope.
class Stopwatch
{
public:
    explicit Stopwatch(std::int64_t& total) : m_total(total), m_start(nowNs()) {}
    ~Stopwatch() { m_total += nowNs() - m_start; }
    Stopwatch(const Stopwatch&) = delete;
    Stopwatch& operator=(const Stopwatch&) = delete;

private:
    std::int64_t& m_total;
    std::int64_t m_start;
};

void recordTransfers(const ScheduledBatch& batch, StepRecord& record)
{
    for (const KvTransfer& transfer : batch.transfers) {
        record.copiedBlocks += transfer.kind == KvTransfer::Kind::Copy ? 1 : 0;
        record.swappedOut += transfer.kind == KvTransfer::Kind::SwapOut ? 1 : 0;
        record.swappedIn += transfer.kind == KvTransfer::Kind::SwapIn ? 1 : 0;
    }
    record.preemptions = static_cast<std::uint32_t>(batch.preemptions.size());
    for (const PreemptionEvent& event : batch.preemptions)
        record.preemptionsBySwap += event.action == PreemptionAction::Swap ? 1 : 0;
}

/// To NVTX: how large a step is, who comes and who has to go.
void markPlan(const ScheduledBatch& batch)
{
    markNvtx(NvtxName::BatchRows, batch.rows.size());
    markNvtx(NvtxName::BatchTokens, batch.prefillTokens + batch.decodeTokens);
    for (const PreemptionEvent& event : batch.preemptions)
        markNvtx(NvtxName::Preempted, event.victim.value);
    for (const AdmissionEvent& event : batch.admissions)
        markNvtx(event.again ? NvtxName::Resumed : NvtxName::Admitted, event.request.value);
}

} // namespace

bool Engine::step()
{
    if (m_flight == nullptr && !hasWork())
        return false;
    bool worked = true;
    guarded([&] {
        if (m_flight == nullptr)
            worked = begin();
        if (m_flight != nullptr)
            advance();
    });
    if (!m_recorded.rankEvents.empty() && !hasWork()) { // no step may follow for hours
        RecordedStep between;
        takeRecorded(between);
        m_recorder->push(std::move(between));
    }
    return worked;
}

/// Runs a part of a step; what goes wrong in it ends requests, not the engine.
template<class Work>
void Engine::guarded(Work work)
{
    try {
        work();
    } catch (const std::bad_alloc&) {
        fail("not enough memory for this step");
    } catch (const std::exception& failure) {
        fail(std::string("the engine failed: ") + failure.what());
    }
}

/// Plans a step and starts it. False when nothing can run. A step without rows is over at once.
bool Engine::begin()
{
    auto step = std::make_unique<Step>();
    plan(*step);
    if (step->batch.idle())
        return false;
    m_flight = std::move(step);
    if (const Result<void> launched = launch(*m_flight); !launched) {
        failStep(launched.error().message);
    } else if (m_flight->batch.empty()) {
        step = std::move(m_flight);
        if (!m_executor->takesFollowers()) // else moves are only queued
            observeMoves(step->record);
        tellLanded(); // it came first
        tell(*step);
    }
    return true;
}

/// From a launched step to the next one, or to rest.
void Engine::advance()
{
    const bool overlaps = m_executor->overlaps();
    if (const Result<void> worked = overlaps ? workBeside() : Result<void>(); !worked)
        return failStep(worked.error().message);
    if (m_flight == nullptr)
        return; // a client unloaded the model
    if (const Result<void> computed = land(*m_flight); !computed)
        return failStep(computed.error().message);
    m_landed = std::move(m_flight);
    if (m_behind != nullptr)
        return adopt();
    if (overlaps && m_scheduler->hasWork() && begin() && m_flight != nullptr)
        return;
    tellLanded();
}

/// Waits for the step in flight and takes its result, so that nothing is under way.
void Engine::settle()
{
    guarded([&] {
        if (m_flight != nullptr) {
            if (const Result<void> computed = land(*m_flight); !computed)
                return failStep(computed.error().message);
            tellLanded();
            m_landed = std::move(m_flight);
        }
        tellLanded();
    });
}

/// While a step computes: events of the one before it, and the plan of the one after it, if not its launch.
Result<void> Engine::workBeside()
{
    Result<void> worked;
    std::int64_t hidden = 0;
    {
        const Stopwatch watch(hidden);
        tellLanded();
        if (m_flight == nullptr || m_scheduler == nullptr)
            return worked; // a client unloaded the model
        const NvtxRange range(NvtxName::Schedule, m_flight->record.step);
        const std::int64_t start = nowNs();
        if (m_scheduler->planAhead())
            worked = launchBehind();
        notePhase(*m_flight, StepPhase::Schedule, start, nowNs());
    }
    m_flight->record.hiddenNs += hidden;
    return worked;
}

void Engine::plan(Step& step)
{
    StepRecord& record = step.record;
    record.step = ++m_steps;
    step.whole.start(NvtxName::Step, record.step);
    const NvtxRange range(NvtxName::Schedule, record.step);
    record.startNs = nowNs();
    step.batch = m_scheduler->schedule();
    askForTokens(step.batch);
    recordPlan(step);
    recordRows(step);
    clockPreemptions(step.batch.preemptions, record.startNs);
    record.scheduleNs = nowNs() - record.startNs;
    notePhase(step, StepPhase::Schedule, record.startNs, record.startNs + record.scheduleNs);
}

/// Before it is launched.
void Engine::recordPlan(Step& step)
{
    const ScheduledBatch& batch = step.batch;
    StepRecord& record = step.record;
    record.tokenBudget = batch.tokenBudget;
    record.prefillTokens = batch.prefillTokens;
    record.decodeTokens = batch.decodeTokens;
    record.recomputedTokens = batch.recomputedTokens;
    record.lookedUpTokens = batch.lookedUpTokens;
    record.cachedTokens = batch.cachedTokens;
    record.predictedNs = static_cast<std::int64_t>(batch.predictedSeconds * 1e9);
    record.blocksReferencedPeak = m_cache->usageInBlocks().referenced;
    recordTransfers(batch, record);
    markPlan(batch);
}

/// Moves blocks, then starts the forward pass.
Result<void> Engine::launch(Step& step)
{
    step.launchedNs = nowNs();
    if (!step.batch.transfers.empty()) {
        const NvtxRange range(NvtxName::Transfer, step.record.step);
        if (Result<void> moved = m_executor->transfer(step.batch.transfers); !moved)
            return moved;
        const std::int64_t start = step.launchedNs;
        step.launchedNs = nowNs();
        step.record.transferNs = step.launchedNs - start;
        notePhase(step, StepPhase::Transfer, start, step.launchedNs);
    }
    if (step.batch.empty())
        return {};
    Result<void> launched = compute(step);
    if (step.computing)
        clockLaunch(step);
    return launched;
}

Result<void> Engine::compute(Step& step)
{
    step.forward.start(NvtxName::Forward, step.record.step);
    Result<void> launched = m_executor->launch(step.batch.forward);
    step.computing = launched.has_value();
    return launched;
}

/// Waits for the step, samples, and lets the scheduler take the tokens.
Result<void> Engine::land(Step& step)
{
    step.computing = false;
    const Result<std::span<const float>> logits = m_executor->await();
    step.forward.end();
    const NvtxRange range(NvtxName::Sample, step.record.step);
    const std::int64_t computed = nowNs();
    step.record.forwardNs = computed - step.launchedNs;
    notePhase(step, StepPhase::Forward, step.launchedNs, computed);
    if (!logits)
        return logits.error();
    if (m_model->file().lost()) // embeddings are read from it as they are needed
        return badInput("the model's file can no longer be read (" + m_model->path() +
                        "): was it changed, or its drive removed? Open the model again");
    if (m_recorder != nullptr)
        step.ranks = m_executor->rankParts();
    observeMoves(step.record);
    sample(step, *logits);
    clockLand(step, computed);
    for (std::size_t i = 0; i < step.batch.forward.massRows.size(); ++i) {
        const auto row = static_cast<std::size_t>(step.batch.forward.massRows[i]);
        m_scheduler->noteAttention(step.batch.rows[row].request, m_executor->attentionMass(i));
    }
    m_scheduler->observeStep(step.batch, static_cast<double>(step.record.forwardNs) * 1e-9);
    step.outcomes = m_scheduler->update(step.batch, step.tokens);
    step.record.sampleNs = nowNs() - computed;
    notePhase(step, StepPhase::Sample, computed, computed + step.record.sampleNs);
    return {};
}

/// What swapping costs: by the device's clock where moves are only queued. Copies cost another price.
void Engine::observeMoves(const StepRecord& record)
{
    const std::uint32_t swapped = record.swappedOut + record.swappedIn;
    if (swapped == 0 || record.copiedBlocks > 0)
        return;
    const double waited = static_cast<double>(record.transferNs) * 1e-9;
    m_scheduler->observeMoves(swapped, m_executor->moveSeconds().value_or(waited));
}

/// Events and the record of a step that has landed.
void Engine::tell(Step& step)
{
    const std::int64_t start = nowNs();
    {
        const NvtxRange range(NvtxName::Emit, step.record.step);
        const Stopwatch watch(step.record.emitNs);
        report(step);
        tellWaiting();
    }
    notePhase(step, StepPhase::Emit, start, nowNs());
    publish(step);
    step.whole.end();
    pushRecorded(step);
}

void Engine::tellLanded()
{
    const std::unique_ptr<Step> landed = std::move(m_landed);
    if (landed == nullptr)
        return;
    m_telling = true;
    tell(*landed);
    m_telling = false;
}

void Engine::publish(Step& step)
{
    StepRecord& record = step.record;
    if (m_scheduler != nullptr) {
        const BlockUsage usage = m_cache->usageInBlocks();
        record.blocksReferenced = usage.referenced;
        record.blocksCached = usage.cached;
        record.blocksFree = usage.free;
        record.hostBlocksUsed = usage.hostPinned + usage.hostPrefix;
        record.running = m_scheduler->running();
        record.waiting = m_scheduler->waiting();
    }
    record.endNs = nowNs();
    m_ring.push(record);
}

} // namespace vitrine::engine
