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

ReplayRunner::ReplayRunner(engine::Engine& engine, const engine::Workload& items,
                           const engine::WorkloadPace& pace, engine::WorkloadRun::Sink onFinished)
    : m_engine(engine), m_load(engine, items, pace, std::move(onFinished))
{
    m_engine.subscribe([this](const engine::EngineEvent& event) { m_load.take(event); });
}

Result<void> ReplayRunner::run()
{
    m_load.begin(nowNs());
    while (!m_load.done()) {
        if (g_stopRequested)
            m_load.cancel();
        m_load.submitArrived(nowNs());
        const bool stepped = m_engine.step();
        drainSteps();
        tellRecoveries(m_engine.takeRecoveries());
        if (m_follower != nullptr)
            m_follower->act(m_engine);
        if (!stepped && m_engine.hasWork())
            return engine::internalError("the scheduler plans nothing although requests wait");
        if (const auto next = m_load.nextArrivalNs(); !stepped && next) {
            constexpr double kSomeTime = 0.02; // what is done in idle time must not keep a request waiting
            const double wait = seconds(*next - nowNs());
            if (wait > kSomeTime && m_engine.useIdleTime())
                continue;
            // Short naps, so that Ctrl-C is heard.
            std::this_thread::sleep_for(std::chrono::duration<double>(std::clamp(wait, 0.0, 0.05)));
        }
    }
    m_load.close(nowNs());
    return {};
}

void ReplayRunner::drainSteps()
{
    m_steps.clear();
    m_engine.stepRing().drain(m_steps);
    for (const engine::StepRecord& step : m_steps) {
        if (m_onStep)
            m_onStep(step);
        m_load.take(step);
        if (m_follower != nullptr)
            m_follower->take(step);
    }
}

Json clientsOf(const engine::WorkloadTotals& totals)
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
Json hiddenShare(const engine::WorkloadTotals& totals)
{
    const std::int64_t host = totals.scheduleNs + totals.sampleNs + totals.emitNs;
    return host > 0 ? Json(rounded(
                          std::min(1.0, static_cast<double>(totals.hiddenNs) / static_cast<double>(host))))
                    : Json(nullptr);
}

Json summaryOf(const engine::WorkloadTotals& totals)
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
