// SPDX-License-Identifier: GPL-3.0-or-later
// What clients hear of a step that has landed, and of waiting.
#include <algorithm>
#include <utility>

#include "engine/base/clock.h"
#include "engine/engine.h"
#include "engine/engine_stream.h"

namespace vitrine::engine {

/// A client may cancel from inside its sink, so every look-up is made afresh.
void Engine::report(Step& step)
{
    noteStep(step);
    for (const PreemptionEvent& event : step.batch.preemptions)
        send(RequestPreempted{event.victim, event});
    for (const RequestId id : step.batch.ended)
        endRequest(id, FinishReason::Length, "");
    for (const AdmissionEvent& event : step.batch.admissions)
        if (event.again)
            send(RequestResumed{event.request, event});
    for (const ScheduledRow& row : step.batch.rows)
        reportRow(row);
    for (const ForkedSample& fork : step.batch.forks)
        reportStart(fork.request);
    VT_CHECK(step.outcomes.size() == step.sampled.size());
    for (std::size_t i = 0; i < step.outcomes.size(); ++i)
        reportToken(step.outcomes[i], std::move(step.sampled[i]));
}

void Engine::reportStart(RequestId id)
{
    const auto stream = m_streams.find(id);
    const Request* request = stream != m_streams.end() ? m_scheduler->find(id) : nullptr;
    if (request == nullptr || stream->second->started || request->times.admittedNs == 0)
        return;
    stream->second->started = true;
    const auto promptTokens = static_cast<std::uint32_t>(request->spec.prompt.size());
    send(RequestStarted{id, promptTokens, request->cachedTokens,
                        request->times.admittedNs - request->times.arrivalNs});
}

void Engine::reportRow(const ScheduledRow& row)
{
    reportStart(row.request);
    const Request* request = m_streams.contains(row.request) ? m_scheduler->find(row.request) : nullptr;
    if (request == nullptr)
        return;
    const auto promptTokens = static_cast<std::uint32_t>(request->spec.prompt.size());
    const std::uint32_t computed = std::min(row.firstToken + row.tokens, promptTokens);
    if (row.firstToken < promptTokens)
        send(PrefillProgress{row.request, computed, promptTokens});
}

void Engine::reportToken(const StepOutcome& outcome, SampledToken token)
{
    const auto stream = m_streams.find(outcome.request);
    if (stream == m_streams.end())
        return;
    note(RecordedToken{outcome.request, outcome.token});
    if (outcome.finish != FinishReason::Stop) {
        std::string text = stream->second->decoder.push(token.id);
        send(TokenGenerated{outcome.request, std::move(text), std::move(token)});
    }
    if (outcome.finish != FinishReason::None)
        endRequest(outcome.request, outcome.finish, "");
}

/// Each waiting request hears a few times a second where it stands.
void Engine::tellWaiting()
{
    constexpr std::int64_t kEveryNs = 250'000'000;
    constexpr std::size_t kMostTold = 64;
    const std::int64_t now = nowNs();
    if (m_scheduler == nullptr || m_scheduler->waiting() == 0 || now < m_waitingToldNs + kEveryNs)
        return;
    m_waitingToldNs = now;
    for (const WaitEstimate& estimate : m_scheduler->waitEstimates(kMostTold))
        if (m_streams.contains(estimate.request))
            send(RequestWaiting{estimate.request, estimate.position, estimate.seconds});
}

} // namespace vitrine::engine
