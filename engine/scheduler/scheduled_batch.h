// SPDX-License-Identifier: GPL-3.0-or-later
// What the scheduler decided for one step. References into the scheduler are by id only.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/ids.h"
#include "engine/execution/executor.h"
#include "engine/execution/forward_batch.h"

namespace vitrine::engine {

struct ScheduledRow
{
    RequestId request;
    std::uint32_t firstToken = 0; ///< index of the first known token computed in this step
    std::uint32_t tokens = 0;     ///< how many
    bool decode = false;          ///< one token of the reply; else prefill or recompute
    bool samples = false;         ///< catches up with the known tokens: its last row gives a new token
    std::uint32_t logitsRow = 0;  ///< row in the logits, when it samples
};

struct PreemptionEvent
{
    RequestId victim;
    RequestId beneficiary;             ///< who needed the block
    std::uint32_t recomputeTokens = 0; ///< price: tokens in KV that will have to be computed again at worst
    std::uint32_t blocksFreed = 0;
};

struct ScheduledBatch
{
    std::vector<ScheduledRow> rows; ///< in the order of the sequences of `forward`
    ForwardBatch forward;
    std::vector<BlockCopy> copies; ///< copy-on-write, before the forward pass
    std::vector<PreemptionEvent> preemptions;
    std::uint32_t prefillTokens = 0;
    std::uint32_t decodeTokens = 0;
    std::uint32_t recomputedTokens = 0; ///< of prefillTokens: computed before, lost in a preemption
    std::uint32_t lookedUpTokens = 0;   ///< prompt tokens of requests admitted for the first time
    std::uint32_t cachedTokens = 0;     ///< of those: found in the prefix cache

    bool empty() const { return rows.empty(); }
};

} // namespace vitrine::engine
