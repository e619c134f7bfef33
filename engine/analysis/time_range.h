// SPDX-License-Identifier: GPL-3.0-or-later
// A stretch of a recording's time.
#pragma once

#include <algorithm>
#include <cstdint>

namespace vitrine::engine {

/// Nanoseconds of nowNs(), the end is not in it.
struct TimeRange
{
    std::int64_t startNs = 0, endNs = 0;

    std::int64_t length() const { return endNs - startNs; }
    bool isEmpty() const { return endNs <= startNs; }
    bool contains(std::int64_t ns) const { return ns >= startNs && ns < endNs; }
    bool touches(const TimeRange& other) const { return startNs < other.endNs && other.startNs < endNs; }
    bool operator==(const TimeRange&) const = default;
};

/// Times of a recording are a file's word: beyond these (146 years) they are brought back, so that
/// differences of two of them never overflow.
inline constexpr std::int64_t kMostNs = std::int64_t{1} << 62U;

inline std::int64_t saneNs(std::int64_t ns)
{
    return std::clamp(ns, -kMostNs + 1, kMostNs - 1);
}

} // namespace vitrine::engine
