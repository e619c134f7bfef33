// SPDX-License-Identifier: GPL-3.0-or-later
// A rank of another process as an Executor of this one: each call is a command to it (worker_frames.h). It
// has no results of its own; rank 0's executor brings them. One owner; engine thread.
#pragma once

#include <memory>

#include "engine/base/result.h"
#include "engine/execution/executor.h"
#include "engine/parallel/communicator.h"

namespace vitrine::engine {

/// Waits until rank `rank` has loaded its model. `control` is shared by the proxies of all ranks.
Result<std::unique_ptr<Executor>> makeWorkerExecutor(std::shared_ptr<Communicator> control,
                                                     std::uint32_t rank);

} // namespace vitrine::engine
