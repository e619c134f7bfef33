// SPDX-License-Identifier: GPL-3.0-or-later
// What this machine offers: memory and measured read bandwidth. Asked anew at each call; any thread.
#pragma once

#include <cstdint>

namespace vitrine::engine {

struct MemoryInfo
{
    std::uint64_t totalBytes = 0;
    std::uint64_t availableBytes = 0; ///< what can be taken without swapping; 0: unknown
};

/// From /proc/meminfo (MemAvailable), lowered to what a control group (version 2) still allows.
MemoryInfo machineMemory();

/// Bytes a second that `threads` threads read together, each its own part of `bytes` bytes again and again:
/// the median of several passes. Takes about half a second. 0 when the memory is not to be had.
double measureReadBandwidth(std::uint64_t bytes, std::uint32_t threads);

} // namespace vitrine::engine
