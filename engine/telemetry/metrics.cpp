// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/metrics.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

namespace vitrine::engine {

namespace {

constexpr std::array<double, 19> kSeconds = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1,
                                             2,     5,     10,    20,   50,   100,  200, 500, 1000};
constexpr std::array<double, 18> kTokens = {1,   2,    4,    8,    16,   32,    64,    128,   256,
                                            512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072};

/// Seconds from one moment to a later one.
double secondsFrom(std::int64_t from, std::int64_t to)
{
    if (to <= from)
        return 0.0;
    return static_cast<double>(static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from)) * 1e-9;
}

/// When the tokens of a step were there: its events are sent beside the next one.
std::int64_t tokensNs(const RecordedStep& step)
{
    for (const PhaseSpan& span : step.phases)
        if (span.phase == StepPhase::Sample)
            return span.endNs;
    return step.record.endNs;
}

/// The token is the one that ended its reply, and no part of it.
bool endsReply(const std::vector<RecordedEvent>& events, std::size_t at)
{
    const auto* const token = std::get_if<RecordedToken>(&events[at]);
    const auto* const end = at + 1 < events.size() ? std::get_if<RecordedEnd>(&events[at + 1]) : nullptr;
    return token != nullptr && end != nullptr && token->request == end->request &&
           end->reason == FinishReason::Stop;
}

/// As vLLM calls it.
const char* reasonLabel(FinishReason reason)
{
    return reason == FinishReason::Cancelled ? "abort" : finishReasonName(reason);
}

} // namespace

Metrics::Metrics(std::string model)
    : m_model(std::move(model)), m_rankSkew(kSeconds), m_rankRecovery(kSeconds), m_stepTokens(kTokens),
      m_stepTime(kSeconds), m_firstToken(kSeconds), m_interToken(kSeconds), m_endToEnd(kSeconds),
      m_queue(kSeconds), m_inference(kSeconds), m_prefill(kSeconds), m_decode(kSeconds),
      m_requestPrompt(kTokens), m_requestReply(kTokens), m_requestMost(kTokens), m_blockLifetime(kSeconds)
{}

void Metrics::add(const RecordedStep& step)
{
    const bool between = step.record.step == 0;
    const std::int64_t startNs = between ? m_nowNs : step.record.startNs;
    const std::int64_t endNs = between ? m_nowNs : tokensNs(step);
    if (!between) {
        count(step.record, endNs);
        takeRanks(step.ranks);
    }
    for (const RankEvent& event : step.rankEvents)
        take(event);
    for (const BlockEvent& event : step.blocks)
        follow(event, endNs);
    for (std::size_t i = 0; i < step.events.size(); ++i)
        take(step.events[i], endsReply(step.events, i), startNs, endNs);
    m_nowNs = endNs;
}

void Metrics::count(const StepFigures& record, std::int64_t endNs)
{
    m_running = record.running;
    m_waiting = record.waiting;
    const double blocks =
        static_cast<double>(record.blocksReferenced) + record.blocksCached + record.blocksFree;
    m_kvUsage = blocks > 0.0 ? record.blocksReferenced / blocks : 0.0;
    ++m_steps;
    m_lookedUp += record.lookedUpTokens;
    m_found += record.cachedTokens;
    m_recomputed += record.recomputedTokens;
    m_swapped += std::uint64_t{record.swappedOut} + record.swappedIn;
    m_stepTokens.observe(static_cast<double>(std::uint64_t{record.prefillTokens} + record.decodeTokens));
    m_stepTime.observe(secondsFrom(record.startNs, endNs));
}

/// Of a file they may be anything.
void Metrics::takeRanks(const RankParts& ranks)
{
    m_processes = std::max<std::uint64_t>(ranks.processes.size(), 1);
    if (ranks.processes.empty())
        return;
    m_ranks.resize(std::max(m_ranks.size(), ranks.processes.size()));
    for (std::size_t i = 0; i < ranks.processes.size(); ++i)
        m_ranks[i] += soundTimes(ranks.processes[i].times);
    m_rankSkew.observe(static_cast<double>(skewOf(ranks).ns) * 1e-9);
}

void Metrics::take(const RankEvent& event)
{
    const bool failure = event.kind < RankEventKind::Changed;
    m_rankFailures += failure ? 1 : 0;
    m_rankChanges += event.ranksNow != event.ranksBefore ? 1 : 0;
    if (failure && event.kind != RankEventKind::Refused)
        m_rankRecovery.observe(secondsFrom(event.startNs, event.endNs));
}

