// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/lab_settings.h"

#include <algorithm>
#include <cmath>

namespace vitrine::ui {
namespace {

using engine::Result;

constexpr double kFewestBlocks = 16;
constexpr quint32 kAdaptiveBudget = 2048; // as the window has it where step times choose

quint32 whole(double value, double most)
{
    return quint32(std::clamp(value, 0.0, most));
}

} // namespace

bool LabSettingsGuard::takesMemory(const LabSettings& settings)
{
    const auto share = settings.find(LabSetting::KvShare);
    return share != settings.end() && share->second < 1;
}

Result<void> LabSettingsGuard::apply(const LabSettings& settings)
{
    m_applied = true;
    m_options = m_engine.scheduler()->options();
    m_blocks = m_engine.kvCache()->options().blocks;
    m_threads = m_engine.threads();
    if (Result<void> done = applyScheduling(settings); !done)
        return done;
    for (const auto& [setting, value] : settings) {
        Result<void> done;
        if (setting == LabSetting::Threads)
            done = m_engine.setThreads(whole(value, 1024));
        else if (setting == LabSetting::Deterministic)
            done = m_engine.setDeterministic(value != 0);
        else if (setting == LabSetting::KvShare)
            done = applyMemory(value);
        if (!done)
            return done;
    }
    return {};
}

Result<void> LabSettingsGuard::applyScheduling(const LabSettings& settings)
{
    engine::SchedulerOptions options = m_options;
    if (const auto target = settings.find(LabSetting::ItlTarget); target != settings.end()) {
        options.itlTarget = target->second;
        options.tokenBudget = target->second > 0 ? kAdaptiveBudget : engine::SchedulerOptions().tokenBudget;
    }
    for (const auto& [setting, value] : settings) {
        if (setting == LabSetting::MaxRunning)
            options.maxRunning = whole(value, 65536);
        else if (setting == LabSetting::TokenBudget)
            options.tokenBudget = whole(value, 1 << 20);
        else if (setting == LabSetting::Policy)
            options.policy = engine::PolicyKind(whole(value, double(engine::PolicyKind::Shortest)));
        else if (setting == LabSetting::Preemption)
            options.preemption =
                engine::PreemptionChoice(whole(value, double(engine::PreemptionChoice::Swap)));
        else if (setting == LabSetting::Batches)
            options.mode = engine::BatchMode(whole(value, double(engine::BatchMode::TwoPhase)));
    }
    return m_engine.configure(options);
}

/// More than memory has is refused rather than cut: the row would not be what it says.
Result<void> LabSettingsGuard::applyMemory(double share)
{
    constexpr double kFree = 0.8;
    const double wanted = std::clamp(std::round(m_blocks * share), std::min<double>(kFewestBlocks, m_blocks),
                                     double(engine::kMostKvBlocks));
    const double blockBytes = double(m_engine.model()->executor.kvBytes) / std::max(m_blocks, 1U);
    const double free = double(m_engine.freeKvBytes());
    if (free > 0 && (wanted - m_blocks) * blockBytes > kFree * free)
        return engine::outOfResources("there is not enough free memory for a KV cache of that size");
    return m_engine.resizeKv(quint32(wanted));
}

/// What fails here leaves things as they are: nobody can do more about it.
void LabSettingsGuard::restore()
{
    if (!std::exchange(m_applied, false) || !m_engine.hasModel())
        return;
    static_cast<void>(m_engine.configure(m_options));
    if (m_engine.threads() != m_threads)
        static_cast<void>(m_engine.setThreads(m_threads));
    static_cast<void>(m_engine.setDeterministic(m_deterministic));
    if (m_engine.kvCache()->options().blocks != m_blocks)
        static_cast<void>(m_engine.resizeKv(m_blocks));
}

} // namespace vitrine::ui
