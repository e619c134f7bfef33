// SPDX-License-Identifier: GPL-3.0-or-later
// The engine thread's side of how many processes share the model: as a person chose, or as the load has it.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "engine/execution/rank_executor.h"
#include "ui/bridge/engine_worker.h"

namespace vitrine::ui {

/// A model that is loaded goes on with so many; replies under way too.
void EngineWorker::handle(ProcessesCommand& command)
{
    if (m_lab != nullptr) {
        m_update.processesRefused =
            QStringLiteral("the load lab measures; the number of processes can change when it has done");
        return;
    }
    guarded([&] {
        if (!m_engine->hasModel())
            return;
        if (const engine::Result<void> changed = setProcesses(command.count); !changed)
            m_update.processesRefused = QString::fromStdString(changed.error().message);
    });
    tellSource();
}

/// 0: follows the load from now on, beginning with what there is where the load may choose that. Replies
/// pause while the machine is measured, as they do while the number changes.
engine::Result<void> EngineWorker::setProcesses(quint32 count)
{
    if (count > 0) {
        m_elastic.reset();
        return m_engine->setRanks(count);
    }
    if (m_elastic)
        return {};
    engine::ExecutorOptions options;
    options.threads = m_scheduling ? m_scheduling->threads : 0;
    options.deterministic = m_scheduling ? m_scheduling->deterministic : m_deterministic;
    engine::Result<engine::RankPlan> plan = engine::planRanks(*m_engine->sharedModel(), options);
    if (!plan)
        return plan.error();
    const std::vector<engine::PlanCost> known = plan->ranksAlone();
    const bool isKnown = std::any_of(known.begin(), known.end(), [this](const engine::PlanCost& cost) {
        return cost.plan.ranks == m_engine->ranks();
    });
    const engine::Result<void> begun =
        isKnown ? engine::Result<void>() : m_engine->setRanks(plan->bestRanks());
    if (begun)
        m_elastic.emplace(std::make_shared<const engine::RankPlan>(std::move(*plan)));
    return begun;
}

/// What was planned for another number of threads is planned anew.
void EngineWorker::planForThreads(std::uint32_t threads)
{
    if (!m_elastic || m_elastic->plan().speed.threads == engine::threadsOfRank(threads, 1))
        return;
    m_elastic.reset();
    if (const engine::Result<void> planned = setProcesses(0); !planned)
        m_update.processesRefused = QString::fromStdString(planned.error().message);
}

/// Not while the lab measures settings against each other.
void EngineWorker::followLoad()
{
    if (!m_elastic || m_lab != nullptr)
        return;
    std::optional<engine::RankChange> change;
    guarded([&] { change = m_elastic->act(*m_engine); });
    if (!change)
        return;
    m_update.rankChanges.append(std::move(*change));
    tellSource();
}

} // namespace vitrine::ui
