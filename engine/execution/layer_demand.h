// SPDX-License-Identifier: GPL-3.0-or-later
// What a device must have room for beside the weights of the layers that it computes.
#pragma once

#include <cstdint>

#include "engine/execution/step_limits.h"

namespace vitrine::engine {

struct LayerDemand
{
    std::uint64_t kvTokens = 0; ///< of all sequences together
    StepLimits steps;
};

} // namespace vitrine::engine
