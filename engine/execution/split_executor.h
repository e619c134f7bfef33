// SPDX-License-Identifier: GPL-3.0-or-later
// One executor put together from others that each compute some layers, on devices of their own: a step goes
// through them in order, hidden rows from one to the next. Each holds KV of its own layers, under the same
// numbers of blocks and pages. One owner (the engine); every call from the engine thread.
#pragma once

#include <memory>
#include <vector>

#include "engine/execution/executor.h"

namespace vitrine::engine {

/// REQUIRES: two parts at least, by layers, which together are the model's (ExecutorOptions::layers); no
/// memory in common, or freeKvBytes() promises it twice.
/// Attention by block is measured where all parts measure it; tokens are chosen as the last part does.
/// Where a part refuses a smaller pool, the others take back the size that they had, but what lay in the
/// blocks that were to go is lost.
std::unique_ptr<Executor> makeSplitExecutor(std::vector<std::unique_ptr<Executor>> parts);

} // namespace vitrine::engine
