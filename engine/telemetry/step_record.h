// SPDX-License-Identifier: GPL-3.0-or-later
// What one engine step did, as one trivially copyable value: written by the engine thread into a
// bounded ring, read by the window and by exporters.
#pragma once

#include <array>
#include <cstdint>

#include "engine/base/ids.h"

namespace vitrine::engine {

/// One request's part in a step.
struct StepRow
{
    RequestId request;
    std::uint32_t prefillTokens = 0; ///< prompt (or recomputed) tokens of this step; 0 in a decode row
    std::uint32_t decodeTokens = 0;  ///< 1 in a decode row
    std::uint32_t contextLength = 0; ///< tokens in KV after the step
    std::uint32_t blocks = 0;        ///< KV blocks in its table
};

/// Times in nanoseconds of nowNs(); phases add up to at most endNs - startNs.
struct StepFigures
{
    std::uint64_t step = 0; ///< 1, 2, 3 …
    std::int64_t startNs = 0;
    std::int64_t endNs = 0;
    std::int64_t scheduleNs = 0;
    std::int64_t forwardNs = 0;
    std::int64_t sampleNs = 0;
    std::int64_t emitNs = 0;      ///< detokenising and events
    std::int64_t transferNs = 0;  ///< copies and swaps of KV blocks before the forward pass
    std::int64_t hiddenNs = 0;    ///< of the host's work (schedule, emit): done while a step was computed
    std::int64_t predictedNs = 0; ///< of forwardNs, by the step time model

    std::uint32_t tokenBudget = 0;
    std::uint32_t prefillTokens = 0;
    std::uint32_t decodeTokens = 0;
    std::uint32_t recomputedTokens = 0; ///< of prefillTokens: computed again after a preemption
    std::uint32_t lookedUpTokens = 0;   ///< prompt tokens of requests admitted in this step
    std::uint32_t cachedTokens = 0;     ///< of those: found in the prefix cache
    std::uint32_t preemptions = 0;
    std::uint32_t preemptionsBySwap = 0; ///< of those
    // In pages (kv_shape.h), which are blocks but for models that mix full and sliding-window layers:
    std::uint32_t copiedBlocks = 0;      ///< copy-on-write and compaction
    std::uint32_t swappedOut = 0;        ///< blocks to host memory
    std::uint32_t swappedIn = 0;         ///< and back
    std::uint32_t running = 0;
    std::uint32_t waiting = 0;

    // The pool after the step: what a client finds between steps.
    std::uint32_t blocksReferenced = 0;
    std::uint32_t blocksCached = 0;
    std::uint32_t blocksFree = 0;
    std::uint32_t blocksReferencedPeak = 0; ///< during the step, before finished requests gave theirs back
    std::uint32_t hostBlocksUsed = 0;       ///< slots of the host tier that hold something

    std::uint32_t blocksTotal() const { return blocksReferenced + blocksCached + blocksFree; }
};

/// With its rows, as far as they fit.
struct StepRecord : StepFigures
{
    static constexpr std::uint32_t kMaxRows = 64;

    std::uint32_t rowCount = 0;    ///< rows filled below
    std::uint32_t rowsOmitted = 0; ///< requests beyond kMaxRows
    std::array<StepRow, kMaxRows> rows{};
};

} // namespace vitrine::engine
