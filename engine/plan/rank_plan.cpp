// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/rank_plan.h"

#include <algorithm>

#include "engine/execution/rank_executor.h"
#include "engine/execution/ranked_model.h"
#include "engine/execution/stage_layers.h"

namespace vitrine::engine {

std::vector<PlanCost> RankPlan::ranksAlone() const
{
    std::vector<PlanCost> found;
    std::copy_if(costs.begin(), costs.end(), std::back_inserter(found),
                 [](const PlanCost& cost) { return cost.plan.stages == 1; });
    return found;
}

std::uint32_t RankPlan::bestRanks() const
{
    const std::vector<PlanCost> found = ranksAlone();
    return found[cheapest(found)].plan.ranks;
}

double RankPlan::aloneSeconds(const StepWork& step) const
{
    const LayerRange all{0, static_cast<std::uint32_t>(work.layers.size())};
    return stepSeconds(work, speed, {}, {&all, 1}, step);
}

std::vector<StagePlan> plansFor(const Model& model, std::uint32_t threads)
{
    constexpr std::uint32_t kCounts[] = {1, 2, 3, 4, 6, 8, 12, 16};
    constexpr std::uint32_t kMostStages = 8;
    std::vector<StagePlan> plans;
    for (const std::uint32_t stages : kCounts)
        for (const std::uint32_t ranks : kCounts)
            if (const StagePlan plan{stages, ranks};
                stages <= kMostStages && plan.processes() <= std::max(1U, threads) && checkPlan(model, plan))
                plans.push_back(plan);
    return plans;
}

Result<RankPlan> planRanks(const Model& model, const ExecutorOptions& options)
{
    RankPlan made;
    made.work = workOf(model);
    const std::vector<StagePlan> plans = plansFor(model, threadsOfRank(options.threads, 1));
    Result<MachineSpeed> speed =
        measureMachine(model, made.work, options.threads, options.deterministic, plans);
    if (!speed)
        return speed.error();
    made.speed = std::move(*speed);
    for (const StagePlan& plan : plans)
        if (const auto stages = stageLayers(model.weights(), plan.stages))
            made.costs.push_back(planCost(made.work, made.speed, plan, *stages));
    made.best = cheapest(made.costs);
    return made;
}

} // namespace vitrine::engine
