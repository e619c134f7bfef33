// SPDX-License-Identifier: GPL-3.0-or-later
// An order of the first n numbers: ascending, or drawn anew at each call from a seed.
#pragma once

#include <array>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>

namespace vitrine::cuda_emulator {

class ShuffleOrder
{
public:
    void reset(std::uint64_t seed)
    {
        m_random = seed != 0;
        m_state = seed * 0x9E3779B97F4A7C15U + 0x632BE59BD9B4E019U;
    }

    // count ≤ 32; `order` keeps what is given until the caller is done with it.
    std::span<const unsigned> next(unsigned count, std::array<unsigned, 32>& order)
    {
        std::iota(order.begin(), order.begin() + count, 0U);
        for (unsigned i = count; m_random && i > 1; --i)
            std::swap(order[i - 1], order[draw() % i]);
        return {order.data(), count};
    }

    std::uint64_t draw()
    {
        m_state ^= m_state << 13;
        m_state ^= m_state >> 7;
        m_state ^= m_state << 17;
        return m_state >> 11;
    }

private:
    std::uint64_t m_state = 1;
    bool m_random = false;
};

} // namespace vitrine::cuda_emulator
