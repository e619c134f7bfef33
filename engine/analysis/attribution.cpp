// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/attribution.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "engine/analysis/step_costs.h"

namespace vitrine::engine {
namespace {

constexpr std::size_t kLearnedFirst = 256; // steps; later ones are learned from as they come

std::uint64_t hashOf(std::span<const TokenId> tokens)
{
    std::uint64_t hash = 14695981039346656037U; // FNV-1a
    for (const TokenId token : tokens)
        hash = (hash ^ static_cast<std::uint32_t>(token)) * 1099511628211U;
    return hash;
}

std::uint32_t tokensOf(const RecordedStep& step)
{
    return static_cast<std::uint32_t>(
        std::count_if(step.events.begin(), step.events.end(), [](const RecordedEvent& event) {
            return std::holds_alternative<RecordedToken>(event);
        }));
}

} // namespace

LatencyAttribution::LatencyAttribution(std::span<const RecordedStep> steps, RequestId gapsOf)
    : m_gapsOf(gapsOf)
{
    StepClock clock;
    for (const RecordedStep& step : steps.first(std::min(steps.size(), kLearnedFirst)))
        if (step.record.step != 0)
            observe(m_model, loadOf(step), clock.next(step).forwardNs());
}

void LatencyAttribution::add(const RecordedStep& step)
{
    if (step.isOpening())
        return;
    for (const RecordedEvent& event : step.events)
        if (const auto* arrival = std::get_if<RecordedArrival>(&event))
            arrive(*arrival);
    if (step.record.step != 0) {
        const StepTimes times = m_clock.next(step);
        m_last = times;
        begin(step, times);
        compute(step, times);
        observe(m_model, loadOf(step), times.forwardNs());
    }
    for (const RecordedEvent& event : step.events) {
        if (const auto* token = std::get_if<RecordedToken>(&event))
            takeToken(token->request, step);
        else if (const auto* ended = std::get_if<RecordedEnd>(&event))
            end(*ended);
    }
}

LatencyAttribution::Life& LatencyAttribution::life(RequestId request, std::int64_t ns)
{
    const auto [at, isNew] = m_running.try_emplace(request, ns);
    if (isNew) {
        at->second.latency.request = request;
        at->second.latency.arrivalNs = ns;
    }
    return at->second;
}

void LatencyAttribution::arrive(const RecordedArrival& arrival)
{
    Life& life = this->life(arrival.request, soundTime(arrival.timeNs));
    life.latency.promptTokens = arrival.promptTokens;
    life.promptHash = hashOf(arrival.prompt);
}

/// Who had to go, and who came.
void LatencyAttribution::begin(const RecordedStep& step, const StepTimes& times)
{
    for (const RecordedEvent& event : step.events) {
        if (const auto* preemption = std::get_if<PreemptionEvent>(&event)) {
            life(preemption->victim, times.plannedNs).clock.preempted(times.plannedNs, m_busyNs);
        } else if (const auto* admission = std::get_if<AdmissionEvent>(&event)) {
            if (!admission->again)
                life(admission->request, times.plannedNs).latency.cachedTokens = admission->cachedTokens;
        }
    }
}

void LatencyAttribution::compute(const RecordedStep& step, const StepTimes& times)
{
    const std::vector<RowWork> rows = workOf(step);
    StepShares shares(rows, m_model);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Life& life = this->life(rows[i].request, times.plannedNs);
        life.clock.launched(times.plannedNs, times.launchedNs, m_busyNs, shares.share(i));
        life.ran = true;
    }
    std::vector<RequestId> landing = follow(step);
    for (const RowWork& row : rows)
        landing.push_back(row.request);
    m_busyNs += times.busyNs();
    const std::uint32_t samplers = tokensOf(step);
    for (const RequestId request : landing) // a second time it is in no step any more
        m_running.at(request).clock.landed(times.computedNs, times.sampledNs, m_busyNs, samplers);
    if (m_gapsOf.value != 0)
        noteBeside(shares);
}

/// Samples of a prompt that another one computes have no row of their own in the step that gives them their
/// first token. Returns who they are.
std::vector<RequestId> LatencyAttribution::follow(const RecordedStep& step)
{
    std::vector<RequestId> samples;
    for (const RecordedEvent& event : step.events) {
        const auto* token = std::get_if<RecordedToken>(&event);
        const auto sample = token != nullptr ? m_running.find(token->request) : m_running.end();
        if (sample == m_running.end() || sample->second.ran)
            continue;
        for (const StepRow& row : step.rows) {
            const auto leader = m_running.find(row.request);
            if (leader == m_running.end() || leader->second.promptHash != sample->second.promptHash ||
                row.request == token->request)
                continue;
            sample->second.clock.follow(leader->second.clock);
            sample->second.latency.cachedTokens = sample->second.latency.promptTokens;
            sample->second.ran = true;
            samples.push_back(token->request);
            break;
        }
    }
    return samples;
}

