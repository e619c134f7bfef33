// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/chrome_export.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <ostream>
#include <string>
#include <unordered_map>

#include <nlohmann/json.hpp>

#include "engine/trace/request_life.h"

namespace vitrine::engine {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kEnginePid = 1, kRequestsPid = 2;
constexpr int kEngineLane = 1, kExecutorLane = 2;

constexpr std::array kPhaseNames = {"schedule", "transfer", "forward", "sample", "emit"};
constexpr std::array kLifeNames = {"queued", "prefill", "decode", "preempted", "recompute"};

std::int64_t beginningOf(const Trace& trace, const RequestLives& lives)
{
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    for (const auto& [id, life] : lives.all())
        first = std::min(first, life.arrivalNs);
    for (const RecordedStep& step : trace.steps)
        if (step.record.step != 0)
            first = std::min(first, step.record.startNs);
    return first == std::numeric_limits<std::int64_t>::max() ? 0 : first;
}

class ChromeWriter
{
public:
    ChromeWriter(const Trace& trace, std::ostream& out) : m_trace(trace), m_out(out)
    {
        for (const RecordedStep& step : trace.steps)
            m_lives.add(step);
        m_beginNs = beginningOf(trace, m_lives);
    }

    void write()
    {
        m_out << "{\"displayTimeUnit\":\"ns\",\"otherData\":" << otherData().dump(-1, ' ', false, kReplace)
              << ",\"traceEvents\":[\n";
        writeNames();
        for (const RecordedStep& step : m_trace.steps)
            writeStep(step);
        int lane = 0;
        for (const auto& [id, life] : m_lives.all())
            writeLife(life, ++lane);
        m_out << "\n]}\n";
    }

private:
    static constexpr auto kReplace = nlohmann::json::error_handler_t::replace;

    Json otherData() const
    {
        return {{"model", m_trace.origin.model},     {"device", m_trace.origin.device},
                {"program", m_trace.origin.program}, {"start_unix_ns", m_trace.origin.unixNs},
                {"dropped_steps", m_trace.dropped},  {"complete", m_trace.complete}};
    }
    double micros(std::int64_t ns) const { return static_cast<double>(ns - m_beginNs) * 1e-3; }
    Json event(const char* phase, std::string name, int pid, int tid, std::int64_t ns) const
    {
        return {{"ph", phase}, {"name", std::move(name)}, {"pid", pid}, {"tid", tid}, {"ts", micros(ns)}};
    }
    void put(const Json& event)
    {
        m_out << (m_any ? ",\n" : "") << event.dump(-1, ' ', false, kReplace);
        m_any = true;
    }
    void name(const char* what, int pid, int tid, const std::string& text)
    {
        put({{"ph", "M"}, {"name", what}, {"pid", pid}, {"tid", tid}, {"args", {{"name", text}}}});
    }
    std::string titleOf(RequestId request) const
    {
        const auto label = m_trace.labels.find(request);
        const std::string number = "request " + std::to_string(request.value);
        return label == m_trace.labels.end() || label->second.title.empty()
                   ? number
                   : label->second.title + " (" + number + ")";
    }

    void writeNames()
    {
        name("process_name", kEnginePid, 0, "Vitrine: " + m_trace.origin.model);
        name("thread_name", kEnginePid, kEngineLane, "engine thread");
        name("thread_name", kEnginePid, kExecutorLane, "executor: " + m_trace.origin.device);
        name("process_name", kRequestsPid, 0, "requests");
        int lane = 0;
        for (const auto& [id, life] : m_lives.all())
            name("thread_name", kRequestsPid, ++lane, titleOf(id));
    }

    void writeStep(const RecordedStep& step)
    {
        for (const PhaseSpan& span : step.phases) {
            const bool forward = span.phase == StepPhase::Forward;
            Json slice = event("X", kPhaseNames[static_cast<std::size_t>(span.phase)], kEnginePid,
                               forward ? kExecutorLane : kEngineLane, span.startNs);
            slice["dur"] = static_cast<double>(span.endNs - span.startNs) * 1e-3;
            slice["args"] = {{"step", step.record.step}};
            if (forward) {
                slice["args"]["prefill_tokens"] = step.record.prefillTokens;
                slice["args"]["decode_tokens"] = step.record.decodeTokens;
                m_forwardNs[step.record.step] = span.startNs;
            }
            put(slice);
        }
        if (step.record.step != 0)
            writeCounters(step.record);
    }

    void writeCounters(const StepFigures& record)
    {
        const auto counter = [&](const char* name, const Json& values) {
            Json counts = event("C", name, kEnginePid, 0, record.endNs);
            counts["args"] = values;
            put(counts);
        };
        counter("KV blocks", {{"referenced", record.blocksReferenced},
                              {"cached", record.blocksCached},
                              {"free", record.blocksFree}});
        counter("requests", {{"running", record.running}, {"waiting", record.waiting}});
        counter("tokens", {{"prefill", record.prefillTokens}, {"decode", record.decodeTokens}});
    }

    void writeLife(const RequestLife& life, int lane)
    {
        const std::int64_t end = life.spans.empty() ? life.arrivalNs : life.spans.back().endNs;
        const auto async = [&](const char* phase, std::int64_t ns) {
            Json whole = event(phase, titleOf(life.request), kRequestsPid, lane, ns);
            whole["cat"] = "request";
            whole["id"] = std::to_string(life.request.value);
            return whole;
        };
        Json begin = async("b", life.arrivalNs);
        begin["args"] = {{"prompt_tokens", life.promptTokens},
                         {"cached_tokens", life.cachedTokens},
                         {"reply_tokens", life.replyTokens},
                         {"preemptions", life.preemptions},
                         {"finish", finishReasonName(life.reason)}};
        put(begin);
        for (const LifeSpan& span : life.spans)
            writeSpan(span, lane);
        put(async("e", std::max(end, life.endNs)));
    }

    void writeSpan(const LifeSpan& span, int lane)
    {
        Json slice =
            event("X", kLifeNames[static_cast<std::size_t>(span.phase)], kRequestsPid, lane, span.startNs);
        slice["dur"] = static_cast<double>(span.endNs - span.startNs) * 1e-3;
        slice["args"] = {
            {"tokens", span.tokens}, {"first_step", span.firstStep}, {"last_step", span.lastStep}};
        put(slice);
        const auto forward = m_forwardNs.find(span.firstStep);
        if (span.tokens == 0 || forward == m_forwardNs.end())
            return;
        const auto arrow = [&](const char* phase, int pid, int tid, std::int64_t ns) {
            Json end = event(phase, "computed by", pid, tid, ns);
            end["cat"] = "step";
            end["id"] = m_arrows;
            if (*phase == 'f')
                end["bp"] = "e"; // it ends at the slice around it
            put(end);
        };
        ++m_arrows;
        arrow("s", kRequestsPid, lane, span.startNs);
        arrow("f", kEnginePid, kExecutorLane, forward->second);
    }

    const Trace& m_trace;
    std::ostream& m_out;
    RequestLives m_lives;
    std::int64_t m_beginNs = 0;
    std::unordered_map<std::uint64_t, std::int64_t> m_forwardNs; // by step
    std::uint64_t m_arrows = 0;
    bool m_any = false;
};

} // namespace

void writeChromeTrace(const Trace& trace, std::ostream& out)
{
    ChromeWriter(trace, out).write();
}

} // namespace vitrine::engine
