// SPDX-License-Identifier: GPL-3.0-or-later
// The Executor of one NVIDIA GPU. Part of the library that is loaded when a program runs (cuda_plugin.h), so
// that a machine without a driver starts all the same.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/base/result.h"
#include "engine/execution/executor.h"

namespace vitrine::engine {

struct CudaOptions
{
    int device = 0;
    bool graphs = true; ///< decode steps are recorded once and launched as one
};

/// Brings the weights to the device and makes it the calling thread's. Every later call from one thread.
Result<std::unique_ptr<Executor>> makeCudaExecutor(std::shared_ptr<const Model> model,
                                                   const ExecutorOptions& options, const CudaOptions& cuda,
                                                   const LoadProgress& progress = {});

} // namespace vitrine::engine
