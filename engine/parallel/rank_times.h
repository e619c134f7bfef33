// SPDX-License-Identifier: GPL-3.0-or-later
// What a rank's part of a step was spent on, by the clock of its machine. Plain values; any thread.
#pragma once

#include <cstdint>

namespace vitrine::engine {

/// computeNs + waitNs + sumNs is how long the rank's step took; hiddenNs lies within computeNs.
struct RankTimes
{
    std::int64_t computeNs = 0; ///< what is not one of the others
    std::int64_t waitNs = 0;    ///< other ranks were late, and this one had nothing else to do
    std::int64_t sumNs = 0;     ///< copying and adding up what is exchanged
    std::int64_t hiddenNs = 0;  ///< other ranks were late while this one computed on
    std::uint64_t bytes = 0;    ///< given to other ranks, however many read them

    RankTimes& operator+=(const RankTimes& more)
    {
        computeNs += more.computeNs;
        waitNs += more.waitNs;
        sumNs += more.sumNs;
        hiddenNs += more.hiddenNs;
        bytes += more.bytes;
        return *this;
    }
    bool operator==(const RankTimes&) const = default;
};

/// Of the time in which others were late, the part in which this rank computed: 0 … 1.
inline double hiddenShare(const RankTimes& times)
{
    const std::int64_t late = times.hiddenNs + times.waitNs;
    return late > 0 ? static_cast<double>(times.hiddenNs) / static_cast<double>(late) : 0.0;
}

} // namespace vitrine::engine
