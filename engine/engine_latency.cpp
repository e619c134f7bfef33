// SPDX-License-Identifier: GPL-3.0-or-later
// From steps to the clocks of the requests in them: who had which part of a step.
#include <algorithm>

#include "engine/base/clock.h"
#include "engine/engine.h"
#include "engine/engine_stream.h"
#include "engine/telemetry/step_shares.h"

namespace vitrine::engine {

namespace {

std::vector<RowWork> workOf(const ScheduledBatch& batch)
{
    std::vector<RowWork> rows;
    rows.reserve(batch.rows.size());
    for (const ScheduledRow& row : batch.rows)
        rows.push_back({row.request, row.firstToken, row.tokens, row.decode, row.samples});
    return rows;
}

} // namespace

/// The clocks of its requests enter the step, but of those that ended in the step before it; samples that
/// begin with it share their leader's.
void Engine::clockLaunch(const Step& step)
{
    const std::vector<RowWork> rows = workOf(step.batch);
    StepShares shares(rows, m_scheduler->stepTimes());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto stream = m_streams.find(rows[i].request);
        if (stream != m_streams.end() && m_scheduler->find(rows[i].request)->state == RequestState::Running)
            stream->second->clock.launched(step.record.startNs, step.launchedNs, m_busyNs, shares.share(i));
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

PredictionErrors Engine::predictionErrors() const
{
    if (m_scheduler == nullptr)
        return {};
    return {m_scheduler->stepTimes().relativeError(), m_scheduler->lengths().error()};
}

} // namespace vitrine::engine
