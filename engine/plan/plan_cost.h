// SPDX-License-Identifier: GPL-3.0-or-later
// Seconds that a step takes with so many stages of so many ranks, predicted from what the model takes and
// what the machine does. Each stage reads its weights once for every micro-batch or multiplies with them,
// whichever takes longer, sums twice a layer, and its threads wait for each other some times a layer; stages
// that have something to do share the machine. Norms, what attention computes and the waiting of ranks for
// the slowest one are left out: good to compare plans, too low as a forecast. Arithmetic only; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/execution/layer_range.h"
#include "engine/parallel/stage_plan.h"
#include "engine/plan/machine_speed.h"
#include "engine/plan/model_work.h"

namespace vitrine::engine {

struct StepWork
{
    std::uint32_t tokens = 1;
    std::uint32_t logitsRows = 1; ///< as many as tokens, or fewer at the end of prompts
    double kvTokens = 0.0;        ///< that attention reads, of all sequences together
};

/// `stages`: the layers of each (stageLayers). REQUIRES: the plan's ranks were measured.
double stepSeconds(const ModelWork& work, const MachineSpeed& speed, const StagePlan& plan,
                   std::span<const LayerRange> stages, const StepWork& step);

/// What people wait for.
struct PlanCost
{
    StagePlan plan;
    double oneReply = 0.0;    ///< seconds of a step of one reply
    double manyReplies = 0.0; ///< of one of kManyReplies
    double prompt = 0.0;      ///< of kPromptTokens of a prompt
};

inline constexpr std::uint32_t kManyReplies = 32, kPromptTokens = 512;

PlanCost planCost(const ModelWork& work, const MachineSpeed& speed, const StagePlan& plan,
                  std::span<const LayerRange> stages);

/// Mean over the three of how long they take beside another plan: 1 is as long.
double relativeCost(const PlanCost& cost, const PlanCost& to);

/// The cheapest; one process unless others save a twentieth at least, for what is left out speaks against
/// them. REQUIRES: the first one is of one process.
std::size_t cheapest(std::span<const PlanCost> costs);

} // namespace vitrine::engine
