// SPDX-License-Identifier: GPL-3.0-or-later
// --ranks auto: the number of processes that share a model follows the load of an engine. Says on stderr what
// it changes. The engine's thread.
#pragma once

#include <optional>
#include <vector>

#include "app/cli/command.h"
#include "engine/plan/elastic_ranks.h"

namespace vitrine::cli {

class LoadFollower
{
public:
    /// Follows nothing without a plan, which a model has that was prepared with EngineOptions::planRanks.
    explicit LoadFollower(const engine::PreparedModel& prepared);

    bool follows() const { return m_ranks.has_value(); }
    /// In order, before act(): each of the engine's steps.
    void take(const engine::StepRecord& step);
    /// The same, from the engine's ring, which nobody else reads then.
    void takeSteps(engine::Engine& engine);
    /// After each step, and now and then while there is none.
    void act(engine::Engine& engine);
    /// What was changed so far: [{"before", "now", "seconds"}].
    Json changes() const;

private:
    std::optional<engine::ElasticRanks> m_ranks;
    std::vector<engine::RankChange> m_changes;
    std::vector<engine::StepRecord> m_steps;
};

} // namespace vitrine::cli
