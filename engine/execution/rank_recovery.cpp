// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/rank_recovery.h"

#include <cstdio>

namespace vitrine::engine {

std::string sentenceOf(const RankRecovery& recovery)
{
    char seconds[32];
    if (recovery.seconds() < 1.0)
        std::snprintf(seconds, sizeof seconds, "%.0f ms", recovery.seconds() * 1e3);
    else
        std::snprintf(seconds, sizeof seconds, "%.1f s", recovery.seconds());
    std::string text = recovery.reason;
    if (recovery.ranksNow < recovery.ranksBefore)
        return text + ", and that happened too often: the model goes on with " +
               std::to_string(recovery.ranksNow) + (recovery.ranksNow == 1 ? " process" : " ranks") +
               " instead of " + std::to_string(recovery.ranksBefore) + "; what ran goes on after " + seconds;
    if (recovery.replaced.empty())
        return text + "; the ranks began anew, what ran goes on after " + seconds;
    return text + "; it was replaced, what ran goes on after " + seconds;
}

} // namespace vitrine::engine