void Metrics::take(const RecordedEvent& event, bool last, std::int64_t startNs, std::int64_t endNs)
{
    if (const auto* arrival = std::get_if<RecordedArrival>(&event))
        arrive(*arrival);
    else if (const auto* admission = std::get_if<AdmissionEvent>(&event))
        admit(*admission, startNs);
    else if (std::holds_alternative<PreemptionEvent>(event))
        ++m_preemptions;
    else if (const auto* token = std::get_if<RecordedToken>(&event))
        say(token->request, last, endNs);
    else if (const auto* end = std::get_if<RecordedEnd>(&event))
        finish(*end);
}

void Metrics::arrive(const RecordedArrival& arrival)
{
    Progress& progress = m_requests[arrival.request];
    progress.arrivalNs = arrival.timeNs;
    progress.promptTokens = arrival.promptTokens;
    progress.maxTokens = arrival.maxTokens;
}

/// Of requests whose arrival is not in the recording nothing is told.
void Metrics::admit(const AdmissionEvent& admission, std::int64_t ns)
{
    const auto at = m_requests.find(admission.request);
    if (admission.again || at == m_requests.end())
        return;
    at->second.admittedNs = std::max(ns, at->second.arrivalNs);
    m_queue.observe(secondsFrom(at->second.arrivalNs, at->second.admittedNs));
}

void Metrics::say(RequestId request, bool last, std::int64_t ns)
{
    m_replyTokens += last ? 0 : 1;
    const auto at = m_requests.find(request);
    if (at == m_requests.end())
        return;
    Progress& progress = at->second;
    progress.replyTokens += last ? 0 : 1;
    if (progress.firstTokenNs == 0) {
        progress.firstTokenNs = ns;
        m_promptTokens += progress.promptTokens;
        m_firstToken.observe(secondsFrom(progress.arrivalNs, ns));
    } else if (!last) {
        m_interToken.observe(secondsFrom(progress.lastTokenNs, ns));
    }
    progress.lastTokenNs = ns;
}

void Metrics::finish(const RecordedEnd& end)
{
    ++m_ends[std::min<std::size_t>(static_cast<std::size_t>(end.reason), m_ends.size() - 1)];
    const auto at = m_requests.find(end.request);
    if (at == m_requests.end())
        return;
    const Progress& progress = at->second;
    m_endToEnd.observe(secondsFrom(progress.arrivalNs, end.timeNs));
    m_requestPrompt.observe(static_cast<double>(progress.promptTokens));
    m_requestReply.observe(static_cast<double>(progress.replyTokens));
    m_requestMost.observe(static_cast<double>(progress.maxTokens));
    if (progress.firstTokenNs != 0) {
        const std::int64_t admitted = progress.admittedNs != 0 ? progress.admittedNs : progress.arrivalNs;
        m_prefill.observe(secondsFrom(admitted, progress.firstTokenNs));
        m_decode.observe(secondsFrom(progress.firstTokenNs, progress.lastTokenNs));
        m_inference.observe(secondsFrom(admitted, progress.lastTokenNs));
    }
    m_requests.erase(at);
}

/// A block lives from its taking until what it held can be found no more.
void Metrics::follow(const BlockEvent& event, std::int64_t ns)
{
    switch (event.kind) {
    case BlockEventKind::Take:
    case BlockEventKind::CopyOnWrite:
        m_blockBirths[event.block] = ns;
        return;
    case BlockEventKind::Move:
        if (const auto moved = m_blockBirths.extract(event.block); !moved.empty())
            m_blockBirths[BlockId{event.other}] = moved.mapped();
        return;
    case BlockEventKind::Evict:
        if (const auto dead = m_blockBirths.extract(event.block); !dead.empty())
            m_blockLifetime.observe(secondsFrom(dead.mapped(), ns));
        return;
    default:
        return;
    }
}

/// Of each process, the one with rank 0 at least.
void Metrics::addRanks(std::vector<MetricFamily>& all) const
{
    const auto byProcess = [&](const char* name, const char* help, auto valueOf) {
        all.push_back({std::string("vitrine:") + name, help, MetricKind::Counter, {}});
        for (std::size_t i = 0; i < std::max<std::size_t>(m_ranks.size(), 1); ++i)
            all.back().values.push_back({{{"model_name", m_model}, {"process", std::to_string(i)}},
                                         valueOf(i < m_ranks.size() ? m_ranks[i] : RankTimes())});
    };
    const auto seconds = [](std::int64_t ns) { return static_cast<double>(ns) * 1e-9; };
    byProcess("rank_compute_seconds_total", "Time in which a process computed its part of steps.",
              [&](const RankTimes& times) { return seconds(times.computeNs); });
    byProcess("rank_wait_seconds_total", "Time in which it waited for other processes.",
              [&](const RankTimes& times) { return seconds(times.waitNs); });
    byProcess("rank_sum_seconds_total", "Time in which it exchanged and added up values.",
              [&](const RankTimes& times) { return seconds(times.sumNs); });
    byProcess("rank_sent_bytes_total", "Bytes that it gave to other processes.",
              [](const RankTimes& times) { return static_cast<double>(times.bytes); });
}

