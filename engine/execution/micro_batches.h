// SPDX-License-Identifier: GPL-3.0-or-later
// A step's batch cut into smaller ones that stages of a model compute one after the other, so that all stages
// have something to do. What each of them writes to the KV cache the later ones read, in every stage: a long
// prompt is cut too, as prefill in chunks does it. A row's numbers do not depend on the cut, except that with
// AMX fewer rows may take another path (ExecutorOptions::deterministic leaves that out). The same on every
// process. Plain values; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/base/result.h"
#include "engine/execution/forward_batch.h"

namespace vitrine::engine {

struct MicroBatch
{
    ForwardBatch batch;                       ///< without choices, attention by block and hidden rows
    std::size_t firstToken = 0, firstRow = 0; ///< in the whole: of its tokens, of its logitsRows
};

/// Of a step of so many tokens, as far as the borders of its sequences allow.
std::size_t microBatchCount(std::size_t tokens, std::uint32_t stages);

/// One at least, in order; as many as keep `stages` busy, of not too few tokens each. BadInput: the lists of
/// `batch` do not fit each other; whatever else ForwardBatch promises is not looked at.
Result<std::vector<MicroBatch>> microBatches(const ForwardBatch& batch, std::uint32_t stages);

} // namespace vitrine::engine
