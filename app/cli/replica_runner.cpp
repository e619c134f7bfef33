// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/replica_runner.h"

#include <algorithm>

#include "app/cli/memory_report.h"
#include "app/cli/replay_runner.h"
#include "engine/base/clock.h"

namespace vitrine::cli {

using engine::nowNs;

namespace {

constexpr std::int64_t kLongestWaitNs = 50'000'000; // so that Ctrl-C is heard

Json replicaOf(const engine::ReplicaFigures& figures)
{
    return {{"requests", figures.requests},
            {"generated_tokens", figures.replyTokens},
            {"cached_tokens", figures.cachedTokens},
            {"expected_cached_tokens", figures.expectedHits},
            {"steps", figures.steps},
            {"peak_blocks", figures.peakBlocks},
            {"total_blocks", figures.totalBlocks},
            {"peak_running", figures.peakRunning},
            {"failed", figures.failed}};
}

} // namespace

ReplicaRunner::ReplicaRunner(engine::ReplicaFront& front, const engine::Workload& items,
                             const engine::WorkloadPace& pace, engine::WorkloadRun::Sink onFinished)
    : m_front(front), m_load(front, items, pace, std::move(onFinished))
{
    m_front.subscribe([this](const engine::EngineEvent& event) { m_load.take(event); });
    m_front.onStep([this](std::uint32_t, const engine::StepFigures& step) { m_load.take(step); });
}

void ReplicaRunner::run()
{
    m_load.begin(nowNs());
    bool cancelled = false;
    while (!m_load.done()) {
        if (g_stopRequested && !cancelled) {
            m_load.cancel();
            cancelled = true;
        }
        m_load.submitArrived(nowNs());
        const std::optional<std::int64_t> next = m_load.nextArrivalNs();
        const std::int64_t wait = next ? *next - nowNs() : kLongestWaitNs;
        m_front.deliver(std::clamp<std::int64_t>(wait, 0, kLongestWaitNs));
        tellRecoveries(m_front.takeRecoveries());
    }
    m_load.close(nowNs());
}

Json ReplicaRunner::summary() const
{
    Json summary = summaryOf(m_load.totals());
    Json replicas = Json::array();
    for (const char* sum : {"peak_blocks", "total_blocks", "peak_running"})
        summary[sum] = 0U;
    for (std::uint32_t i = 0; i < m_front.replicas(); ++i) {
        replicas.push_back(replicaOf(m_front.figures(i)));
        for (const char* sum : {"peak_blocks", "total_blocks", "peak_running"})
            summary[sum] = summary[sum].get<std::uint64_t>() + replicas.back()[sum].get<std::uint64_t>();
    }
    summary["replicas"] = std::move(replicas);
    summary["process_memory"] = processMemoryReport();
    return summary;
}

} // namespace vitrine::cli
