// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/pftrace_export.h"

#include <map>
#include <ostream>
#include <string>
#include <unordered_map>

#include "engine/base/text.h"
#include "engine/gpu_capture/gpu_capture.h"
#include "engine/trace/protobuf_writer.h"

namespace vitrine::engine {

namespace {

using Field = ProtobufWriter::Field;

/// Numbers of Perfetto's messages (protos/perfetto/trace in its sources).
namespace packet {
constexpr Field kTimestamp = 8, kSequence = 10, kTrackEvent = 11, kInterned = 12, kSequenceFlags = 13,
                kTrackDescriptor = 60;
constexpr Field kPacketOfTrace = 1;
} // namespace packet
namespace track {
constexpr Field kUuid = 1, kName = 2, kProcess = 3, kThread = 4, kParent = 5, kCounter = 8;
constexpr Field kProcessPid = 1, kProcessName = 6, kThreadPid = 1, kThreadTid = 2, kThreadName = 5;
constexpr Field kCounterUnit = 3;
} // namespace track
namespace event {
constexpr Field kArguments = 4, kType = 9, kNameId = 10, kTrack = 11, kCounterValue = 30, kCounterReal = 44,
                kFlows = 47;
constexpr Field kArgumentNameId = 1, kArgumentNumber = 3, kArgumentSigned = 4, kArgumentReal = 5,
                kArgumentText = 6;
} // namespace event
namespace interned {
constexpr Field kEventNames = 2, kArgumentNames = 3, kId = 1, kText = 2;
}

enum class EventType : std::uint32_t { SliceBegin = 1, SliceEnd = 2, Instant = 3, Counter = 4 };

constexpr std::uint64_t kSequence = 1, kPid = 1;
constexpr std::uint64_t kStateCleared = 1, kNeedsState = 2; // sequence flags
constexpr std::uint64_t kUnitCount = 2;
constexpr std::size_t kMostName = 200;

// Tracks' numbers: lanes first, as many as there are requests, then the process above and counters far off.
constexpr std::uint64_t kProcessTrack = 1, kRequestsTrack = 2, kFirstLaneTrack = 3;
constexpr std::uint64_t kFirstCounterTrack = std::uint64_t{1} << 40U;
constexpr std::uint64_t kNvtxTrack = std::uint64_t{1} << 41U; // a process; its lanes follow
constexpr std::uint64_t kNvtxPid = 2;
constexpr std::uint64_t kRanksTrack = std::uint64_t{1} << 43U;   // their lanes follow
constexpr std::uint64_t kCorrelations = std::uint64_t{1} << 42U; // flows; those of requests are below

std::uint64_t trackOf(TimelineLane lane)
{
    return kFirstLaneTrack + lane;
}

/// Names that are written once and then called by their number.
class Names
{
public:
    explicit Names(Field list) : m_list(list) {}

    /// The number; a new name goes into `data`, the interned data of the packet that uses it first.
    std::uint64_t number(const char* name, ProtobufWriter& data)
    {
        const auto [at, isNew] = m_numbers.try_emplace(name, m_numbers.size() + 1);
        if (isNew) {
            ProtobufWriter entry;
            entry.number(interned::kId, at->second);
            entry.text(interned::kText, name);
            data.message(m_list, entry);
        }
        return at->second;
    }

private:
    Field m_list;
    std::map<std::string, std::uint64_t, std::less<>> m_numbers;
};

class PerfettoWriter final : public TimelineSink
{
public:
    PerfettoWriter(const Trace& trace, std::ostream& out) : m_trace(trace), m_out(out) {}

    void begin(const std::vector<TimelineRequest>& requests) override
    {
        describeProcess(kProcessTrack, kPid, "Vitrine: " + printable(m_trace.origin.model, kMostName));
        describeThread(trackOf(kEngineLane), kProcessTrack, kPid, kEngineLane + 1, "engine thread");
        describeThread(trackOf(kExecutorLane), kProcessTrack, kPid, kExecutorLane + 1,
                       "executor: " + printable(m_trace.origin.device, kMostName));
        describeChild(kRequestsTrack, kProcessTrack, "requests");
        for (const TimelineRequest& request : requests)
            describeChild(trackOf(request.lane), kRequestsTrack, request.title);
    }

    void rankLanes(const std::vector<std::string>& titles) override
    {
        describeChild(kRanksTrack, kProcessTrack, "processes");
        for (std::size_t process = 0; process < titles.size(); ++process)
            describeChild(kRanksTrack + 1 + process, kRanksTrack, titles[process]);
    }

