// SPDX-License-Identifier: GPL-3.0-or-later
// Monotonic time in nanoseconds; every timestamp of the engine comes from here.
#pragma once

#include <chrono>
#include <cstdint>

namespace vitrine::engine {

inline std::int64_t nowNs()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

} // namespace vitrine::engine
