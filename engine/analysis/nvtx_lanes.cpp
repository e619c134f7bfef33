// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/nvtx_lanes.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vitrine::engine {

namespace {

std::int64_t endOf(const NvtxEvent& event)
{
    const bool lasts = event.kind == NvtxKind::Range || event.kind == NvtxKind::Span;
    return lasts ? std::max(event.startNs, event.endNs) : event.startNs;
}

NvtxLaneKey keyOf(const NvtxEvent& event)
{
    const bool spans = event.kind == NvtxKind::Span;
    return {spans, spans ? event.message : event.thread, event.domain};
}

} // namespace

void NvtxLanes::add(std::vector<NvtxEvent> events, std::span<const std::string> names)
{
    for (std::size_t known = m_names.size(); known < names.size(); ++known)
        m_names.push_back(names[known]);
    // Threads come one after the other; the oldest have to stand in front, since they go first.
    const auto before = [](const NvtxEvent& a, const NvtxEvent& b) { return endOf(a) < endOf(b); };
    std::stable_sort(events.begin(), events.end(), before);
    for (const NvtxEvent& event : events)
        place(event, m_first + m_events.size() + static_cast<std::uint64_t>(&event - events.data()));
    m_events.insert(m_events.end(), events.begin(), events.end());
    drop();
}

void NvtxLanes::place(const NvtxEvent& event, std::uint64_t number)
{
    if (event.kind == NvtxKind::Counter)
        return; // of no lane
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
    if (event.kind == NvtxKind::Mark)
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

/// A quarter at a time. What ended by the time of the last one that goes leaves the lanes with it.
void NvtxLanes::drop()
{
    if (m_events.size() <= m_limits.mostEvents)
        return;
    const std::size_t gone = m_events.size() - m_limits.mostEvents + m_limits.mostEvents / 4;
    const auto end = m_events.begin() + static_cast<std::ptrdiff_t>(std::min(gone, m_events.size()));
    std::int64_t lastNs = -kMostNs;
    for (auto event = m_events.begin(); event != end; ++event)
        lastNs = std::max(lastNs, saneNs(endOf(*event)));
    const auto count = static_cast<std::uint64_t>(end - m_events.begin());
    m_events.erase(m_events.begin(), end);
    m_first += count;
    m_dropped += count;
    for (auto& [key, lane] : m_lanes) {
        lane.marks.forgetBefore(lastNs);
        for (SpanLane& level : lane.levels)
            level.forgetBefore(lastNs);
    }
}

const NvtxEvent* NvtxLanes::event(std::uint64_t number) const
{
    return number >= m_first && number - m_first < m_events.size() ? &m_events[number - m_first] : nullptr;
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

NvtxEvents NvtxLanes::withNames(std::vector<NvtxEvent> events) const
{
    NvtxEvents out;
    out.names = m_names;
    out.threads = m_threads;
    out.dropped = dropped();
    out.events = std::move(events);
    return out;
}

NvtxEvents NvtxLanes::eventsIn(const TimeRange& range) const
{
    std::vector<NvtxEvent> found;
    std::copy_if(m_events.begin(), m_events.end(), std::back_inserter(found), [&](const NvtxEvent& event) {
        return event.startNs < range.endNs && endOf(event) >= range.startNs;
    });
    return withNames(std::move(found));
}

NvtxEvents NvtxLanes::all() const
{
    return withNames(m_events);
}

} // namespace vitrine::engine