std::vector<MetricFamily> Metrics::families() const
{
    std::vector<MetricFamily> all;
    const auto number = [&](MetricKind kind, const char* name, const char* help, double value) {
        all.push_back({std::string("vitrine:") + name, help, kind, {{{{"model_name", m_model}}, value}}});
    };
    const auto gauge = [&](const char* name, const char* help, double value) {
        number(MetricKind::Gauge, name, help, value);
    };
    const auto counter = [&](const char* name, const char* help, std::uint64_t value) {
        number(MetricKind::Counter, name, help, static_cast<double>(value));
    };
    const auto histogram = [&](const char* name, const char* help, const Histogram& values) {
        number(MetricKind::Histogram, name, help, 0.0);
        all.back().values.front().histogram.push_back(values);
    };
    gauge("num_requests_running", "Requests in the batch.", static_cast<double>(m_running));
    gauge("num_requests_waiting", "Requests that wait to be admitted.", static_cast<double>(m_waiting));
    gauge("kv_cache_usage_perc", "Share of the KV blocks that requests hold; 1 is all of them.", m_kvUsage);
    counter("prefix_cache_queries_total", "Prompt tokens that were looked up in the prefix cache.",
            m_lookedUp);
    counter("prefix_cache_hits_total", "Of those: found.", m_found);
    counter("num_preemptions_total", "Times that a request had to give up its blocks.", m_preemptions);
    counter("recomputed_tokens_total", "Tokens computed again after a preemption.", m_recomputed);
    counter("swapped_blocks_total", "KV blocks moved to host memory or back.", m_swapped);
    counter("engine_steps_total", "Steps of the engine.", m_steps);
    counter("prompt_tokens_total", "Prompt tokens of requests that got their first token.", m_promptTokens);
    counter("generation_tokens_total", "Tokens of replies.", m_replyTokens);
    all.push_back(
        {"vitrine:request_success_total", "Requests that ended, by reason.", MetricKind::Counter, {}});
    for (const FinishReason reason :
         {FinishReason::Stop, FinishReason::Length, FinishReason::Cancelled, FinishReason::Error})
        all.back().values.push_back({{{"model_name", m_model}, {"finished_reason", reasonLabel(reason)}},
                                     static_cast<double>(m_ends[static_cast<std::size_t>(reason)])});
    histogram("iteration_tokens_total", "Tokens in a step.", m_stepTokens);
    histogram("step_time_seconds", "From planning a step to its last token.", m_stepTime);
    histogram("time_to_first_token_seconds", "From a request's arrival to its first token.", m_firstToken);
    histogram("inter_token_latency_seconds", "Between two tokens of a reply.", m_interToken);
    histogram("e2e_request_latency_seconds", "From a request's arrival to its end.", m_endToEnd);
    histogram("request_queue_time_seconds", "From a request's arrival to its admission.", m_queue);
    histogram("request_inference_time_seconds", "From its admission to its last token.", m_inference);
    histogram("request_prefill_time_seconds", "From its admission to its first token.", m_prefill);
    histogram("request_decode_time_seconds", "From its first token to its last.", m_decode);
    histogram("request_prompt_tokens", "Tokens of a prompt.", m_requestPrompt);
    histogram("request_generation_tokens", "Tokens of a reply.", m_requestReply);
    histogram("request_params_max_tokens", "Tokens of a reply at most, as asked for.", m_requestMost);
    histogram("kv_block_lifetime_seconds", "From a KV block's use to its eviction.", m_blockLifetime);
    gauge("ranks", "Processes that computed the last step.", static_cast<double>(m_processes));
    counter("rank_failures_total", "Failures of processes that compute the model.", m_rankFailures);
    counter("rank_changes_total", "Times that their number changed.", m_rankChanges);
    addRanks(all);
    histogram("rank_skew_seconds",
              "In a step: from the process that computed least to the one that did most.", m_rankSkew);
    histogram("rank_recovery_seconds", "From a failure's finding until all processes could compute again.",
              m_rankRecovery);
    return all;
}

} // namespace vitrine::engine
