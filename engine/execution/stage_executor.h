// SPDX-License-Identifier: GPL-3.0-or-later
// One process's part of a model that is computed in stages: it takes hidden rows from the stage before, puts
// them through its layers and passes them on, micro-batch by micro-batch (micro_batches.h), on a thread of
// its own. Process 0 gets the logits or best tokens that the last stage has, on another. Choices and
// attention by block are not available. One owner; every call from one thread. The first failure ends the
// groups that it talks through, and every later step returns it.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/base/result.h"
#include "engine/execution/executor.h"
#include "engine/parallel/communicator.h"
#include "engine/parallel/stage_plan.h"

namespace vitrine::engine {

struct StageSeat
{
    StagePlan plan;
    std::uint32_t process = 0;
    /// Of processes() + 1 ranks, all of the plan: hidden rows go from rank r of a stage to rank r of the
    /// next.
    std::shared_ptr<Communicator> pipe;
    /// Of process 0: the pipe's last rank, which rank 0 of the last stage sends results to.
    std::shared_ptr<Communicator> results = nullptr;
    /// Of the ranks of this stage; null: it has one.
    std::shared_ptr<Communicator> ranks = nullptr;
};

/// `layers` computes the seat's part of a model with these sizes. REQUIRES: two stages at least.
/// OutOfResources: the system starts no thread.
Result<std::unique_ptr<Executor>> makeStageExecutor(std::unique_ptr<Executor> layers, StageSeat seat,
                                                    const ModelConfig& config);
/// The same on this machine's CPU: the layers and shard of the seat, packed. InvalidArgument as stageLayers()
/// and tensorShard().
Result<std::unique_ptr<Executor>> makeCpuStage(const std::shared_ptr<const Model>& model,
                                               ExecutorOptions options, StageSeat seat,
                                               const LoadProgress& progress = {});

} // namespace vitrine::engine
