// SPDX-License-Identifier: GPL-3.0-or-later
// What the scheduler decided for one step. References into the scheduler are by id only.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/base/ids.h"
#include "engine/execution/forward_batch.h"
#include "engine/execution/kv_transfer.h"
#include "engine/scheduler/preemption_price.h"
#include "engine/scheduler/step_time_model.h"

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

/// A sample of the same prompt begins: it takes its first token from its leader's logits.
struct ForkedSample
{
    RequestId request;
    RequestId leader;
    std::uint32_t logitsRow = 0;
};

struct PreemptionEvent
{
    struct Alternative
    {
        RequestId request;
        double price = 0.0; ///< weighted
    };
    static constexpr std::size_t kMostAlternatives = 4;

    RequestId victim;
    RequestId beneficiary; ///< who needed the block; 0 when it was for nobody in particular
    PreemptionReason reason = PreemptionReason::NoBlock;
    PreemptionAction action = PreemptionAction::Recompute;
    std::uint32_t recomputeTokens = 0; ///< tokens in KV that will have to be computed again at worst
    std::uint32_t blocks = 0;          ///< in its table
    std::uint32_t blocksFreed = 0;
    double seconds = 0.0;           ///< of work lost, as estimated
    double price = 0.0;             ///< weighted: what it was compared by
    std::uint32_t considered = 0;   ///< requests that could have been the victim
    std::uint32_t alternatives = 0; ///< entries filled below, cheapest first
    std::array<Alternative, kMostAlternatives> others{};
};

struct AdmissionEvent
{
    RequestId request;
    std::uint32_t cachedTokens = 0;  ///< found in the prefix cache, device or host, or shared within the step
    std::uint32_t hostTokens = 0;    ///< of those: brought back from host memory
    std::uint32_t sharedTokens = 0;  ///< of those: computed by another request in this very step
    std::uint32_t swappedBlocks = 0; ///< of its own, brought back after a preemption
    bool again = false;              ///< it was admitted before and preempted since
};

struct ScheduledBatch
{
    std::uint64_t step = 0;
    std::vector<ScheduledRow> rows; ///< in the order of the sequences of `forward`
    std::vector<ForkedSample> forks;
    ForwardBatch forward;
    std::vector<KvTransfer> transfers; ///< before the forward pass, in order
    std::vector<PreemptionEvent> preemptions;
    std::vector<AdmissionEvent> admissions;
    std::vector<RequestId> ended; ///< finished for want of memory, see Scheduler
    StepLoad load;
    std::uint32_t tokenBudget = 0; ///< that this step was planned with
    double predictedSeconds = 0.0; ///< by the step time model
    std::uint32_t prefillTokens = 0;
    std::uint32_t decodeTokens = 0;
    std::uint32_t recomputedTokens = 0; ///< of prefillTokens: computed before, lost in a preemption
    std::uint32_t lookedUpTokens = 0;   ///< prompt tokens of requests admitted for the first time
    std::uint32_t cachedTokens = 0;     ///< of those: found in the prefix cache

    bool empty() const { return rows.empty(); }
    /// Nothing to compute, but something happened that has to be carried out or told.
    bool idle() const { return rows.empty() && transfers.empty() && preemptions.empty() && ended.empty(); }
};

} // namespace vitrine::engine
