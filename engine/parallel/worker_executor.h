// SPDX-License-Identifier: GPL-3.0-or-later
// A rank of another process as an Executor of this one: each call is a command to it (worker_frames.h). It
// has no results of its own; rank 0's executor brings them. It is broken once its process does not answer.
// One owner; engine thread.
#pragma once

#include <memory>

#include "engine/base/result.h"
#include "engine/execution/executor.h"
#include "engine/parallel/communicator.h"

namespace vitrine::engine {

/// `control`: of this process, rank 0, and the worker's, rank 1. Waits until that has loaded its model.
Result<std::unique_ptr<Executor>> makeWorkerExecutor(std::shared_ptr<Communicator> control);

} // namespace vitrine::engine
