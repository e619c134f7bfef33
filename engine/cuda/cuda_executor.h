// SPDX-License-Identifier: GPL-3.0-or-later
// The Executor of one NVIDIA GPU. Part of the library that is loaded when a program runs (cuda_plugin.h), so
// that a machine without a driver starts all the same.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "engine/base/result.h"
#include "engine/execution/executor.h"

namespace vitrine::engine {

struct CudaOptions
{
    int device = 0;
    bool graphs = true; ///< decode steps are recorded once and launched as one
    /// How long other GPUs of a group may be behind.
    std::chrono::milliseconds patience{30'000};
};

/// Brings the weights to the device and makes it the calling thread's. Every later call from one thread. With
/// options.ranks it is one of several that share every layer's tensors, each called at the same time from a
/// thread or process of its own: rank 0 has what comes of a step (gpu_ranks.h).
Result<std::unique_ptr<Executor>> makeCudaExecutor(std::shared_ptr<const Model> model,
                                                   const ExecutorOptions& options, const CudaOptions& cuda,
                                                   const LoadProgress& progress = {});

} // namespace vitrine::engine
