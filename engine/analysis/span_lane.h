// SPDX-License-Identifier: GPL-3.0-or-later
// Spans of one lane of a timeline in order of time, found by binary search and folded to what can be seen:
// where several lie within one column of the screen they become one bar with the share of the column that
// they cover. A span takes about 20 bytes. One owner, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "engine/analysis/time_range.h"

namespace vitrine::engine {

struct LaneSpan
{
    std::int64_t startNs = 0, endNs = 0;
    std::uint64_t tag = 0; ///< the owner's: a step, a phase
};

/// What is drawn of a lane.
struct LaneBar
{
    std::int64_t startNs = 0, endNs = 0;
    std::uint64_t tag = 0;   ///< of the span, or of the first one that was folded in
    std::uint32_t spans = 0; ///< folded together; 1: a span as it is
    float coverage = 1.0F;   ///< 0 … 1: of startNs … endNs
};

class SpanLane
{
public:
    /// Brought into order: no span begins before the end of the one before.
    void add(const LaneSpan& span);
    /// Takes the last one back. REQUIRES: there is one.
    LaneSpan takeLast();
    /// Spans that are over by then go.
    void forgetBefore(std::int64_t ns);

    std::size_t size() const { return m_spans.size(); }
    LaneSpan at(std::size_t index) const;
    /// The first span that ends after `ns`; size() when there is none.
    std::size_t firstAfter(std::int64_t ns) const;
    /// The first span that begins at `ns` or after it; size() when there is none.
    std::size_t firstFrom(std::int64_t ns) const;
    /// Time covered within a range, and the spans that touch it.
    std::int64_t covered(const TimeRange& range) const;
    std::size_t count(const TimeRange& range) const;

    /// At most about two bars a column. REQUIRES: columns > 0.
    std::vector<LaneBar> fold(const TimeRange& range, std::uint32_t columns) const;

private:
    static constexpr std::size_t kBlock = 64;
    /// Of 4-byte alignment, so that it has no gaps.
    struct Packed
    {
        std::array<std::uint32_t, 2> startNs{}, tag{};
        std::uint32_t lengthNs = 0; // kLong: its end is in m_long
    };
    static_assert(sizeof(Packed) == 20);

    std::int64_t startOf(std::size_t index) const;
    std::int64_t endOf(std::size_t index) const;
    std::uint64_t coveredBefore(std::size_t index) const;
    template<class Before>
    std::size_t partition(Before before) const;

    std::deque<Packed> m_spans;
    std::uint64_t m_gone = 0;                                  // spans that stood before the first
    std::deque<std::pair<std::uint64_t, std::int64_t>> m_long; // number, counted with those gone; end
    // Sums over all there ever were, modulo 2^64: differences are what is asked for.
    std::deque<std::uint64_t> m_before; // [block of numbers]: covered by all before it
    std::uint64_t m_covered = 0;        // by all
};

} // namespace vitrine::engine
