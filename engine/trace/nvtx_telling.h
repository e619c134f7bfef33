// SPDX-License-Identifier: GPL-3.0-or-later
// What was told to NVTX, told to a TimelineSink: which lane each event lies on, so that what lies on one lane
// nests, and in which order. Any thread; the recording lives longer.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/trace/timeline.h"

namespace vitrine::engine {

class NvtxTelling
{
public:
    /// Events that lie in the range, cut at its ends; times count from `beginNs`.
    NvtxTelling(const NvtxEvents& nvtx, const TraceRange& range, std::int64_t beginNs);

    void tell(TimelineSink& sink);

private:
    using Index = std::size_t;

    struct Placed
    {
        Index event;
        std::uint32_t lane;
        std::int64_t endNs;
    };

    std::vector<Index>& listOf(NvtxKind kind);
    void sort();
    void placeRanges();
    void placeSpans();
    void placeMarks();
    TimelineNvtx toldOf(const Placed& placed, std::uint64_t number) const;
    std::uint32_t threadLane(std::uint32_t thread, std::uint32_t beside);
    void addLane(NvtxLaneKind kind, std::uint32_t number, std::uint32_t beside, std::string title);
    void place(Index event, std::uint32_t lane, std::int64_t endNs);
    const std::string& threadName(std::uint32_t thread) const;
    std::string titleOf(std::uint32_t thread) const;
    const std::string& nameOf(std::uint32_t number) const;
    std::int64_t endOf(Index event) const;
    std::int64_t since(std::int64_t ns) const;

    const NvtxEvents& m_nvtx;
    TraceRange m_range;
    std::int64_t m_beginNs;
    std::vector<std::string> m_names; // fit to be shown
    std::map<std::uint32_t, std::string> m_threadNames;
    std::vector<Index> m_ranges, m_spans, m_marks, m_counters;
    std::vector<TimelineNvtxLane> m_lanes;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> m_threadLanes; // thread, beside → lane
    std::vector<Placed> m_placed;
};

} // namespace vitrine::engine
