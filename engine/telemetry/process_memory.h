// SPDX-License-Identifier: GPL-3.0-or-later
// What processes take of this machine's memory, as Linux counts it (proc(5), smaps_rollup). Asked anew at
// each call, which reads every mapping: milliseconds. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <sys/types.h>

namespace vitrine::engine {

struct ProcessMemory
{
    std::uint32_t processes = 0;
    std::uint64_t residentBytes = 0; ///< a page that several map counts in each
    /// A page that n processes map counts as an n-th in each: the sum is what they take together (PSS).
    std::uint64_t proportionalBytes = 0;

    ProcessMemory& operator+=(const ProcessMemory& other);
};

/// Nothing: there is no such process, or it is somebody else's.
std::optional<ProcessMemory> processMemory(pid_t process);
/// Started by this process and not ended.
std::vector<pid_t> childProcesses();
/// This process and its children.
ProcessMemory memoryOfGroup();

} // namespace vitrine::engine
