// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/nvtx_telling.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <queue>
#include <tuple>

#include "engine/base/text.h"
#include "engine/gpu_capture/gpu_capture.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kMostName = 1000; // functions of GPUs are called by their whole type
/// Ranges of a thread that cross each other, which only different domains do, lie on lanes beside it. A
/// thread has at most this many; on the last one ranges are cut to what is around them.
constexpr std::uint32_t kMostBeside = 8;

std::string numbered(std::string title, std::uint32_t beside)
{
    return beside == 0 ? title : std::move(title) + " (" + std::to_string(beside + 1) + ")";
}

} // namespace

NvtxTelling::NvtxTelling(const NvtxEvents& nvtx, const TraceRange& range, std::int64_t beginNs)
    : m_nvtx(nvtx), m_range(range), m_beginNs(beginNs)
{
    m_names.reserve(nvtx.names.size());
    for (const std::string& name : nvtx.names)
        m_names.push_back(printable(name, kMostName));
    if (m_names.empty())
        m_names.emplace_back();
    m_names.front().clear();
    for (const auto& [thread, name] : nvtx.threads)
        m_threadNames[thread] = printable(name, kMostName);
    for (Index i = 0; i < nvtx.events.size(); ++i) {
        const NvtxEvent& event = nvtx.events[i];
        if (!range.touches(event.startNs, endOf(i)))
            continue;
        listOf(event.kind).push_back(i);
    }
}

std::vector<NvtxTelling::Index>& NvtxTelling::listOf(NvtxKind kind)
{
    switch (kind) {
    case NvtxKind::Range:
        return m_ranges;
    case NvtxKind::Span:
        return m_spans;
    case NvtxKind::Counter:
        return m_counters;
    case NvtxKind::Mark:
        break;
    }
    return m_marks;
}

std::int64_t NvtxTelling::endOf(Index event) const
{
    const NvtxEvent& it = m_nvtx.events[event];
    const bool lasts = it.kind == NvtxKind::Range || it.kind == NvtxKind::Span;
    return lasts ? std::max(it.startNs, it.endNs) : it.startNs;
}

std::int64_t NvtxTelling::since(std::int64_t ns) const
{
    return std::max<std::int64_t>(nsBetween(m_beginNs, m_range.cut(ns)), 0);
}

const std::string& NvtxTelling::threadName(std::uint32_t thread) const
{
    const auto named = m_threadNames.find(thread);
    return named == m_threadNames.end() ? m_names.front() : named->second;
}

std::string NvtxTelling::titleOf(std::uint32_t thread) const
{
    const std::string number = "thread " + std::to_string(thread);
    const std::string& name = threadName(thread);
    if (thread >= GpuCapture::kFirstStream && !name.empty()) // none of the system's
        return name;
    return name.empty() ? number : name + " (" + number + ")";
}

void NvtxTelling::addLane(NvtxLaneKind kind, std::uint32_t number, std::uint32_t beside, std::string title)
{
    m_lanes.push_back({kind, static_cast<std::uint32_t>(m_lanes.size()), number, beside,
                       numbered(std::move(title), beside)});
}

std::uint32_t NvtxTelling::threadLane(std::uint32_t thread, std::uint32_t beside)
{
    const auto [at, isNew] =
        m_threadLanes.try_emplace({thread, beside}, static_cast<std::uint32_t>(m_lanes.size()));
    if (isNew)
        addLane(NvtxLaneKind::Thread, thread, beside, titleOf(thread));
    return at->second;
}

void NvtxTelling::place(Index event, std::uint32_t lane, std::int64_t endNs)
{
    m_placed.push_back({event, lane, endNs});
}

const std::string& NvtxTelling::nameOf(std::uint32_t number) const
{
    return m_names[number < m_names.size() ? number : 0];
}

