// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a recording to a file while it goes on (format: trace_chunk.h). What is written is readable at once
// and stays so when the program dies; what waits for its chunk is small and goes out with flush(), which the
// owner calls about once a second. One owner, one thread; not the engine's, since a disk may be slow.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_set>

#include "engine/base/result.h"
#include "engine/trace/trace.h"
#include "engine/trace/trace_codec.h"

namespace vitrine::engine {

class TraceWriter
{
public:
    /// The bytes of a token.
    using WordOf = std::function<std::string(TokenId)>;

    struct Options
    {
        std::uint64_t mostBytes = std::uint64_t{4}
                                  << 30U; ///< of the file; what comes after is counted as dropped
        WordOf wordOf;                    ///< without it the file has no vocabulary
    };

    /// A file of this name is replaced.
    static Result<TraceWriter> create(const std::string& path, const TraceOrigin& origin, Options options);

    TraceWriter(TraceWriter&&) noexcept;
    TraceWriter& operator=(TraceWriter&&) noexcept;
    ~TraceWriter(); ///< without finish(): as if the program had died here

    // An error says that the disk took no more; the file is whole up to there, and nothing more is written.

    Result<void> add(std::span<const RecordedStep> steps);
    Result<void> label(RequestId request, const TraceLabel& label);
    /// `names` are those of the events, and begin with the ones that were given before.
    Result<void> addNvtx(std::span<const NvtxEvent> events, std::span<const std::string> names);
    /// Once, before finish(). `droppedBefore`: events that the capture lost before they came here.
    Result<void> endNvtx(const std::map<std::uint32_t, std::string>& threads, std::uint64_t droppedBefore);
    Result<void> flush();
    /// The last chunk. `droppedBefore`: steps that the recorder lost before they came here.
    Result<void> finish(std::uint64_t droppedBefore);

    std::uint64_t bytes() const { return m_written; }
    std::uint64_t dropped() const { return m_dropped; } ///< steps beyond mostBytes

private:
    struct File;
    TraceWriter();

    Result<void> write(const TraceBytes& bytes);
    void addWords(const RecordedStep& step);
    void addWord(TokenId token);
    Result<void> flushWhenLarge();
    void addNvtxEvent(const NvtxEvent& event);
    void addNvtxNumber(TraceBytes& bytes, std::uint32_t number) const;
    std::size_t waitingNvtx() const;

    std::string m_path;
    std::unique_ptr<File> m_file;
    Options m_options;
    TraceBytes m_steps, m_labels, m_words; // payloads that wait
    TraceBytes m_nvtxNames, m_nvtxEvents, m_nvtxDetails, m_nvtxCorrelations, m_nvtxCounters;
    std::size_t m_nvtxKnown = 1;         // names that the file has
    std::int64_t m_base = 0;             // of the next step in m_steps
    std::int64_t m_nvtxBase = 0;         // of the next event in m_nvtxEvents
    std::int64_t m_counterBase = 0;      // of the next sample in m_nvtxCounters
    std::uint64_t m_nvtxWritten = 0;     // events but counters
    std::unordered_set<TokenId> m_known; // words that the file has
    std::uint64_t m_written = 0, m_dropped = 0, m_nvtxDropped = 0;
};

} // namespace vitrine::engine
