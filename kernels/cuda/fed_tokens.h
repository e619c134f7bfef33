// SPDX-License-Identifier: GPL-3.0-or-later
// Input tokens that the host does not know yet: those that the step before chose.
#pragma once

#include <cstdint>

#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

/// tokens[i] = chosen[-1 - tokens[i]] where it is negative, in place. tokens [count]; `chosen` has all that
/// are named. Device memory.
Status takeFedTokens(std::int32_t* tokens, std::int64_t count, const std::int32_t* chosen, Stream stream);

} // namespace vitrine::kernels::cuda
