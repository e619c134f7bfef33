// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/load_follower.h"

namespace vitrine::cli {

LoadFollower::LoadFollower(const engine::PreparedModel& prepared)
{
    if (prepared.plan != nullptr)
        m_ranks.emplace(prepared.plan);
}

void LoadFollower::take(const engine::StepRecord& step)
{
    if (m_ranks)
        m_ranks->take(step);
}

void LoadFollower::takeSteps(engine::Engine& engine)
{
    m_steps.clear();
    engine.stepRing().drain(m_steps);
    for (const engine::StepRecord& step : m_steps)
        take(step);
}

void LoadFollower::act(engine::Engine& engine)
{
    if (!m_ranks)
        return;
    if (const std::optional<engine::RankChange> change = m_ranks->act(engine)) {
        message(sentenceOf(*change));
        if (change->refusal.empty())
            m_changes.push_back(*change);
    }
}

Json LoadFollower::changes() const
{
    Json changes = Json::array();
    for (const engine::RankChange& change : m_changes)
        changes.push_back(
            {{"before", change.before}, {"now", change.now}, {"seconds", rounded(change.seconds)}});
    return changes;
}

} // namespace vitrine::cli
