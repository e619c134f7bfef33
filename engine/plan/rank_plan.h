// SPDX-License-Identifier: GPL-3.0-or-later
// Which numbers of stages and ranks a model can be computed with on this machine, what each is predicted to
// cost, and which of them is chosen. Immutable once made; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/execution/executor.h"
#include "engine/plan/machine_speed.h"
#include "engine/plan/model_work.h"
#include "engine/plan/plan_cost.h"

namespace vitrine::engine {

struct RankPlan
{
    ModelWork work;
    MachineSpeed speed;
    std::vector<PlanCost> costs; ///< one process first, then by stages and ranks
    std::size_t best = 0;        ///< of them

    /// Without stages: what the number of ranks can follow the load among. One process first, rising.
    std::vector<PlanCost> ranksAlone() const;
    /// The best of these.
    std::uint32_t bestRanks() const;
    /// Of a step with one process.
    double aloneSeconds(const StepWork& step) const;
};

/// Of as many processes as threads at most, and 16 ranks and 8 stages.
std::vector<StagePlan> plansFor(const Model& model, std::uint32_t threads);

/// Measures this machine for a second or so; options.threads and options.deterministic count.
/// OutOfResources.
Result<RankPlan> planRanks(const Model& model, const ExecutorOptions& options);

} // namespace vitrine::engine
