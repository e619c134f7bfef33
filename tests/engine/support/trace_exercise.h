// SPDX-License-Identifier: GPL-3.0-or-later
// Does with the bytes of a recording everything the program does with one. The fuzzer and the corpus test
// share it.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <map>
#include <ostream>
#include <set>
#include <span>
#include <streambuf>
#include <string>
#include <utility>
#include <vector>

#include "engine/analysis/advisor.h"
#include "engine/analysis/anomaly.h"
#include "engine/analysis/attribution.h"
#include "engine/analysis/block_life.h"
#include "engine/analysis/prefix_tree.h"
#include "engine/analysis/session.h"
#include "engine/kv_cache/block_history.h"
#include "engine/report/html_report.h"
#include "engine/report/recording_report.h"
#include "engine/trace/chrome_export.h"
#include "engine/trace/csv_export.h"
#include "engine/trace/pftrace_export.h"
#include "engine/trace/trace_chunk.h"
#include "engine/trace/trace_reader.h"
#include "engine/trace/trace_step.h"

namespace vitrine::test {

inline void mustHold(bool condition)
{
    if (!condition)
        std::abort();
}

/// Counts what is written and keeps nothing.
class NullBuffer final : public std::streambuf
{
public:
    std::uint64_t bytes() const { return m_bytes; }

protected:
    int overflow(int character) override
    {
        ++m_bytes;
        return character == traits_type::eof() ? 0 : character;
    }
    std::streamsize xsputn(const char* /*text*/, std::streamsize count) override
    {
        m_bytes += static_cast<std::uint64_t>(count);
        return count;
    }

private:
    std::uint64_t m_bytes = 0;
};

/// Stops the program when the walk breaks a promise that exporters rest on.
class TimelineRules final : public engine::TimelineSink
{
public:
    ~TimelineRules() override { mustHold(m_open == 0 && m_out == m_in); }

