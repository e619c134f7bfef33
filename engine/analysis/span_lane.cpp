// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/span_lane.h"

#include <algorithm>

namespace vitrine::engine {

void SpanLane::add(const LaneSpan& span)
{
    const std::int64_t last = m_spans.empty() ? -kMostNs : m_spans.back().endNs;
    const std::int64_t start = std::max(last, saneNs(span.startNs));
    const std::int64_t covered =
        m_spans.empty() ? 0 : m_before.back() + (m_spans.back().endNs - m_spans.back().startNs);
    m_spans.push_back({start, std::max(start, saneNs(span.endNs)), span.tag});
    m_before.push_back(covered);
}

LaneSpan SpanLane::takeLast()
{
    const LaneSpan last = m_spans.back();
    m_spans.pop_back();
    m_before.pop_back();
    return last;
}

void SpanLane::forgetBefore(std::int64_t ns)
{
    const auto gone = static_cast<std::ptrdiff_t>(firstAfter(ns));
    m_spans.erase(m_spans.begin(), m_spans.begin() + gone);
    m_before.erase(m_before.begin(), m_before.begin() + gone); // differences are all that is asked for
}

std::size_t SpanLane::firstAfter(std::int64_t ns) const
{
    const auto at =
        std::upper_bound(m_spans.begin(), m_spans.end(), ns,
                         [](std::int64_t time, const LaneSpan& span) { return time < span.endNs; });
    return static_cast<std::size_t>(at - m_spans.begin());
}

std::size_t SpanLane::firstFrom(std::int64_t ns) const
{
    const auto at =
        std::lower_bound(m_spans.begin(), m_spans.end(), ns,
                         [](const LaneSpan& span, std::int64_t time) { return span.startNs < time; });
    return static_cast<std::size_t>(at - m_spans.begin());
}

std::size_t SpanLane::count(const TimeRange& range) const
{
    const std::size_t last = firstFrom(range.endNs);
    const std::size_t first = firstAfter(range.startNs);
    return last > first ? last - first : 0;
}

std::int64_t SpanLane::covered(const TimeRange& range) const
{
    const std::size_t first = firstAfter(range.startNs);
    const std::size_t spans = count(range);
    if (spans == 0)
        return 0;
    const LaneSpan& begin = m_spans[first];
    const LaneSpan& end = m_spans[first + spans - 1];
    const std::int64_t all = m_before[first + spans - 1] - m_before[first] + (end.endNs - end.startNs);
    return all - std::max<std::int64_t>(0, range.startNs - begin.startNs) -
           std::max<std::int64_t>(0, end.endNs - range.endNs);
}

std::vector<LaneBar> SpanLane::fold(const TimeRange& range, std::uint32_t columns) const
{
    std::vector<LaneBar> bars;
    const std::int64_t column = std::max<std::int64_t>(1, range.length() / columns);
    for (std::size_t i = firstAfter(range.startNs); i < m_spans.size() && m_spans[i].startNs < range.endNs;) {
        const LaneSpan& span = m_spans[i];
        if (span.endNs - span.startNs >= column) {
            bars.push_back({span.startNs, span.endNs, span.tag, 1, 1.0F});
            ++i;
            continue;
        }
        // All that ends within this column, or up to the next span that is wide enough to stand alone.
        const std::int64_t from =
            range.startNs + (std::max(span.startNs, range.startNs) - range.startNs) / column * column;
        const TimeRange cell{std::max(from, range.startNs), from + column};
        const std::size_t last = std::max(i + 1, firstAfter(cell.endNs));
        if (last == i + 1) {
            bars.push_back({span.startNs, span.endNs, span.tag, 1, 1.0F});
        } else {
            const double busy = static_cast<double>(covered(cell)) / static_cast<double>(column);
            bars.push_back({cell.startNs, cell.endNs, span.tag, static_cast<std::uint32_t>(last - i),
                            static_cast<float>(std::clamp(busy, 0.0, 1.0))});
        }
        i = last;
    }
    return bars;
}

} // namespace vitrine::engine
