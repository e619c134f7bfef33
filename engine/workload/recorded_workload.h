// SPDX-License-Identifier: GPL-3.0-or-later
// The load of a recording, to be run again: the same prompts at the same distances, and replies of the same
// lengths whatever the model says this time. Any thread.
#pragma once

#include <cstdint>
#include <span>

#include "engine/workload/workload.h"

namespace vitrine::engine {

struct RecordedWorkload
{
    Workload items; ///< in order of arrival, the first one at 0
    std::uint64_t promptTokens = 0, replyTokens = 0;
    // Left out:
    std::uint64_t withoutArrival = 0; ///< arrived before the recording, or their arrival was dropped from it
    std::uint64_t withoutPrompt = 0;  ///< the tokens of the prompt are not (all) in it
    std::uint64_t withoutReply = 0;   ///< ended before their first token
    // Not as they would have been:
    std::uint64_t unfinished = 0; ///< went on after the recording: their replies end where it ended

    std::uint64_t leftOut() const { return withoutArrival + withoutPrompt + withoutReply; }
};

/// Of steps in the order of the recording. Its values are not believed: times out of order are put in order,
/// distances are bounded by a day.
RecordedWorkload workloadOf(std::span<const RecordedStep> steps);

} // namespace vitrine::engine
