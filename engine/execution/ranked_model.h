// SPDX-License-Identifier: GPL-3.0-or-later
// A model that several processes of this machine compute together: rank 0 here, the others as vitrine-cli
// worker. Called on the loading thread; the executor then belongs to the engine.
#pragma once

#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/execution/executor.h"
#include "engine/model/load_progress.h"
#include "engine/parallel/stage_plan.h"

namespace vitrine::engine {

/// InvalidArgument, with what would do: the model cannot be computed by so many stages and ranks.
Result<void> checkPlan(const Model& model, const StagePlan& plan);

/// The threads of options are shared out among options.stageCount stages of options.rankCount ranks.
/// `program`: vitrine-cli; empty: beside this one.
Result<std::unique_ptr<Executor>> makeRankedModel(const std::shared_ptr<const Model>& model,
                                                  const ExecutorOptions& options,
                                                  const LoadProgress& progress, std::string program = {});

} // namespace vitrine::engine
