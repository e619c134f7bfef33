// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/team_member.h"

namespace vitrine::engine {

namespace {

// In looks, ten a second: time in which this process was stopped itself does not count.
constexpr std::uint32_t kLooksUntilStarted = 600; // from a slow disk
constexpr std::uint32_t kLooksWhenStopped = 3;
constexpr std::uint32_t kLooksAtAll = 8;

} // namespace

std::string TeamMember::look()
{
    const std::uint32_t beats = controlGroup->beats(kWorker);
    if (beats != beatsSeen) {
        beatsSeen = beats;
        silentLooks = 0;
        return {};
    }
    ++silentLooks;
    if (beats == 0)
        return silentLooks < kLooksUntilStarted ? "" : "did not start";
    if (silentLooks >= kLooksWhenStopped && process.isStopped())
        return "was stopped";
    return silentLooks < kLooksAtAll ? "" : "shows no sign of life";
}

} // namespace vitrine::engine
