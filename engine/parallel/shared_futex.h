// SPDX-License-Identifier: GPL-3.0-or-later
// Waiting on a number in memory that several processes may share (futex(2)): some spins, then sleep. Any
// thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace vitrine::engine {

/// Of the waiting side and of the writing side of one number.
struct SharedCounter
{
    std::atomic<std::uint32_t> value{0};
    std::atomic<std::uint32_t> sleepers{0};

    static_assert(std::atomic<std::uint32_t>::is_always_lock_free);

    /// What was written before is visible to whoever sees the value.
    void publish(std::uint32_t next);
    /// Wakes who sleeps, without a new value.
    void wake();
    /// Until the value is another than `seen`, somebody wakes this thread, or so many nanoseconds have
    /// passed; also for no reason.
    void sleepWhile(std::uint32_t seen, std::int64_t nanoseconds);
    /// `value` has reached `wanted`, as counters that wrap around do.
    bool reached(std::uint32_t wanted) const
    {
        return static_cast<std::int32_t>(value.load(std::memory_order_acquire) - wanted) >= 0;
    }
};

} // namespace vitrine::engine
