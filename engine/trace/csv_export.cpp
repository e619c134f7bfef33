// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/csv_export.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <ostream>
#include <string_view>

#include "engine/trace/whole_file.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kMostDigits = 40; // of what is printed here: numbers below 1e20

double secondsOf(std::int64_t ns)
{
    return static_cast<double>(ns) * 1e-9;
}

/// With all nine decimals.
std::string seconds(std::int64_t ns)
{
    std::array<char, kMostDigits> text{};
    constexpr int kDecimals = 9;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), secondsOf(ns),
                                   std::chars_format::fixed, kDecimals);
    return {text.data(), end.ptr};
}

/// To six decimals, in as few digits as say so.
std::string rounded(double value)
{
    std::array<char, kMostDigits> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), std::round(value * 1e6) / 1e6);
    return {text.data(), end.ptr};
}

std::string rounded(const std::optional<double>& value)
{
    return value ? rounded(*value) : std::string();
}

/// Quoted where a comma, a quote or a line break would end the cell.
std::string cell(std::string text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    for (std::size_t at = 0; (at = text.find('"', at)) != std::string::npos; at += 2)
        text.insert(at, 1, '"');
    return '"' + text + '"';
}

} // namespace

void writeStepHeader(std::ostream& out)
{
    out << "step,start_s,schedule_s,transfer_s,forward_s,sample_s,emit_s,hidden_s,predicted_s,"
           "token_budget,prefill_tokens,decode_tokens,recomputed_tokens,cached_tokens,preemptions,"
           "running,waiting,blocks_referenced,blocks_cached,blocks_free,host_blocks,copied_blocks,"
           "swapped_out,swapped_in\n";
}

void writeStepLine(std::ostream& out, const StepFigures& step, std::int64_t beginNs)
{
    out << step.step << ',' << seconds(nsBetween(beginNs, step.startNs)) << ',' << seconds(step.scheduleNs)
        << ',' << seconds(step.transferNs) << ',' << seconds(step.forwardNs) << ',' << seconds(step.sampleNs)
        << ',' << seconds(step.emitNs) << ',' << seconds(step.hiddenNs) << ',' << seconds(step.predictedNs)
        << ',' << step.tokenBudget << ',' << step.prefillTokens << ',' << step.decodeTokens << ','
        << step.recomputedTokens << ',' << step.cachedTokens << ',' << step.preemptions << ',' << step.running
        << ',' << step.waiting << ',' << step.blocksReferenced << ',' << step.blocksCached << ','
        << step.blocksFree << ',' << step.hostBlocksUsed << ',' << step.copiedBlocks << ',' << step.swappedOut
        << ',' << step.swappedIn << '\n';
}

void writeRequestHeader(std::ostream& out)
{
    out << "id,sample,client,prompt_tokens,cached_tokens,tokens,finish_reason,arrival_s,queue_s,"
           "ttft_s,e2e_s,preemptions\n";
}

void writeRequestLine(std::ostream& out, const CsvRequest& request)
{
    out << cell(request.id) << ',' << request.sample << ',' << cell(request.client) << ','
        << request.promptTokens << ',' << request.cachedTokens << ',' << request.tokens << ','
        << finishReasonName(request.reason) << ',' << rounded(request.arrival) << ','
        << rounded(request.queue) << ',' << rounded(request.firstToken) << ',' << rounded(request.endToEnd)
        << ',' << request.preemptions << '\n';
}

namespace {

std::string besideOf(const std::string& path, const char* suffix)
{
    constexpr std::string_view kSuffix = ".csv";
    return (path.ends_with(kSuffix) ? path.substr(0, path.size() - kSuffix.size()) : path) + suffix;
}

} // namespace

std::string requestTableOf(const std::string& path)
{
    return besideOf(path, ".requests.csv");
}

std::string nvtxTableOf(const std::string& path)
{
    return besideOf(path, ".nvtx.csv");
}

