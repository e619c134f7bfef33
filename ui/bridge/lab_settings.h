// SPDX-License-Identifier: GPL-3.0-or-later
// Puts settings of a run in force, and what was there before back. Engine thread; the engine outlives it, and
// has the same model from apply() to restore().
#pragma once

#include "engine/engine.h"
#include "ui/bridge/lab_job.h"

namespace vitrine::ui {

class LabSettingsGuard
{
public:
    /// `deterministic`: what is in force, which the engine does not tell.
    LabSettingsGuard(engine::Engine& engine, bool deterministic)
        : m_engine(engine), m_deterministic(deterministic)
    {}

    /// An error: what has been changed by then is in force until restore(). REQUIRES: a model.
    engine::Result<void> apply(const LabSettings& settings);
    /// Once is enough; without apply() nothing happens.
    void restore();
    /// Blocks would be taken from who has them.
    static bool takesMemory(const LabSettings& settings);

private:
    engine::Result<void> applyScheduling(const LabSettings& settings);
    engine::Result<void> applyMemory(double share);

    engine::Engine& m_engine;
    bool m_applied = false;
    engine::SchedulerOptions m_options;
    std::uint32_t m_blocks = 0, m_threads = 0;
    bool m_deterministic;
};

} // namespace vitrine::ui
