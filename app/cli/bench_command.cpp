// SPDX-License-Identifier: GPL-3.0-or-later
// bench: throughput of the executor (prefill, decode, batched decode) and of the whole engine on a trace.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <numeric>
#include <sstream>

#include "app/cli/bench_measure.h"
#include "app/cli/bench_model.h"
#include "app/cli/bench_rig.h"
#include "app/cli/bench_trace.h"
#include "app/cli/command.h"
#include "app/cli/machine_limit.h"
#include "app/cli/memory_report.h"

namespace vitrine::cli {

using engine::Result;

namespace {

struct Plan
{
    std::uint32_t prefill = 0, decode = 0, repeat = 3;
    std::uint32_t context = 0; ///< tokens before decoding; 0: as usual
    std::vector<std::uint32_t> batches;
    bool sharedPrefix = false, breakdown = false;
    BenchTrace trace;

    bool usesRig() const { return prefill > 0 || decode > 0 || !batches.empty(); }
    /// Never longer than what is measured: the KV cache holds no more.
    std::uint32_t warmUp() const
    {
        return std::min(prefill > 0 ? prefill : longest(), prefill > 0 ? 64U : kDecodePrompt);
    }
    /// Tokens of the longest sequence.
    std::uint32_t longest() const
    {
        const std::uint32_t decoding = decode > 0 ? single().prompt + decode : 0;
        return std::max({prefill, decoding, batches.empty() ? 0 : batch(1).prompt + kBatchDecode});
    }
    DecodeShape single() const { return {1, context > 0 ? context : kDecodePrompt, decode, false}; }
    DecodeShape batch(std::uint32_t sequences) const
    {
        return {sequences, context > 0 ? context : kBatchPrompt, kBatchDecode, sharedPrefix};
    }
};

Result<std::vector<std::uint32_t>> batchList(const std::string& text)
{
    std::vector<std::uint32_t> batches;
    std::istringstream parts(text + ","); // so that the last number ends as the others do
    for (std::string part; std::getline(parts, part, ',');) {
        const std::uint64_t value = parseInteger(part).value_or(0);
        if (value < 1 || value > 4096)
            return engine::invalidArgument(
                "bench: --batch takes numbers from 1 to 4096 with commas between, not \"" + text + "\"");
        batches.push_back(static_cast<std::uint32_t>(value));
    }
    return batches;
}

/// What was asked for; prefill 512, decode 128 and batches of 8 and 32 when nothing was.
Result<Plan> planFrom(const Arguments& arguments)
{
    Plan plan;
    const bool any = arguments.has("--prefill") || arguments.has("--decode") || arguments.has("--batch") ||
                     arguments.has("--trace");
    if (!any || arguments.has("--batch")) {
        const Result<std::vector<std::uint32_t>> batches = batchList(arguments.text("--batch", "8,32"));
        if (!batches)
            return batches.error();
        plan.batches = *batches;
    }
    plan.prefill = static_cast<std::uint32_t>(arguments.integer("--prefill", any ? 0 : 512));
    plan.decode = static_cast<std::uint32_t>(arguments.integer("--decode", any ? 0 : 128));
    plan.repeat = static_cast<std::uint32_t>(arguments.integer("--repeat", 3));
    plan.context = static_cast<std::uint32_t>(arguments.integer("--context", 0));
    plan.sharedPrefix = arguments.has("--shared-prefix");
    plan.breakdown = arguments.has("--breakdown");
    plan.trace.source = arguments.text("--trace");
    plan.trace.nanoRequests = arguments.integer("--sequences", 0);
    plan.trace.repeat = plan.repeat;
    plan.trace.replicas = replicasOf(arguments);
    if (plan.trace.nanoRequests > 0 && plan.trace.source != "nano")
        return engine::invalidArgument("bench: --sequences needs --trace nano");
    if (plan.trace.replicas > 1 && (plan.trace.source.empty() || plan.usesRig()))
        return engine::invalidArgument("bench: --replicas shares out requests: it needs --trace, and goes "
                                       "without --prefill, --decode and --batch");
    if (arguments.text("--ranks") == "auto" && (plan.trace.source.empty() || plan.usesRig()))
        return engine::invalidArgument("bench: --ranks auto follows the load of --trace, and goes without "
                                       "--prefill, --decode and --batch");
    if (const Result<void> possible = checkAutomaticRanks(arguments); !possible)
        return possible.error();
    if (plan.sharedPrefix && plan.batches.empty())
        return engine::invalidArgument("bench: --shared-prefix needs --batch");
    if (plan.context > 0 && plan.decode == 0 && plan.batches.empty())
        return engine::invalidArgument("bench: --context needs --decode or --batch");
    if (plan.breakdown && !plan.usesRig())
        return engine::invalidArgument("bench: --breakdown needs --prefill, --decode or --batch");
    if (plan.breakdown && arguments.has("--gpu"))
        return engine::invalidArgument("bench: --breakdown with --gpu is not available yet");
    return plan;
}

/// Said before memory is taken for a KV cache that no sequence of this model may fill.
Result<void> checkContext(const std::string& path, const Plan& plan)
{
    const Result<std::shared_ptr<const engine::Model>> model = engine::Model::load(path);
    if (!model)
        return model.error();
    const std::uint32_t context = (*model)->config().contextLength;
    if (plan.longest() > context)
        return engine::outOfResources("bench: a sequence of " + std::to_string(plan.longest()) +
                                      " tokens, but the model's context holds " + std::to_string(context));
    return {};
}

std::uint32_t blocksNeeded(const Plan& plan, std::uint32_t blockSize)
{
    std::uint32_t blocks = BenchRig::blocksForPrefill(plan.prefill, blockSize);
    blocks = std::max(blocks, BenchRig::blocksForDecode(plan.single(), blockSize));
    for (std::uint32_t sequences : plan.batches)
        blocks = std::max(blocks, BenchRig::blocksForDecode(plan.batch(sequences), blockSize));
    return blocks;
}

/// What each rank did in a step, the mean of `steps`.
Json rankReport(const std::vector<engine::RankTimes>& ranks, std::uint64_t steps)
{
    const double count = double(std::max<std::uint64_t>(steps, 1));
    const auto microseconds = [count](std::int64_t ns) { return rounded(double(ns) * 1e-3 / count); };
    Json report = Json::array();
    for (std::size_t rank = 0; rank < ranks.size(); ++rank)
        report.push_back({{"rank", rank},
                          {"compute_us_per_step", microseconds(ranks[rank].computeNs)},
                          {"wait_us_per_step", microseconds(ranks[rank].waitNs)},
                          {"sum_us_per_step", microseconds(ranks[rank].sumNs)},
                          {"hidden_us_per_step", microseconds(ranks[rank].hiddenNs)},
                          {"hidden_share", rounded(engine::hiddenShare(ranks[rank]))},
                          {"bytes_per_step", rounded(double(ranks[rank].bytes) / count)}});
    return report;
}

/// Time by operation, in the order of a step, into the entry measured last.
void addBreakdown(const BenchRig& rig, Json& results)
{
    const engine::OperationTimes times = rig.operationTimes();
    if (times.empty() || results.empty())
        return;
    const double total = std::accumulate(times.seconds.begin(), times.seconds.end(), 0.0);
    Json operations = Json::array();
    for (std::size_t i = 0; i < engine::kOperations; ++i)
        operations.push_back({{"name", engine::operationName(static_cast<engine::Operation>(i))},
                              {"us_per_step", rounded(times.seconds[i] * 1e6 / double(times.steps))},
                              {"share", rounded(times.seconds[i] / std::max(total, 1e-12))}});
    results.back()["operations"] = std::move(operations);
    results.back()["steps"] = times.steps;
    if (!rig.rankTimes().empty())
        results.back()["ranks"] = rankReport(rig.rankTimes(), times.steps);
}

Result<void> runRig(const Plan& plan, const engine::PreparedModel& prepared, const MachineLimit& limit,
                    Json& results)
{
    BenchRig rig(*prepared.executor, prepared.kv, prepared.model->config().vocab);
    if (const Result<double> warm = rig.prefill(plan.warmUp()); !warm)
        return warm.error();
    if (plan.breakdown)
        rig.breakdown();
    if (plan.prefill > 0) {
        const Result<void> done =
            measure(results, {{"name", "prefill"}, {"tokens", plan.prefill}}, plan.repeat, limit.prefill(),
                    "matrix kernel", [&] { return rig.prefill(plan.prefill); });
        if (!done)
            return done;
        addBreakdown(rig, results);
    }
    const auto decode = [&](Json entry, const DecodeShape& shape) {
        const double shared = shape.sharedPrompt ? shape.prompt : 0.0;
        const double best = limit.decode(shape.sequences, shape.prompt + shape.tokens / 2.0, shared);
        Result<void> done = measure(results, std::move(entry), plan.repeat, best, "memory bandwidth",
                                    [&rig, shape] { return rig.decode(shape); });
        if (done)
            addBreakdown(rig, results);
        return done;
    };
    if (plan.decode > 0) {
        if (const Result<void> done = decode({{"name", "decode"}, {"tokens", plan.decode}}, plan.single());
            !done)
            return done;
    }
    for (std::uint32_t sequences : plan.batches) {
        Json entry{{"name", "batch_decode"}, {"sequences", sequences}, {"tokens", kBatchDecode}};
        if (plan.sharedPrefix)
            entry["shared_prefix"] = true;
        if (const Result<void> done = decode(std::move(entry), plan.batch(sequences)); !done)
            return done;
    }
    return {};
}

Result<Json> runPlan(const Arguments& arguments, const Plan& plan)
{
    engine::Workload items;
    if (!plan.trace.source.empty()) {
        Result<engine::Workload> parsed = traceItems(plan.trace);
        if (!parsed)
            return parsed.error();
        items = std::move(*parsed);
    }
    const Result<BenchModel> model = BenchModel::from(arguments);
    if (!model)
        return model.error();
    Json report = Json::object(), results = Json::array();
    if (model->isSynthetic())
        report["synthetic"] = model->description();
    if (plan.usesRig()) {
        if (const Result<void> fits = checkContext(model->path(), plan); !fits)
            return fits.error();
        engine::EngineOptions options = engineOptions(arguments);
        options.kvBlocks = options.kvBlocks != 0 ? options.kvBlocks : blocksNeeded(plan, options.blockSize);
        const Result<engine::PreparedModel> prepared = prepare(model->path(), options);
        if (!prepared)
            return prepared.error();
        if (options.kvBlocks < blocksNeeded(plan, options.blockSize))
            return engine::outOfResources("bench: needs " +
                                          std::to_string(blocksNeeded(plan, options.blockSize)) +
                                          " KV blocks; raise --kv-blocks or leave it out");
        const MachineLimit limit(*prepared->model, *prepared->executor, options.executor.deterministic);
        const engine::ExecutorInfo info = prepared->executor->info();
        report["machine"] = {{"device", info.device},
                             {"devices", devicesOf(info)},
                             {"threads", info.threads},
                             {"read_bytes_per_s", rounded(limit.readBytesPerSecond())},
                             {"multiply_adds_per_s", rounded(limit.multiplyAddsPerSecond())}};
        report["model"] = {{"path", prepared->model->path()},
                           {"weight_bytes", info.weightBytes},
                           {"expert_bytes", info.expertBytes},
                           {"kv_bytes_per_token", prepared->executor->kvBytesPerToken()},
                           {"memory", memoryReport(info)}};
        if (const Result<void> done = runRig(plan, *prepared, limit, results); !done)
            return done.error();
        report["process_memory"] = processMemoryReport();
    }
    if (!plan.trace.source.empty()) {
        if (const Result<void> done =
                runTrace(engineOptions(arguments), model->path(), plan.trace, items, results);
            !done)
            return done.error();
    }
    report["results"] = std::move(results);
    return report;
}

/// Below the operations, where ranks share the model.
void printRanks(const Json& ranks)
{
    for (const Json& rank : ranks)
        std::printf("  rank %-15s %9.1f us computing, %.1f adding, %.1f waiting; of others' lateness %.0f %% "
                    "hidden\n",
                    rank["rank"].dump().c_str(), rank["compute_us_per_step"].get<double>(),
                    rank["sum_us_per_step"].get<double>(), rank["wait_us_per_step"].get<double>(),
                    rank["hidden_share"].get<double>() * 100.0);
}

/// What a person waits for, below the throughput of a trace.
void printLatency(const Json& run)
{
    const auto milliseconds = [&run](const char* name) {
        return run[name].is_object() ? run[name]["p50"].get<double>() * 1e3 : 0.0;
    };
    std::printf("  first token %.1f ms, between tokens %.2f ms (medians); %s requests, %s steps\n",
                milliseconds("ttft_s"), milliseconds("itl_s"), run["requests"].dump().c_str(),
                run["steps"].dump().c_str());
}

void printTable(const Json& report)
{
    if (report.contains("synthetic"))
        std::printf("random weights of %s, %s, seed %s\n",
                    report["synthetic"]["shape"].get<std::string>().c_str(),
                    report["synthetic"]["weights"].get<std::string>().c_str(),
                    report["synthetic"]["seed"].dump().c_str());
    std::printf("%-22s %12s %12s %8s\n", "measure", "tokens/s", "limit", "share");
    for (const Json& row : report["results"]) {
        std::string name = row["name"].get<std::string>();
        if (row.contains("sequences"))
            name += " x" + row["sequences"].dump();
        std::printf("%-22s %12.1f", name.c_str(), row["tokens_per_s"].get<double>());
        if (row["limit_tokens_per_s"].is_number())
            std::printf(" %12.1f %6.0f %%", row["limit_tokens_per_s"].get<double>(),
                        row["share_of_limit"].get<double>() * 100.0);
        std::printf("\n");
        if (row.contains("last_run"))
            printLatency(row["last_run"]);
        for (const Json& operation : row.value("operations", Json::array()))
            std::printf("  %-20s %9.1f us %20.0f %%\n", operation["name"].get<std::string>().c_str(),
                        operation["us_per_step"].get<double>(), operation["share"].get<double>() * 100.0);
        printRanks(row.value("ranks", Json::array()));
    }
}

} // namespace

Command benchCommand()
{
    Flag trace = textFlag("--trace", "FILE|nano", "load as for replay, or the nano kind");
    trace.alias = "--workload";
    return {
        .name = "bench",
        .usage =
            "[-m MODEL] [--prefill N] [--decode N] [--batch LIST] [--trace FILE|nano] [--synthetic SHAPE] "
            "[--breakdown] [--json]",
        .summary = "Throughput, with the share of what this machine could do at best.",
        .details =
            "Prefill: one prompt of N tokens. Decode: N tokens after a 16-token prompt. Batch "
            "decode: B sequences,\n"
            "each with its own 128-token prompt, 64 tokens each, decode time only. --context changes "
            "both prompts.\nEach step gives the most likely tokens, as a greedy reply wants them. Trace: the "
            "whole engine, all\n"
            "requests at once, shared out among --replicas N. Without any of these: --prefill 512 --decode "
            "128 --batch 8,32. The "
            "limit of decode\n"
            "is the read bandwidth, measured for each at its size, over the bytes a step reads, that of "
            "prefill the "
            "speed of the matrix\n"
            "kernel with everything in cache. --json prints {\"results\": [{\"name\", \"tokens\", "
            "\"sequences\",\n"
            "\"tokens_per_s\", ...}]}.",
        .flags =
            withAutomaticRanks(modelFlags()) + syntheticFlags() +
            std::vector<Flag>{
                replicasFlag(), integerFlag("--prefill", "N", 0, 1e6, "tokens of the prompt; 0: skip"),
                integerFlag("--decode", "N", 0, 1e6, "tokens to decode; 0: skip"),
                textFlag("--batch", "LIST", "numbers of sequences, such as 8,32"), std::move(trace),
                integerFlag("--sequences", "N", 1, 1e6, "requests of the nano kind; 256 without it"),
                integerFlag("--context", "N", 1, 1e6, "tokens before those that are decoded"),
                switchFlag("--shared-prefix", "the sequences of a batch share their prompt"),
                integerFlag("--repeat", "R", 1, 1000, "runs of each; the median counts; 3 without it"),
                switchFlag("--breakdown", "time by operation and by rank, of the last run of each measure"),
                switchFlag("--json", "one JSON document instead of a table")},
        .positionals = {}};
}

int runBench(const Arguments& arguments)
{
    const Result<Plan> plan = planFrom(arguments);
    if (!plan)
        return fail(plan.error());
    const Result<Json> report = runPlan(arguments, *plan);
    if (!report)
        return fail(report.error());
    if (arguments.has("--json"))
        printLine(*report);
    else
        printTable(*report);
    return kExitOk;
}

} // namespace vitrine::cli
