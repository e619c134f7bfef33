// SPDX-License-Identifier: GPL-3.0-or-later
// On which devices a model is computed: the CPU, a GPU, or its first layers on the one and its last layers
// and the head on the other where it does not fit the GPU. Blocking; any thread.
#pragma once

#include <memory>

#include "engine/base/result.h"
#include "engine/execution/cuda_plugin.h"
#include "engine/execution/executor.h"
#include "engine/execution/layer_demand.h"

namespace vitrine::engine {

/// As options.gpu and options.gpuLayers say; with options.rankCount as many processes or, from options.gpu
/// on, GPUs share every layer's tensors. OutOfResources: the weights do not fit, or not even one layer
/// fits the GPU; no GPU can be used.
Result<std::unique_ptr<Executor>> makeExecutor(const std::shared_ptr<const Model>& model,
                                               const ExecutorOptions& options, const LayerDemand& demand,
                                               const LoadProgress& progress);
/// The same with this library for GPUs. REQUIRES: options.gpu.
Result<std::unique_ptr<Executor>> makeGpuExecutor(const CudaPluginEntry& plugin,
                                                  const std::shared_ptr<const Model>& model,
                                                  const ExecutorOptions& options, const LayerDemand& demand,
                                                  const LoadProgress& progress);

} // namespace vitrine::engine
