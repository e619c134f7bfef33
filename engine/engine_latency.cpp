// SPDX-License-Identifier: GPL-3.0-or-later
// From steps to the clocks of the requests in them: who had which part of a step.
#include <algorithm>

#include "engine/base/clock.h"
#include "engine/engine.h"
#include "engine/engine_stream.h"

namespace vitrine::engine {

namespace {

/// Named to every row of a step: more would cost rows × rows.
constexpr std::size_t kNamed = LatencyBreakdown::kMostNeighbours + 1;

/// What one row adds to a step, in seconds by the step time model.
struct RowWeight
{
    RequestId request;
    double seconds = 0.0;
};

double weightOf(const ScheduledRow& row, const StepTimeModel& model)
{
    StepLoad load;
    load.prefillTokens = row.decode ? 0 : row.tokens;
    load.decodeRows = row.decode ? 1 : 0;
    const std::uint64_t first = row.firstToken, tokens = row.tokens;
    load.attendedKeys = tokens * first + tokens * (tokens + 1) / 2;
    return std::max(model.predict(load) - model.predict({}), 0.0);
}

std::vector<RowWeight> weigh(const ScheduledBatch& batch, const StepTimeModel& model)
{
    std::vector<RowWeight> weights;
    weights.reserve(batch.rows.size());
    for (const ScheduledRow& row : batch.rows)
        weights.push_back({row.request, weightOf(row, model)});
    return weights;
}

double sum(const std::vector<RowWeight>& weights)
{
    double seconds = 0.0;
    for (const RowWeight& weight : weights)
        seconds += weight.seconds;
    return seconds;
}

/// Heaviest first.
std::vector<RowWeight> heaviest(std::vector<RowWeight> weights)
{
    const auto end = weights.begin() + static_cast<std::ptrdiff_t>(std::min(kNamed, weights.size()));
    std::partial_sort(weights.begin(), end, weights.end(),
                      [](const RowWeight& a, const RowWeight& b) { return a.seconds > b.seconds; });
    weights.erase(end, weights.end());
    return weights;
}

/// Fills `others`, which is kept from row to row.
void listOthers(const RowWeight& own, const std::vector<RowWeight>& named, double all,
                std::vector<StepShare::Other>& others)
{
    others.clear();
    const double rest = all - own.seconds;
    for (const RowWeight& weight : named)
        if (weight.request != own.request)
            others.push_back({weight.request, rest > 0.0 ? std::min(weight.seconds / rest, 1.0) : 0.0});
}

} // namespace

/// The clocks of its requests enter the step; samples that begin with it share their leader's.
void Engine::clockLaunch(const Step& step)
{
    const StepTimeModel& model = m_scheduler->stepTimes();
    const std::vector<RowWeight> weights = weigh(step.batch, model);
    const std::vector<RowWeight> named = heaviest(weights);
    const double fixed = model.predict({}), all = sum(weights);
    std::vector<StepShare::Other> others;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const auto stream = m_streams.find(weights[i].request);
        if (stream == m_streams.end())
            continue;
        const ScheduledRow& row = step.batch.rows[i];
        listOthers(weights[i], named, all, others);
        StepShare share{row.firstToken, row.tokens, row.decode, row.samples, weights.size() > 1, 1.0, others};
        share.own = (fixed + weights[i].seconds) / (fixed + all);
        stream->second->clock.launched(step.record.startNs, step.launchedNs, m_busyNs, share);
    }
    for (const ForkedSample& fork : step.batch.forks) {
        const auto leader = m_streams.find(fork.leader), sample = m_streams.find(fork.request);
        if (leader != m_streams.end() && sample != m_streams.end())
            sample->second->clock.follow(leader->second->clock);
    }
}

/// The step was computed at `computedNs` and its tokens are chosen now. Before update(), which ends requests.
void Engine::clockLand(const Step& step, std::int64_t computedNs)
{
    const std::int64_t sampledNs = nowNs();
    m_busyNs += sampledNs - step.launchedNs;
    const auto samplers = static_cast<std::uint32_t>(step.tokens.size());
    const auto land = [&](RequestId id) {
        if (const auto stream = m_streams.find(id); stream != m_streams.end())
            stream->second->clock.landed(computedNs, sampledNs, m_busyNs, samplers);
    };
    for (const ScheduledRow& row : step.batch.rows)
        land(row.request);
    for (const ForkedSample& fork : step.batch.forks)
        land(fork.request);
}

void Engine::clockPreemptions(const std::vector<PreemptionEvent>& events, std::int64_t timeNs)
{
    for (const PreemptionEvent& event : events)
        if (const auto stream = m_streams.find(event.victim); stream != m_streams.end())
            stream->second->clock.preempted(timeNs, m_busyNs);
}

/// After a step failed: who waits now and ran before begins anew.
void Engine::clockAbandoned()
{
    const std::int64_t now = nowNs();
    for (const auto& [id, stream] : m_streams) {
        const Request* request = m_scheduler->find(id);
        if (request != nullptr && request->state == RequestState::Waiting)
            stream->clock.preempted(now, m_busyNs);
    }
}

LatencyBreakdown Engine::clockFinish(Stream& stream, const Request& request) const
{
    LatencyBreakdown breakdown = stream.clock.finish(request.times.finishedNs, m_busyNs);
    StepLoad cached;
    cached.prefillTokens = request.cachedTokens;
    cached.attendedKeys = std::uint64_t{request.cachedTokens} * (request.cachedTokens + 1ULL) / 2;
    const StepTimeModel& model = m_scheduler->stepTimes();
    const double saved = std::max(model.predict(cached) - model.predict({}), 0.0);
    breakdown.cacheSavedNs = static_cast<std::int64_t>(saved * 1e9);
    return breakdown;
}

} // namespace vitrine::engine
