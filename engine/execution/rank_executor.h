// SPDX-License-Identifier: GPL-3.0-or-later
// One executor put together from ranks that share the tensors of every layer (ExecutorOptions::ranks): all of
// them compute every step at the same time, rank 0 has what comes of it. Each holds KV of its own heads,
// under the same numbers of blocks. Or from stages of such ranks (stage_executor.h), where each holds KV of
// its layers and heads. One owner (the engine); every call from the engine thread.
#pragma once

#include <memory>
#include <vector>

#include "engine/execution/executor.h"
#include "engine/execution/rank_source.h"

namespace vitrine::engine {

/// Of `threads` in all; 0: one for each core that this process may use.
std::uint32_t threadsOfRank(std::uint32_t threads, std::uint32_t ranks);

/// REQUIRES: by number, with launch() that returns before they have computed (overlaps()). A rank that fails
/// ends the group: every later step fails too, for good where no `source` has others.
std::unique_ptr<Executor> makeRankExecutor(std::vector<std::unique_ptr<Executor>> ranks,
                                           std::shared_ptr<Communicator> group,
                                           std::unique_ptr<RankSource> source = nullptr);

} // namespace vitrine::engine
