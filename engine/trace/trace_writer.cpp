// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/trace_writer.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "engine/trace/trace_chunk.h"
#include "engine/trace/trace_fields.h"
#include "engine/trace/trace_step.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kChunk = std::size_t{256} << 10U; // bytes that do not wait for flush()

Error systemError(const std::string& path, const char* what)
{
    return outOfResources(path + ": " + what + ": " + std::strerror(errno));
}

} // namespace

struct TraceWriter::File
{
    explicit File(int opened) : descriptor(opened) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { ::close(descriptor); }

    int descriptor;
    bool failed = false;
};

TraceWriter::TraceWriter() = default;
TraceWriter::TraceWriter(TraceWriter&&) noexcept = default;
TraceWriter& TraceWriter::operator=(TraceWriter&&) noexcept = default;
TraceWriter::~TraceWriter() = default;

Result<TraceWriter> TraceWriter::create(const std::string& path, const TraceOrigin& origin, Options options)
{
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor < 0)
        return systemError(path, "cannot write the recording");
    TraceWriter writer;
    writer.m_path = path;
    writer.m_file = std::make_unique<File>(descriptor);
    writer.m_options = std::move(options);
    TraceBytes payload, head(kTraceMagic.begin(), kTraceMagic.end());
    TraceEncoder encoder(payload);
    describe<TraceEncoder>(encoder, origin);
    appendChunk(head, ChunkKind::Origin, payload);
    if (Result<void> written = writer.write(head); !written)
        return written.error();
    return writer;
}

Result<void> TraceWriter::write(const TraceBytes& bytes)
{
    std::size_t at = 0;
    while (!m_file->failed && at < bytes.size()) {
        const ssize_t wrote = ::write(m_file->descriptor, bytes.data() + at, bytes.size() - at);
        if (wrote > 0)
            at += static_cast<std::size_t>(wrote);
        else if (wrote == 0 || errno != EINTR)
            m_file->failed = true;
    }
    m_written += at;
    if (at == bytes.size())
        return {};
    return systemError(m_path, "the recording ends here, the disk took no more");
}

Result<void> TraceWriter::add(std::span<const RecordedStep> steps)
{
    for (const RecordedStep& step : steps) {
        if (m_written + m_steps.size() > m_options.mostBytes) {
            ++m_dropped;
            continue;
        }
        if (m_steps.empty()) {
            m_base = step.record.startNs;
            TraceEncoder(m_steps).field(m_base);
        }
        encodeStep(m_steps, step, m_base);
        m_base = baseAfter(step, m_base);
        addWords(step);
        if (Result<void> written = flushWhenLarge(); !written)
            return written;
    }
    return {};
}

void TraceWriter::addWords(const RecordedStep& step)
{
    if (!m_options.wordOf)
        return;
    for (const RecordedEvent& event : step.events) {
        if (const auto* arrival = std::get_if<RecordedArrival>(&event))
            for (const TokenId token : arrival->prompt)
                addWord(token);
        else if (const auto* said = std::get_if<RecordedToken>(&event))
            addWord(said->token);
    }
}

void TraceWriter::addWord(TokenId token)
{
    if (!m_known.insert(token).second)
        return;
    TraceEncoder encoder(m_words);
    encoder.field(token);
    encoder.field(m_options.wordOf(token));
}

Result<void> TraceWriter::label(RequestId request, const TraceLabel& label)
{
    TraceEncoder encoder(m_labels);
    encoder.field(request);
    describe<TraceEncoder>(encoder, label);
    return flushWhenLarge();
}

Result<void> TraceWriter::addNvtx(std::span<const NvtxEvent> events, std::span<const std::string> names)
{
    for (; m_nvtxKnown < names.size(); ++m_nvtxKnown) {
        TraceEncoder(m_nvtxNames).field(names[m_nvtxKnown]);
        if (Result<void> written = flushWhenLarge(); !written)
            return written;
    }
    for (const NvtxEvent& event : events) {
        if (m_written + waitingNvtx() > m_options.mostBytes) {
            ++m_nvtxDropped;
            continue;
        }
        addNvtxEvent(event);
        if (Result<void> written = flushWhenLarge(); !written)
            return written;
    }
    return {};
}

/// What older readers do not know stands in chunks of its own, which they pass over.
void TraceWriter::addNvtxEvent(const NvtxEvent& event)
{
    const bool counter = event.kind == NvtxKind::Counter;
    TraceBytes& bytes = counter ? m_nvtxCounters : m_nvtxEvents;
    std::int64_t& base = counter ? m_counterBase : m_nvtxBase;
    TraceEncoder encoder(bytes);
    if (bytes.empty()) {
        base = event.startNs;
        encoder.field(base);
    }
    describe<TraceEncoder>(encoder, event, base);
    base = event.startNs;
    if (counter)
        encoder.field(event.detail);
    else {
        addNvtxNumber(m_nvtxDetails, event.detail);
        addNvtxNumber(m_nvtxCorrelations, event.correlation);
    }
    m_nvtxWritten += counter ? 0 : 1;
}

/// Of the event that is written just now; most have none.
void TraceWriter::addNvtxNumber(TraceBytes& bytes, std::uint32_t number) const
{
    if (number == 0)
        return;
    TraceEncoder encoder(bytes);
    encoder.field(m_nvtxWritten);
    encoder.field(number);
}

std::size_t TraceWriter::waitingNvtx() const
{
    return m_nvtxEvents.size() + m_nvtxDetails.size() + m_nvtxCorrelations.size() + m_nvtxCounters.size();
}

Result<void> TraceWriter::endNvtx(const std::map<std::uint32_t, std::string>& threads,
                                  std::uint64_t droppedBefore)
{
    if (Result<void> written = flush(); !written)
        return written;
    TraceBytes payload, out;
    TraceEncoder encoder(payload);
    encoder.field(droppedBefore + m_nvtxDropped);
    for (const auto& [thread, name] : threads) {
        encoder.field(thread);
        encoder.field(name);
    }
    appendChunk(out, ChunkKind::NvtxThreads, payload);
    return write(out);
}

Result<void> TraceWriter::flushWhenLarge()
{
    const std::size_t waiting =
        m_steps.size() + m_labels.size() + m_words.size() + m_nvtxNames.size() + waitingNvtx();
    return waiting > kChunk ? flush() : Result<void>();
}

Result<void> TraceWriter::flush()
{
    TraceBytes out; // words and labels first: who reads along knows what the steps speak of
    const auto take = [&out](ChunkKind kind, TraceBytes& payload) {
        if (!payload.empty())
            appendChunk(out, kind, payload);
        payload.clear();
    };
    take(ChunkKind::Words, m_words);
    take(ChunkKind::Labels, m_labels);
    take(ChunkKind::Steps, m_steps);
    take(ChunkKind::NvtxNames, m_nvtxNames);
    take(ChunkKind::NvtxEvents, m_nvtxEvents);
    take(ChunkKind::NvtxDetails, m_nvtxDetails);
    take(ChunkKind::NvtxCorrelations, m_nvtxCorrelations);
    take(ChunkKind::NvtxCounters, m_nvtxCounters);
    return write(out);
}

Result<void> TraceWriter::finish(std::uint64_t droppedBefore)
{
    if (Result<void> written = flush(); !written)
        return written;
    TraceBytes payload, out;
    TraceEncoder(payload).field(droppedBefore + m_dropped);
    appendChunk(out, ChunkKind::End, payload);
    return write(out);
}

} // namespace vitrine::engine
