// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/bench_trace.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "app/cli/bench_measure.h"
#include "app/cli/load_follower.h"
#include "app/cli/memory_report.h"
#include "app/cli/replay_load.h"
#include "app/cli/replay_runner.h"
#include "app/cli/replica_runner.h"
#include "engine/workload/workload_maker.h"

namespace vitrine::cli {

using engine::Result;

namespace {

/// Of a round; an error where the model took nothing.
Result<double> speedOf(const engine::WorkloadTotals& totals, const std::string& refusal)
{
    if (totals.errors == totals.requests)
        return engine::badInput("bench: the model takes no request of the trace" +
                                (refusal.empty() ? "" : ": " + refusal));
    return static_cast<double>(totals.generatedTokens) / std::max(totals.wallSeconds, 1e-9);
}

/// The loaded engines, and one round of the load through them.
class TraceBench
{
public:
    virtual ~TraceBench() = default;
    virtual std::vector<engine::ExecutorInfo> infos() const = 0;
    virtual Result<double> run(const engine::Workload& items, const engine::WorkloadPace& pace) = 0;
    const Json& summary() const { return m_summary; } ///< of the last round
    std::uint64_t tokens() const { return m_tokens; }

protected:
    Json m_summary;
    std::uint64_t m_tokens = 0;
};

class EngineBench final : public TraceBench
{
public:
    explicit EngineBench(engine::PreparedModel prepared) : m_follower(prepared)
    {
        m_engine.install(std::move(prepared));
    }

    std::vector<engine::ExecutorInfo> infos() const override { return {m_engine.model()->executor}; }
    Result<double> run(const engine::Workload& items, const engine::WorkloadPace& pace) override
    {
        std::string refusal;
        ReplayRunner runner(m_engine, items, pace,
                            [&](const engine::WorkloadOutcome& outcome) { refusal = outcome.error; });
        runner.followedBy(m_follower);
        if (const Result<void> ran = runner.run(); !ran)
            return ran.error();
        m_summary = summaryOf(runner.totals());
        m_summary["process_memory"] = processMemoryReport();
        if (m_follower.follows())
            m_summary["rank_changes"] = m_follower.changes();
        m_tokens = runner.totals().generatedTokens;
        return speedOf(runner.totals(), refusal);
    }

private:
    LoadFollower m_follower;
    engine::Engine m_engine;
};

class ReplicaBench final : public TraceBench
{
public:
    explicit ReplicaBench(std::vector<engine::PreparedModel> prepared) : m_front(std::move(prepared)) {}

    std::vector<engine::ExecutorInfo> infos() const override
    {
        std::vector<engine::ExecutorInfo> infos;
        for (std::uint32_t i = 0; i < m_front.replicas(); ++i)
            infos.push_back(m_front.info(i));
        return infos;
    }
    Result<double> run(const engine::Workload& items, const engine::WorkloadPace& pace) override
    {
        std::string refusal;
        ReplicaRunner runner(m_front, items, pace,
                             [&](const engine::WorkloadOutcome& outcome) { refusal = outcome.error; });
        runner.run();
        m_summary = runner.summary();
        m_tokens = runner.totals().generatedTokens;
        return speedOf(runner.totals(), refusal);
    }

private:
    engine::ReplicaFront m_front;
};

Result<std::unique_ptr<TraceBench>> load(const engine::EngineOptions& options, const std::string& path,
                                         std::uint32_t replicas)
{
    if (replicas > 1) {
        Result<std::vector<engine::PreparedModel>> prepared = prepareAll(path, options, replicas);
        if (!prepared)
            return prepared.error();
        return std::unique_ptr<TraceBench>(std::make_unique<ReplicaBench>(std::move(*prepared)));
    }
    Result<engine::PreparedModel> prepared = prepare(path, options);
    if (!prepared)
        return prepared.error();
    return std::unique_ptr<TraceBench>(std::make_unique<EngineBench>(std::move(*prepared)));
}

} // namespace

Result<engine::Workload> traceItems(const BenchTrace& trace)
{
    if (trace.source != "nano") {
        const Result<std::string> text = readInput(trace.source);
        return text ? parseLoad(*text, trace.source) : text.error();
    }
    const engine::WorkloadKind& nano = *engine::findWorkloadKind("nano");
    engine::WorkloadShape shape = nano.usual;
    shape.count = trace.nanoRequests > 0 ? trace.nanoRequests : shape.count;
    return engine::makeWorkload(nano, shape, 1);
}

Result<void> runTrace(const engine::EngineOptions& options, const std::string& path, const BenchTrace& trace,
                      const engine::Workload& items, Json& results)
{
    const Result<std::unique_ptr<TraceBench>> bench = load(options, path, trace.replicas);
    if (!bench)
        return bench.error();
    std::uint64_t round = 0;
    Json measured = Json::array();
    if (const Result<void> done =
            measure(measured, {{"name", "trace"}}, trace.repeat, 0.0, "",
                    [&] { return (*bench)->run(items, {.atOnce = true, .cacheSalt = ++round}); });
        !done)
        return done;
    Json entry = std::move(measured[0]), devices = Json::array();
    const std::vector<engine::ExecutorInfo> infos = (*bench)->infos();
    for (const engine::ExecutorInfo& info : infos)
        for (Json& device : devicesOf(info))
            devices.push_back(std::move(device));
    entry["device"] = infos.front().device;
    entry["devices"] = std::move(devices);
    entry["tokens"] = (*bench)->tokens();
    entry["last_run"] = (*bench)->summary();
    results.push_back(std::move(entry));
    return {};
}

} // namespace vitrine::cli
