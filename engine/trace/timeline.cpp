// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/timeline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <unordered_map>
#include <utility>
#include <variant>

#include "engine/base/text.h"
#include "engine/trace/nvtx_telling.h"
#include "engine/trace/rank_telling.h"

namespace vitrine::engine {

namespace {

constexpr std::array kPhaseNames = {"schedule", "transfer", "forward", "sample", "emit"};
constexpr std::array kLifeNames = {"queued", "prefill", "decode", "preempted", "recompute"};

std::int64_t endOf(const RequestLife& life)
{
    const std::int64_t last = life.spans.empty() ? life.arrivalNs : life.spans.back().endNs;
    return std::max({life.arrivalNs, last, life.endNs});
}

/// One telling: what it has to remember between lanes.
class Telling
{
public:
    Telling(const Timeline& timeline, TimelineSink& sink, const TraceRange& range)
        : m_timeline(timeline), m_trace(timeline.trace()), m_sink(sink), m_range(range)
    {}

    void tell()
    {
        findArrows();
        m_sink.begin(requests());
        RankTelling ranks(m_trace, m_range, m_timeline.beginNs(), m_sink);
        ranks.tellLanes();
        for (const RecordedStep& step : m_trace.steps) {
            tell(step);
            ranks.tell(step);
        }
        TimelineLane lane = kFirstRequestLane;
        for (const auto& [id, life] : m_timeline.lives().all())
            if (isIn(life))
                tell(life, lane++);
        if (!m_trace.nvtx.events.empty())
            NvtxTelling(m_trace.nvtx, m_range, m_timeline.beginNs()).tell(m_sink);
    }

private:
    using Arrows = std::vector<std::uint64_t>;

    std::int64_t since(std::int64_t ns) const
    {
        return std::max<std::int64_t>(nsBetween(m_timeline.beginNs(), m_range.cut(ns)), 0);
    }

    bool isIn(const RequestLife& life) const { return m_range.touches(life.arrivalNs, endOf(life)); }
    bool isIn(const LifeSpan& span) const { return m_range.touches(span.startNs, span.endNs); }
    bool isIn(const PhaseSpan& span) const { return m_range.touches(span.startNs, span.endNs); }

    static bool isComputed(const LifeSpan& span) { return span.tokens > 0; }

    bool hasForward(const RecordedStep& step) const
    {
        return std::any_of(step.phases.begin(), step.phases.end(), [&](const PhaseSpan& span) {
            return span.phase == StepPhase::Forward && isIn(span);
        });
    }

    /// Which steps have an arrow's head, and how many arrows lead to each: numbers are given in that order.
    void findArrows()
    {
        for (const RecordedStep& step : m_trace.steps)
            if (hasForward(step))
                m_arrowsIn.try_emplace(step.record.step);
        for (const auto& [id, life] : m_timeline.lives().all())
            if (isIn(life))
                for (const LifeSpan& span : life.spans)
                    findArrow(span);
        m_arrows = 0;
    }
    void findArrow(const LifeSpan& span)
    {
        if (!isComputed(span) || !isIn(span))
            return;
        if (const auto head = m_arrowsIn.find(span.firstStep); head != m_arrowsIn.end())
            head->second.push_back(++m_arrows);
    }

    std::string titleOf(RequestId request) const
    {
        constexpr std::size_t kMostTitle = 200;
        const auto label = m_trace.labels.find(request);
        const std::string number = "request " + std::to_string(request.value);
        return label == m_trace.labels.end() || label->second.title.empty()
                   ? number
                   : printable(label->second.title, kMostTitle) + " (" + number + ")";
    }

    TimelineRequest requestOf(const RequestLife& life, TimelineLane lane) const
    {
        TimelineRequest request;
        request.lane = lane;
        request.request = life.request;
        request.title = titleOf(life.request);
        request.startNs = since(life.arrivalNs);
        request.endNs = std::max(request.startNs, since(endOf(life)));
        request.finish = finishReasonName(life.reason);
        return request;
    }

    std::vector<TimelineRequest> requests() const
    {
        std::vector<TimelineRequest> requests;
        TimelineLane lane = kFirstRequestLane;
        for (const auto& [id, life] : m_timeline.lives().all())
            if (isIn(life))
                requests.push_back(requestOf(life, lane++));
        return requests;
    }

    /// On the lane behind what it has.
    void put(TimelineSlice slice, std::int64_t& lastNs)
    {
        slice.startNs = std::max(lastNs, since(slice.startNs));
        slice.endNs = lastNs = std::max(slice.startNs, since(slice.endNs));
        m_sink.slice(slice);
    }

    void tell(const RecordedStep& step)
    {
        for (const PhaseSpan& span : step.phases)
            if (isIn(span))
                tell(span, step.record);
        for (const RecordedEvent& event : step.events)
            if (const auto* preemption = std::get_if<PreemptionEvent>(&event))
                tell(*preemption, step.record);
        if (step.record.step == 0)
            return;
        m_nowNs = step.record.endNs;
        if (m_range.touches(m_nowNs, m_nowNs))
            tellCounters(step.record);
    }