    void rankSlice(const TimelineSlice& slice) override
    {
        begin(kRanksTrack + 1 + slice.lane, slice.name, slice.arguments);
        put(slice.startNs);
        end(kRanksTrack + 1 + slice.lane, slice.endNs);
    }

    void slice(const TimelineSlice& slice) override
    {
        begin(trackOf(slice.lane), slice.name, slice.arguments);
        for (const auto& arrows : {slice.arrowsOut, slice.arrowsIn})
            for (const std::uint64_t number : arrows)
                m_event.fixed64(event::kFlows, number);
        put(slice.startNs);
        end(trackOf(slice.lane), slice.endNs);
    }

    void counter(const TimelineCounter& counter) override
    {
        for (const TimelineArgument& series : counter.series) {
            start(EventType::Counter, counterTrack(counter.name, series.name));
            m_event.number(event::kCounterValue, series.value);
            put(counter.timeNs);
        }
    }

    void mark(const TimelineMark& mark) override
    {
        start(EventType::Instant, trackOf(kEngineLane));
        describe(mark.name, mark.arguments);
        addText("reason", std::string(mark.reason));
        put(mark.timeNs);
    }

    void requestBegins(const TimelineRequest& request) override
    {
        begin(trackOf(request.lane), "request", request.arguments);
        addText("finish", request.finish);
        put(request.startNs);
    }
    void requestEnds(const TimelineRequest& request) override { end(trackOf(request.lane), request.endNs); }

    void nvtxLanes(const std::vector<TimelineNvtxLane>& lanes) override
    {
        describeProcess(kNvtxTrack, kNvtxPid, "NVTX");
        for (const TimelineNvtxLane& lane : lanes) {
            const bool system = lane.number < GpuCapture::kFirstStream;
            if (lane.kind == NvtxLaneKind::Thread && lane.beside == 0 && system)
                describeThread(nvtxTrack(lane.lane), kNvtxTrack, kNvtxPid, lane.number, lane.title);
            else
                describeChild(nvtxTrack(lane.lane), kNvtxTrack, lane.title);
        }
    }

    void nvtx(const TimelineNvtx& event) override
    {
        const bool mark = event.event.kind == NvtxKind::Mark;
        start(mark ? EventType::Instant : EventType::SliceBegin, nvtxTrack(event.lane));
        describe(event.name.c_str(), {});
        addText("domain", event.domain);
        addText("category", event.category);
        addText("detail", event.detail);
        addPayload(event.event);
        addCorrelation(event.event.correlation);
        put(event.startNs);
        if (!mark)
            end(nvtxTrack(event.lane), event.endNs);
    }
    void nvtxCounter(const TimelineNvtx& sample) override
    {
        const std::string domain = sample.domain.empty() ? "NVTX" : sample.domain;
        start(EventType::Counter, counterTrack(domain.c_str(), sample.name.c_str(), kNvtxTrack));
        if (sample.event.payloadKind == NvtxPayload::Real)
            m_event.fixed64(event::kCounterReal, sample.event.payload);
        else
            m_event.number(event::kCounterValue, sample.event.payload);
        put(sample.startNs);
    }

private:
    // Tracks

    static std::uint64_t nvtxTrack(std::uint32_t lane) { return kNvtxTrack + 1 + lane; }

    void putTrack(const ProtobufWriter& descriptor)
    {
        ProtobufWriter packet = opened();
        packet.message(packet::kTrackDescriptor, descriptor);
        write(packet);
    }
    void describeProcess(std::uint64_t uuid, std::uint64_t pid, const std::string& name)
    {
        ProtobufWriter descriptor, process;
        process.number(track::kProcessPid, pid);
        process.text(track::kProcessName, name);
        descriptor.number(track::kUuid, uuid);
        descriptor.message(track::kProcess, process);
        putTrack(descriptor);
    }
    void describeThread(std::uint64_t uuid, std::uint64_t process, std::uint64_t pid, std::uint32_t tid,
                        const std::string& name)
    {
        ProtobufWriter descriptor, thread;
        thread.number(track::kThreadPid, pid);
        thread.number(track::kThreadTid, std::uint64_t{tid});
        thread.text(track::kThreadName, name);
        descriptor.number(track::kUuid, uuid);
        descriptor.number(track::kParent, process);
        descriptor.message(track::kThread, thread);
        putTrack(descriptor);
    }
    void describeChild(std::uint64_t uuid, std::uint64_t parent, const std::string& name)
    {
        ProtobufWriter descriptor;
        descriptor.number(track::kUuid, uuid);
        descriptor.number(track::kParent, parent);
        descriptor.text(track::kName, name);
        putTrack(descriptor);
    }
    /// "KV blocks: free"; described when it first counts.
    std::uint64_t counterTrack(const char* counter, const char* series, std::uint64_t parent = kProcessTrack)
    {
        const std::string name = std::string(counter) + ": " + series;
        const auto [at, isNew] = m_counters.try_emplace(name, kFirstCounterTrack + m_counters.size());
        if (isNew) {
            ProtobufWriter descriptor, kind;
            kind.number(track::kCounterUnit, kUnitCount);
            descriptor.number(track::kUuid, at->second);
            descriptor.number(track::kParent, parent);
            descriptor.text(track::kName, name);
            descriptor.message(track::kCounter, kind);
            putTrack(descriptor);
        }
        return at->second;
    }

