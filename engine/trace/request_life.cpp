// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/request_life.h"

#include <algorithm>
#include <variant>

namespace vitrine::engine {

namespace {

/// The last span ends here at the latest.
void cut(RequestLife& life, std::int64_t ns)
{
    if (!life.spans.empty())
        life.spans.back().endNs = std::max(life.spans.back().startNs, std::min(life.spans.back().endNs, ns));
}

/// A wait that is going on lasts until here.
void endWait(RequestLife& life, std::int64_t ns)
{
    if (!life.spans.empty())
        life.spans.back().endNs = std::max(life.spans.back().startNs, ns);
}

} // namespace

void RequestLives::add(const RecordedStep& step)
{
    StepFigures record = step.record;
    if (record.step == 0) // between two steps
        record.startNs = record.endNs = m_nowNs;
    for (const PhaseSpan& span : step.phases)
        if (span.phase == StepPhase::Sample)
            record.endNs = span.endNs; // its tokens are there: events are sent beside the next step
    m_nowNs = record.endNs;
    const auto follows = [](const RecordedEvent& event) { // what a step's rows brought
        return std::holds_alternative<RecordedToken>(event) || std::holds_alternative<RecordedEnd>(event);
    };
    for (const RecordedEvent& event : step.events)
        if (!follows(event))
            std::visit([&](const auto& value) { take(value, record); }, event);
    for (const StepRow& row : step.rows)
        compute(row, record);
    for (const RecordedEvent& event : step.events)
        if (follows(event))
            std::visit([&](const auto& value) { take(value, record); }, event);
}

const RequestLife* RequestLives::find(RequestId request) const
{
    const auto at = m_lives.find(request);
    return at == m_lives.end() ? nullptr : &at->second;
}

std::vector<RequestId> RequestLives::forgetBefore(std::int64_t ns)
{
    std::vector<RequestId> gone;
    std::erase_if(m_lives, [&](const auto& entry) {
        const bool over = entry.second.endNs != 0 && entry.second.endNs <= ns;
        if (over)
            gone.push_back(entry.first);
        return over;
    });
    return gone;
}

RequestLife& RequestLives::life(RequestId request, std::int64_t ns)
{
    constexpr std::size_t kMostRequests = std::size_t{1} << 20U; // of a recording that lies
    if (m_lives.size() >= kMostRequests && !m_lives.contains(request))
        return m_beyond = {};
    const auto [at, isNew] = m_lives.try_emplace(request);
    RequestLife& life = at->second;
    if (isNew) {
        life.request = request;
        life.arrivalNs = ns;
        life.spans.push_back({LifePhase::Queued, ns, ns, 0, 0, 0});
    }
    return life;
}

RequestLives::State& RequestLives::state(RequestId request)
{
    return m_lives.contains(request) ? m_states[request] : m_stateBeyond = {};
}

void RequestLives::take(const RecordedArrival& arrival, const StepFigures& /*record*/)
{
    RequestLife& life = this->life(arrival.request, arrival.timeNs);
    life.promptTokens = arrival.promptTokens;
    life.maxTokens = arrival.maxTokens;
}

void RequestLives::take(const AdmissionEvent& admission, const StepFigures& record)
{
    RequestLife& life = this->life(admission.request, record.startNs);
    State& state = this->state(admission.request);
    endWait(life, record.startNs);
    state.waits = false;
    if (admission.again)
        return;
    life.admittedNs = std::max(record.startNs, life.arrivalNs);
    life.cachedTokens = admission.cachedTokens;
}

void RequestLives::take(const PreemptionEvent& preemption, const StepFigures& record)
{
    RequestLife& life = this->life(preemption.victim, record.startNs);
    State& state = this->state(preemption.victim);
    cut(life, record.startNs);
    const std::int64_t from = life.spans.empty() ? record.startNs : life.spans.back().endNs;
    life.spans.push_back(
        {LifePhase::Preempted, from, std::max(from, record.startNs), record.step, record.step, 0});
    ++life.preemptions;
    state = {.waits = true, .recomputes = true};
}

void RequestLives::compute(const StepRow& row, const StepFigures& record)
{
    RequestLife& life = this->life(row.request, record.startNs);
    State& state = this->state(row.request);
    if (state.waits)
        endWait(life, record.startNs);
    state.waits = false;
    const bool decodes = row.decodeTokens > 0;
    if (decodes && !life.spans.empty() && life.spans.back().phase == LifePhase::Decode) {
        life.spans.back().endNs = std::max(life.spans.back().endNs, record.endNs);
        life.spans.back().lastStep = record.step;
        life.spans.back().tokens += row.decodeTokens;
        return;
    }
    state.recomputes = state.recomputes && !decodes;
    const LifePhase phase = decodes            ? LifePhase::Decode
                            : state.recomputes ? LifePhase::Recompute
                                               : LifePhase::Prefill;
    cut(life, record.startNs);
    life.spans.push_back({phase, record.startNs, record.endNs, record.step, record.step,
                          row.prefillTokens + row.decodeTokens});
}

void RequestLives::take(const RecordedToken& token, const StepFigures& record)
{
    RequestLife& life = this->life(token.request, record.startNs);
    ++life.replyTokens;
    if (life.firstTokenNs == 0)
        life.firstTokenNs = record.endNs;
}

void RequestLives::take(const RecordedEnd& end, const StepFigures& record)
{
    RequestLife& life = this->life(end.request, std::min(end.timeNs, record.startNs));
    const auto state = m_states.find(end.request);
    if (state == m_states.end() || state->second.waits)
        endWait(life, end.timeNs);
    life.endNs = end.timeNs;
    life.reason = end.reason;
    m_states.erase(end.request);
}

} // namespace vitrine::engine
