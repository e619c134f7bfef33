// SPDX-License-Identifier: GPL-3.0-or-later
// How far a process is in a step, in memory that another one may look at: a process that lives, but stands
// still in a layer, is found by it. Written by one thread of the process, read by any.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "engine/base/clock.h"

namespace vitrine::engine {

struct WorkLine
{
    std::atomic<std::uint64_t> layers{0};   ///< 0: in none; else it changes with each one
    std::atomic<std::int64_t> longestNs{0}; ///< about the longest of the last steps
};

class WorkProgress
{
public:
    /// `owner` keeps the line.
    WorkProgress(WorkLine& line, std::shared_ptr<const void> owner) : m_line(line), m_owner(std::move(owner))
    {}

    /// The first layer of a step. A long one is forgotten over some steps.
    void begin()
    {
        m_longestNs -= m_longestNs / 8;
        m_sinceNs = nowNs();
        m_line.layers.store(++m_count, std::memory_order_relaxed);
    }
    /// The next layer.
    void next()
    {
        const std::int64_t now = nowNs();
        m_longestNs = std::max(m_longestNs, now - m_sinceNs);
        m_sinceNs = now;
        m_line.longestNs.store(m_longestNs, std::memory_order_relaxed);
        m_line.layers.store(++m_count, std::memory_order_relaxed);
    }
    void end() { m_line.layers.store(0, std::memory_order_relaxed); }

private:
    WorkLine& m_line;
    std::shared_ptr<const void> m_owner;
    std::uint64_t m_count = 0;
    std::int64_t m_sinceNs = 0, m_longestNs = 0;
};

} // namespace vitrine::engine
