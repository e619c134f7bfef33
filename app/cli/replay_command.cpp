// SPDX-License-Identifier: GPL-3.0-or-later
// replay: recorded or invented load through the full scheduler.
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

#include "app/cli/command.h"
#include "app/cli/memory_report.h"
#include "app/cli/metrics_file.h"
#include "app/cli/replay_load.h"
#include "app/cli/replay_runner.h"
#include "app/cli/replica_runner.h"
#include "app/cli/trace_csv.h"
#include "app/cli/trace_output.h"
#include "engine/trace/csv_export.h"
#include "engine/trace/whole_file.h"

namespace vitrine::cli {

using engine::Result;

namespace {

Json lineOf(const engine::WorkloadOutcome& outcome)
{
    const engine::RequestTimes& times = outcome.stats.times;
    const auto since = [&](std::int64_t ns) -> Json {
        if (ns == 0)
            return nullptr;
        return rounded(outcome.lateness + static_cast<double>(ns - times.arrivalNs) * 1e-9);
    };
    Json line{{"id", Json::parse(outcome.item->id)},
              {"tokens", outcome.tokens},
              {"finish_reason", engine::finishReasonName(outcome.reason)},
              {"queue_s", since(times.admittedNs)},
              {"ttft_s", since(times.firstTokenNs)},
              {"e2e_s", since(times.finishedNs)},
              {"cached_tokens", outcome.stats.cachedTokens},
              {"preemptions", outcome.stats.preemptions}};
    if (outcome.item->samples > 1)
        line["sample"] = outcome.sample;
    if (outcome.stats.droppedMass > 0.0)
        line["dropped_attention"] = rounded(outcome.stats.droppedMass);
    if (!outcome.error.empty())
        line["error"] = outcome.error;
    return line;
}

constexpr std::uint32_t kAdaptiveBudget = 2048; // at most, where the step times choose

engine::EngineOptions replayOptions(const Arguments& arguments)
{
    engine::EngineOptions options = engineOptions(arguments);
    engine::SchedulerOptions& scheduler = options.scheduler;
    scheduler.maxRunning =
        static_cast<std::uint32_t>(arguments.integer("--max-running", scheduler.maxRunning));
    scheduler.itlTarget = arguments.number("--itl-target", 0.0) * 1e-3;
    const std::uint32_t budget = scheduler.itlTarget > 0.0 ? kAdaptiveBudget : scheduler.tokenBudget;
    scheduler.tokenBudget = static_cast<std::uint32_t>(arguments.integer("--token-budget", budget));
    scheduler.watermark = arguments.number("--watermark", scheduler.watermark);
    scheduler.policy = engine::policyFromName(arguments.text("--policy", "fcfs")).value();
    scheduler.mode = arguments.text("--mode", "mixed") == "two-phase" ? engine::BatchMode::TwoPhase
                                                                      : engine::BatchMode::Mixed;
    scheduler.victim = arguments.text("--victim", "cost") == "newest" ? engine::VictimChoice::Newest
                                                                      : engine::VictimChoice::Cost;
    if (arguments.has("--preemption"))
        scheduler.preemption = arguments.text("--preemption") == "swap" ? engine::PreemptionChoice::Swap
                                                                        : engine::PreemptionChoice::Recompute;
    options.prefixCache = !arguments.has("--no-prefix-cache");
    if (arguments.has("--host-blocks"))
        options.hostBlocks = static_cast<std::uint32_t>(arguments.integer("--host-blocks", 0));
    return options;
}

engine::Error summaryError(const std::string& path)
{
    return engine::outOfResources("cannot write the summary to \"" + path + "\"");
}

Result<void> writeSummary(const std::string& path, const Json& summary)
{
    std::ofstream file(path);
    file << summary.dump(2) << "\n";
    file.close();
    if (!file)
        return summaryError(path);
    return {};
}

/// Where --trace-out leads, tables as they come or a recording; and --metrics-out.
struct Traces
{
    std::optional<TraceCsv> tables;
    std::optional<TraceOutput> recording;
    std::unique_ptr<engine::Metrics> metrics; // the recording knows its address
    std::string metricsPath;