    void begin(const std::vector<engine::TimelineRequest>& requests) override
    {
        m_requests = requests.size();
    }
    void rankLanes(const std::vector<std::string>& titles) override
    {
        mustHold(m_ranks.empty() && !titles.empty());
        m_ranks.resize(titles.size());
    }
    void rankSlice(const engine::TimelineSlice& slice) override
    {
        mustHold(slice.lane < m_ranks.size() && slice.startNs >= m_ranks[slice.lane] &&
                 slice.endNs >= slice.startNs);
        m_ranks[slice.lane] = slice.endNs;
    }
    void slice(const engine::TimelineSlice& slice) override
    {
        mustHold(slice.startNs <= slice.endNs && slice.startNs >= m_last[slice.lane]);
        mustHold((slice.lane >= engine::kFirstRequestLane) == (m_open != 0));
        m_last[slice.lane] = slice.endNs;
        for (const std::uint64_t number : slice.arrowsOut)
            mustHold(m_out.insert(number).second);
        for (const std::uint64_t number : slice.arrowsIn)
            mustHold(m_in.insert(number).second);
    }
    void counter(const engine::TimelineCounter& counter) override { mustHold(counter.timeNs >= 0); }
    void mark(const engine::TimelineMark& mark) override { mustHold(mark.timeNs >= 0 && *mark.name != 0); }
    void requestBegins(const engine::TimelineRequest& request) override
    {
        mustHold(++m_open == 1 && m_begun++ < m_requests);
        m_last[request.lane] = request.startNs;
    }
    void requestEnds(const engine::TimelineRequest& request) override
    {
        mustHold(--m_open == 0 && request.endNs >= m_last[request.lane]);
    }
    void nvtxLanes(const std::vector<engine::TimelineNvtxLane>& lanes) override
    {
        for (std::size_t i = 0; i < lanes.size(); ++i)
            mustHold(lanes[i].lane == i && !lanes[i].title.empty());
        m_nvtx.resize(lanes.size());
    }
    void nvtx(const engine::TimelineNvtx& event) override
    {
        mustHold(event.startNs >= 0 && event.startNs <= event.endNs && event.lane < m_nvtx.size());
        if (event.event.kind == engine::NvtxKind::Mark)
            return;
        std::vector<std::int64_t>& open = m_nvtx[event.lane]; // ends of those around, the innermost last
        while (!open.empty() && open.back() <= event.startNs)
            open.pop_back();
        mustHold(open.empty() || (event.event.kind == engine::NvtxKind::Range && event.endNs <= open.back()));
        open.push_back(event.endNs);
    }
    void nvtxCounter(const engine::TimelineNvtx& sample) override
    {
        mustHold(sample.startNs >= m_counted && sample.event.kind == engine::NvtxKind::Counter);
        m_counted = sample.startNs;
    }

private:
    std::map<engine::TimelineLane, std::int64_t> m_last;
    std::set<std::uint64_t> m_out, m_in;
    std::vector<std::vector<std::int64_t>> m_nvtx; // [lane]
    std::vector<std::int64_t> m_ranks;             // [process]: until when
    std::int64_t m_counted = 0;
    std::size_t m_requests = 0, m_begun = 0;
    int m_open = 0;
};

/// Writes it in each format that goes to a stream.
inline void exportAll(const engine::Timeline& timeline, const engine::TraceRange& range)
{
    TimelineRules rules;
    timeline.tell(rules, range);
    NullBuffer nothing;
    std::ostream out(&nothing);
    engine::writeChromeTrace(timeline, out, range);
    engine::writePerfettoTrace(timeline, out, range);
    engine::writeCsvTables(timeline, out, out, range);
    engine::writeNvtxTable(timeline, out, range);
    mustHold(out.good() && nothing.bytes() > 0);
}

/// What is whole comes back from its bytes as it is.
inline void encodeAgain(const engine::Trace& trace)
{
    for (const engine::RecordedStep& step : trace.steps) {
        engine::TraceBytes bytes, again;
        engine::encodeStep(bytes, step, step.record.startNs);
        engine::TraceDecoder in(bytes);
        engine::encodeStep(again, engine::decodeStep(in, step.record.startNs), step.record.startNs);
        mustHold(in.ok() && again == bytes);
    }
}

/// Plays its blocks through their history, from the pool that it claims.
inline void playBlocks(const engine::Trace& trace)
{
    const engine::RecordingStart& pool = trace.origin.pool;
    constexpr std::uint32_t kMostBlocks = 1U << 16U; // more is only slow
    if (pool.blocks > kMostBlocks || pool.hostBlocks > kMostBlocks)
        return;
    engine::BlockHistory history(pool.blocks, pool.hostBlocks, pool.shape);
    for (const engine::RecordedStep& step : trace.steps)
        history.apply(step.blocks);
    const engine::BlockUsage usage = history.usage();
    mustHold(usage.hostFree + usage.hostPinned + usage.hostPrefix == pool.hostBlocks);
}

inline void lookAt(const engine::NvtxLanes& nvtx)
{
    mustHold(nvtx.size() <= 1000 && nvtx.lanes().size() <= 8);
    constexpr engine::TimeRange kAll{-engine::kMostNs + 1, engine::kMostNs - 1}; // differences must fit
    for (const auto& [key, lane] : nvtx.lanes()) {
        for (const engine::SpanLane& level : lane.levels)
            for (const engine::LaneBar& bar : level.fold(kAll, 100)) {
                const auto event = nvtx.event(bar.tag);
                mustHold(event.has_value() && bar.startNs <= bar.endNs);
                const auto call = nvtx.callOf(*event);
                mustHold(!call || call->correlation == event->correlation);
            }
        for (const engine::LaneBar& bar : lane.past.fold(kAll, 100))
            mustHold(bar.startNs < bar.endNs && bar.coverage > 0 && bar.coverage <= 1);
        const auto columns = lane.samples.fold(kAll, 100);
        mustHold(columns.size() <= 101);
        for (const engine::CounterColumn& column : columns)
            mustHold(column.least <= column.last && column.last <= column.most);
    }
}

/// Holds it for looking at, asks for what views ask for, and cuts a part out that is a recording again.
inline void lookAt(const engine::Trace& trace)
{
    engine::Session session = engine::Session::of(trace, {.mostBytes = std::size_t{1} << 20U,
                                                          .mostKeyframes = 4,
                                                          .nvtx = {.mostEvents = 1000, .mostLanes = 8}});
    lookAt(session.nvtx());
    if (session.isEmpty())
        return;
    const engine::TimeRange range = session.range();
    mustHold(range.length() >= 0);
    const std::size_t middle = session.steps().size() / 2;
    const engine::BlockStory story = session.blocksAfter(middle);
    mustHold(story.holders().size() == story.notes().size());
    for (std::size_t phase = 0; phase < engine::kStepPhases; ++phase)
        mustHold(session.lane(static_cast<engine::StepPhase>(phase)).fold(range, 100).size() <= 202);
    const engine::Session part = engine::Session::of(session.cut(middle, session.steps().size()));
    mustHold(part.steps().size() <= session.steps().size() + 1);
}

/// Everything that is worked out from one.
inline void analyse(const engine::Trace& trace)
{
    const engine::RecordingStart& pool = trace.origin.pool;
    for (const engine::RequestLatency& latency : engine::attributeLatency(trace.steps))
        mustHold(latency.whole.total() >= 0);
    static_cast<void>(engine::advise(trace.steps, pool, {}));
    static_cast<void>(engine::blockLife(pool, trace.steps));
    static_cast<void>(engine::prefixTree(pool, trace.steps, trace.vocabulary));
    engine::AnomalyWatch watch;
    for (const engine::RecordedStep& step : trace.steps)
        static_cast<void>(watch.add(step));
    mustHold(!engine::htmlReport(engine::recordingReport(trace)).empty());
}

/// The message of the refusal; empty when it was read, in part or whole.
inline std::string exerciseTrace(std::span<const std::uint8_t> bytes)
{
    const engine::Result<engine::Trace> trace =
        engine::readTrace(bytes, "input.vtrace", {.mostBytes = std::uint64_t{64} << 20U});
    if (!trace)
        return trace.error().message;
    const engine::Timeline timeline(*trace);
    exportAll(timeline, {});
    exportAll(timeline, timeline.range(1e-3, 1.0));
    encodeAgain(*trace);
    playBlocks(*trace);
    lookAt(*trace);
    analyse(*trace);
    return {};
}

/// The bytes with every chunk's checksum and length made right, as far as chunks follow each other: what lies
/// behind the checksums is reached too.
inline engine::TraceBytes withRightSums(std::span<const std::uint8_t> bytes)
{
    constexpr std::size_t kHead = 16;
    engine::TraceBytes mended(engine::kTraceMagic.begin(), engine::kTraceMagic.end());
    bytes = bytes.subspan(std::min(bytes.size(), mended.size()));
    while (bytes.size() > kHead) {
        const std::size_t left = bytes.size() - kHead;
        const std::size_t claimed = bytes[4] | std::size_t{bytes[5]} << 8U | std::size_t{bytes[6]} << 16U;
        const std::size_t size = std::min(left, claimed);
        engine::appendChunk(mended, static_cast<engine::ChunkKind>(bytes[0]), bytes.subspan(kHead, size));
        bytes = bytes.subspan(kHead + size);
    }
    return mended;
}

} // namespace vitrine::test
