// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/trace_reader.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/formats/mapped_file.h"
#include "engine/trace/trace_chunk.h"
#include "engine/trace/trace_fields.h"
#include "engine/trace/trace_step.h"

namespace vitrine::engine {

namespace {

class Reading
{
public:
    Reading(Trace& trace, const TraceLimits& limits) : m_trace(trace), m_memoryLeft(limits.mostBytes) {}

    /// False: the chunk says what it cannot, or there is no room for more.
    bool take(const Chunk& chunk)
    {
        TraceDecoder in(chunk.payload, m_memoryLeft);
        switch (static_cast<ChunkKind>(chunk.kind)) {
        case ChunkKind::Steps:
            takeSteps(in);
            break;
        case ChunkKind::Labels:
            takeLabels(in);
            break;
        case ChunkKind::Words:
            takeWords(in);
            break;
        case ChunkKind::End:
            in.field(m_trace.dropped);
            m_trace.complete = in.ok();
            break;
        case ChunkKind::NvtxNames:
            takeNvtxNames(in);
            break;
        case ChunkKind::NvtxEvents:
            takeNvtxEvents(in);
            break;
        case ChunkKind::NvtxThreads:
            takeNvtxThreads(in);
            break;
        case ChunkKind::NvtxDetails:
            takeNvtxNumbers(in, &NvtxEvent::detail);
            break;
        case ChunkKind::NvtxCorrelations:
            takeNvtxNumbers(in, &NvtxEvent::correlation);
            break;
        case ChunkKind::NvtxCounters:
            takeNvtxCounters(in);
            break;
        case ChunkKind::Origin: // the first alone
        default:
            break;
        }
        m_memoryLeft = in.memoryLeft();
        m_full = in.full();
        return in.ok();
    }
    bool full() const { return m_full; }
    /// After the last chunk: samples follow the events, whose numbers other chunks speak of.
    void end()
    {
        auto& events = m_trace.nvtx.events;
        events.insert(events.end(), m_counters.begin(), m_counters.end());
    }

private:
    void takeSteps(TraceDecoder& in)
    {
        std::int64_t base = 0;
        in.field(base);
        while (in.ok() && in.remaining() > 0) {
            RecordedStep step = decodeStep(in, base);
            if (!in.ok())
                return;
            base = baseAfter(step, base);
            m_trace.steps.push_back(std::move(step));
        }
    }
    void takeLabels(TraceDecoder& in)
    {
        while (in.ok() && in.remaining() > 0) {
            RequestId request;
            TraceLabel label;
            in.useMemory(sizeof label + kMapNode);
            in.field(request);
            describe<TraceDecoder>(in, label);
            if (in.ok())
                m_trace.labels.insert_or_assign(request, std::move(label));
        }
    }
    void takeWords(TraceDecoder& in)
    {
        while (in.ok() && in.remaining() > 0) {
            TokenId token = 0;
            std::string word;
            in.useMemory(sizeof word + kMapNode);
            in.field(token);
            in.field(word);
            if (in.ok())
                m_trace.vocabulary.insert_or_assign(token, std::move(word));
        }
    }

    void takeNvtxNames(TraceDecoder& in)
    {
        while (in.ok() && in.remaining() > 0) {
            std::string name;
            in.useMemory(sizeof name);
            in.field(name);
            if (in.ok())
                m_trace.nvtx.names.push_back(std::move(name));
        }
    }
    void takeNvtxEvents(TraceDecoder& in)
    {
        std::int64_t base = 0;
        in.field(base);
        while (in.ok() && in.remaining() > 0) {
            NvtxEvent event;
            in.useMemory(sizeof event);
            describe<TraceDecoder>(in, event, base);
            base = event.startNs;
            if (in.ok())
                m_trace.nvtx.events.push_back(event);
        }
    }
    void takeNvtxNumbers(TraceDecoder& in, std::uint32_t NvtxEvent::*member)
    {
        while (in.ok() && in.remaining() > 0) {
            std::uint64_t event = 0;
            std::uint32_t number = 0;
            in.field(event);
            in.field(number);
            if (in.ok() && event < m_trace.nvtx.events.size())
                m_trace.nvtx.events[event].*member = number;
        }
    }
    void takeNvtxCounters(TraceDecoder& in)
    {
        std::int64_t base = 0;
        in.field(base);
        while (in.ok() && in.remaining() > 0) {
            NvtxEvent sample;
            in.useMemory(2 * sizeof sample); // here and among the events
            describe<TraceDecoder>(in, sample, base);
            in.field(sample.detail);
            base = sample.startNs;
            sample.kind = NvtxKind::Counter;
            if (in.ok())
                m_counters.push_back(sample);
        }
    }
    void takeNvtxThreads(TraceDecoder& in)
    {
        in.field(m_trace.nvtx.dropped);
        while (in.ok() && in.remaining() > 0) {
            std::uint32_t thread = 0;
            std::string name;
            in.useMemory(sizeof name + kMapNode);
            in.field(thread);
            in.field(name);
            if (in.ok())
                m_trace.nvtx.threads.insert_or_assign(thread, std::move(name));
        }
    }

