// SPDX-License-Identifier: GPL-3.0-or-later
// What would it cost to take a request's blocks away? Seconds of work lost, by recompute or by a swap to host
// memory and back, whichever the measured rates say is cheaper, weighed with priority, progress and how often
// it was preempted already (so that nobody is the victim for ever). Pure arithmetic; engine thread.
#pragma once

#include <cstdint>

#include "engine/base/ids.h"

namespace vitrine::engine {

enum class PreemptionAction : std::uint8_t { Recompute, Swap };
enum class PreemptionReason : std::uint8_t {
    NoBlock,    ///< a running request needs a block now
    Predicted,  ///< the forecast says that the pool runs dry within a few steps
    PoolShrinks, ///< a person makes the pool smaller
    KvLost       ///< what lay in KV is gone: a process that computes has failed, or there are more or fewer
};

/// The machine, as measured while running.
struct PreemptionRates
{
    double secondsPerPrefillToken = 1e-4;
    double secondsPerBlockMove = 1e-5; ///< one page (a block, but for mixed models), one way
};

/// The request, as it stands.
struct PreemptionCase
{
    std::uint32_t recomputeTokens = 0;            ///< computed, less what others keep alive
    std::uint32_t blocks = 0;                     ///< pages that it holds
    bool canSwap = false;                         ///< the host tier has room for them
    bool mustRecompute = false, mustSwap = false; ///< a person chose; mustSwap counts only with canSwap
    double progress = 0.0;                        ///< 0 … 1 of what it is expected to say
    std::int32_t priority = 0;
    std::uint32_t preemptions = 0;
};

struct PreemptionPrice
{
    PreemptionAction action = PreemptionAction::Recompute;
    double seconds = 0.0;  ///< of work lost
    double weighted = 0.0; ///< what victims are compared by
};

PreemptionPrice priceOf(const PreemptionCase& victim, const PreemptionRates& rates);

} // namespace vitrine::engine
