// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/nsys_export.h"

#ifdef VITRINE_SQLITE
#include <algorithm>
#include <array>
#include <bit>
#include <ctime>
#include <map>

#include <nlohmann/json.hpp>

#include "engine/base/text.h"
#include "engine/gpu_capture/gpu_capture.h"
#include "engine/trace/nsys_tables.h"
#include "engine/trace/sqlite_file.h"
#include "engine/trace/whole_file.h"
#endif

namespace vitrine::engine {

#ifdef VITRINE_SQLITE

namespace {

enum class EventType : std::int64_t {
    Category = 33,
    Mark = 34,
    PushPop = 59,
    StartEnd = 60,
    DomainCreate = 75
};

// What a recording does not know of the machine: it is the first process, its threads follow.
constexpr std::int64_t kPid = 1, kDomain = 1;
constexpr std::int64_t kGlobalVid = std::int64_t{1} << 48U;
constexpr std::int64_t kGlobalPid = kGlobalVid | kPid << 24U;
constexpr std::int64_t kSteps = 1, kRequests = 2; // categories
// Threads that spoke to NVTX have numbers of the system's, which must not meet those above: another process.
constexpr std::int64_t kNvtxPid = 2;
constexpr std::int64_t kNvtxGlobalPid = kGlobalVid | kNvtxPid << 24U;
constexpr std::int64_t kGpuPid = 3;
constexpr std::int64_t kGpuGlobalPid = kGlobalVid | kGpuPid << 24U;

constexpr std::int64_t globalTid(TimelineLane lane)
{
    // Requests have no thread: the engine's begins and ends their ranges.
    return kGlobalPid | (lane == kExecutorLane ? 3 : 2);
}

/// Of another process that computes: a thread here, as far as this file goes.
constexpr std::int64_t rankTid(std::uint32_t process)
{
    return kGlobalPid | (4 + std::int64_t{process});
}

/// A thread's number has 24 bits there; streams of GPUs are of a process of their own.
constexpr std::int64_t nvtxTid(std::uint32_t thread)
{
    const bool stream = thread >= GpuCapture::kFirstStream;
    return (stream ? kGpuGlobalPid : kNvtxGlobalPid) | (thread & 0xFF'FFFFU);
}

std::int64_t number(std::uint64_t value)
{
    return std::bit_cast<std::int64_t>(value); // as SQLite stores 64 bits
}

/// {"step":7,"decode_tokens":2}; names of arguments and ends are ours and need no escapes.
std::string jsonOf(std::span<const TimelineArgument> arguments, const std::string& finish = {})
{
    std::string json;
    for (const TimelineArgument& argument : arguments)
        json += std::string(json.empty() ? "{" : ",") + '"' + argument.name +
                "\":" + std::to_string(argument.value);
    if (!finish.empty())
        json += std::string(json.empty() ? "{" : ",") + "\"finish\":\"" + finish + '"';
    return json.empty() ? "{}" : json + '}';
}

std::string utcText(std::int64_t unixNs)
{
    const auto seconds = static_cast<std::time_t>(unixNs / 1'000'000'000);
    std::tm utc{};
    std::array<char, 32> text{};
    if (gmtime_r(&seconds, &utc) == nullptr ||
        std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc) == 0)
        return {};
    return text.data();
}

class NsysWriter final : public TimelineSink
{
public:
    NsysWriter(const Trace& trace, SqliteFile& file)
        : m_trace(trace), m_file(file), m_events(file, kInsertEvent),
          m_strings(file, "INSERT INTO StringIds VALUES (?, ?)"),
          m_counters(file, "INSERT INTO VITRINE_COUNTERS VALUES (?, ?, ?)")
    {}

    void begin(const std::vector<TimelineRequest>& /*requests*/) override
    {
        // What the engine told NVTX itself stands in the domain that it named so.
        const bool captured = !m_trace.nvtx.events.empty();
        event({.type = EventType::DomainCreate, .text = captured ? "vitrine recording" : "vitrine"});
        event({.type = EventType::Category, .category = kSteps, .text = "steps"});
        event({.type = EventType::Category, .category = kRequests, .text = "requests"});
    }

    void rankLanes(const std::vector<std::string>& titles) override { m_processes = titles; }
    void rankSlice(const TimelineSlice& slice) override { step(slice, rankTid(slice.lane)); }

    void slice(const TimelineSlice& slice) override
    {
        if (slice.lane < kFirstRequestLane)
            return step(slice, globalTid(slice.lane));
        event({.startNs = slice.startNs,
               .endNs = slice.endNs,
               .type = EventType::StartEnd,
               .category = kRequests,
               .textId = stringId(slice.name),
               .thread = globalTid(slice.lane),
               .payload = m_request,
               .json = jsonOf(slice.arguments)});
    }

    void counter(const TimelineCounter& counter) override
    {
        note(counter.timeNs);
        for (const TimelineArgument& series : counter.series)
            m_counters.add({counter.timeNs, stringId(std::string(counter.name) + ": " + series.name),
                            number(series.value)});
    }

    void mark(const TimelineMark& mark) override
    {
        event({.startNs = mark.timeNs,
               .type = EventType::Mark,
               .category = kSteps,
               .textId = stringId(mark.name),
               .json = jsonOf(mark.arguments)});
    }

    void requestBegins(const TimelineRequest& request) override { m_request = number(request.request.value); }
    void requestEnds(const TimelineRequest& request) override
    {
        event({.startNs = request.startNs,
               .endNs = request.endNs,
               .type = EventType::StartEnd,
               .category = kRequests,
               .text = request.title,
               .thread = globalTid(request.lane),
               .payload = m_request,
               .json = jsonOf(request.arguments, request.finish)});
    }

    void nvtxLanes(const std::vector<TimelineNvtxLane>& lanes) override
    {
        for (const TimelineNvtxLane& lane : lanes)
            if (lane.kind == NvtxLaneKind::Thread && lane.beside == 0)
                m_nvtxThreads.emplace(lane.number, lane.title);
    }
    void nvtx(const TimelineNvtx& nvtx) override
    {
        const NvtxKind kind = nvtx.event.kind;
        const std::int64_t domain = domainId(nvtx);
        const auto bits = std::bit_cast<std::int64_t>(nvtx.event.payload);
        const auto payload = [&](NvtxPayload wanted) {
            return nvtx.event.payloadKind == wanted ? SqliteValue(bits) : SqliteValue();
        };
        const bool real = nvtx.event.payloadKind == NvtxPayload::Real;
        event({.startNs = nvtx.startNs,
               .endNs = kind == NvtxKind::Mark ? SqliteValue() : SqliteValue(nvtx.endNs),
               .type = kind == NvtxKind::Range  ? EventType::PushPop
                       : kind == NvtxKind::Span ? EventType::StartEnd
                                                : EventType::Mark,
               .category = categoryId(nvtx, domain),
               .textId = stringId(nvtx.name),
               .thread = nvtxTid(nvtx.event.thread),
               .domain = domain,
               .unsignedPayload = payload(NvtxPayload::Unsigned),
               .payload = payload(NvtxPayload::Signed),
               .realPayload = real ? SqliteValue(nvtx.event.real()) : SqliteValue(),
               .json = moreOf(nvtx)});
    }
    void nvtxCounter(const TimelineNvtx& sample) override
    {
        const bool real = sample.event.payloadKind == NvtxPayload::Real;
        note(sample.startNs);
        m_counters.add({sample.startNs, stringId(sample.domain + ": " + sample.name),
                        real ? SqliteValue(sample.event.real())
                             : SqliteValue(std::bit_cast<std::int64_t>(sample.event.payload))});
    }

    /// What is known at the end.
    void finish()
    {
        describeThreads();
        describeSession();
        describeTypes();
        for (const char* table : {"META_DATA_EXPORT", "EXPORT_META_DATA"}) {
            SqliteFile::Insert rows(m_file, ("INSERT INTO " + std::string(table) + " VALUES (?, ?)").c_str());
            rows.add({"EXPORT_SCHEMA_VERSION", "3.0.0"});
            rows.add({"EXPORT_SCHEMA_VERSION_MAJOR", "3"});
            rows.add({"EXPORT_SCHEMA_VERSION_MINOR", "0"});
        }
    }

private:
    struct Event
    {
        std::int64_t startNs = 0;
        SqliteValue endNs = {};
        EventType type = EventType::Mark;
        SqliteValue category = {};
        SqliteValue text = {}, textId = {}; ///< one of them
        std::int64_t thread = globalTid(kEngineLane);
        std::int64_t domain = kDomain;
        SqliteValue unsignedPayload = {}, payload = {}, realPayload = {};
        SqliteValue json = {};
    };

    /// The default domain is 0 and is not created by anybody.
    static SqliteValue moreOf(const TimelineNvtx& nvtx)
    {
        nlohmann::json more;
        if (!nvtx.detail.empty())
            more["detail"] = nvtx.detail;
        if (nvtx.event.correlation != 0)
            more["correlation"] = nvtx.event.correlation;
        return more.is_null() ? SqliteValue() : SqliteValue(more.dump());
    }

    std::int64_t domainId(const TimelineNvtx& nvtx)
    {
        if (nvtx.domain.empty())
            return 0;
        const bool stream = nvtx.event.thread >= GpuCapture::kFirstStream; // a domain is of a process
        const auto [at, isNew] =
            m_domains.try_emplace({nvtx.event.domain, stream}, kDomain + 1 + m_domains.size());
        if (isNew)
            event({.type = EventType::DomainCreate,
                   .text = nvtx.domain,
                   .thread = nvtxTid(nvtx.event.thread),
                   .domain = at->second});
        return at->second;
    }
    SqliteValue categoryId(const TimelineNvtx& nvtx, std::int64_t domain)
    {
        if (nvtx.category.empty())
            return {};
        const auto [at, isNew] =
            m_categories.try_emplace({domain, nvtx.event.category}, 1 + m_categories.size());
        if (isNew)
            event({.type = EventType::Category,
                   .category = at->second,
                   .text = nvtx.category,
                   .thread = nvtxTid(nvtx.event.thread),
                   .domain = domain});
        return at->second;
    }

    void step(const TimelineSlice& slice, std::int64_t thread)
    {
        event({.startNs = slice.startNs,
               .endNs = slice.endNs,
               .type = EventType::PushPop,
               .category = kSteps,
               .textId = stringId(slice.name),
               .thread = thread,
               .payload = payloadOf(slice),
               .json = jsonOf(slice.arguments)});
    }
    static std::int64_t payloadOf(const TimelineSlice& slice) // its step
    {
        return slice.arguments.empty() ? 0 : number(slice.arguments.front().value);
    }

    void event(const Event& event)
    {
        const bool apart = event.type == EventType::StartEnd;
        note(event.startNs);
        if (const auto* end = std::get_if<std::int64_t>(&event.endNs))
            note(*end);
        m_events.add({event.startNs, event.endNs, static_cast<std::int64_t>(event.type),
                      apart ? SqliteValue(++m_ranges) : SqliteValue(), event.category, event.text,
                      event.thread, apart ? SqliteValue(event.thread) : SqliteValue(), event.textId,
                      event.domain, event.unsignedPayload, event.payload, event.realPayload, event.json});
    }

    void note(std::int64_t ns) { m_lastNs = std::max(m_lastNs, ns); }

    std::int64_t stringId(const std::string& text)
    {
        const auto [at, isNew] =
            m_stringIds.try_emplace(text, static_cast<std::int64_t>(m_stringIds.size()) + 1);
        if (isNew)
            m_strings.add({at->second, text});
        return at->second;
    }

    void describeThreads()
    {
        constexpr std::int64_t kSource = 20; // of a name: "priority"
        constexpr std::size_t kMostName = 200;
        SqliteFile::Insert threads(m_file, "INSERT INTO ThreadNames VALUES (?, ?, ?)");
        threads.add({stringId("engine thread"), kSource, globalTid(kEngineLane)});
        threads.add({stringId("executor: " + printable(m_trace.origin.device, kMostName)), kSource,
                     globalTid(kExecutorLane)});
        for (std::uint32_t process = 0; process < m_processes.size(); ++process)
            threads.add({stringId(m_processes[process]), kSource, rankTid(process)});
        for (const auto& [thread, title] : m_nvtxThreads)
            threads.add({stringId(title), kSource, nvtxTid(thread)});
        SqliteFile::Insert processes(m_file, "INSERT INTO PROCESSES VALUES (?, ?, ?)");
        processes.add({kGlobalPid, kPid, "Vitrine: " + printable(m_trace.origin.model, kMostName)});
        if (!m_nvtxThreads.empty())
            processes.add({kNvtxGlobalPid, kNvtxPid, "NVTX"});
        if (!m_nvtxThreads.empty() && m_nvtxThreads.rbegin()->first >= GpuCapture::kFirstStream)
            processes.add({kGpuGlobalPid, kGpuPid, "GPUs"});
    }
    void describeSession()
    {
        SqliteFile::Insert details(m_file, "INSERT INTO ANALYSIS_DETAILS VALUES (?, ?, ?, ?)");
        details.add({kGlobalVid, m_lastNs, std::int64_t{0}, m_lastNs});
        SqliteFile::Insert start(m_file, "INSERT INTO TARGET_INFO_SESSION_START_TIME VALUES (?, ?, ?)");
        const std::string text = utcText(m_trace.origin.unixNs);
        start.add({m_trace.origin.unixNs, text, text});
    }
    void describeTypes()
    {
        SqliteFile::Insert types(m_file, "INSERT INTO ENUM_NSYS_EVENT_TYPE VALUES (?, ?, ?)");
        for (const auto& [type, name] : {std::pair{EventType::Category, "NvtxCategory"},
                                         {EventType::Mark, "NvtxMark"},
                                         {EventType::PushPop, "NvtxPushPopRange"},
                                         {EventType::StartEnd, "NvtxStartEndRange"},
                                         {EventType::DomainCreate, "NvtxDomainCreate"}})
            types.add({static_cast<std::int64_t>(type), name, name});
    }

    const Trace& m_trace;
    SqliteFile& m_file;
    SqliteFile::Insert m_events, m_strings, m_counters;
    std::map<std::string, std::int64_t> m_stringIds;
    std::map<std::pair<std::uint32_t, bool>, std::int64_t> m_domains;            // name → number
    std::map<std::pair<std::int64_t, std::uint32_t>, std::int64_t> m_categories; // domain, name → number
    std::map<std::uint32_t, std::string> m_nvtxThreads;
    std::vector<std::string> m_processes; // that computed together; none where one computed alone
    std::int64_t m_ranges = 0, m_request = 0, m_lastNs = 0;
};

} // namespace

Result<void> nsysAvailable()
{
    return {};
}

Result<void> writeNsysDatabase(const Timeline& timeline, const std::string& path, const TraceRange& range)
{
    return writeWholeFile(path, [&](const std::string& partial) -> Result<void> {
        SqliteFile file(partial);
        file.execute(kTables);
        {
            NsysWriter writer(timeline.trace(), file);
            timeline.tell(writer, range);
            writer.finish();
        } // its statements end before the file
        if (const Result<void> finished = file.finish(); !finished)
            return outOfResources("cannot write \"" + path + "\": " + finished.error().message);
        return {};
    });
}

#else

Result<void> nsysAvailable()
{
    return outOfResources("built without SQLite: install libsqlite3-dev and build again");
}

Result<void> writeNsysDatabase(const Timeline& /*timeline*/, const std::string& /*path*/,
                               const TraceRange& /*range*/)
{
    return nsysAvailable();
}

#endif

} // namespace vitrine::engine
