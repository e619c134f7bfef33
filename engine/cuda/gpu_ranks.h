// SPDX-License-Identifier: GPL-3.0-or-later
// One executor of several GPUs that share the tensors of every layer: each computes every step with its heads
// and columns, on a thread of its own, and they sum what they have through NCCL (device_group.h); rank 0 has
// what comes of a step. Each holds KV of its own heads, under the same numbers of blocks.
#pragma once

#include <memory>

#include "engine/base/result.h"
#include "engine/cuda/cuda_executor.h"
#include "engine/execution/executor.h"

namespace vitrine::engine {

/// options.rankCount GPUs from number cuda.device on. All of them are loaded at the same time; progress is
/// called on this thread. InvalidArgument: this model cannot be shared by so many, or there are fewer GPUs.
/// OutOfResources: there is no NCCL, or a GPU has too little memory.
/// A rank that fails ends the group: every later step fails, until recover() has loaded all of them again.
Result<std::unique_ptr<Executor>> makeGpuRanks(const std::shared_ptr<const Model>& model,
                                               const ExecutorOptions& options, const CudaOptions& cuda,
                                               const LoadProgress& progress = {});

} // namespace vitrine::engine
