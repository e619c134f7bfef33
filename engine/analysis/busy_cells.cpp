// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/busy_cells.h"

#include <algorithm>
#include <limits>

namespace vitrine::engine {

namespace {

std::uint32_t sum(std::uint32_t a, std::uint32_t b)
{
    return a > std::numeric_limits<std::uint32_t>::max() - b ? std::numeric_limits<std::uint32_t>::max()
                                                             : a + b;
}

} // namespace

void BusyCells::add(std::int64_t startNs, std::int64_t endNs)
{
    if (m_cells.empty())
        m_firstNs = m_endNs = startNs;
    const std::int64_t start = std::max(startNs, m_endNs), end = std::max(start, endNs);
    while ((end - m_firstNs) / m_widthNs >= static_cast<std::int64_t>(kMost))
        widen();
    m_cells.resize(std::max(m_cells.size(), static_cast<std::size_t>((end - m_firstNs) / m_widthNs) + 1));
    m_endNs = end;
    auto cell = static_cast<std::size_t>((start - m_firstNs) / m_widthNs);
    m_cells[cell].spans = sum(m_cells[cell].spans, 1);
    for (std::int64_t at = start; at < end; ++cell) {
        const std::int64_t left = m_widthNs - (at - m_firstNs) % m_widthNs;
        const std::int64_t covered = std::min(left, end - at);
        m_cells[cell].coveredNs += covered;
        at += covered;
    }
}

/// Two become one.
void BusyCells::widen()
{
    for (std::size_t i = 0; i < m_cells.size(); ++i) {
        const Cell cell = m_cells[i];
        if (i % 2 == 0)
            m_cells[i / 2] = cell;
        else
            m_cells[i / 2] = {m_cells[i / 2].coveredNs + cell.coveredNs,
                              sum(m_cells[i / 2].spans, cell.spans)};
    }
    m_cells.resize((m_cells.size() + 1) / 2);
    m_widthNs *= 2;
}

std::vector<LaneBar> BusyCells::fold(const TimeRange& range, std::uint32_t columns) const
{
    std::vector<LaneBar> bars;
    if (m_cells.empty() || range.endNs <= m_firstNs || range.startNs >= m_endNs)
        return bars;
    const std::int64_t from = std::max(range.startNs, m_firstNs), to = std::min(range.endNs, m_endNs);
    const std::int64_t column = std::max<std::int64_t>(1, range.length() / columns);
    const auto together = static_cast<std::size_t>(
        std::clamp<std::int64_t>((column - 1) / m_widthNs + 1, 1, static_cast<std::int64_t>(kMost)));
    const auto last = static_cast<std::size_t>((to - 1 - m_firstNs) / m_widthNs);
    auto first = static_cast<std::size_t>((from - m_firstNs) / m_widthNs);
    for (first -= first % together; first <= last; first += together) {
        Cell all;
        const std::size_t end = std::min(first + together, m_cells.size());
        for (std::size_t i = first; i < end; ++i)
            all = {all.coveredNs + m_cells[i].coveredNs, sum(all.spans, m_cells[i].spans)};
        const std::int64_t startNs = m_firstNs + static_cast<std::int64_t>(first) * m_widthNs;
        const std::int64_t width = end == m_cells.size() ? m_endNs - startNs // the last one may go on
                                                         : static_cast<std::int64_t>(end - first) * m_widthNs;
        if (all.coveredNs > 0 && width > 0)
            bars.push_back({startNs, startNs + width, 0, std::max(all.spans, 2U),
                            std::min(1.0F, static_cast<float>(static_cast<double>(all.coveredNs) /
                                                              static_cast<double>(width)))});
    }
    return bars;
}

} // namespace vitrine::engine