    static constexpr std::uint64_t kMapNode = 48; // its links and its key

    Trace& m_trace;
    std::uint64_t m_memoryLeft;
    bool m_full = false;
    std::vector<NvtxEvent> m_counters;
};

Result<void> checkMagic(std::span<const std::uint8_t> bytes, const std::string& name)
{
    constexpr std::size_t kVersionAt = 6;
    if (bytes.size() < kTraceMagic.size() ||
        !std::equal(kTraceMagic.begin(), kTraceMagic.begin() + kVersionAt, bytes.begin()))
        return badInput(name + ": not a recording: it does not begin with \"VTRACE\"");
    if (bytes[kVersionAt] != kTraceVersion)
        return badInput(name + ": a recording of version " + std::to_string(bytes[kVersionAt]) +
                        "; this program reads version " + std::to_string(kTraceVersion) +
                        ", so a newer one is needed");
    return {};
}

/// A pool that a machine can have: who plays the recording again makes one of that size.
bool isPossible(const RecordingStart& pool)
{
    constexpr std::uint32_t kMostBlocks = 1U << 24U, kMostPages = 1U << 12U;
    const KvShape& shape = pool.shape;
    return pool.blocks <= kMostBlocks && pool.hostBlocks <= kMostBlocks && shape.fullPages > 0 &&
           shape.fullPages <= kMostPages && shape.windowPages <= kMostPages &&
           std::uint64_t{pool.blocks} * shape.blockPages() <= std::numeric_limits<std::uint32_t>::max();
}

Result<void> readOrigin(std::span<const std::uint8_t>& bytes, TraceOrigin& origin, const std::string& name)
{
    const std::optional<Chunk> first = takeChunk(bytes);
    if (first && first->kind == static_cast<std::uint32_t>(ChunkKind::Origin)) {
        TraceDecoder in(first->payload);
        describe<TraceDecoder>(in, origin);
        if (in.ok() && isPossible(origin.pool))
            return {};
    }
    return badInput(name + ": the beginning of the recording is damaged; nothing of it can be read");
}

} // namespace

Result<Trace> readTrace(std::span<const std::uint8_t> bytes, const std::string& name,
                        const TraceLimits& limits)
{
    if (Result<void> magic = checkMagic(bytes, name); !magic)
        return magic.error();
    Trace trace;
    auto left = bytes.subspan(kTraceMagic.size());
    if (Result<void> origin = readOrigin(left, trace.origin, name); !origin)
        return origin.error();
    Reading reading(trace, limits);
    while (!left.empty()) {
        const std::string at = " at byte " + std::to_string(bytes.size() - left.size());
        const std::optional<Chunk> chunk = takeChunk(left);
        if (chunk && reading.take(*chunk))
            continue;
        trace.damage = name +
                       (reading.full() ? ": larger than memory is allowed for: it is shown up to a place"
                                       : ": damaged or cut short") +
                       at + "; " + std::to_string(trace.steps.size()) + " steps before it are whole";
        break;
    }
    reading.end();
    return trace;
}

Result<TraceOrigin> readTraceOrigin(const std::string& path)
{
    const Result<MappedFile> file = MappedFile::open(path);
    if (!file)
        return file.error();
    if (Result<void> magic = checkMagic(file->bytes(), path); !magic)
        return magic.error();
    auto left = file->bytes().subspan(kTraceMagic.size());
    TraceOrigin origin;
    if (Result<void> read = readOrigin(left, origin, path); !read)
        return read.error();
    if (file->lost())
        return badInput(path + ": the file changed while it was being read; try again");
    return origin;
}

Result<Trace> readTrace(const std::string& path, const TraceLimits& limits)
{
    const Result<MappedFile> file = MappedFile::open(path);
    if (!file)
        return file.error();
    Result<Trace> trace = readTrace(file->bytes(), path, limits);
    if (file->lost())
        return badInput(path + ": the file changed while it was being read; try again");
    return trace;
}

} // namespace vitrine::engine
