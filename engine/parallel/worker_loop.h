// SPDX-License-Identifier: GPL-3.0-or-later
// What a worker process does: carries out rank 0's commands on an executor of its own until it is told to
// stop or the group ends.
#pragma once

#include <cstdint>

#include "engine/base/result.h"
#include "engine/execution/executor.h"
#include "engine/parallel/communicator.h"

namespace vitrine::engine {

/// `control` carries commands and answers, to and from rank 0. An error: the group has ended otherwise than
/// by Stop.
Result<void> serveRank(Executor& executor, Communicator& control);
/// The one answer of a worker whose model could not be loaded.
void answerFailure(Communicator& control, const Error& error);

} // namespace vitrine::engine
