// SPDX-License-Identifier: GPL-3.0-or-later
// A part of a recording's time. Values; any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace vitrine::engine {

/// The distance between two moments that a file claims; at the ends of the numbers it stays there.
inline std::int64_t nsBetween(std::int64_t fromNs, std::int64_t toNs)
{
    std::int64_t distance = 0;
    if (!__builtin_sub_overflow(toNs, fromNs, &distance))
        return distance;
    return toNs < fromNs ? std::numeric_limits<std::int64_t>::min()
                         : std::numeric_limits<std::int64_t>::max();
}

/// From a moment up to, not including, another; everything unless said otherwise. nowNs() of the recording.
struct TraceRange
{
    std::int64_t startNs = std::numeric_limits<std::int64_t>::min();
    std::int64_t endNs = std::numeric_limits<std::int64_t>::max();

    bool everything() const { return *this == TraceRange{}; }
    /// Whether something that lasts from `fromNs` to `toNs` lies in it at least in part.
    bool touches(std::int64_t fromNs, std::int64_t toNs) const
    {
        return fromNs < endNs && std::max(fromNs, toNs) >= startNs;
    }
    std::int64_t cut(std::int64_t ns) const { return std::clamp(ns, startNs, std::max(startNs, endNs)); }
    bool operator==(const TraceRange&) const = default;
};

} // namespace vitrine::engine
