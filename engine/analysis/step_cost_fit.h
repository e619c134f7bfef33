// SPDX-License-Identifier: GPL-3.0-or-later
// What the steps of a whole recording cost: the same terms as the step time model's, fitted to all steps at
// once, and not thrown off by a part of them that was disturbed. Values; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "engine/scheduler/step_time_model.h"

namespace vitrine::engine {

/// Nanoseconds, none negative.
struct StepCosts
{
    double fixedNs = 0.0;   ///< of every step: reading the weights
    double prefillNs = 0.0; ///< of a prompt's token
    double rowNs = 0.0;     ///< of a decode
    double keyNs = 0.0;     ///< of a key that a token attends to

    double prefillOf(const StepLoad& load) const { return prefillNs * load.prefillTokens; }
    double of(const StepLoad& load) const
    {
        return fixedNs + prefillOf(load) + rowNs * load.decodeRows +
               keyNs * static_cast<double>(load.attendedKeys);
    }
};

struct MeasuredStep
{
    StepLoad load;
    double forwardNs = 0.0; ///< > 0
};

/// Zeros when there are no steps.
StepCosts fitStepCosts(std::span<const MeasuredStep> steps);

} // namespace vitrine::engine
