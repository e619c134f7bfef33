// SPDX-License-Identifier: GPL-3.0-or-later
// A model whose tensors are shared by the ranks that an MPI launcher has started, of which this is rank 0:
// the others serve it (worker_loop.h). A rank that fails ends them all: the launcher is who could start
// another.
#pragma once

#include <memory>

#include "engine/base/result.h"
#include "engine/execution/executor.h"

namespace vitrine::engine {

/// Waits until all have loaded their part. REQUIRES: the plugin's begin() gave rank 0. Blocking.
Result<std::unique_ptr<Executor>> makeMpiModel(const std::shared_ptr<const Model>& model,
                                               const ExecutorOptions& options, const LoadProgress& progress);

} // namespace vitrine::engine
