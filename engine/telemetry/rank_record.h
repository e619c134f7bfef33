// SPDX-License-Identifier: GPL-3.0-or-later
// What a recording holds of the processes that compute a model together: each one's part in every step, and
// what became of them. Plain values; times by nowNs() of the process with rank 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/parallel/rank_times.h"

namespace vitrine::engine {

/// Of one process in one step.
struct RankPart
{
    std::int64_t startNs = 0, endNs = 0; ///< of its computing and waiting; within the forward pass
    RankTimes times;
};

/// Of all processes that compute a step.
struct RankParts
{
    std::uint32_t stages = 1;             ///< that they are shared out among, in order
    std::vector<RankPart> processes = {}; ///< by number; empty: one computes alone
};
/// Most of them that a recording may claim.
inline constexpr std::size_t kMostProcesses = 4096;

/// Of an executor that began then: the first of its Executor::rankTimes(), if any.
RankPart partSince(std::int64_t startNs, const std::vector<RankTimes>& times);
/// Fit to be shown: within the forward pass, its parts no longer than it. A process says what it likes, and
/// one of another machine has another clock.
RankPart boundedPart(RankPart part, std::int64_t launchedNs, std::int64_t awaitedNs);

/// How long one process computed more than another, who did most and who least.
struct RankSkew
{
    std::int64_t ns = 0;
    std::uint32_t slowest = 0, fastest = 0;
};
RankSkew skewOf(const RankParts& ranks); ///< whatever a file claims; nothing of less than two processes
/// With no times below zero, or longer than any step takes.
RankTimes soundTimes(RankTimes times);

enum class RankEventKind : std::uint8_t {
    Replaced, ///< processes failed, others took their places
    Renewed,  ///< the group failed, and all processes were still there
    Fewer,    ///< failed too often: the model goes on with fewer
    Refused,  ///< what failed could not be replaced
    Changed,  ///< the number was changed, as asked for
    Followed  ///< the number was changed, as the load has it
};
const char* rankEventName(RankEventKind kind); ///< "ranks_replaced"

struct RankEvent
{
    RankEventKind kind = RankEventKind::Changed;
    std::int64_t startNs = 0, endNs = 0;         ///< found or asked for; all could compute again
    std::uint32_t ranksBefore = 0, ranksNow = 0; ///< processes
    std::vector<std::uint32_t> processes = {};   ///< that were replaced, in order
    std::string reason = {};                     ///< in English; of failures
};

} // namespace vitrine::engine
