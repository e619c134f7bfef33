// SPDX-License-Identifier: GPL-3.0-or-later
// What was told to NVTX, held for looking at: a lane for what each thread said in each domain, its ranges on
// levels by how they nest, a lane for the spans of each name, and one for each counter. Levels are found as
// events come, so that asking for what is seen costs what the screen has columns.
//
// Grows while a recording runs; bounded: beyond the limits the oldest events go, and of threads and spans it
// stays how busy they were; lanes and levels that are too many stay away; both are counted. One owner, any
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/analysis/busy_cells.h"
#include "engine/analysis/counter_lane.h"
#include "engine/analysis/nvtx_store.h"
#include "engine/analysis/span_lane.h"
#include "engine/nvtx_capture/nvtx_event.h"

namespace vitrine::engine {

enum class NvtxLaneOf : std::uint8_t { Thread, Spans, Counter };

/// In the order in which lanes stand.
struct NvtxLaneKey
{
    NvtxLaneOf of = NvtxLaneOf::Thread;
    std::uint32_t number = 0; ///< of the thread; of spans and counters their name's
    std::uint32_t domain = 0; ///< a name
    auto operator<=>(const NvtxLaneKey&) const = default;
};

struct NvtxLane
{
    std::vector<SpanLane> levels; ///< from the outside in; tags are numbers of events
    SpanLane marks;
    BusyCells past;         ///< of the outermost ranges that are gone
    CounterLane samples;    ///< of a counter
    std::uint32_t unit = 0; ///< of a counter: a name
};

class NvtxLanes
{
public:
    struct Limits
    {
        std::size_t mostEvents = 4'000'000; ///< about 45 bytes each
        std::size_t mostLanes = 1024;
        std::size_t mostLevels = 16;
    };

    NvtxLanes() : NvtxLanes(Limits{}) {}
    explicit NvtxLanes(const Limits& limits) : m_limits(limits) {}

    /// Of one thread in the order of their ends. `names` are those of all events so far.
    void add(std::vector<NvtxEvent> events, std::span<const std::string> names);
    void nameThread(std::uint32_t thread, const std::string& name) { m_threads[thread] = name; }
    /// Events that were lost before they came here.
    void setLost(std::uint64_t events) { m_lost = events; }

    bool isEmpty() const { return m_events.size() == 0; }
    std::size_t size() const { return m_events.size(); }
    std::uint64_t dropped() const { return m_dropped + m_lost; }
    std::uint64_t lost() const { return m_lost; }
    const std::map<std::uint32_t, std::string>& threads() const { return m_threads; } ///< their names
    /// Events for which there were too many lanes or levels.
    std::uint64_t hidden() const { return m_hidden; }

    const std::map<NvtxLaneKey, NvtxLane>& lanes() const { return m_lanes; }
    /// None when it is gone.
    std::optional<NvtxEvent> event(std::uint64_t number) const;
    /// Of what a GPU did the call that asked for it, as far as it is here.
    std::optional<NvtxEvent> callOf(const NvtxEvent& work) const;
    const std::string& name(std::uint32_t number) const;
    /// Empty when it has none.
    std::string threadName(std::uint32_t thread) const;

    /// Those that lie in the range at least in part; with what is needed to understand them.
    NvtxEvents eventsIn(const TimeRange& range) const;
    NvtxEvents all() const;

private:
    void place(const NvtxEvent& event, std::uint64_t number);
    bool placeNested(NvtxLane& lane, const LaneSpan& span);
    bool placeBeside(NvtxLane& lane, const LaneSpan& span) const;
    void pushDown(NvtxLane& lane, std::size_t level, std::int64_t startNs);
    void drop();
    void forget(NvtxLane& lane, std::int64_t ns);

    Limits m_limits;
    NvtxStore m_events;                                       // about in the order of their ends
    std::unordered_map<std::uint32_t, std::uint64_t> m_calls; // correlation → event
    std::vector<std::string> m_names{""};
    std::map<std::uint32_t, std::string> m_threads;
    std::map<NvtxLaneKey, NvtxLane> m_lanes;
    std::uint64_t m_dropped = 0, m_lost = 0, m_hidden = 0;
};

} // namespace vitrine::engine