/// Of a thread from the outside in. Where two are the same, the one that came later ended later.
void NvtxTelling::sort()
{
    const auto keyOf = [this](Index i) {
        const NvtxEvent& event = m_nvtx.events[i];
        return std::tuple(event.thread, event.startNs, ~endOf(i), ~i);
    };
    const auto before = [&](Index a, Index b) { return keyOf(a) < keyOf(b); };
    std::sort(m_ranges.begin(), m_ranges.end(), before);
    std::sort(m_marks.begin(), m_marks.end(), before);
    std::sort(m_counters.begin(), m_counters.end(), [this](Index a, Index b) {
        return std::pair(m_nvtx.events[a].startNs, a) < std::pair(m_nvtx.events[b].startNs, b);
    });
    std::sort(m_spans.begin(), m_spans.end(), [this](Index a, Index b) {
        const NvtxEvent &one = m_nvtx.events[a], &other = m_nvtx.events[b];
        return std::tuple(one.domain, one.startNs, a) < std::tuple(other.domain, other.startNs, b);
    });
}

void NvtxTelling::placeRanges()
{
    std::vector<std::vector<std::int64_t>> open; // [lane beside]: ends, the innermost last
    std::optional<std::uint32_t> thread;
    for (const Index i : m_ranges) {
        const NvtxEvent& event = m_nvtx.events[i];
        if (thread != event.thread)
            open.clear();
        thread = event.thread;
        std::uint32_t beside = 0;
        for (;; ++beside) {
            if (beside == open.size())
                open.emplace_back();
            std::vector<std::int64_t>& ends = open[beside];
            while (!ends.empty() && ends.back() <= event.startNs)
                ends.pop_back();
            if (ends.empty() || endOf(i) <= ends.back() || beside + 1 == kMostBeside)
                break;
        }
        std::vector<std::int64_t>& ends = open[beside];
        ends.push_back(ends.empty() ? endOf(i) : std::min(endOf(i), ends.back()));
        place(i, threadLane(event.thread, beside), ends.back());
    }
}

/// As few lanes as there are spans at once; each begins on the first that is free.
void NvtxTelling::placeSpans()
{
    using Busy = std::pair<std::int64_t, std::uint32_t>; // until when, lane
    std::priority_queue<Busy, std::vector<Busy>, std::greater<>> busy;
    std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> free;
    std::optional<std::uint32_t> domain;
    std::uint32_t lanes = 0;
    for (const Index i : m_spans) {
        const NvtxEvent& event = m_nvtx.events[i];
        if (domain != event.domain) {
            busy = {};
            free = {};
            lanes = 0;
        }
        domain = event.domain;
        for (; !busy.empty() && busy.top().first <= event.startNs; busy.pop())
            free.push(busy.top().second);
        if (free.empty()) {
            const std::string& name = nameOf(event.domain);
            addLane(NvtxLaneKind::Spans, event.domain, lanes++, name.empty() ? "spans" : name + ": spans");
            free.push(static_cast<std::uint32_t>(m_lanes.size() - 1));
        }
        busy.emplace(endOf(i), free.top());
        place(i, free.top(), endOf(i));
        free.pop();
    }
}

void NvtxTelling::placeMarks()
{
    for (const Index i : m_marks)
        place(i, threadLane(m_nvtx.events[i].thread, 0), endOf(i));
}

TimelineNvtx NvtxTelling::toldOf(const Placed& placed, std::uint64_t number) const
{
    const NvtxEvent& event = m_nvtx.events[placed.event];
    const std::int64_t startNs = since(event.startNs);
    return {event,
            placed.lane,
            number,
            startNs,
            std::max(startNs, since(placed.endNs)),
            nameOf(event.message),
            nameOf(event.domain),
            nameOf(event.category),
            threadName(event.thread),
            nameOf(event.detail)};
}

void NvtxTelling::tell(TimelineSink& sink)
{
    sort();
    placeRanges();
    placeSpans();
    placeMarks();
    sink.nvtxLanes(m_lanes);
    std::uint64_t number = 0;
    for (const Placed& placed : m_placed)
        sink.nvtx(toldOf(placed, ++number));
    for (const Index i : m_counters)
        sink.nvtxCounter(toldOf({i, 0, endOf(i)}, ++number));
}

} // namespace vitrine::engine
