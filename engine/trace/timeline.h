// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as what a timeline shows: lanes with slices that do not overlap, counters, moments, requests
// with their phases, arrows from a phase to the step that computed it. Every exporter is a sink of the one
// walk, so all files of one recording say the same. Any thread, one owner.
//
// The walk promises its sinks, whatever a file claims: slices of one lane come in order of time, none begins
// before the last one ended, none is shorter than nothing, and times count from the beginning. An arrow's
// two ends both come. NVTX ranges of one lane nest. Names are valid UTF-8 of bounded length.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/trace/request_life.h"
#include "engine/trace/trace.h"
#include "engine/trace/trace_range.h"

namespace vitrine::engine {

/// 0: the engine thread, 1: the executor, then a lane for each request.
using TimelineLane = std::uint32_t;
inline constexpr TimelineLane kEngineLane = 0, kExecutorLane = 1, kFirstRequestLane = 2;

struct TimelineArgument
{
    const char* name = "";
    std::uint64_t value = 0;
};

/// Times in nanoseconds from the beginning of the recording.
struct TimelineSlice
{
    TimelineLane lane = kEngineLane;
    const char* name = "";
    std::int64_t startNs = 0, endNs = 0;
    std::span<const TimelineArgument> arguments;
    std::span<const std::uint64_t> arrowsOut, arrowsIn; ///< numbers; each out comes in somewhere
};

struct TimelineCounter
{
    const char* name = ""; ///< "KV blocks"
    std::int64_t timeNs = 0;
    std::span<const TimelineArgument> series; ///< the same ones, in the same order, each time
};

/// A moment of the engine thread.
struct TimelineMark
{
    const char* name = "";
    std::int64_t timeNs = 0;
    std::span<const TimelineArgument> arguments;
    std::string_view reason = {}; ///< a sentence, fit to be shown; empty: none
};

struct TimelineRequest
{
    TimelineLane lane = kFirstRequestLane;
    RequestId request;
    std::string title; ///< "a title (request 7)"
    std::int64_t startNs = 0, endNs = 0;
    std::span<const TimelineArgument> arguments;
    const char* finish = "";
};

enum class NvtxLaneKind : std::uint8_t {
    Thread, ///< ranges of a thread that nest, and its marks
    Spans   ///< spans of a domain that follow each other
};

/// Something that was told to NVTX lies on it. A thread, and the spans of a domain, have further lanes where
/// one is not enough.
struct TimelineNvtxLane
{
    NvtxLaneKind kind = NvtxLaneKind::Thread;
    std::uint32_t lane = 0;   ///< from 0, beside those of the recording
    std::uint32_t number = 0; ///< the thread's, or the name's of the domain
    std::uint32_t beside = 0; ///< the lanes before that are of the same
    std::string title;        ///< "engine (thread 4711)"
};

struct TimelineNvtx
{
    const NvtxEvent& event;
    std::uint32_t lane;
    std::uint64_t number; ///< from 1
    std::int64_t startNs, endNs;
    const std::string &name, &domain, &category, &threadName; ///< fit to be shown; empty: none
    const std::string& detail; ///< a payload of several values as text; of a counter its unit
};

class TimelineSink
{
public:
    TimelineSink() = default;
    TimelineSink(const TimelineSink&) = delete;
    TimelineSink& operator=(const TimelineSink&) = delete;
    virtual ~TimelineSink() = default;

    /// Before all others: the lanes of requests, in their order (title and lane are set).
    virtual void begin(const std::vector<TimelineRequest>& requests) = 0;
    /// After that, where several processes computed together: their names by number.
    virtual void rankLanes(const std::vector<std::string>& titles) = 0;
    virtual void slice(const TimelineSlice& slice) = 0;
    /// On the lane of the process with that number.
    virtual void rankSlice(const TimelineSlice& slice) = 0;
    virtual void counter(const TimelineCounter& counter) = 0;
    virtual void mark(const TimelineMark& mark) = 0;
    /// Between the two come the slices of its lane, which lie within it.
    virtual void requestBegins(const TimelineRequest& request) = 0;
    virtual void requestEnds(const TimelineRequest& request) = 0;
    /// After all that is the recording's own: what was told to NVTX meanwhile, if that was captured.
    virtual void nvtxLanes(const std::vector<TimelineNvtxLane>& lanes) = 0;
    /// Of a lane in order of their starts, the outer one of two first; a thread's marks after its ranges.
    virtual void nvtx(const TimelineNvtx& event) = 0;
    /// A counter's value, on no lane; in order of time.
    virtual void nvtxCounter(const TimelineNvtx& sample) = 0;
};

class Timeline
{
public:
    /// The trace lives longer.
    explicit Timeline(const Trace& trace);

    const Trace& trace() const { return m_trace; }
    const RequestLives& lives() const { return m_lives; }
    /// The first arrival, step or NVTX event; 0 of an empty recording.
    std::int64_t beginNs() const { return m_beginNs; }
    /// Seconds from the beginning; NaN and what is beyond the numbers count as the ends.
    TraceRange range(double fromSeconds, double toSeconds) const;

    /// What lies in the range, cut at its ends; moments and counters when they are in it.
    void tell(TimelineSink& sink, const TraceRange& range = {}) const;

private:
    const Trace& m_trace;
    RequestLives m_lives;
    std::int64_t m_beginNs = 0;
};

} // namespace vitrine::engine
