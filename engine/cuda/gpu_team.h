// SPDX-License-Identifier: GPL-3.0-or-later
// The GPUs that share a model, each with its executor on a thread of its own: loaded together, also in place
// of a team that has failed. One owner; any thread, one at a time.
#pragma once

#include <memory>
#include <vector>

#include "engine/base/result.h"
#include "engine/cuda/cuda_executor.h"
#include "engine/execution/executor.h"
#include "engine/parallel/rank_group.h"

namespace vitrine::engine {

struct GpuTeam
{
    std::vector<std::unique_ptr<Executor>> ranks; ///< ExecutorThreads, by number
    std::shared_ptr<RankGroup> hosts;             ///< what their threads agree through
};

/// options.rankCount GPUs from number cuda.device on, at the same time; progress is called on this thread.
/// Errors as makeGpuRanks(): of whoever failed first.
Result<GpuTeam> loadGpuTeam(const std::shared_ptr<const Model>& model, const ExecutorOptions& options,
                            const CudaOptions& cuda, const LoadProgress& progress);

} // namespace vitrine::engine
