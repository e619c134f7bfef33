// SPDX-License-Identifier: GPL-3.0-or-later
// Hands one frame's update from the engine thread to the window's. It holds one update: while the window is
// busy, the engine thread goes on collecting into its own, so that nothing piles up.
#pragma once

#include <mutex>
#include <optional>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/ordered_mutex.h"
#include "ui/bridge/lab_job.h"
#include "ui/bridge/snapshots.h"

namespace vitrine::ui {

struct FrameUpdate
{
    EngineUpdate engine;
    LabUpdate lab;
};

class UpdateSlot
{
public:
    /// Engine thread. True while the last update has not been taken.
    bool full() const
    {
        const std::lock_guard lock(m_mutex);
        return m_update.has_value();
    }

    /// Engine thread. REQUIRES: not full().
    void put(FrameUpdate update)
    {
        const std::lock_guard lock(m_mutex);
        VT_CHECK(!m_update.has_value());
        m_update = std::move(update);
    }

    /// Window's thread.
    std::optional<FrameUpdate> take()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_update, std::nullopt);
    }

private:
    mutable engine::OrderedMutex m_mutex{engine::LockOrder::Update};
    std::optional<FrameUpdate> m_update; // guarded by m_mutex
};

} // namespace vitrine::ui
