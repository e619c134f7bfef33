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

/// How long a rank may take to answer when rank 0 has done its own part of a step: all have met by then. A
/// stage may have most of the step before it still.
inline constexpr std::int64_t kAnswerOfRankMs = 5'000, kAnswerOfStageMs = 600'000;

/// `control`: of this process, rank 0, and the worker's, rank 1. Waits until that has loaded its model.
Result<std::unique_ptr<Executor>> makeWorkerExecutor(std::shared_ptr<Communicator> control,
                                                     std::int64_t answerMs = kAnswerOfRankMs);

} // namespace vitrine::engine
