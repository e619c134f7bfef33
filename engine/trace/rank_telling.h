// SPDX-License-Identifier: GPL-3.0-or-later
// What processes that compute a model together did, as lanes of a timeline (timeline.h): how much of each
// step each of them computed and waited, what they sent, and what became of them. How the waits lie within a
// step is not recorded: they are told together, at its end. One owner, one telling.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/trace/timeline.h"
#include "engine/trace/trace_range.h"

namespace vitrine::engine {

class RankTelling
{
public:
    /// The trace and the sink live longer.
    RankTelling(const Trace& trace, const TraceRange& range, std::int64_t beginNs, TimelineSink& sink)
        : m_trace(trace), m_range(range), m_beginNs(beginNs), m_sink(sink)
    {}

    /// Names of all processes that the trace tells of, by number; of a recording of one process none.
    void tellLanes();
    /// Steps in their order.
    void tell(const RecordedStep& step);

private:
    std::int64_t since(std::int64_t ns) const;
    void tell(std::uint32_t process, const RankPart& part, std::uint64_t step);
    void tellCounters(const RecordedStep& step);
    void tell(const RankEvent& event);

    const Trace& m_trace;
    TraceRange m_range;
    std::int64_t m_beginNs;
    TimelineSink& m_sink;
    std::vector<std::int64_t> m_lastNs; ///< by process
};

} // namespace vitrine::engine
