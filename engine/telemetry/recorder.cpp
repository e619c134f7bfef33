// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/recorder.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vitrine::engine {

std::size_t RecordedStep::bytes() const
{
    std::size_t lists = ranks.processes.size() * sizeof(RankPart);
    for (const RecordedEvent& event : events)
        if (const auto* arrival = std::get_if<RecordedArrival>(&event))
            lists += arrival->prompt.size() * sizeof(TokenId);
    for (const RankEvent& event : rankEvents)
        lists += sizeof event + event.processes.size() * sizeof(std::uint32_t) + event.reason.size();
    return lists + sizeof *this + rows.size() * sizeof(StepRow) + events.size() * sizeof(RecordedEvent) +
           blocks.size() * sizeof(BlockEvent) + phases.size() * sizeof(PhaseSpan);
}

bool RecordedStep::isOpening() const
{
    const auto wasThere = [](const RecordedEvent& event) {
        return std::holds_alternative<RecordedArrival>(event) ||
               std::holds_alternative<AdmissionEvent>(event);
    };
    return record.step == 0 && rankEvents.empty() && !blocks.empty() &&
           blocks.front().kind == BlockEventKind::Resize &&
           std::all_of(events.begin(), events.end(), wasThere);
}

void Recorder::begin(const RecordingStart& start)
{
    const std::lock_guard guard(m_lock);
    m_start = start;
    ++m_begun;
    m_steps.clear();
    m_bytes = 0;
}

void Recorder::push(RecordedStep step)
{
    const std::lock_guard guard(m_lock);
    m_bytes += step.bytes();
    m_steps.push_back(std::move(step));
    for (; m_bytes > m_mostBytes && m_steps.size() > 1; ++m_dropped) {
        m_bytes -= m_steps.front().bytes();
        m_steps.pop_front();
    }
}

RecordingStart Recorder::start() const
{
    const std::lock_guard guard(m_lock);
    return m_start;
}

std::vector<RecordedStep> Recorder::take()
{
    return takeAll().steps;
}

Recorder::Taken Recorder::takeAll()
{
    std::deque<RecordedStep> steps;
    Taken taken;
    {
        const std::lock_guard guard(m_lock);
        steps.swap(m_steps);
        m_bytes = 0;
        taken.recording = m_begun;
        taken.start = m_start;
    }
    taken.steps.assign(std::make_move_iterator(steps.begin()), std::make_move_iterator(steps.end()));
    return taken;
}

std::uint64_t Recorder::dropped() const
{
    const std::lock_guard guard(m_lock);
    return m_dropped;
}

} // namespace vitrine::engine
