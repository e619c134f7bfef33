// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/plan_cost.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/execution/micro_batches.h"

namespace vitrine::engine {

namespace {

/// What one stage has of the machine.
struct Share
{
    double readBytes = 0.0, multiplyAdds = 0.0; ///< a second
};

Share shareOf(const MachineSpeed& speed, const StagePlan& plan, bool together)
{
    const double threadsEach = speed.threadsOf(plan.processes());
    const double threads = std::min<double>(speed.threads, threadsEach * plan.ranks);
    if (!together)
        return {speed.readBytes(threads), speed.multiplyAdds * threads / speed.threads};
    const double busy = std::min<double>(speed.threads, threadsEach * plan.processes());
    return {speed.readBytes(busy) / plan.stages, speed.multiplyAdds * busy / speed.threads / plan.stages};
}

double seconds(const Share& share, double bytes, double multiplyAdds)
{
    const double computing = share.multiplyAdds > 0.0 ? multiplyAdds / share.multiplyAdds : 0.0;
    return std::max(bytes / share.readBytes, computing);
}

/// In a layer, where threads of a process wait for each other and ranks for the others.
double waits(const MachineSpeed& speed, const StagePlan& plan, double tokens)
{
    constexpr double kBarriers = 9.0, kSums = 2.0; // a sum stands in for the barrier of its product
    const double barrier = speed.barrierSeconds(speed.threadsOf(plan.processes()));
    if (plan.ranks == 1)
        return kBarriers * barrier;
    return (kBarriers - kSums) * barrier + kSums * speed.sumSeconds(plan.ranks, tokens);
}

/// Of `tokens` rows through some layers; with the output matrix, for `logitsRows` of them, behind the last.
double layersSeconds(const ModelWork& work, const Share& share, const LayerRange& layers, double tokens,
                     double logitsRows, double kvTokens)
{
    double bytes = work.kvBytesPerToken * kvTokens * layers.count / double(work.layers.size());
    double adds = 0.0;
    for (std::uint32_t i = layers.first; i < layers.end(); ++i) {
        bytes += work.bytesRead(work.layers[i], tokens);
        adds += tokens * work.layers[i].multiplyAdds;
    }
    if (layers.end() == work.layers.size() && logitsRows > 0.0) {
        bytes += work.head.bytes;
        adds += logitsRows * work.head.multiplyAdds;
    }
    return seconds(share, bytes, adds);
}

} // namespace

double stepSeconds(const ModelWork& work, const MachineSpeed& speed, const StagePlan& plan,
                   std::span<const LayerRange> stages, const StepWork& step)
{
    VT_CHECK(stages.size() == plan.stages);
    const auto count = static_cast<double>(microBatchCount(step.tokens, plan.stages));
    const double tokens = step.tokens / count;
    const bool allWanted = step.logitsRows >= step.tokens; // else the last micro-batch has them
    const Share share = shareOf(speed, plan, count > 1);
    const double wait = waits(speed, plan, tokens);
    double all = 0.0, longest = 0.0;
    for (const LayerRange& layers : stages) {
        const double took =
            layersSeconds(work, share, layers, tokens, allWanted ? tokens : 0.0, step.kvTokens / count) +
            layers.count * wait;
        all += took;
        longest = std::max(longest, took);
    }
    if (!allWanted && step.logitsRows > 0)
        all += seconds(share, work.head.bytes, step.logitsRows * work.head.multiplyAdds);
    return all + (count - 1) * longest;
}

PlanCost planCost(const ModelWork& work, const MachineSpeed& speed, const StagePlan& plan,
                  std::span<const LayerRange> stages)
{
    const auto of = [&](const StepWork& step) { return stepSeconds(work, speed, plan, stages, step); };
    return {plan, of({1, 1, 0.0}), of({kManyReplies, kManyReplies, 0.0}), of({kPromptTokens, 1, 0.0})};
}

double relativeCost(const PlanCost& cost, const PlanCost& to)
{
    return (cost.oneReply / to.oneReply + cost.manyReplies / to.manyReplies + cost.prompt / to.prompt) / 3.0;
}

std::size_t cheapest(std::span<const PlanCost> costs)
{
    constexpr double kSaves = 0.95;
    VT_CHECK(!costs.empty() && costs[0].plan.alone());
    std::size_t best = 0;
    double least = kSaves;
    for (std::size_t i = 1; i < costs.size(); ++i)
        if (const double relative = relativeCost(costs[i], costs[0]); relative < least) {
            best = i;
            least = relative;
        }
    return best;
}

} // namespace vitrine::engine
