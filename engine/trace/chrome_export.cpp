// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/chrome_export.h"

#include <bit>
#include <ostream>
#include <string>

#include <nlohmann/json.hpp>

namespace vitrine::engine {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kEnginePid = 1, kRequestsPid = 2, kNvtxPid = 3, kRanksPid = 4;

int pidOf(TimelineLane lane)
{
    return lane < kFirstRequestLane ? kEnginePid : kRequestsPid;
}

/// Threads of each process count from 1.
std::uint32_t tidOf(TimelineLane lane)
{
    return lane < kFirstRequestLane ? lane + 1 : lane - kFirstRequestLane + 1;
}

double micros(std::int64_t ns)
{
    return static_cast<double>(ns) * 1e-3;
}

Json argumentsOf(std::span<const TimelineArgument> arguments)
{
    Json object = Json::object();
    for (const TimelineArgument& argument : arguments)
        object[argument.name] = argument.value;
    return object;
}

/// As it was meant: bits of an integer or of a real number.
Json payloadOf(const NvtxEvent& event)
{
    switch (event.payloadKind) {
    case NvtxPayload::Unsigned:
        return event.payload;
    case NvtxPayload::Signed:
        return std::bit_cast<std::int64_t>(event.payload);
    case NvtxPayload::Real:
        return event.real();
    case NvtxPayload::None:
        break;
    }
    return nullptr;
}

class ChromeWriter final : public TimelineSink
{
public:
    ChromeWriter(const Trace& trace, std::ostream& out) : m_trace(trace), m_out(out)
    {
        m_out << "{\"displayTimeUnit\":\"ns\",\"otherData\":" << text(otherData()) << ",\"traceEvents\":[\n";
    }
    void finish() { m_out << "\n]}\n"; }

    void begin(const std::vector<TimelineRequest>& requests) override
    {
        name("process_name", kEnginePid, 0, "Vitrine: " + m_trace.origin.model);
        name("thread_name", kEnginePid, tidOf(kEngineLane), "engine thread");
        name("thread_name", kEnginePid, tidOf(kExecutorLane), "executor: " + m_trace.origin.device);
        name("process_name", kRequestsPid, 0, "requests");
        for (const TimelineRequest& request : requests)
            name("thread_name", kRequestsPid, tidOf(request.lane), request.title);
    }

    void rankLanes(const std::vector<std::string>& titles) override
    {
        name("process_name", kRanksPid, 0, "processes");
        for (std::uint32_t process = 0; process < titles.size(); ++process)
            name("thread_name", kRanksPid, process + 1, titles[process]);
    }

    void rankSlice(const TimelineSlice& slice) override
    {
        Json whole = sliceOf(slice);
        whole["pid"] = kRanksPid;
        whole["tid"] = slice.lane + 1;
        put(whole);
    }

    void slice(const TimelineSlice& slice) override
    {
        put(sliceOf(slice));
        for (const std::uint64_t number : slice.arrowsOut)
            arrow("s", number, slice);
        for (const std::uint64_t number : slice.arrowsIn)
            arrow("f", number, slice);
    }

    void counter(const TimelineCounter& counter) override
    {
        Json counts = event("C", counter.name, kEngineLane, counter.timeNs);
        counts["tid"] = 0;
        counts["args"] = argumentsOf(counter.series);
        put(counts);
    }

    void mark(const TimelineMark& mark) override
    {
        Json moment = event("i", mark.name, kEngineLane, mark.timeNs);
        moment["s"] = "t"; // as high as its thread
        moment["args"] = argumentsOf(mark.arguments);
        if (!mark.reason.empty())
            moment["args"]["reason"] = mark.reason;
        put(moment);
    }

    void requestBegins(const TimelineRequest& request) override
    {
        Json begin = async("b", request, request.startNs);
        begin["args"] = argumentsOf(request.arguments);
        begin["args"]["finish"] = request.finish;
        put(begin);
    }
    void requestEnds(const TimelineRequest& request) override { put(async("e", request, request.endNs)); }

    void nvtxLanes(const std::vector<TimelineNvtxLane>& lanes) override
    {
        name("process_name", kNvtxPid, 0, "NVTX");
        for (const TimelineNvtxLane& lane : lanes)
            if (lane.kind == NvtxLaneKind::Thread)
                name("thread_name", kNvtxPid, lane.lane + 1, lane.title);
    }

