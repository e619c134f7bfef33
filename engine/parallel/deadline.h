// SPDX-License-Identifier: GPL-3.0-or-later
// The moment until which a rank waits for others. Plain value.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "engine/base/clock.h"

namespace vitrine::engine {

struct Deadline
{
    std::int64_t atNs = 0;

    static Deadline inMilliseconds(std::int64_t milliseconds)
    {
        return {nowNs() + std::min(milliseconds, kMostMilliseconds) * 1'000'000};
    }
    std::int64_t leftNs() const { return std::max<std::int64_t>(0, atNs - nowNs()); }
    bool passed() const { return leftNs() == 0; }

private:
    static constexpr std::int64_t kMostMilliseconds = std::int64_t{1} << 40; // 34 years
};

} // namespace vitrine::engine
