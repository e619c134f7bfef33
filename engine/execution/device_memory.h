// SPDX-License-Identifier: GPL-3.0-or-later
// Where the memory of a device is that has its own, besides weights, KV and workspace (ExecutorInfo). In
// bytes. What is none of these is other programs' or the driver's.
#pragma once

#include <cstdint>

namespace vitrine::engine {

struct DeviceMemory
{
    std::uint64_t total = 0; ///< 0: the executor computes in the machine's memory
    std::uint64_t free = 0;  ///< now
    std::uint64_t limit = 0; ///< that this executor may take at most; 0: nobody set one
    std::uint64_t kept = 0;  ///< of `free`: what the KV pool leaves to the driver, to code and other programs
    std::uint64_t graphs = 0;        ///< recorded steps, as far as the device tells
    std::uint64_t graphBudget = 0;   ///< which they may take
    std::uint32_t recordedSteps = 0; ///< graphs there are
};

} // namespace vitrine::engine
