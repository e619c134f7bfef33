// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/replay_runner.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include "engine/base/clock.h"

namespace vitrine::cli {

using engine::nowNs;
using engine::Result;

namespace {

double seconds(std::int64_t ns)
{
    return static_cast<double>(ns) * 1e-9;
}

/// Nearest rank of sorted samples.
double percentile(const std::vector<double>& sorted, double share)
{
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
    return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

Json percentiles(std::vector<double> samples)
{
    if (samples.empty())
        return nullptr;
    std::sort(samples.begin(), samples.end());
    double sum = 0.0;
    for (double sample : samples)
        sum += sample;
    return {{"mean", rounded(sum / static_cast<double>(samples.size()))},
            {"p50", rounded(percentile(samples, 0.50))},
            {"p90", rounded(percentile(samples, 0.90))},
            {"p99", rounded(percentile(samples, 0.99))},
            {"max", rounded(samples.back())}};
}

} // namespace

ReplayRunner::ReplayRunner(engine::Engine& engine, const std::vector<LoadItem>& items, Sink onFinished)
    : m_engine(engine), m_onFinished(std::move(onFinished))
{
    for (const LoadItem& item : items)
        m_arrivals.push_back(&item);
    std::stable_sort(m_arrivals.begin(), m_arrivals.end(), [](const LoadItem* a, const LoadItem* b) {
        return a->arrivalSeconds < b->arrivalSeconds;
    });
    m_engine.subscribe([this](const engine::EngineEvent& event) { take(event); });
}

Result<void> ReplayRunner::run(bool atOnce)
{
    m_atOnce = atOnce;
    const std::int64_t start = nowNs();
    m_totals.requests = m_arrivals.size();
    while (m_next < m_arrivals.size() || !m_running.empty()) {
        if (g_stopRequested)
            cancelAll();
        submitArrived(nowNs() - start);
        const bool stepped = m_engine.step();
        drainSteps();
        if (!stepped && m_engine.hasWork())
            return engine::internalError("the scheduler plans nothing although requests wait");
        if (!stepped && m_next < m_arrivals.size()) {
            // Short naps, so that Ctrl-C is heard.
            const double wait = m_arrivals[m_next]->arrivalSeconds - seconds(nowNs() - start);
            std::this_thread::sleep_for(std::chrono::duration<double>(std::clamp(wait, 0.0, 0.05)));
        }
    }
    m_totals.wallSeconds = seconds(nowNs() - start);
    if (const engine::Scheduler* scheduler = m_engine.scheduler()) {
        m_totals.stepTimeError = scheduler->stepTimes().relativeError();
        m_totals.lengthError = scheduler->lengths().error();
    }
    return {};
}

void ReplayRunner::submitArrived(std::int64_t elapsedNs)
{
    while (m_next < m_arrivals.size() &&
           (m_atOnce || m_arrivals[m_next]->arrivalSeconds <= seconds(elapsedNs)))
        submitItem(*m_arrivals[m_next++], elapsedNs);
}

void ReplayRunner::submitItem(const LoadItem& item, std::int64_t elapsedNs)
{
    ReplayOutcome outcome;
    outcome.item = &item;
    outcome.lateness = m_atOnce ? 0.0 : std::max(0.0, seconds(elapsedNs) - item.arrivalSeconds);
    const Result<std::vector<engine::RequestId>> ids = m_engine.submitSamples(item.request, item.samples);
    for (; ids && outcome.sample < ids->size(); ++outcome.sample) {
        const engine::RequestId id = (*ids)[outcome.sample];
        m_running.emplace(id, Running{outcome, 0});
        if (m_onSubmitted)
            m_onSubmitted(id, item);
    }
    if (ids)
        return;
    outcome.reason = engine::FinishReason::Error;
    outcome.error = ids.error().message;
    close(std::move(outcome));
}

/// What runs ends as cancelled; what has not arrived is never sent.
void ReplayRunner::cancelAll()
{
    for (; m_next < m_arrivals.size(); ++m_next) {
        ReplayOutcome outcome;
        outcome.item = m_arrivals[m_next];
        outcome.reason = engine::FinishReason::Cancelled;
        close(std::move(outcome));
    }
    std::vector<engine::RequestId> ids;
    for (const auto& entry : m_running)
        ids.push_back(entry.first);
    for (engine::RequestId id : ids)
        m_engine.cancel(id);
}

void ReplayRunner::take(const engine::EngineEvent& event)
{
    if (const auto* token = std::get_if<engine::TokenGenerated>(&event))
        return takeToken(*token);
    const auto* last = std::get_if<engine::RequestFinished>(&event);
    const auto running = last != nullptr ? m_running.find(last->request) : m_running.end();
    if (running == m_running.end())
        return;
    ReplayOutcome outcome = std::move(running->second.outcome);
    m_running.erase(running);
    outcome.reason = last->reason;
    outcome.error = last->error;
    outcome.stats = last->stats;
    close(std::move(outcome));
}

void ReplayRunner::takeToken(const engine::TokenGenerated& event)
{
    const auto running = m_running.find(event.request);
    if (running == m_running.end())
        return;
    const std::int64_t now = nowNs();
    if (running->second.lastTokenNs != 0)
        m_totals.betweenTokens.push_back(seconds(now - running->second.lastTokenNs));
    running->second.lastTokenNs = now;
    running->second.outcome.tokens.push_back(event.token.id);
}

void ReplayRunner::close(ReplayOutcome outcome)
{
    const engine::RequestTimes& times = outcome.stats.times;
    m_totals.errors += outcome.reason == engine::FinishReason::Error ? 1 : 0;
    m_totals.promptTokens += outcome.stats.promptTokens;
    m_totals.generatedTokens += outcome.tokens.size();
    m_totals.cachedTokens += outcome.stats.cachedTokens;
    if (times.admittedNs != 0)
        m_totals.queue.push_back(outcome.lateness + seconds(times.admittedNs - times.arrivalNs));
    if (times.firstTokenNs != 0)
        m_totals.firstToken.push_back(outcome.lateness + outcome.stats.timeToFirstToken());
    if (times.finishedNs != 0)
        m_totals.endToEnd.push_back(outcome.lateness + outcome.stats.endToEnd());
    countClient(outcome);
    m_onFinished(outcome);
}

void ReplayRunner::countClient(const ReplayOutcome& outcome)
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

void ReplayRunner::drainSteps()
{
    m_steps.clear();
    m_engine.stepRing().drain(m_steps);
    for (const engine::StepRecord& step : m_steps) {
        if (m_onStep)
            m_onStep(step);
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
}

Json clientsOf(const ReplayTotals& totals)
{
    Json clients = Json::object();
    for (const auto& [name, client] : totals.clients)
        clients[name] = {{"requests", client.requests},
                         {"tokens", client.tokens},
                         {"s_per_token", rounded(client.secondsPerToken)},
                         {"ttft_s", rounded(client.firstToken)}};
    return clients;
}

/// The part of scheduling, sampling and telling that was done while a step was computed.
Json hiddenShare(const ReplayTotals& totals)
{
    const std::int64_t host = totals.scheduleNs + totals.sampleNs + totals.emitNs;
    return host > 0 ? Json(rounded(
                          std::min(1.0, static_cast<double>(totals.hiddenNs) / static_cast<double>(host))))
                    : Json(nullptr);
}

Json summaryOf(const ReplayTotals& totals)
{
    const double wall = std::max(totals.wallSeconds, 1e-9);
    const auto perSecond = [&](std::uint64_t count) { return rounded(static_cast<double>(count) / wall); };
    return {{"requests", totals.requests},
            {"errors", totals.errors},
            {"wall_s", rounded(totals.wallSeconds)},
            {"prompt_tokens", totals.promptTokens},
            {"generated_tokens", totals.generatedTokens},
            {"output_tokens_per_s", perSecond(totals.generatedTokens)},
            {"total_tokens_per_s", perSecond(totals.promptTokens + totals.generatedTokens)},
            {"requests_per_s", perSecond(totals.requests - totals.errors)},
            {"queue_s", percentiles(totals.queue)},
            {"ttft_s", percentiles(totals.firstToken)},
            {"itl_s", percentiles(totals.betweenTokens)},
            {"e2e_s", percentiles(totals.endToEnd)},
            {"peak_blocks", totals.peakBlocks},
            {"total_blocks", totals.totalBlocks},
            {"peak_running", totals.peakRunning},
            {"computed_tokens", totals.computedTokens},
            {"recomputed_tokens", totals.recomputedTokens},
            {"cached_tokens", totals.cachedTokens},
            {"preemptions", totals.preemptions},
            {"preemptions_by_swap", totals.preemptionsBySwap},
            {"swapped_blocks", totals.swappedBlocks},
            {"copied_blocks", totals.copiedBlocks},
            {"clients", clientsOf(totals)},
            {"length_prediction",
             {{"replies", totals.lengthError.replies},
              {"mean_absolute_error", rounded(totals.lengthError.meanAbsolute)},
              {"mean_error", rounded(totals.lengthError.meanSigned)}}},
            {"step_time_prediction_error", rounded(totals.stepTimeError)},
            {"steps", totals.steps},
            {"phase_s",
             {{"schedule", rounded(seconds(totals.scheduleNs))},
              {"forward", rounded(seconds(totals.forwardNs))},
              {"sample", rounded(seconds(totals.sampleNs))},
              {"emit", rounded(seconds(totals.emitNs))},
              {"transfer", rounded(seconds(totals.transferNs))}}},
            {"host_time_hidden", hiddenShare(totals)}};
}

} // namespace vitrine::cli