    Result<void> open(const Arguments& arguments, engine::Engine& engine, engine::TracedRanges* nvtx)
    {
        if (Result<void> opened = openTrace(arguments.text("--trace-out"), engine); !opened)
            return opened;
        if (nvtx != nullptr)
            if (Result<void> opened = captureNvtx(arguments.text("--trace-out"), engine, *nvtx); !opened)
                return opened;
        metricsPath = arguments.text("--metrics-out");
        return metricsPath.empty() ? Result<void>() : openMetrics(engine);
    }
    Result<void> openTrace(const std::string& path, engine::Engine& engine)
    {
        if (path.empty())
            return {};
        if (engine::traceFormatOf(path) == engine::TraceFormat::Csv) {
            Result<TraceCsv> opened = TraceCsv::open(path);
            if (!opened)
                return opened.error();
            tables.emplace(std::move(*opened));
            return {};
        }
        Result<TraceOutput> opened = TraceOutput::open(path, engine);
        if (!opened)
            return opened.error();
        recording.emplace(std::move(*opened));
        return {};
    }
    /// Tables know nothing of NVTX: it goes into one of its own, at the end.
    Result<void> captureNvtx(const std::string& path, engine::Engine& engine, engine::TracedRanges& nvtx)
    {
        if (recording) {
            recording->captureNvtx(nvtx);
            return {};
        }
        if (Result<void> opened = recordForItself(engine); !opened)
            return opened;
        recording->captureNvtx(nvtx, engine::nvtxTableOf(path));
        return engine::checkWritable(engine::nvtxTableOf(path));
    }
    /// Into no file.
    Result<void> recordForItself(engine::Engine& engine)
    {
        Result<TraceOutput> opened = TraceOutput::open({}, engine);
        if (!opened)
            return opened.error();
        recording.emplace(std::move(*opened));
        return {};
    }
    Result<void> openMetrics(engine::Engine& engine)
    {
        if (!recording)
            if (Result<void> opened = recordForItself(engine); !opened)
                return opened;
        metrics =
            std::make_unique<engine::Metrics>(std::filesystem::path(engine.model()->path).stem().string());
        recording->count(*metrics);
        return {};
    }
    void follow(ReplayRunner& runner)
    {
        runner.onStep([this](const engine::StepRecord& step) {
            if (tables)
                tables->add(step);
            if (recording)
                recording->drain();
        });
        runner.onSubmitted([this](engine::RequestId request, const engine::WorkloadItem& item) {
            if (recording)
                recording->label(request, plainId(item));
        });
    }
    Result<void> close()
    {
        if (recording)
            if (Result<void> closed = recording->close(); !closed)
                return closed;
        if (metrics)
            if (Result<void> written = writeMetricsFile(*metrics, metricsPath); !written)
                return written;
        return tables ? tables->close() : Result<void>();
    }
};

/// The summary, where it was asked for, and a line for people.
int tellTotals(const Arguments& arguments, const engine::WorkloadTotals& totals, Json summary)
{
    if (arguments.has("--summary")) {
        if (const Result<void> written = writeSummary(arguments.text("--summary"), summary); !written)
            return fail(written.error());
    }
    message("replay: " + std::to_string(totals.requests) + " requests in " + summary["wall_s"].dump() +
            " s, " + summary["output_tokens_per_s"].dump() + " tokens/s generated");
    return kExitOk;
}

int replay(const Arguments& arguments, const engine::Workload& items, engine::TracedRanges* nvtx)
{
    Result<engine::PreparedModel> prepared = prepare(arguments, replayOptions(arguments));
    if (!prepared)
        return fail(prepared.error());
    LoadFollower follower(*prepared);
    engine::Engine engine;
    engine.install(std::move(*prepared));
    Traces traces;
    if (const Result<void> opened = traces.open(arguments, engine, nvtx); !opened)
        return fail(opened.error());
    ReplayRunner runner(engine, items, {}, [&](const engine::WorkloadOutcome& outcome) {
        printLine(lineOf(outcome));
        if (traces.tables)
            traces.tables->add(outcome);
    });
    traces.follow(runner);
    runner.followedBy(follower);
    if (const Result<void> ran = runner.run(); !ran)
        return fail(ran.error());
    if (const Result<void> written = traces.close(); !written)
        return fail(written.error());
    Json summary = summaryOf(runner.totals());
    summary["process_memory"] = processMemoryReport();
    if (follower.follows())
        summary["rank_changes"] = follower.changes();
    return tellTotals(arguments, runner.totals(), std::move(summary));
}

int replayOnReplicas(const Arguments& arguments, const engine::Workload& items)
{
    const Result<std::string> path = modelPath(arguments);
    if (!path)
        return fail(path.error());
    Result<std::vector<engine::PreparedModel>> prepared =
        prepareAll(*path, replayOptions(arguments), replicasOf(arguments));
    if (!prepared)
        return fail(prepared.error());
    engine::ReplicaFront front(std::move(*prepared));
    ReplicaRunner runner(front, items, {},
                         [](const engine::WorkloadOutcome& outcome) { printLine(lineOf(outcome)); });
    runner.run();
    return tellTotals(arguments, runner.totals(), runner.summary());
}

std::vector<Flag> replayFlags()
{
    Flag requests = textFlag("--requests", "FILE.jsonl", "the load, one request a line; - is stdin");
    requests.required = true;
    return withAutomaticRanks(modelFlags()) +
           std::vector<Flag>{
               requests,
               replicasFlag(),
               integerFlag("--max-running", "R", 1, 65536, "requests in the batch at most; 256 without it"),
               integerFlag("--token-budget", "T", 1, 1048576, "tokens in one step at most; 512 without it"),
               choiceFlag("--policy", {"fcfs", "priority", "fair", "shortest"}, {}, "who is admitted first"),
               choiceFlag("--preemption", {"recompute", "swap"}, {},
                          "what becomes of a preempted request; the cheaper one without it"),
               choiceFlag("--victim", {"cost", "newest"}, {}, "who is preempted; by cost without it"),
               choiceFlag("--mode", {"mixed", "two-phase"}, {}, "prefill and decode in one step, or apart"),
               numberFlag("--itl-target", "MS", 0, 3600000,
                          "milliseconds between tokens that steps are sized for; 0: a fixed budget"),
               numberFlag("--watermark", "F", 0, 0.9,
                          "share of the KV pool kept free at admission; 0.01 without it; 0 admits\n"
                          "optimistically and turns predictive preemption off"),
               integerFlag("--host-blocks", "N", 0, 16777216,
                           "blocks of host memory to swap to; as many as KV blocks without it"),
               switchFlag("--no-prefix-cache", "share nothing between requests"),
               textFlag("--trace-out", "FILE",
                        "what the engine did: .vtrace is the whole recording, .json Chrome's trace events,\n"
                        ".pftrace Perfetto's trace, .sqlite the tables of nsys, .csv steps, and requests\n"
                        "beside it in .requests.csv, .html and .pdf a report"),
               switchFlag("--nvtx",
                          "with --trace-out: records what the engine and other libraries tell NVTX as\n"
                          "well, and what GPUs do where there is CUPTI; a tool that listens too still\n"
                          "hears it. A .csv has it beside it, in .nvtx.csv; .prom, .html and .pdf leave\n"
                          "it out"),
               textFlag("--metrics-out", "FILE", "writes metrics as Prometheus reads them, at the end"),
               textFlag("--summary", "FILE", "writes throughput, latencies and cache use as JSON")};
}

} // namespace

Command replayCommand()
{
    return {
        .name = "replay",
        .usage = "[-m MODEL] --requests FILE.jsonl [flags]",
        .summary = "Runs load through the full scheduler in real time.",
        .details =
            "A line of input: {\"id\", \"arrival_s\", \"prompt\" or \"tokens\", \"max_tokens\" (128),\n"
            "\"temperature\" (0), \"seed\" (0), \"priority\", \"client\"}, and also \"top_k\", \"top_p\", "
            "\"min_p\",\n"
            "\"ignore_eos\", \"n\" (samples of one prompt), \"window\" and \"sinks\" (attention to the first "
            "and\n"
            "last tokens only), \"keep\" (tokens of KV beyond which the least attended blocks are dropped). "
            "A line of output per request, in order of finishing: {\"id\", \"tokens\",\n"
            "\"finish_reason\", \"queue_s\", \"ttft_s\", \"e2e_s\", \"cached_tokens\", \"preemptions\"}. The "
            "token\n"
            "that ends a reply is not among its tokens. A request that can never fit ends with the reason\n"
            "\"error\" and an \"error\" text; the others go on.",
        .flags = replayFlags(),
        .positionals = {}};
}

/// Attached before anything speaks to NVTX; null without --nvtx.
Result<std::unique_ptr<engine::TracedRanges>> attachNvtx(const Arguments& arguments)
{
    if (!arguments.has("--nvtx"))
        return std::unique_ptr<engine::TracedRanges>();
    Result<engine::TracedRanges> attached = engine::TracedRanges::attach();
    if (!attached)
        return attached.error();
    return std::make_unique<engine::TracedRanges>(std::move(*attached));
}

int runReplay(const Arguments& arguments)
{
    if (arguments.has("--nvtx") && !arguments.has("--trace-out")) {
        message("replay: --nvtx wants --trace-out, a file to write to");
        return kExitUsage;
    }
    if (const Result<void> possible = checkAutomaticRanks(arguments); !possible)
        return fail(possible.error());
    for (const char* recorded : {"--trace-out", "--metrics-out"})
        if (replicasOf(arguments) > 1 && arguments.has(recorded)) {
            message("replay: " + std::string(recorded) +
                    " records one engine; recording --replicas is not available yet");
            return kExitUsage;
        }
    if (arguments.has("--trace-out"))
        if (const Result<void> can = checkTraceTarget(arguments.text("--trace-out")); !can)
            return fail(engine::Error{can.error().code, "replay: --trace-out: " + can.error().message});
    const std::string path = arguments.text("--requests");
    const Result<std::string> text = readInput(path);
    if (!text)
        return fail(text.error());
    const Result<engine::Workload> items = parseLoad(*text, inputName(path));
    if (!items)
        return fail(items.error());
    const auto nvtx = attachNvtx(arguments);
    if (!nvtx)
        return fail(nvtx.error());
    // Said before the run, which may be long; appending leaves what is there in place until its end.
    const std::string metrics = arguments.text("--metrics-out");
    if (!metrics.empty() && !std::ofstream(metrics, std::ios::app))
        return fail(engine::outOfResources("cannot write the metrics to \"" + metrics + "\""));
    if (arguments.has("--summary") && !std::ofstream(arguments.text("--summary"), std::ios::app))
        return fail(summaryError(arguments.text("--summary")));
    return replicasOf(arguments) > 1 ? replayOnReplicas(arguments, *items)
                                     : replay(arguments, *items, nvtx->get());
}

} // namespace vitrine::cli
