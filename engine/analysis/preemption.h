// SPDX-License-Identifier: GPL-3.0-or-later
// The preemptions of a recording, one by one: why it came to that, who had to go, what it was compared with,
// and what it cost in the end. Times of nowNs(), durations in seconds. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

struct PreemptionDetail
{
    struct Alternative
    {
        RequestId request;
        double price = 0.0; ///< seconds of work lost, weighed by priority, progress and preemptions before
    };

    std::uint64_t step = 0;
    std::int64_t timeNs = 0;
    RequestId victim, beneficiary; ///< beneficiary 0: for nobody in particular
    PreemptionReason reason = PreemptionReason::NoBlock;
    PreemptionAction action = PreemptionAction::Recompute;

    // Cause: the pool just before, in blocks.
    std::uint32_t needed = 0; ///< blocks that the beneficiary took afterwards in the same step; 0: none
    bool forPrompt = false;   ///< the beneficiary computed its prompt, not a token of its reply
    std::uint32_t pool = 0, referenced = 0, cached = 0, free = 0;
    std::uint32_t usable() const { return cached + free; }

    // Victim.
    std::uint32_t blocks = 0;      ///< that it held
    std::uint32_t freed = 0;       ///< pages that came free by it: not what others hold as well
    std::uint32_t stillCached = 0; ///< of its blocks: findable after the step
    std::uint32_t keptTokens = 0;  ///< in those
    std::uint32_t lostTokens = 0;  ///< that had been computed and are in none of those
    std::uint32_t before = 0;      ///< how often it was preempted before

    // Choice.
    double predictedSeconds = 0.0;         ///< of work lost
    double price = 0.0;                    ///< the same, weighed: to be compared with the alternatives
    std::uint32_t considered = 0;          ///< requests that could have been the victim
    std::vector<Alternative> alternatives; ///< in order of preference: who frees enough first, then by price

    // Outcome; empty when the recording ends before.
    std::optional<std::int64_t> returnedNs; ///< it ran again
    std::optional<double> waitSeconds;      ///< until then
    std::uint32_t recomputedTokens = 0;     ///< computed again
    double costSeconds = 0.0;               ///< its share of the steps that computed or moved them again
    std::optional<double> pauseSeconds;     ///< between two tokens of its reply, as its reader saw it
};

/// In the order of the recording.
std::vector<PreemptionDetail> preemptions(const RecordingStart& pool, std::span<const RecordedStep> steps);

} // namespace vitrine::engine
