// SPDX-License-Identifier: GPL-3.0-or-later
// Part of a model with its weights packed: what several CPU executors of one process can compute with at the
// same time. Immutable once built; any thread.
#pragma once

#include <memory>

#include "engine/base/result.h"
#include "engine/execution/cpu_weights.h"
#include "engine/execution/executor.h"
#include "engine/execution/model_part.h"
#include "engine/execution/shard_weights.h"
#include "kernels/cpu/linear.h"
#include "kernels/cpu/thread_pool.h"

namespace vitrine::engine {

struct PackedPart
{
    std::shared_ptr<const ModelPart> part;
    CutColumns columns; ///< that are multiplied as they are
    CpuWeights weights;
};

/// The layers or the shard that options ask for: from options.share where another executor has packed it,
/// else packed on the pool's threads, to options.weightsDescriptor where there is one. Progress covers it.
Result<std::shared_ptr<const PackedPart>> packPart(const std::shared_ptr<const Model>& model,
                                                   const ExecutorOptions& options,
                                                   const kernels::cpu::LinearOperations& operations,
                                                   kernels::cpu::ThreadPool& pool,
                                                   const LoadProgress& progress);

} // namespace vitrine::engine
