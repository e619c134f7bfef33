// SPDX-License-Identifier: GPL-3.0-or-later
// The one way into the engine thread. push() from any thread, never waits; the rest is the engine thread's.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

#include "engine/base/ordered_mutex.h"
#include "ui/bridge/commands.h"

namespace vitrine::ui {

class CommandQueue
{
public:
    void push(Command command)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_commands.push_back(std::move(command));
        }
        m_arrived.notify_one();
    }

    /// All that is there, possibly nothing; never waits.
    std::deque<Command> takeAll()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_commands, {});
    }

    /// Sleeps until a command is there.
    void wait()
    {
        std::unique_lock lock(m_mutex);
        m_arrived.wait(lock, [this] { return !m_commands.empty(); });
    }

    /// Sleeps until a command is there or the time has come.
    void waitUntil(std::chrono::steady_clock::time_point deadline)
    {
        std::unique_lock lock(m_mutex);
        m_arrived.wait_until(lock, deadline, [this] { return !m_commands.empty(); });
    }

private:
    engine::OrderedMutex m_mutex{engine::LockOrder::Commands};
    std::condition_variable_any m_arrived;
    std::deque<Command> m_commands; // guarded by m_mutex
};

} // namespace vitrine::ui
