// SPDX-License-Identifier: GPL-3.0-or-later
// Sums and maxima over any stretch of steps in logarithmic time: what a chart of a million steps is drawn
// from, one stretch a column. Sixteen digests make one of the next level. One owner, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/telemetry/step_record.h"

namespace vitrine::engine {

/// Of one step, or of several taken together.
struct StepDigest
{
    std::uint32_t steps = 0; ///< that computed something
    std::uint64_t prefillTokens = 0, decodeTokens = 0, recomputedTokens = 0;
    std::uint64_t lookedUpTokens = 0, cachedTokens = 0;
    std::uint32_t preemptions = 0;
    // Of the fullest step:
    std::uint32_t mostPrefill = 0, mostDecode = 0, mostRecomputed = 0, mostBudget = 0;
    std::uint32_t mostRunning = 0, mostWaiting = 0;
    std::uint32_t mostReferenced = 0, mostCached = 0, mostTotal = 0; ///< pages of the pool, each its maximum
    std::uint32_t lastReferenced = 0, lastCached = 0, lastTotal = 0; ///< after the last step

    void add(const StepDigest& later);
};

StepDigest digestOf(const StepFigures& figures);

class StepPyramid
{
public:
    void add(const StepFigures& figures);
    /// The oldest `steps` go, and one with these figures comes in their place. REQUIRES: 0 < steps <= size().
    void replaceFirst(std::size_t steps, const StepFigures& first);
    /// Steps [first, last), which may lie beyond what is there.
    StepDigest of(std::size_t first, std::size_t last) const;
    std::size_t size() const { return m_levels.empty() ? 0 : m_levels[0].size(); }

private:
    void build();

    std::vector<std::vector<StepDigest>> m_levels; // [0]: the steps
};

} // namespace vitrine::engine
