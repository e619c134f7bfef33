// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/span_lane.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace vitrine::engine {

namespace {

constexpr std::uint32_t kLong = std::numeric_limits<std::uint32_t>::max();

} // namespace

void SpanLane::add(const LaneSpan& span)
{
    const std::int64_t last = m_spans.empty() ? -kMostNs : endOf(m_spans.size() - 1);
    const std::int64_t start = std::max(last, saneNs(span.startNs));
    const std::int64_t end = std::max(start, saneNs(span.endNs));
    const std::uint64_t number = m_gone + m_spans.size();
    if (m_before.empty() || number % kBlock == 0)
        m_before.push_back(m_covered);
    Packed packed{std::bit_cast<std::array<std::uint32_t, 2>>(start),
                  std::bit_cast<std::array<std::uint32_t, 2>>(span.tag),
                  static_cast<std::uint32_t>(std::min<std::int64_t>(end - start, kLong))};
    if (packed.lengthNs == kLong)
        m_long.emplace_back(number, end);
    m_spans.push_back(packed);
    m_covered += static_cast<std::uint64_t>(end - start);
}

LaneSpan SpanLane::takeLast()
{
    const LaneSpan last = at(m_spans.size() - 1);
    if (m_spans.back().lengthNs == kLong)
        m_long.pop_back();
    m_spans.pop_back();
    m_covered -= static_cast<std::uint64_t>(last.endNs - last.startNs);
    if (m_spans.empty() || (m_gone + m_spans.size()) % kBlock == 0)
        m_before.pop_back();
    return last;
}

void SpanLane::forgetBefore(std::int64_t ns)
{
    const std::size_t gone = firstAfter(ns);
    if (gone == 0)
        return;
    const std::uint64_t covered = gone == m_spans.size() ? m_covered : coveredBefore(gone);
    const std::uint64_t first = m_gone + gone;
    const auto blocks = static_cast<std::ptrdiff_t>(first / kBlock - m_gone / kBlock);
    m_spans.erase(m_spans.begin(), m_spans.begin() + static_cast<std::ptrdiff_t>(gone));
    m_gone = first;
    while (!m_long.empty() && m_long.front().first < first)
        m_long.pop_front();
    if (m_spans.empty()) {
        m_before.clear();
        return;
    }
    m_before.erase(m_before.begin(), m_before.begin() + blocks);
    m_before.front() = covered; // what is left of its block counts from here
}

LaneSpan SpanLane::at(std::size_t index) const
{
    return {startOf(index), endOf(index), std::bit_cast<std::uint64_t>(m_spans[index].tag)};
}

std::int64_t SpanLane::startOf(std::size_t index) const
{
    return std::bit_cast<std::int64_t>(m_spans[index].startNs);
}

std::int64_t SpanLane::endOf(std::size_t index) const
{
    if (m_spans[index].lengthNs < kLong)
        return startOf(index) + m_spans[index].lengthNs;
    const auto byNumber = [](const auto& one, std::uint64_t number) { return one.first < number; };
    return std::lower_bound(m_long.begin(), m_long.end(), m_gone + index, byNumber)->second;
}

/// Of all there ever were.
std::uint64_t SpanLane::coveredBefore(std::size_t index) const
{
    const std::uint64_t block = (m_gone + index) / kBlock;
    const std::uint64_t first = std::max(block * kBlock, m_gone);
    std::uint64_t covered = m_before[block - m_gone / kBlock];
    for (auto i = static_cast<std::size_t>(first - m_gone); i < index; ++i)
        covered += static_cast<std::uint64_t>(endOf(i) - startOf(i));
    return covered;
}

/// The first index of which `before` is not true.
template<class Before>
std::size_t SpanLane::partition(Before before) const
{
    std::size_t first = 0, count = m_spans.size();
    while (count > 0) {
        const std::size_t half = count / 2;
        if (before(first + half)) {
            first += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return first;
}

std::size_t SpanLane::firstAfter(std::int64_t ns) const
{
    return partition([&](std::size_t i) { return endOf(i) <= ns; });
}

std::size_t SpanLane::firstFrom(std::int64_t ns) const
{
    return partition([&](std::size_t i) { return startOf(i) < ns; });
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
    const LaneSpan begin = at(first), end = at(first + spans - 1);
    const std::int64_t all =
        static_cast<std::int64_t>(coveredBefore(first + spans - 1) - coveredBefore(first)) +
        (end.endNs - end.startNs);
    return all - std::max<std::int64_t>(0, range.startNs - begin.startNs) -
           std::max<std::int64_t>(0, end.endNs - range.endNs);
}

std::vector<LaneBar> SpanLane::fold(const TimeRange& range, std::uint32_t columns) const
{
    std::vector<LaneBar> bars;
    const std::int64_t column = std::max<std::int64_t>(1, range.length() / columns);
    for (std::size_t i = firstAfter(range.startNs); i < m_spans.size() && startOf(i) < range.endNs;) {
        const LaneSpan span = at(i);
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
