// SPDX-License-Identifier: GPL-3.0-or-later
// What a person or a flag can choose about scheduling. All of it may change while requests run
// (Scheduler::configure).
#pragma once

#include <cstdint>

#include "engine/base/result.h"
#include "engine/scheduler/policy.h"

namespace vitrine::engine {

enum class BatchMode : std::uint8_t {
    Mixed,   ///< decodes and chunks of prompts in one step
    TwoPhase ///< a step has either prompts or decodes; prompts go first
};
enum class VictimChoice : std::uint8_t { Cost, Newest };
enum class PreemptionChoice : std::uint8_t { Cheapest, Recompute, Swap };

struct SchedulerOptions
{
    std::uint32_t maxRunning = 256;  ///< ≥ 1; a limit of memory, not of speed: see itlTarget
    std::uint32_t tokenBudget = 512; ///< ≥ 1: tokens in one step at most, prefill and decode together
    /// > 0: seconds between two tokens of a reply that steps should keep to. The budget then follows from the
    /// step times that were measured, up to tokenBudget, and nobody is admitted whose decodes would not fit.
    double itlTarget = 0.0;
    double watermark = 0.01; ///< share of the pool kept free at admission, unless nothing runs; 0 also turns
                             ///< predictive preemption off
    std::uint32_t contextLength = 0;   ///< 0: unlimited; prompt + reply must fit
    std::uint32_t slidingWindow = 0;   ///< > 0: no layer of the model looks further back than this
    std::uint64_t kvBytesPerToken = 0; ///< for the price of swaps until one was measured
    PolicyKind policy = PolicyKind::Fcfs;
    BatchMode mode = BatchMode::Mixed;
    VictimChoice victim = VictimChoice::Cost;
    PreemptionChoice preemption = PreemptionChoice::Cheapest;
};

/// InvalidArgument for what makes no sense, naming the field.
Result<void> checkOptions(const SchedulerOptions& options);

} // namespace vitrine::engine
