// SPDX-License-Identifier: GPL-3.0-or-later
// A model computed in stages, each of some ranks, all of them threads of this process.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/base/check.h"
#include "engine/execution/rank_executor.h"
#include "engine/execution/stage_executor.h"
#include "engine/execution/stage_layers.h"
#include "engine/parallel/rank_group.h"
#include "tests/engine/support/executor_rig.h"

namespace vitrine::engine::test {

/// What a plan's processes have in common; places are small, so that nothing goes through in one piece.
struct StageGroups
{
    explicit StageGroups(const StagePlan& wanted) : plan(wanted)
    {
        pipe = RankGroup::create({plan.processes() + 1, 64, 1U << 14U}).value();
        for (std::uint32_t stage = 0; stage < plan.stages; ++stage)
            ranks.push_back(RankGroup::create({plan.ranks, 1U << 16U, 1U << 16U}).value());
        results = pipe->communicator(plan.processes());
    }
    StageSeat seat(std::uint32_t process) const
    {
        return {plan, process, pipe->communicator(process), process == 0 ? results : nullptr,
                plan.ranks > 1 ? ranks[plan.stageOf(process)]->communicator(plan.rankOf(process)) : nullptr};
    }

    StagePlan plan;
    std::shared_ptr<RankGroup> pipe;
    std::vector<std::shared_ptr<RankGroup>> ranks; ///< by stage
    std::shared_ptr<Communicator> results;
};

/// `wrap` puts a process's layers into another executor first.
using WrapLayers =
    std::function<std::unique_ptr<Executor>(std::unique_ptr<Executor> layers, std::uint32_t process)>;

inline Result<std::unique_ptr<Executor>> layersOfSeat(const std::shared_ptr<const Model>& model,
                                                      ExecutorOptions options, const StageSeat& seat)
{
    const auto layers = stageLayers(model->weights(), seat.plan.stages);
    if (!layers)
        return layers.error();
    options.layers = (*layers)[seat.plan.stageOf(seat.process)];
    options.ranks = seat.ranks;
    return makeCpuExecutor(model, options);
}

inline Result<std::unique_ptr<Executor>> stagedExecutor(const std::shared_ptr<const Model>& model,
                                                        ExecutorOptions options, const StagePlan& plan,
                                                        const WrapLayers& wrap = {})
{
    const StageGroups groups(plan);
    if (options.threads == 0)
        options.threads = 1;
    std::vector<std::unique_ptr<Executor>> processes;
    for (std::uint32_t process = 0; process < plan.processes(); ++process) {
        const StageSeat seat = groups.seat(process);
        Result<std::unique_ptr<Executor>> layers = layersOfSeat(model, options, seat);
        if (!layers)
            return layers.error();
        if (wrap)
            layers = wrap(std::move(*layers), process);
        Result<std::unique_ptr<Executor>> stage =
            makeStageExecutor(std::move(*layers), seat, model->config());
        if (!stage)
            return stage.error();
        processes.push_back(std::move(*stage));
    }
    return makeRankExecutor(std::move(processes), groups.results);
}

inline ExecutorOptions oneThread(bool precise)
{
    ExecutorOptions options;
    options.threads = 1;
    options.precise = precise;
    options.rankPatienceMs = 20'000; // nobody would take the place of one that waits for a core
    return options;
}

/// One step that computes a new sequence of made-up tokens, with logits of all of them.
inline ForwardBatch promptOf(ExecutorRig& rig, RigSequence& sequence, std::uint32_t tokens)
{
    sequence.tokens = randomTokens(200, tokens, 5);
    const RigChunk chunk{&sequence, tokens};
    return rig.build(std::span(&chunk, 1), keepAll);
}

} // namespace vitrine::engine::test
