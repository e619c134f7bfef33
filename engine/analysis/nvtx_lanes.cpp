// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/nvtx_lanes.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "engine/gpu_capture/gpu_capture.h"

namespace vitrine::engine {

namespace {

std::int64_t endOf(const NvtxEvent& event)
{
    const bool lasts = event.kind == NvtxKind::Range || event.kind == NvtxKind::Span;
    return lasts ? std::max(event.startNs, event.endNs) : event.startNs;
}

NvtxLaneKey keyOf(const NvtxEvent& event)
{
    if (event.kind == NvtxKind::Counter)
        return {NvtxLaneOf::Counter, event.message, event.domain};
    if (event.kind == NvtxKind::Span)
        return {NvtxLaneOf::Spans, event.message, event.domain};
    return {NvtxLaneOf::Thread, event.thread, event.domain};
}

double valueOf(const NvtxEvent& sample)
{
    switch (sample.payloadKind) {
    case NvtxPayload::Unsigned:
        return static_cast<double>(sample.payload);
    case NvtxPayload::Signed:
        return static_cast<double>(std::bit_cast<std::int64_t>(sample.payload));
    case NvtxPayload::Real:
        return sample.real();
    case NvtxPayload::None:
        break;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

bool isCall(const NvtxEvent& event)
{
    return event.correlation != 0 && event.thread < GpuCapture::kFirstStream;
}

} // namespace

void NvtxLanes::add(std::vector<NvtxEvent> events, std::span<const std::string> names)
{
    for (std::size_t known = m_names.size(); known < names.size(); ++known)
        m_names.push_back(names[known]);
    // Threads come one after the other; the oldest have to stand in front, since they go first.
    const auto before = [](const NvtxEvent& a, const NvtxEvent& b) { return endOf(a) < endOf(b); };
    std::stable_sort(events.begin(), events.end(), before);
    for (const NvtxEvent& event : events) {
        place(event, m_events.first() + m_events.size());
        m_events.push(event);
    }
    drop();
}

void NvtxLanes::place(const NvtxEvent& event, std::uint64_t number)
{
    if (isCall(event))
        m_calls.insert_or_assign(event.correlation, number);
    const NvtxLaneKey key = keyOf(event);
    auto at = m_lanes.find(key);
    if (at == m_lanes.end()) {
        if (m_lanes.size() >= m_limits.mostLanes) {
            ++m_hidden;
            return;
        }
        at = m_lanes.emplace(key, NvtxLane{}).first;
    }
    const LaneSpan span{saneNs(event.startNs), saneNs(endOf(event)), number};
    if (event.kind == NvtxKind::Counter) {
        at->second.samples.add(event.startNs, valueOf(event));
        at->second.unit = event.detail;
    } else if (event.kind == NvtxKind::Mark)
        at->second.marks.add(span);
    else if (event.kind == NvtxKind::Span ? !placeBeside(at->second, span) : !placeNested(at->second, span))
        ++m_hidden;
}

/// Those within it came before it, since they ended before it: they move down. Only a file's word can cross
/// it; then it lies below what it crosses.
bool NvtxLanes::placeNested(NvtxLane& lane, const LaneSpan& span)
{
    for (std::size_t level = 0; level < m_limits.mostLevels; ++level) {
        if (level == lane.levels.size())
            lane.levels.emplace_back();
        const std::size_t within = lane.levels[level].firstFrom(span.startNs);
        if (within > 0 && lane.levels[level].at(within - 1).endNs > span.startNs)
            continue;
        pushDown(lane, level, span.startNs);
        lane.levels[level].add(span);
        return true;
    }
    return false;
}

void NvtxLanes::pushDown(NvtxLane& lane, std::size_t level, std::int64_t startNs)
{
    std::vector<LaneSpan> moved;
    for (std::size_t from = lane.levels.size(); from-- > level;) {
        moved.clear();
        SpanLane& spans = lane.levels[from];
        while (spans.size() > 0 && spans.at(spans.size() - 1).startNs >= startNs)
            moved.push_back(spans.takeLast());
        if (moved.empty())
            continue;
        if (from + 1 == m_limits.mostLevels) {
            m_hidden += moved.size();
            continue;
        }
        if (from + 1 == lane.levels.size())
            lane.levels.emplace_back();
        for (std::size_t i = moved.size(); i-- > 0;)
            lane.levels[from + 1].add(moved[i]);
    }
}

/// On the first level that is free.
bool NvtxLanes::placeBeside(NvtxLane& lane, const LaneSpan& span) const
{
    for (std::size_t level = 0; level < m_limits.mostLevels; ++level) {
        if (level == lane.levels.size())
            lane.levels.emplace_back();
        SpanLane& spans = lane.levels[level];
        if (spans.size() > 0 && spans.at(spans.size() - 1).endNs > span.startNs)
            continue;
        spans.add(span);
        return true;
    }
    return false;
}

/// A sixteenth at a time. What ended by the time of the last one that goes leaves the lanes with it.
void NvtxLanes::drop()
{
    if (m_events.size() <= m_limits.mostEvents)
        return;
    const std::size_t gone =
        std::min(m_events.size(), m_events.size() - m_limits.mostEvents + m_limits.mostEvents / 16);
    const std::uint64_t end = m_events.first() + gone;
    std::int64_t lastNs = -kMostNs;
    for (std::uint64_t number = m_events.first(); number < end; ++number)
        lastNs = std::max(lastNs, saneNs(endOf(m_events.at(number))));
    m_events.dropFirst(gone);
    m_dropped += gone;
    for (auto& [key, lane] : m_lanes)
        forget(lane, lastNs);
    std::erase_if(m_calls, [end](const auto& call) { return call.second < end; });
}

void NvtxLanes::forget(NvtxLane& lane, std::int64_t ns)
{
    lane.marks.forgetBefore(ns);
    lane.samples.forgetBefore(ns);
    for (SpanLane& level : lane.levels) {
        if (&level == lane.levels.data())
            for (std::size_t i = 0, over = level.firstAfter(ns); i < over; ++i)
                lane.past.add(level.at(i).startNs, level.at(i).endNs);
        level.forgetBefore(ns);
    }
}

std::optional<NvtxEvent> NvtxLanes::event(std::uint64_t number) const
{
    return m_events.contains(number) ? std::optional(m_events.at(number)) : std::nullopt;
}

std::optional<NvtxEvent> NvtxLanes::callOf(const NvtxEvent& work) const
{
    const auto call = m_calls.find(work.correlation);
    return work.correlation == 0 || isCall(work) || call == m_calls.end() ? std::nullopt
                                                                          : event(call->second);
}

const std::string& NvtxLanes::name(std::uint32_t number) const
{
    return m_names[number < m_names.size() ? number : 0];
}

std::string NvtxLanes::threadName(std::uint32_t thread) const
{
    const auto named = m_threads.find(thread);
    return named == m_threads.end() ? std::string() : named->second;
}

NvtxEvents NvtxLanes::eventsIn(const TimeRange& range) const
{
    NvtxEvents found;
    found.names = m_names;
    found.threads = m_threads;
    found.dropped = dropped();
    for (std::uint64_t number = m_events.first(); m_events.contains(number); ++number) {
        const NvtxEvent event = m_events.at(number);
        if (event.startNs < range.endNs && endOf(event) >= range.startNs)
            found.events.push_back(event);
    }
    return found;
}

NvtxEvents NvtxLanes::all() const
{
    constexpr std::int64_t kFirst = std::numeric_limits<std::int64_t>::min();
    return eventsIn({kFirst, std::numeric_limits<std::int64_t>::max()});
}

} // namespace vitrine::engine