namespace {

CsvRequest lineOf(const RequestLife& life, const Trace& trace, std::int64_t firstNs)
{
    const auto since = [&life](std::int64_t ns) {
        return ns == 0 ? std::nullopt : std::optional(secondsOf(nsBetween(life.arrivalNs, ns)));
    };
    const auto label = trace.labels.find(life.request);
    CsvRequest line;
    line.id = label == trace.labels.end() ? std::to_string(life.request.value) : label->second.title;
    line.promptTokens = life.promptTokens;
    line.cachedTokens = life.cachedTokens;
    line.preemptions = life.preemptions;
    line.tokens = life.replyTokens;
    line.reason = life.reason;
    line.arrival = secondsOf(nsBetween(firstNs, life.arrivalNs));
    line.queue = since(life.admittedNs);
    line.firstToken = since(life.firstTokenNs);
    line.endToEnd = since(life.endNs);
    return line;
}

void writeSteps(const Trace& trace, std::ostream& out, const TraceRange& range)
{
    writeStepHeader(out);
    std::optional<std::int64_t> beginNs;
    for (const RecordedStep& step : trace.steps) {
        const StepFigures& record = step.record;
        if (record.step == 0)
            continue;
        beginNs = beginNs.value_or(record.startNs);
        if (range.touches(record.startNs, record.endNs))
            writeStepLine(out, record, *beginNs);
    }
}

void writeRequests(const Timeline& timeline, std::ostream& out, const TraceRange& range)
{
    writeRequestHeader(out);
    for (const auto& [id, life] : timeline.lives().all()) {
        const std::int64_t last = life.spans.empty() ? life.arrivalNs : life.spans.back().endNs;
        if (range.touches(life.arrivalNs, std::max(last, life.endNs)))
            writeRequestLine(out, lineOf(life, timeline.trace(), timeline.beginNs()));
    }
}

std::string payloadText(const NvtxEvent& event)
{
    switch (event.payloadKind) {
    case NvtxPayload::Unsigned:
        return std::to_string(event.payload);
    case NvtxPayload::Signed:
        return std::to_string(std::bit_cast<std::int64_t>(event.payload));
    case NvtxPayload::Real: {
        std::array<char, kMostDigits> text{};
        return {text.data(), std::to_chars(text.data(), text.data() + text.size(), event.real()).ptr};
    }
    case NvtxPayload::None:
        break;
    }
    return {};
}

/// A line an event; nothing else of the recording.
class NvtxTable final : public TimelineSink
{
public:
    NvtxTable(std::ostream& out, std::int64_t firstNs) : m_out(out), m_firstNs(firstNs)
    {
        m_out << "kind,start_s,end_s,thread,thread_name,domain,category,name,payload,detail,correlation\n";
    }
    void begin(const std::vector<TimelineRequest>& /*requests*/) override {}
    void rankLanes(const std::vector<std::string>& /*titles*/) override {}
    void slice(const TimelineSlice& /*slice*/) override {}
    void rankSlice(const TimelineSlice& /*slice*/) override {}
    void counter(const TimelineCounter& /*counter*/) override {}
    void mark(const TimelineMark& /*mark*/) override {}
    void requestBegins(const TimelineRequest& /*request*/) override {}
    void requestEnds(const TimelineRequest& /*request*/) override {}
    void nvtxLanes(const std::vector<TimelineNvtxLane>& /*lanes*/) override {}
    void nvtxCounter(const TimelineNvtx& sample) override { nvtx(sample); }
    void nvtx(const TimelineNvtx& event) override
    {
        constexpr std::array kKinds = {"range", "span", "mark", "counter"};
        m_out << kKinds[static_cast<std::size_t>(event.event.kind)] << ','
              << seconds(event.startNs - m_firstNs) << ',' << seconds(event.endNs - m_firstNs) << ','
              << event.event.thread << ',' << cell(event.threadName) << ',' << cell(event.domain) << ','
              << cell(event.category) << ',' << cell(event.name) << ',' << payloadText(event.event) << ','
              << cell(event.detail) << ',';
        if (event.event.correlation != 0)
            m_out << event.event.correlation;
        m_out << '\n';
    }

private:
    std::ostream& m_out;
    std::int64_t m_firstNs;
};

} // namespace

void writeNvtxTable(const Timeline& timeline, std::ostream& out, const TraceRange& range)
{
    const auto& steps = timeline.trace().steps;
    const auto first = std::find_if(steps.begin(), steps.end(),
                                    [](const RecordedStep& step) { return step.record.step != 0; });
    const std::int64_t since =
        first == steps.end()
            ? 0
            : std::max<std::int64_t>(0, nsBetween(timeline.beginNs(), first->record.startNs));
    NvtxTable table(out, since);
    timeline.tell(table, range);
}

void writeCsvTables(const Timeline& timeline, std::ostream& steps, std::ostream& requests,
                    const TraceRange& range)
{
    writeSteps(timeline.trace(), steps, range);
    writeRequests(timeline, requests, range);
}

Result<void> writeCsvTables(const Timeline& timeline, const std::string& path, const TraceRange& range)
{
    const auto steps = [&](std::ostream& out) { writeSteps(timeline.trace(), out, range); };
    const auto requests = [&](std::ostream& out) { writeRequests(timeline, out, range); };
    if (Result<void> written = writeWholeStream(path, steps); !written)
        return written;
    if (Result<void> written = writeWholeStream(requestTableOf(path), requests); !written)
        return written;
    if (timeline.trace().nvtx.events.empty())
        return {};
    return writeWholeStream(nvtxTableOf(path),
                            [&](std::ostream& out) { writeNvtxTable(timeline, out, range); });
}

} // namespace vitrine::engine
