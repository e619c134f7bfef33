// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/workload/workload_run.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/clock.h"

namespace vitrine::engine {

namespace {

double seconds(std::int64_t ns)
{
    return static_cast<double>(ns) * 1e-9;
}

} // namespace

WorkloadRun::WorkloadRun(RequestDoor& door, std::span<const WorkloadItem> items, const WorkloadPace& pace,
                         Sink onFinished)
    : m_door(door), m_pace(pace), m_onFinished(std::move(onFinished))
{
    VT_CHECK(pace.speed > 0.0);
    for (const WorkloadItem& item : items)
        m_arrivals.push_back(&item);
    std::stable_sort(m_arrivals.begin(), m_arrivals.end(), [](const WorkloadItem* a, const WorkloadItem* b) {
        return a->arrivalSeconds < b->arrivalSeconds;
    });
}

void WorkloadRun::begin(std::int64_t nowNs)
{
    m_totals.startNs = nowNs;
    m_totals.requests = m_arrivals.size();
    for (const WorkloadItem* item : m_arrivals)
        m_totals.replies += item->samples;
}

/// By the load's own clock.
double WorkloadRun::secondsAt(std::int64_t nowNs) const
{
    return seconds(nowNs - m_totals.startNs) * m_pace.speed;
}

void WorkloadRun::submitArrived(std::int64_t nowNs)
{
    const double elapsed = secondsAt(nowNs);
    while (m_next < m_arrivals.size() && (m_pace.atOnce || m_arrivals[m_next]->arrivalSeconds <= elapsed))
        submitItem(*m_arrivals[m_next++], elapsed);
}

std::optional<std::int64_t> WorkloadRun::nextArrivalNs() const
{
    if (m_next == m_arrivals.size())
        return std::nullopt;
    const double after = m_pace.atOnce ? 0.0 : m_arrivals[m_next]->arrivalSeconds / m_pace.speed;
    return m_totals.startNs + static_cast<std::int64_t>(std::min(after, 1e9) * 1e9);
}

void WorkloadRun::submitItem(const WorkloadItem& item, double elapsed)
{
    WorkloadOutcome outcome;
    outcome.item = &item;
    outcome.lateness = m_pace.atOnce ? 0.0 : std::max(0.0, (elapsed - item.arrivalSeconds) / m_pace.speed);
    GenerationRequest request = item.request;
    if (m_pace.cacheSalt)
        request.cacheSalt = *m_pace.cacheSalt;
    const Result<std::vector<RequestId>> ids = m_door.submitSamples(std::move(request), item.samples);
    if (ids) {
        for (; outcome.sample < ids->size(); ++outcome.sample) {
            const RequestId id = (*ids)[outcome.sample];
            m_running.emplace(id, Running{outcome, 0});
            if (m_onSubmitted)
                m_onSubmitted(id, item);
        }
        return;
    }
    outcome.reason = FinishReason::Error;
    outcome.error = ids.error().message;
    m_finished += item.samples - 1;
    finish(std::move(outcome));
}

void WorkloadRun::cancel()
{
    m_cancelled = true;
    for (; m_next < m_arrivals.size(); ++m_next) {
        WorkloadOutcome outcome;
        outcome.item = m_arrivals[m_next];
        outcome.reason = FinishReason::Cancelled;
        m_finished += outcome.item->samples - 1;
        finish(std::move(outcome));
    }
    std::vector<RequestId> ids;
    for (const auto& entry : m_running)
        ids.push_back(entry.first);
    for (const RequestId id : ids)
        m_door.cancel(id);
}

bool WorkloadRun::take(const EngineEvent& event)
{
    const RequestId request = std::visit([](const auto& known) { return known.request; }, event);
    const auto running = m_running.find(request);
    if (running == m_running.end())
        return false;
    if (const auto* token = std::get_if<TokenGenerated>(&event))
        takeToken(*token, running->second);
    if (const auto* last = std::get_if<RequestFinished>(&event)) {
        WorkloadOutcome outcome = std::move(running->second.outcome);
        m_running.erase(running);
        outcome.reason = last->reason;
        outcome.error = last->error;
        outcome.stats = last->stats;
        finish(std::move(outcome));
    }
    return true;
}

void WorkloadRun::takeToken(const TokenGenerated& event, Running& running)
{
    const std::int64_t now = nowNs();
    if (running.lastTokenNs != 0)
        m_totals.betweenTokens.push_back(seconds(now - running.lastTokenNs));
    running.lastTokenNs = now;
    running.outcome.tokens.push_back(event.token.id);
    ++m_totals.generatedTokens;
}

void WorkloadRun::finish(WorkloadOutcome outcome)
{
    const RequestTimes& times = outcome.stats.times;
    ++m_finished;
    m_totals.errors += outcome.reason == FinishReason::Error ? 1 : 0;
    m_totals.cancelled += outcome.reason == FinishReason::Cancelled ? 1 : 0;
    m_totals.promptTokens += outcome.stats.promptTokens;
    m_totals.cachedTokens += outcome.stats.cachedTokens;
    m_totals.requestPreemptions += outcome.stats.preemptions;
    if (times.admittedNs != 0)
        m_totals.queue.push_back(outcome.lateness + seconds(times.admittedNs - times.arrivalNs));
    if (times.firstTokenNs != 0)
        m_totals.firstToken.push_back(outcome.lateness + outcome.stats.timeToFirstToken());
    if (times.finishedNs != 0)
        m_totals.endToEnd.push_back(outcome.lateness + outcome.stats.endToEnd());
    countClient(outcome);
    m_onFinished(outcome);
}

void WorkloadRun::countClient(const WorkloadOutcome& outcome)
{
    const double endToEnd = outcome.lateness + outcome.stats.endToEnd();
    const std::uint64_t tokens = outcome.stats.promptTokens + outcome.tokens.size();
    if (outcome.stats.times.finishedNs == 0 || tokens == 0)
        return;
    ClientTotals& client = m_totals.clients[outcome.item->request.client];
    const auto count = static_cast<double>(++client.requests);
    client.tokens += tokens;
    client.secondsPerToken += (endToEnd / static_cast<double>(tokens) - client.secondsPerToken) / count;
    client.firstToken += (outcome.lateness + outcome.stats.timeToFirstToken() - client.firstToken) / count;
}

void WorkloadRun::take(const StepFigures& step)
{
    ++m_totals.steps;
    m_totals.computedTokens += step.prefillTokens + step.decodeTokens;
    m_totals.recomputedTokens += step.recomputedTokens;
    m_totals.preemptions += step.preemptions;
    m_totals.preemptionsBySwap += step.preemptionsBySwap;
    m_totals.swappedBlocks += step.swappedOut + step.swappedIn;
    m_totals.copiedBlocks += step.copiedBlocks;
    m_totals.transferNs += step.transferNs;
    m_totals.hiddenNs += step.hiddenNs;
    m_totals.peakBlocks = std::max(m_totals.peakBlocks, step.blocksReferencedPeak);
    m_totals.peakRunning = std::max(m_totals.peakRunning, step.running);
    m_totals.totalBlocks = step.blocksTotal();
    m_totals.scheduleNs += step.scheduleNs;
    m_totals.forwardNs += step.forwardNs;
    m_totals.sampleNs += step.sampleNs;
    m_totals.emitNs += step.emitNs;
}

void WorkloadRun::close(std::int64_t nowNs)
{
    m_totals.endNs = nowNs;
    m_totals.wallSeconds = seconds(nowNs - m_totals.startNs);
    const PredictionErrors errors = m_door.predictionErrors();
    m_totals.stepTimeError = errors.stepTime;
    m_totals.lengthError = errors.length;
}

} // namespace vitrine::engine
