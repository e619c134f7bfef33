// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/rank_record.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace vitrine::engine {

namespace {

/// What of `ns` fits into what is `left`, which becomes less by it.
std::int64_t take(std::int64_t ns, std::int64_t& left)
{
    const std::int64_t taken = std::clamp<std::int64_t>(ns, 0, left);
    left -= taken;
    return taken;
}

} // namespace

RankPart partSince(std::int64_t startNs, const std::vector<RankTimes>& times)
{
    RankPart part{startNs, startNs, {}};
    if (times.empty())
        return part;
    part.times = times.front();
    part.endNs += part.times.computeNs + part.times.waitNs + part.times.sumNs;
    return part;
}

RankPart boundedPart(RankPart part, std::int64_t launchedNs, std::int64_t awaitedNs)
{
    awaitedNs = std::max(launchedNs, awaitedNs);
    if (part.startNs < launchedNs || part.startNs > awaitedNs || part.endNs < part.startNs) {
        std::int64_t length = 0;
        if (__builtin_sub_overflow(part.endNs, part.startNs, &length) || length < 0)
            length = 0;
        part.startNs = launchedNs;
        part.endNs = launchedNs + std::min(length, awaitedNs - launchedNs);
    }
    part.endNs = std::min(part.endNs, awaitedNs);
    RankTimes& times = part.times;
    std::int64_t left = part.endNs - part.startNs;
    times.waitNs = take(times.waitNs, left);
    times.sumNs = take(times.sumNs, left);
    times.computeNs = left;
    times.hiddenNs = std::clamp<std::int64_t>(times.hiddenNs, 0, times.computeNs);
    return part;
}

RankTimes soundTimes(RankTimes times)
{
    constexpr std::int64_t kMostNs = 600'000'000'000; // nobody waits longer
    constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 40U;
    for (std::int64_t* ns : {&times.computeNs, &times.waitNs, &times.sumNs, &times.hiddenNs})
        *ns = std::clamp<std::int64_t>(*ns, 0, kMostNs);
    times.bytes = std::min(times.bytes, kMostBytes);
    return times;
}

RankSkew skewOf(const RankParts& ranks)
{
    RankSkew skew;
    std::int64_t most = -1, least = -1;
    for (std::uint32_t i = 0; i < ranks.processes.size(); ++i) {
        const RankTimes times = soundTimes(ranks.processes[i].times);
        const std::int64_t busy = times.computeNs + times.sumNs;
        if (busy > most) {
            most = busy;
            skew.slowest = i;
        }
        if (least < 0 || busy < least) {
            least = busy;
            skew.fastest = i;
        }
    }
    skew.ns = most - least;
    return skew;
}

const char* rankEventName(RankEventKind kind)
{
    constexpr std::array kNames = {"ranks_replaced", "ranks_renewed", "ranks_fewer",
                                   "ranks_refused",  "ranks_changed", "ranks_followed"};
    const auto index = static_cast<std::size_t>(kind);
    return index < kNames.size() ? kNames[index] : "";
}

} // namespace vitrine::engine
