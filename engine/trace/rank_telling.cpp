// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/rank_telling.h"

#include <algorithm>
#include <array>

#include "engine/base/text.h"
#include "engine/parallel/stage_plan.h"

namespace vitrine::engine {

namespace {

std::uint64_t positive(std::int64_t ns)
{
    return static_cast<std::uint64_t>(std::max<std::int64_t>(ns, 0));
}

/// Of the step with most of them.
const RankParts* largest(const Trace& trace)
{
    const RankParts* most = nullptr;
    for (const RecordedStep& step : trace.steps)
        if (most == nullptr || step.ranks.processes.size() > most->processes.size())
            most = &step.ranks;
    return most != nullptr && !most->processes.empty() ? most : nullptr;
}

} // namespace

std::int64_t RankTelling::since(std::int64_t ns) const
{
    return std::max<std::int64_t>(nsBetween(m_beginNs, m_range.cut(ns)), 0);
}

void RankTelling::tellLanes()
{
    const RankParts* const ranks = largest(m_trace);
    if (ranks == nullptr)
        return;
    const auto count = static_cast<std::uint32_t>(ranks->processes.size());
    const StagePlan plan{ranks->stages, count / std::max(ranks->stages, 1U)};
    std::vector<std::string> titles;
    for (std::uint32_t process = 0; process < count; ++process)
        titles.push_back(plan.nameOf(process));
    m_lastNs.assign(count, 0);
    m_sink.rankLanes(titles);
}

void RankTelling::tell(const RecordedStep& step)
{
    const auto& processes = step.ranks.processes;
    for (std::uint32_t i = 0; i < processes.size(); ++i)
        if (m_range.touches(processes[i].startNs, processes[i].endNs))
            tell(i, processes[i], step.record.step);
    for (const RankEvent& event : step.rankEvents)
        if (m_range.touches(event.startNs, event.startNs))
            tell(event);
    if (!processes.empty() && m_range.touches(step.record.endNs, step.record.endNs))
        tellCounters(step);
}

/// Behind what the lane has, whatever a file claims.
void RankTelling::tell(std::uint32_t process, const RankPart& part, std::uint64_t step)
{
    const RankTimes times = soundTimes(part.times);
    std::int64_t& last = m_lastNs[process];
    const std::int64_t start = std::max(last, since(part.startNs)), end = std::max(start, since(part.endNs));
    const std::int64_t waits = std::max(start, end - times.waitNs);
    const std::array<TimelineArgument, 4> arguments = {{{"step", step},
                                                        {"sum_ns", positive(times.sumNs)},
                                                        {"hidden_ns", positive(times.hiddenNs)},
                                                        {"bytes", times.bytes}}};
    TimelineSlice slice;
    slice.lane = process;
    slice.name = "compute";
    slice.startNs = start;
    slice.endNs = waits;
    slice.arguments = arguments;
    m_sink.rankSlice(slice);
    last = end;
    if (waits >= end)
        return;
    slice.name = "wait";
    slice.startNs = waits;
    slice.endNs = end;
    slice.arguments = std::span(arguments).first(1);
    m_sink.rankSlice(slice);
}

void RankTelling::tellCounters(const RecordedStep& step)
{
    double bytes = 0;
    for (const RankPart& part : step.ranks.processes)
        bytes += static_cast<double>(soundTimes(part.times).bytes);
    const double seconds = static_cast<double>(step.record.forwardNs) * 1e-9;
    const double rate = seconds > 0 ? std::min(bytes / seconds, 1e18) : 0.0;
    const std::array<TimelineArgument, 1> link = {{{"bytes/s", static_cast<std::uint64_t>(rate)}}};
    const std::array<TimelineArgument, 1> skew = {{{"ns", positive(skewOf(step.ranks).ns)}}};
    m_sink.counter({"link", since(step.record.endNs), link});
    m_sink.counter({"rank skew", since(step.record.endNs), skew});
}

void RankTelling::tell(const RankEvent& event)
{
    constexpr std::size_t kMostReason = 300;
    const std::array<TimelineArgument, 4> all = {
        {{"ranks_before", event.ranksBefore},
         {"ranks_now", event.ranksNow},
         {"took_ns", positive(nsBetween(event.startNs, event.endNs))},
         {"process", event.processes.empty() ? 0 : event.processes.front()}}};
    const std::string reason = printable(event.reason, kMostReason);
    TimelineMark mark;
    mark.name = rankEventName(event.kind);
    mark.timeNs = since(event.startNs);
    mark.arguments = std::span(all).first(event.processes.empty() ? 3 : 4);
    mark.reason = reason;
    m_sink.mark(mark);
}

} // namespace vitrine::engine
