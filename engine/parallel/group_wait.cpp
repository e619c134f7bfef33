// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/group_wait.h"

#include <algorithm>

#include "engine/base/clock.h"
#include "kernels/cpu/cpu_topology.h"

namespace vitrine::engine {

namespace {

/// However often a wake-up was missed by what ends a group, nobody sleeps longer than this.
constexpr std::int64_t kLongestSleepNs = 50'000'000;

void pause()
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

} // namespace

std::uint32_t spinsFor(std::uint32_t ranks)
{
    constexpr std::uint32_t kLong = 2000, kShort = 20; // tens of microseconds; where others need this core
    return kernels::cpu::CpuTopology::ofThisProcess().bestThreads() >= ranks ? kLong : kShort;
}

GroupWait waitUntil(const RankGroup& group, SharedCounter& counter, std::uint32_t wanted, Deadline deadline,
                    std::uint32_t spins)
{
    for (std::uint32_t spin = 0; spin < spins; ++spin) {
        if (counter.reached(wanted))
            return GroupWait::Reached;
        pause();
    }
    std::int64_t left = deadline.leftNs();
    while (true) {
        const std::uint32_t seen = counter.value.load(std::memory_order_acquire);
        if (counter.reached(wanted))
            return GroupWait::Reached;
        if (group.hasEnded())
            return GroupWait::Ended;
        if (left <= 0)
            return GroupWait::Late;
        const std::int64_t before = nowNs(), sleep = std::min(left, kLongestSleepNs);
        counter.sleepWhile(seen, sleep);
        left -= std::min(nowNs() - before, 2 * sleep); // not what this process was stopped for
    }
}

} // namespace vitrine::engine
