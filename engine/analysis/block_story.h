// SPDX-License-Identifier: GPL-3.0-or-later
// The KV cache as it was at a moment (BlockHistory), and of each block what a person asks: whose contents lie
// in it, which part of the prompt, since when, and when it was given back. Any thread, one owner.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/kv_cache/block_history.h"
#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

class BlockStory
{
public:
    struct Note
    {
        RequestId request;           ///< who wrote the contents; 0: nobody yet
        std::uint32_t place = 0;     ///< in its table: tokens from place × block size on
        std::int64_t takenNs = 0;    ///< 0: never
        std::int64_t releasedNs = 0; ///< when nobody held it any more; 0: somebody does
        std::uint64_t takenStep = 0, releasedStep = 0;
    };

    BlockStory() : BlockStory(RecordingStart{}) {}
    /// An empty pool.
    explicit BlockStory(const RecordingStart& pool);

    /// In the order of the recording.
    void apply(const RecordedStep& step);

    const BlockHistory& history() const { return m_history; }
    /// [block], as many as history().blocks().
    std::span<const Note> notes() const { return m_notes; }
    /// The moment: the end of the last step.
    std::int64_t nowNs() const { return m_nowNs; }
    std::uint64_t step() const { return m_step; }
    /// About how much memory a copy takes.
    std::size_t bytes() const;

    /// Who holds each block, the first of them, and how many do: [block].
    struct Holder
    {
        RequestId request;
        std::uint32_t place = 0, count = 0;
    };
    std::vector<Holder> holders() const;

    /// Events that make an empty pool what this one is: the first step of a recording that begins here.
    std::vector<BlockEvent> events() const;

private:
    void note(const BlockEvent& event);
    void noteTaken(const BlockEvent& event);
    Note* at(BlockId block);

    BlockHistory m_history;
    std::uint32_t m_blocks = 0; // of the pool
    std::vector<Note> m_notes;
    std::int64_t m_nowNs = 0;
    std::uint64_t m_step = 0;
};

} // namespace vitrine::engine