/// What others have added so far to a request that runs.
std::int64_t LatencyAttribution::interferenceOf(RequestId request) const
{
    const auto found = request.value != 0 ? m_running.find(request) : m_running.end();
    if (found == m_running.end())
        return 0;
    LatencyClock clock = found->second.clock;
    return clock.finish(m_last.sampledNs, m_busyNs).interferenceNs;
}

/// The neighbour that is named between two tokens is the one with the largest part of one step.
void LatencyAttribution::noteBeside(const StepShares& shares)
{
    const std::int64_t seenNs = interferenceOf(m_gapsOf);
    const std::int64_t addedNs = seenNs - std::exchange(m_interferenceSeen, seenNs);
    const StepShare::Other heaviest = shares.heaviestBeside(m_gapsOf);
    const auto ns = static_cast<std::int64_t>(static_cast<double>(addedNs) * heaviest.part); // ≤ addedNs
    if (heaviest.request == m_beside)
        m_besideNs += ns;
    else if (ns > m_besideNs) {
        m_beside = heaviest.request;
        m_besideNs = ns;
    }
}

void LatencyAttribution::takeToken(RequestId request, const RecordedStep& step)
{
    Life& life = this->life(request, m_last.plannedNs);
    const bool first = life.latency.replyTokens++ == 0;
    if (!first && request != m_gapsOf) {
        life.lastTokenNs = m_last.sampledNs;
        return;
    }
    LatencyClock clock = life.clock;
    const LatencyBreakdown now = clock.finish(m_last.sampledNs, m_busyNs);
    if (first) {
        life.latency.toFirstToken = now;
        life.latency.firstTokenNs = life.latency.arrivalNs + now.total();
    }
    if (request == m_gapsOf) {
        if (!first)
            noteGap(life, now, step);
        m_before = now;
        m_beside = {};
        m_besideNs = 0;
    }
    life.lastTokenNs = m_last.sampledNs;
}

void LatencyAttribution::noteGap(const Life& life, const LatencyBreakdown& now, const RecordedStep& step)
{
    TokenGap gap;
    gap.startNs = life.latency.arrivalNs + m_before.total();
    gap.endNs = life.latency.arrivalNs + now.total();
    gap.ownNs = now.prefillNs + now.decodeNs + now.samplingNs -
                (m_before.prefillNs + m_before.decodeNs + m_before.samplingNs);
    gap.interferenceNs = now.interferenceNs - m_before.interferenceNs;
    gap.waitingNs = now.queuedNs + now.preemptedNs - (m_before.queuedNs + m_before.preemptedNs);
    gap.overheadNs = now.overheadNs - m_before.overheadNs;
    gap.step = step.record.step;
    gap.neighbourNs = std::clamp<std::int64_t>(m_besideNs, 0, gap.interferenceNs);
    gap.neighbour = gap.neighbourNs > 0 ? m_beside : RequestId{};
    m_gaps.push_back(gap);
}

void LatencyAttribution::end(const RecordedEnd& end)
{
    const auto found = m_running.find(end.request);
    if (found == m_running.end())
        return;
    const bool complete = end.reason == FinishReason::Stop || end.reason == FinishReason::Length;
    const std::int64_t lastNs = found->second.lastTokenNs;
    m_finished.push_back(close(found->second, complete && lastNs != 0 ? lastNs : soundTime(end.timeNs)));
    m_finished.back().finished = true;
    m_running.erase(found);
}

RequestLatency LatencyAttribution::close(const Life& life, std::int64_t ns) const
{
    RequestLatency latency = life.latency;
    LatencyClock clock = life.clock;
    latency.whole = clock.finish(ns, m_busyNs);
    latency.endNs = latency.arrivalNs + latency.whole.total();
    latency.whole.cacheSavedNs = savedNs(m_model, latency.cachedTokens);
    if (latency.replyTokens > 0)
        latency.toFirstToken.cacheSavedNs = latency.whole.cacheSavedNs;
    return latency;
}

std::vector<RequestLatency> LatencyAttribution::requests() const
{
    std::vector<RequestLatency> all = m_finished;
    for (const auto& [request, life] : m_running)
        all.push_back(close(life, m_last.sampledNs));
    std::sort(all.begin(), all.end(), [](const RequestLatency& a, const RequestLatency& b) {
        return a.arrivalNs != b.arrivalNs ? a.arrivalNs < b.arrivalNs : a.request < b.request;
    });
    return all;
}

std::vector<RequestLatency> attributeLatency(std::span<const RecordedStep> steps)
{
    LatencyAttribution attribution(steps);
    for (const RecordedStep& step : steps)
        attribution.add(step);
    return attribution.requests();
}

std::vector<TokenGap> tokenGaps(std::span<const RecordedStep> steps, RequestId request)
{
    LatencyAttribution attribution(steps, request);
    for (const RecordedStep& step : steps)
        attribution.add(step);
    return attribution.gaps();
}

} // namespace vitrine::engine
