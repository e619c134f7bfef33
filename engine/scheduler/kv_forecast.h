// SPDX-License-Identifier: GPL-3.0-or-later
// How many blocks will the running requests take soon, as far as the lengths of their replies can be told?
#pragma once

#include <cstdint>
#include <span>

#include "engine/kv_cache/kv_cache.h"
#include "engine/scheduler/request.h"

namespace vitrine::engine {

struct KvForecast
{
    std::uint32_t needed = 0; ///< pages that requests still running then will have taken beyond today's
    std::uint32_t freed = 0;  ///< pages of requests expected to have ended by then
};

/// After `steps` more decode steps of every running request.
KvForecast forecastBlocks(std::span<Request* const> running, const KvCache& cache, std::uint32_t steps);

/// Blocks that one request will hold when its reply ends where it is predicted to.
std::uint32_t expectedBlocks(const Request& request, const KvCache& cache);

} // namespace vitrine::engine
