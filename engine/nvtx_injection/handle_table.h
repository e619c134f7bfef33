// SPDX-License-Identifier: GPL-3.0-or-later
// From the handles that NVTX's callers hold to numbers: read without a lock by any thread while another one,
// one at a time, adds. Nothing is ever taken out. Bounded: what finds no room has the number 0.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace vitrine::engine {

template<unsigned bits>
class HandleTable
{
public:
    std::uint32_t find(const void* handle) const
    {
        const auto key = reinterpret_cast<std::uintptr_t>(handle);
        for (std::size_t at = place(key);; at = (at + 1) & kMask) {
            const std::uintptr_t there = m_slots[at].key.load(std::memory_order_acquire);
            if (there == key && key != 0)
                return m_slots[at].value.load(std::memory_order_relaxed);
            if (there == 0)
                return 0;
        }
    }
    /// A handle that is known already gets another number.
    void insert(const void* handle, std::uint32_t value)
    {
        const auto key = reinterpret_cast<std::uintptr_t>(handle);
        if (key == 0)
            return;
        for (std::size_t at = place(key);; at = (at + 1) & kMask) {
            const std::uintptr_t there = m_slots[at].key.load(std::memory_order_relaxed);
            if (there != key && there != 0)
                continue;
            if (there == 0 && ++m_used > kMask / 2) { // half stays empty, so that every search ends soon
                --m_used;
                return;
            }
            m_slots[at].value.store(value, std::memory_order_relaxed);
            m_slots[at].key.store(key, std::memory_order_release);
            return;
        }
    }

private:
    static constexpr std::size_t kMask = (std::size_t{1} << bits) - 1;
    struct Slot
    {
        std::atomic<std::uintptr_t> key{0};
        std::atomic<std::uint32_t> value{0};
    };

    static std::size_t place(std::uintptr_t key)
    {
        return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15U) >> (64 - bits));
    }

    std::array<Slot, kMask + 1> m_slots;
    std::size_t m_used = 0;
};

} // namespace vitrine::engine
