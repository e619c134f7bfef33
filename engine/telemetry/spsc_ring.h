// SPDX-License-Identifier: GPL-3.0-or-later
// Bounded ring for one writing and one reading thread. The writer never blocks: what does not fit is
// dropped and counted.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace vitrine::engine {

template<class T>
class SpscRing
{
    static_assert(std::is_trivially_copyable_v<T>);

public:
    explicit SpscRing(std::size_t capacity) : m_slots(capacity + 1) {}

    /// Writer only. False (and one more dropped) when full.
    bool push(const T& value)
    {
        const std::size_t write = m_write.load(std::memory_order_relaxed);
        const std::size_t next = following(write);
        if (next == m_read.load(std::memory_order_acquire)) {
            m_dropped.fetch_add(1, std::memory_order_relaxed);
            return false;
        }
        m_slots[write] = value;
        m_write.store(next, std::memory_order_release);
        return true;
    }

    /// Reader only. Appends all that is there to `out`; returns how many.
    std::size_t drain(std::vector<T>& out)
    {
        std::size_t read = m_read.load(std::memory_order_relaxed);
        const std::size_t end = m_write.load(std::memory_order_acquire);
        std::size_t count = 0;
        for (; read != end; read = following(read), ++count)
            out.push_back(m_slots[read]);
        m_read.store(read, std::memory_order_release);
        return count;
    }

    std::uint64_t dropped() const { return m_dropped.load(std::memory_order_relaxed); }

private:
    std::size_t following(std::size_t index) const { return index + 1 == m_slots.size() ? 0 : index + 1; }

    std::vector<T> m_slots;
    alignas(64) std::atomic<std::size_t> m_write{0};
    alignas(64) std::atomic<std::size_t> m_read{0};
    std::atomic<std::uint64_t> m_dropped{0};
};

} // namespace vitrine::engine
