// SPDX-License-Identifier: GPL-3.0-or-later
// What a request must satisfy to be accepted at all: well formed, and small enough to run alone.
#pragma once

#include <cstdint>

#include "engine/base/result.h"
#include "engine/scheduler/request.h"

namespace vitrine::engine {

struct RequestLimits
{
    std::uint64_t poolTokens = 0;    ///< tokens the whole KV pool holds
    std::uint64_t contextLength = 0; ///< 0: unlimited
    std::uint64_t blockSize = 1;     ///< tokens that are granted together
};

/// InvalidArgument for what makes no sense, OutOfResources (with the largest size that fits) for what is too
/// large.
Result<void> checkRequest(const RequestSpec& spec, const RequestLimits& limits);

} // namespace vitrine::engine