    /// Ranges and marks on their thread; a span by its number, on none.
    void nvtx(const TimelineNvtx& event) override
    {
        switch (event.event.kind) {
        case NvtxKind::Range: {
            Json range = nvtxEvent("X", event, event.startNs);
            range["dur"] = micros(event.endNs - event.startNs);
            return put(range);
        }
        case NvtxKind::Span:
            put(nvtxSpan("b", event, event.startNs));
            return put(nvtxSpan("e", event, event.endNs));
        case NvtxKind::Mark: {
            Json moment = nvtxEvent("i", event, event.startNs);
            moment["s"] = "t";
            return put(moment);
        }
        case NvtxKind::Counter:
            break;
        }
    }
    void nvtxCounter(const TimelineNvtx& sample) override
    {
        Json counts = nvtxEvent("C", sample, sample.startNs);
        counts["tid"] = 0;
        counts["args"] = {{"value", payloadOf(sample.event)}};
        put(counts);
    }

private:
    static Json nvtxEvent(const char* phase, const TimelineNvtx& event, std::int64_t ns)
    {
        Json args = Json::object();
        args["domain"] = event.domain;
        if (!event.category.empty())
            args["category"] = event.category;
        if (event.event.payloadKind != NvtxPayload::None)
            args["payload"] = payloadOf(event.event);
        if (!event.detail.empty())
            args["detail"] = event.detail;
        if (event.event.correlation != 0)
            args["correlation"] = event.event.correlation;
        return {{"ph", phase},           {"name", event.name}, {"cat", "nvtx"}, {"pid", kNvtxPid},
                {"tid", event.lane + 1}, {"ts", micros(ns)},   {"args", args}};
    }
    static Json nvtxSpan(const char* phase, const TimelineNvtx& event, std::int64_t ns)
    {
        Json whole = nvtxEvent(phase, event, ns);
        whole["tid"] = 0;
        whole["id"] = "nvtx " + std::to_string(event.number);
        if (*phase == 'e')
            whole.erase("args");
        return whole;
    }
    static std::string text(const Json& json)
    {
        return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }
    Json otherData() const
    {
        return {{"model", m_trace.origin.model},     {"device", m_trace.origin.device},
                {"program", m_trace.origin.program}, {"start_unix_ns", m_trace.origin.unixNs},
                {"dropped_steps", m_trace.dropped},  {"complete", m_trace.complete}};
    }
    static Json event(const char* phase, std::string name, TimelineLane lane, std::int64_t ns)
    {
        return {{"ph", phase},
                {"name", std::move(name)},
                {"pid", pidOf(lane)},
                {"tid", tidOf(lane)},
                {"ts", micros(ns)}};
    }
    static Json sliceOf(const TimelineSlice& slice)
    {
        Json whole = event("X", slice.name, slice.lane, slice.startNs);
        whole["dur"] = micros(slice.endNs - slice.startNs);
        whole["args"] = argumentsOf(slice.arguments);
        return whole;
    }
    static Json async(const char* phase, const TimelineRequest& request, std::int64_t ns)
    {
        Json whole = event(phase, request.title, request.lane, ns);
        whole["cat"] = "request";
        whole["id"] = std::to_string(request.request.value);
        return whole;
    }
    void arrow(const char* phase, std::uint64_t number, const TimelineSlice& slice)
    {
        Json end = event(phase, "computed by", slice.lane, slice.startNs);
        end["cat"] = "step";
        end["id"] = number;
        if (*phase == 'f')
            end["bp"] = "e"; // it ends at the slice around it
        put(end);
    }
    void name(const char* what, int pid, std::uint32_t tid, const std::string& name)
    {
        put({{"ph", "M"}, {"name", what}, {"pid", pid}, {"tid", tid}, {"args", {{"name", name}}}});
    }
    void put(const Json& event)
    {
        m_out << (m_any ? ",\n" : "") << text(event);
        m_any = true;
    }

    const Trace& m_trace;
    std::ostream& m_out;
    bool m_any = false;
};

} // namespace

void writeChromeTrace(const Timeline& timeline, std::ostream& out, const TraceRange& range)
{
    ChromeWriter writer(timeline.trace(), out);
    timeline.tell(writer, range);
    writer.finish();
}

} // namespace vitrine::engine