    void tell(const PhaseSpan& span, const StepFigures& record)
    {
        const bool forward = span.phase == StepPhase::Forward;
        const std::array<TimelineArgument, 3> arguments = {{{"step", record.step},
                                                            {"prefill_tokens", record.prefillTokens},
                                                            {"decode_tokens", record.decodeTokens}}};
        const Arrows arrows = forward ? takeArrows(record.step) : Arrows();
        TimelineSlice slice;
        slice.lane = forward ? kExecutorLane : kEngineLane;
        slice.name = kPhaseNames[static_cast<std::size_t>(span.phase)];
        slice.startNs = span.startNs;
        slice.endNs = span.endNs;
        slice.arguments = std::span(arguments).first(forward ? 3 : 1);
        slice.arrowsIn = arrows;
        put(slice, m_lastNs[slice.lane]);
    }

    /// A file may have a step twice: the first one is where they lead.
    Arrows takeArrows(std::uint64_t step)
    {
        const auto head = m_arrowsIn.find(step);
        return head == m_arrowsIn.end() ? Arrows() : std::exchange(head->second, Arrows());
    }

    void tell(const PreemptionEvent& preemption, const StepFigures& record)
    {
        const std::int64_t ns = record.step == 0 ? m_nowNs : record.startNs;
        if (!m_range.touches(ns, ns))
            return;
        const std::array<TimelineArgument, 4> arguments = {{{"victim", preemption.victim.value},
                                                            {"beneficiary", preemption.beneficiary.value},
                                                            {"recompute_tokens", preemption.recomputeTokens},
                                                            {"blocks_freed", preemption.blocksFreed}}};
        m_sink.mark({"preemption", since(ns), arguments, {}});
    }

    void tellCounters(const StepFigures& record)
    {
        const std::int64_t ns = since(record.endNs);
        const std::array<TimelineArgument, 3> blocks = {{{"referenced", record.blocksReferenced},
                                                         {"cached", record.blocksCached},
                                                         {"free", record.blocksFree}}};
        const std::array<TimelineArgument, 2> requests = {
            {{"running", record.running}, {"waiting", record.waiting}}};
        const std::array<TimelineArgument, 2> tokens = {
            {{"prefill", record.prefillTokens}, {"decode", record.decodeTokens}}};
        m_sink.counter({"KV blocks", ns, blocks});
        m_sink.counter({"requests", ns, requests});
        m_sink.counter({"tokens", ns, tokens});
    }

    void tell(const RequestLife& life, TimelineLane lane)
    {
        const std::array<TimelineArgument, 4> arguments = {{{"prompt_tokens", life.promptTokens},
                                                            {"cached_tokens", life.cachedTokens},
                                                            {"reply_tokens", life.replyTokens},
                                                            {"preemptions", life.preemptions}}};
        TimelineRequest request = requestOf(life, lane);
        request.arguments = arguments;
        m_sink.requestBegins(request);
        std::int64_t lastNs = request.startNs;
        for (const LifeSpan& span : life.spans)
            if (isIn(span))
                tell(span, lane, lastNs);
        request.endNs = std::max(request.endNs, lastNs);
        m_sink.requestEnds(request);
    }

    void tell(const LifeSpan& span, TimelineLane lane, std::int64_t& lastNs)
    {
        const std::array<TimelineArgument, 3> arguments = {
            {{"tokens", span.tokens}, {"first_step", span.firstStep}, {"last_step", span.lastStep}}};
        TimelineSlice slice;
        slice.lane = lane;
        slice.name = kLifeNames[static_cast<std::size_t>(span.phase)];
        slice.startNs = span.startNs;
        slice.endNs = span.endNs;
        slice.arguments = arguments;
        std::uint64_t arrow = 0;
        if (isComputed(span) && m_arrowsIn.contains(span.firstStep)) {
            arrow = ++m_arrows;
            slice.arrowsOut = {&arrow, 1};
        }
        put(slice, lastNs);
    }

    const Timeline& m_timeline;
    const Trace& m_trace;
    TimelineSink& m_sink;
    TraceRange m_range;
    std::unordered_map<std::uint64_t, Arrows> m_arrowsIn; // by step
    std::uint64_t m_arrows = 0;
    std::array<std::int64_t, 2> m_lastNs{}; // of the engine's lanes
    std::int64_t m_nowNs = 0;
};

/// Seconds behind `beginNs`, at most the ends of the numbers.
std::int64_t moment(std::int64_t beginNs, double seconds)
{
    constexpr double kMost = 9e18;
    std::int64_t at = 0;
    const auto ns = static_cast<std::int64_t>(std::clamp(std::round(seconds * 1e9), -kMost, kMost));
    if (!__builtin_add_overflow(beginNs, ns, &at))
        return at;
    return ns < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

} // namespace

Timeline::Timeline(const Trace& trace) : m_trace(trace)
{
    std::optional<std::int64_t> first;
    const auto take = [&first](std::int64_t ns) { first = std::min(first.value_or(ns), ns); };
    for (const RecordedStep& step : trace.steps) {
        m_lives.add(step);
        if (step.record.step != 0)
            take(step.record.startNs);
    }
    for (const auto& [id, life] : m_lives.all())
        take(life.arrivalNs);
    for (const NvtxEvent& event : trace.nvtx.events)
        take(event.startNs);
    m_beginNs = first.value_or(0);
}

TraceRange Timeline::range(double fromSeconds, double toSeconds) const
{
    TraceRange range;
    if (!std::isnan(fromSeconds))
        range.startNs = moment(m_beginNs, fromSeconds);
    if (!std::isnan(toSeconds))
        range.endNs = moment(m_beginNs, toSeconds);
    return range;
}

void Timeline::tell(TimelineSink& sink, const TraceRange& range) const
{
    Telling(*this, sink, range).tell();
}

} // namespace vitrine::engine
