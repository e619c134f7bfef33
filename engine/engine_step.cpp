// SPDX-License-Identifier: GPL-3.0-or-later
// One step of the engine: schedule → forward → sample → update → events.
#include <algorithm>
#include <new>

#include "engine/base/clock.h"
#include "engine/engine.h"
#include "engine/engine_stream.h"

namespace vitrine::engine {

namespace {

StepRow rowRecord(const ScheduledRow& row, const Request& request, const KvCache& cache)
{
    StepRow record;
    record.request = row.request;
    const bool decode = request.decoding();
    record.decodeTokens = decode ? 1 : 0;
    record.prefillTokens = decode ? 0 : row.tokens;
    record.contextLength = row.firstToken + row.tokens;
    record.blocks = static_cast<std::uint32_t>(cache.table(row.request).size());
    return record;
}

void recordRows(const ScheduledBatch& batch, const Scheduler& scheduler, const KvCache& cache,
                StepRecord& record)
{
    for (const ScheduledRow& row : batch.rows) {
        const Request* request = scheduler.find(row.request);
        if (request == nullptr || record.rowCount == StepRecord::kMaxRows)
            ++record.rowsOmitted;
        else
            record.rows[record.rowCount++] = rowRecord(row, *request, cache);
    }
}

} // namespace

bool Engine::step()
{
    if (!hasWork())
        return false;
    Step step;
    try {
        plan(step);
        if (step.batch.empty() && step.batch.preemptions.empty())
            return false;
        if (const Result<void> computed = compute(step); !computed)
            failStep(step, computed.error().message);
        else
            finishStep(step);
        publish(step);
    } catch (const std::bad_alloc&) {
        failStep(step, "not enough memory for this step");
    } catch (const std::exception& failure) {
        failStep(step, std::string("the engine failed: ") + failure.what());
    }
    return true;
}

void Engine::plan(Step& step)
{
    StepRecord& record = step.record;
    record.startNs = nowNs();
    step.batch = m_scheduler->schedule();
    record.step = ++m_steps;
    record.tokenBudget = m_scheduler->options().tokenBudget;
    record.prefillTokens = step.batch.prefillTokens;
    record.decodeTokens = step.batch.decodeTokens;
    record.recomputedTokens = step.batch.recomputedTokens;
    record.lookedUpTokens = step.batch.lookedUpTokens;
    record.cachedTokens = step.batch.cachedTokens;
    record.preemptions = static_cast<std::uint32_t>(step.batch.preemptions.size());
    record.blocksReferencedPeak = m_cache->usage().referenced;
    recordRows(step.batch, *m_scheduler, *m_cache, record);
    record.scheduleNs = nowNs() - record.startNs;
}

/// Forward pass and sampling.
Result<void> Engine::compute(Step& step)
{
    if (step.batch.empty())
        return {};
    const std::int64_t start = nowNs();
    if (!step.batch.copies.empty())
        m_executor->copyBlocks(step.batch.copies);
    const Result<std::span<const float>> logits = m_executor->forward(step.batch.forward);
    const std::int64_t computed = nowNs();
    step.record.forwardNs = computed - start;
    if (!logits)
        return logits.error();
    const std::size_t vocab = m_model->config().vocab;
    for (const ScheduledRow& row : step.batch.rows) {
        if (!row.samples)
            continue;
        const Request* request = m_scheduler->find(row.request);
        VT_CHECK(request != nullptr && (row.logitsRow + 1) * vocab <= logits->size());
        const SamplingContext context{request->spec.prompt, request->reply, request->spec.sampleKey};
        step.sampled.push_back(
            m_sampler.sample(logits->subspan(row.logitsRow * vocab, vocab), request->spec.sampling, context));
        step.tokens.push_back({row.request, step.sampled.back().id});
    }
    step.record.sampleNs = nowNs() - computed;
    return {};
}

void Engine::finishStep(Step& step)
{
    step.outcomes = m_scheduler->update(step.batch, step.tokens);
    const std::int64_t start = nowNs();
    report(step);
    step.record.emitNs = nowNs() - start;
}

/// Events of the step. A client may cancel from inside its sink, so every look-up is made afresh.
void Engine::report(Step& step)
{
    for (const ScheduledRow& row : step.batch.rows)
        reportRow(row);
    VT_CHECK(step.outcomes.size() == step.sampled.size());
    for (std::size_t i = 0; i < step.outcomes.size(); ++i)
        reportToken(step.outcomes[i], std::move(step.sampled[i]));
}

void Engine::reportRow(const ScheduledRow& row)
{
    const auto stream = m_streams.find(row.request);
    const Request* request = stream != m_streams.end() ? m_scheduler->find(row.request) : nullptr;
    if (request == nullptr)
        return;
    const auto promptTokens = static_cast<std::uint32_t>(request->spec.prompt.size());
    const bool first = !stream->second->started;
    stream->second->started = true;
    const bool prefill = row.firstToken < promptTokens;
    const std::uint32_t computed = std::min(row.firstToken + row.tokens, promptTokens);
    if (first)
        send(RequestStarted{row.request, promptTokens, request->cachedTokens,
                            request->times.admittedNs - request->times.arrivalNs});
    if (prefill)
        send(PrefillProgress{row.request, computed, promptTokens});
}

void Engine::reportToken(const StepOutcome& outcome, SampledToken token)
{
    const auto stream = m_streams.find(outcome.request);
    if (stream == m_streams.end())
        return;
    if (outcome.finish != FinishReason::Stop) {
        std::string text = stream->second->decoder.push(token.id);
        send(TokenGenerated{outcome.request, std::move(text), std::move(token)});
    }
    if (outcome.finish != FinishReason::None)
        endRequest(outcome.request, outcome.finish, "");
}

void Engine::publish(Step& step)
{
    StepRecord& record = step.record;
    if (m_scheduler != nullptr) {
        const BlockUsage usage = m_cache->usage();
        record.blocksReferenced = usage.referenced;
        record.blocksCached = usage.cached;
        record.blocksFree = usage.free;
        record.running = m_scheduler->running();
        record.waiting = m_scheduler->waiting();
    }
    record.endNs = nowNs();
    m_ring.push(record);
}

/// Ends the requests of the step. When the failure came before the scheduler had planned (or while it
/// recorded the result), no one can tell whose it is: every request ends.
void Engine::failStep(Step& step, const std::string& message)
{
    if (m_scheduler == nullptr)
        return;
    if (step.batch.empty() || !step.outcomes.empty())
        return endAll(FinishReason::Error, message);
    for (const ScheduledRow& row : step.batch.rows) {
        m_scheduler->cancel(row.request, FinishReason::Error);
        endRequest(row.request, FinishReason::Error, message);
    }
}

} // namespace vitrine::engine
