// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/trace_csv.h"

#include <algorithm>

#include "engine/trace/request_life.h"

namespace vitrine::cli {

namespace {

double seconds(std::int64_t ns)
{
    return static_cast<double>(ns) * 1e-9;
}

/// Quoted where a comma, a quote or a line break would end the cell.
std::string cell(const Json& value)
{
    std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    for (std::size_t at = 0; (at = text.find('"', at)) != std::string::npos; at += 2)
        text.insert(at, 1, '"');
    return '"' + text + '"';
}

} // namespace

engine::Result<TraceCsv> TraceCsv::open(const std::string& path)
{
    TraceCsv trace;
    trace.m_path = path;
    const std::string stem = path.substr(0, path.size() - std::string(".csv").size());
    trace.m_steps.open(path);
    trace.m_requests.open(stem + ".requests.csv");
    trace.m_steps << "step,start_s,schedule_s,transfer_s,forward_s,sample_s,emit_s,hidden_s,predicted_s,"
                     "token_budget,prefill_tokens,decode_tokens,recomputed_tokens,cached_tokens,preemptions,"
                     "running,waiting,blocks_referenced,blocks_cached,blocks_free,host_blocks,copied_blocks,"
                     "swapped_out,swapped_in\n";
    trace.m_requests << "id,sample,client,prompt_tokens,cached_tokens,tokens,finish_reason,arrival_s,queue_s,"
                        "ttft_s,e2e_s,preemptions\n";
    if (!trace.m_steps || !trace.m_requests)
        return engine::outOfResources("cannot write the trace to \"" + path + "\"");
    return trace;
}

void TraceCsv::add(const engine::StepFigures& step)
{
    if (m_startNs == 0)
        m_startNs = step.startNs;
    m_steps << step.step << ',' << seconds(step.startNs - m_startNs) << ',' << seconds(step.scheduleNs) << ','
            << seconds(step.transferNs) << ',' << seconds(step.forwardNs) << ',' << seconds(step.sampleNs)
            << ',' << seconds(step.emitNs) << ',' << seconds(step.hiddenNs) << ','
            << seconds(step.predictedNs) << ',' << step.tokenBudget << ',' << step.prefillTokens << ','
            << step.decodeTokens << ',' << step.recomputedTokens << ',' << step.cachedTokens << ','
            << step.preemptions << ',' << step.running << ',' << step.waiting << ',' << step.blocksReferenced
            << ',' << step.blocksCached << ',' << step.blocksFree << ',' << step.hostBlocksUsed << ','
            << step.copiedBlocks << ',' << step.swappedOut << ',' << step.swappedIn << '\n';
}

void TraceCsv::add(const ReplayOutcome& outcome)
{
    const engine::RequestTimes& times = outcome.stats.times;
    const auto since = [&](std::int64_t ns) -> Json {
        return ns == 0 ? Json() : Json(rounded(outcome.lateness + seconds(ns - times.arrivalNs)));
    };
    add(Row{.id = outcome.item->id,
            .sample = outcome.sample,
            .client = outcome.item->request.client,
            .promptTokens = outcome.stats.promptTokens,
            .cachedTokens = outcome.stats.cachedTokens,
            .preemptions = outcome.stats.preemptions,
            .tokens = outcome.tokens.size(),
            .reason = outcome.reason,
            .arrival = outcome.item->arrivalSeconds,
            .queue = since(times.admittedNs),
            .firstToken = since(times.firstTokenNs),
            .endToEnd = since(times.finishedNs)});
}

void TraceCsv::add(const engine::Trace& trace)
{
    engine::RequestLives lives;
    for (const engine::RecordedStep& step : trace.steps) {
        lives.add(step);
        if (step.record.step != 0)
            add(step.record);
    }
    std::int64_t first = m_startNs;
    for (const auto& [id, life] : lives.all())
        first = std::min(first, life.arrivalNs);
    for (const auto& [id, life] : lives.all()) {
        const std::int64_t arrival = life.arrivalNs;
        const auto since = [arrival](std::int64_t ns) {
            return ns == 0 ? Json() : Json(rounded(seconds(ns - arrival)));
        };
        const auto label = trace.labels.find(id);
        add(Row{.id = label == trace.labels.end() ? Json(id.value) : Json(label->second.title),
                .client = {},
                .promptTokens = life.promptTokens,
                .cachedTokens = life.cachedTokens,
                .preemptions = life.preemptions,
                .tokens = life.replyTokens,
                .reason = life.reason,
                .arrival = rounded(seconds(arrival - first)),
                .queue = since(life.admittedNs),
                .firstToken = since(life.firstTokenNs),
                .endToEnd = since(life.endNs)});
    }
}

void TraceCsv::add(const Row& row)
{
    const auto time = [](const Json& value) { return value.is_null() ? std::string() : value.dump(); };
    m_requests << cell(row.id) << ',' << row.sample << ',' << cell(row.client) << ',' << row.promptTokens
               << ',' << row.cachedTokens << ',' << row.tokens << ',' << engine::finishReasonName(row.reason)
               << ',' << row.arrival << ',' << time(row.queue) << ',' << time(row.firstToken) << ','
               << time(row.endToEnd) << ',' << row.preemptions << '\n';
}

engine::Result<void> TraceCsv::close()
{
    m_steps.close();
    m_requests.close();
    if (!m_steps || !m_requests)
        return engine::outOfResources("the trace \"" + m_path + "\" could not be written whole");
    return {};
}

} // namespace vitrine::cli
