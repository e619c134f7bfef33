// SPDX-License-Identifier: GPL-3.0-or-later
// What is left of spans that were let go: how much of each stretch of time they covered, and how many they
// were. The longer it reaches the wider its stretches become; bounded. One owner, any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/analysis/span_lane.h"

namespace vitrine::engine {

class BusyCells
{
public:
    /// In order of time, as of a SpanLane.
    void add(std::int64_t startNs, std::int64_t endNs);

    bool isEmpty() const { return m_cells.empty(); }
    std::int64_t endNs() const { return m_endNs; } ///< of the last span
    /// A bar a stretch that is busy, of such as are at least as wide as a column; its tag says nothing.
    std::vector<LaneBar> fold(const TimeRange& range, std::uint32_t columns) const;

private:
    static constexpr std::size_t kMost = 4096;
    static constexpr std::int64_t kNarrowest = 10'000'000; // ns

    struct Cell
    {
        std::int64_t coveredNs = 0;
        std::uint32_t spans = 0;
    };
    void widen();

    std::int64_t m_firstNs = 0, m_endNs = 0;
    std::int64_t m_widthNs = kNarrowest;
    std::vector<Cell> m_cells;
};

} // namespace vitrine::engine