    // Events

    void start(EventType type, std::uint64_t track)
    {
        m_event.clear();
        m_interned.clear();
        m_event.number(event::kType, static_cast<std::uint64_t>(type));
        m_event.number(event::kTrack, track);
    }
    void describe(const char* name, std::span<const TimelineArgument> arguments)
    {
        m_event.number(event::kNameId, m_eventNames.number(name, m_interned));
        for (const TimelineArgument& argument : arguments) {
            ProtobufWriter bytes;
            bytes.number(event::kArgumentNameId, m_argumentNames.number(argument.name, m_interned));
            bytes.number(event::kArgumentNumber, argument.value);
            m_event.message(event::kArguments, bytes);
        }
    }
    void addText(const char* name, const std::string& text)
    {
        if (text.empty())
            return;
        ProtobufWriter bytes;
        bytes.number(event::kArgumentNameId, m_argumentNames.number(name, m_interned));
        bytes.text(event::kArgumentText, text);
        m_event.message(event::kArguments, bytes);
    }
    /// From a call to what the GPU did for it leads an arrow.
    void addCorrelation(std::uint32_t correlation)
    {
        if (correlation == 0)
            return;
        ProtobufWriter bytes;
        bytes.number(event::kArgumentNameId, m_argumentNames.number("correlation", m_interned));
        bytes.number(event::kArgumentNumber, std::uint64_t{correlation});
        m_event.message(event::kArguments, bytes);
        m_event.fixed64(event::kFlows, kCorrelations + correlation);
    }
    void addPayload(const NvtxEvent& nvtx)
    {
        if (nvtx.payloadKind == NvtxPayload::None)
            return;
        ProtobufWriter bytes;
        bytes.number(event::kArgumentNameId, m_argumentNames.number("payload", m_interned));
        if (nvtx.payloadKind == NvtxPayload::Real)
            bytes.fixed64(event::kArgumentReal, nvtx.payload);
        else
            bytes.number(nvtx.payloadKind == NvtxPayload::Signed ? event::kArgumentSigned
                                                                 : event::kArgumentNumber,
                         nvtx.payload);
        m_event.message(event::kArguments, bytes);
    }
    void begin(std::uint64_t track, const char* name, std::span<const TimelineArgument> arguments)
    {
        start(EventType::SliceBegin, track);
        describe(name, arguments);
    }
    void end(std::uint64_t track, std::int64_t ns)
    {
        start(EventType::SliceEnd, track);
        put(ns);
    }
    void put(std::int64_t ns)
    {
        ProtobufWriter packet = opened();
        packet.number(packet::kTimestamp, ns);
        if (!m_interned.empty())
            packet.message(packet::kInterned, m_interned);
        packet.message(packet::kTrackEvent, m_event);
        write(packet);
    }

    /// The first packet says that numbers of names begin anew, later ones that they rest on those before.
    ProtobufWriter opened()
    {
        ProtobufWriter packet;
        packet.number(packet::kSequence, kSequence);
        packet.number(packet::kSequenceFlags, m_any ? kNeedsState : kStateCleared | kNeedsState);
        m_any = true;
        return packet;
    }
    void write(const ProtobufWriter& packet)
    {
        ProtobufWriter bytes;
        bytes.message(packet::kPacketOfTrace, packet);
        m_out.write(bytes.bytes().data(), static_cast<std::streamsize>(bytes.bytes().size()));
    }

    const Trace& m_trace;
    std::ostream& m_out;
    ProtobufWriter m_event, m_interned; // of the packet that is being made
    Names m_eventNames{interned::kEventNames}, m_argumentNames{interned::kArgumentNames};
    std::unordered_map<std::string, std::uint64_t> m_counters;
    bool m_any = false;
};

} // namespace

void writePerfettoTrace(const Timeline& timeline, std::ostream& out, const TraceRange& range)
{
    PerfettoWriter writer(timeline.trace(), out);
    timeline.tell(writer, range);
}

} // namespace vitrine::engine
