// SPDX-License-Identifier: GPL-3.0-or-later
// Which hardware threads this process may use, which of them share a core, and next to which memory they are.
// From the scheduler's mask and Linux's sysfs (Documentation/admin-guide/cputopology.rst,
// sysfs-devices-node).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vitrine::kernels::cpu {

struct CpuPlace
{
    std::uint32_t cpu = 0;  ///< hardware thread, by the system's number
    std::uint32_t core = 0; ///< lowest number among those that share its core
    std::uint32_t node = 0; ///< of memory
};

class CpuTopology
{
public:
    /// Read anew at each call; any thread.
    static CpuTopology ofThisProcess();
    /// Of these hardware threads, from a sysfs tree. What it does not say counts as a core of its own, node 0
    /// and no limit.
    static CpuTopology read(const std::vector<std::uint32_t>& cpus, const std::string& sysfs);

    /// One of each core, node by node, then the cores' second hardware threads likewise. Never empty.
    const std::vector<CpuPlace>& places() const { return m_places; }
    std::uint32_t cpus() const { return static_cast<std::uint32_t>(m_places.size()); }
    std::uint32_t cores() const { return m_cores; }
    std::uint32_t nodes() const { return m_nodes; }

    /// Threads that may run at the same time: what a control group (version 2, the root that this process
    /// sees) gives processor time to, or every hardware thread.
    std::uint32_t runnable() const;
    /// Compute threads that share work evenly and finish first: one a core. Where there are two kinds of
    /// cores, of the fast ones only, unless all together are faster (slow ones at half the speed). No more
    /// than are runnable.
    std::uint32_t bestThreads() const;
    /// The hardware threads of the node that rank `rank` of `ranks` belongs to, so that the memory it touches
    /// first stays near it. Empty, anywhere: with one node, or with more ranks than hardware threads.
    std::vector<std::uint32_t> homeOf(std::uint32_t rank, std::uint32_t ranks) const;

private:
    std::vector<CpuPlace> m_places;
    std::uint32_t m_cores = 0, m_nodes = 0;
    std::uint32_t m_fastCores = 0; ///< 0: all alike
    std::uint32_t m_timeLimit = 0; ///< CPUs' worth of time; 0: none
};

} // namespace vitrine::kernels::cpu
