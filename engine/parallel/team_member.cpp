// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/team_member.h"

#include <algorithm>

namespace vitrine::engine {

namespace {

// In looks, ten a second: time in which this process was stopped itself does not count.
constexpr std::uint32_t kLooksUntilStarted = 600; // from a slow disk
constexpr std::uint32_t kLooksWhenStopped = 3;
constexpr std::uint32_t kLooksAtAll = 8;
constexpr std::int64_t kLookNs = 100'000'000;
constexpr std::int64_t kTimesLongest = 8;                 // that one layer may take of what another took
constexpr std::int64_t kLongestLayerNs = 600'000'000'000; // whatever others write

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

std::string TeamMember::lookAtWork(std::int64_t longestLayerNs, std::int64_t patienceNs)
{
    const WorkLine& work = controlGroup->line(kWorker).work;
    const std::uint64_t layers = work.layers.load(std::memory_order_relaxed);
    stillLooks = layers != 0 && layers == layersSeen ? stillLooks + 1 : 0;
    layersSeen = layers;
    const std::int64_t longest = std::max(longestLayerNs, work.longestNs.load(std::memory_order_relaxed));
    const std::int64_t allowed =
        patienceNs + kTimesLongest * std::clamp<std::int64_t>(longest, 0, kLongestLayerNs);
    return stillLooks * kLookNs < allowed ? "" : "stands still in a layer";
}

} // namespace vitrine::engine
