// SPDX-License-Identifier: GPL-3.0-or-later
// What became of the KV blocks of a recording: how long their contents lived, how long they lay idle before
// they were found again or had to go. Times are those of the steps, in seconds. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/analysis/samples.h"
#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

/// The pool after a step.
struct ReferencePoint
{
    std::int64_t timeNs = 0;
    std::uint32_t held = 0;   ///< blocks in at least one table
    std::uint32_t shared = 0; ///< of those: in more than one
    std::uint32_t cached = 0;
    std::uint64_t references = 0; ///< places in tables: more than `held` by what sharing saves
};

struct BlockLife
{
    Samples lifetime;        ///< from being written to being evicted for another one's sake
    Samples idleBeforeEvict; ///< of those: since nobody held it
    Samples reuseGap;        ///< from being let go to being found again

    std::uint64_t taken = 0;                ///< blocks given out to be written
    std::uint64_t filled = 0;               ///< that became findable
    std::uint64_t shared = 0;               ///< times that one was found
    std::uint64_t revived = 0;              ///< of those: while nobody held it
    std::uint64_t evicted = 0;              ///< for another one's sake
    std::uint64_t evictedNew = 0;           ///< of those: never found by anybody
    std::uint64_t duplicates = 0;           ///< given back at once, since another one held the same
    std::vector<ReferencePoint> references; ///< at most kMostPoints, evenly over the steps

    static constexpr std::size_t kMostPoints = 600;
};

BlockLife blockLife(const RecordingStart& pool, std::span<const RecordedStep> steps);

} // namespace vitrine::engine
