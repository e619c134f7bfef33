// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/shared_futex.h"

#include <climits>
#include <ctime>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace vitrine::engine {

namespace {

/// Not the private kind: the other side may be another process.
void futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value, const timespec* timeout)
{
    syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), operation, value, timeout, nullptr, 0);
}

} // namespace

// A sleeper counts itself, then looks at the value once more in the kernel; a writer writes, then looks for
// sleepers. In the one order that all of them see, one of the two finds the other.
void SharedCounter::publish(std::uint32_t next)
{
    value.store(next, std::memory_order_seq_cst);
    if (sleepers.load(std::memory_order_seq_cst) > 0)
        wake();
}

void SharedCounter::wake()
{
    futex(value, FUTEX_WAKE, INT_MAX, nullptr);
}

void SharedCounter::sleepWhile(std::uint32_t seen, std::int64_t nanoseconds)
{
    constexpr std::int64_t kSecond = 1'000'000'000;
    const timespec timeout{static_cast<time_t>(nanoseconds / kSecond),
                           static_cast<long>(nanoseconds % kSecond)};
    sleepers.fetch_add(1, std::memory_order_seq_cst);
    futex(value, FUTEX_WAIT, seen, &timeout);
    sleepers.fetch_sub(1, std::memory_order_relaxed);
}

} // namespace vitrine::engine
