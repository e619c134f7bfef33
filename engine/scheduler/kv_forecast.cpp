// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scheduler/kv_forecast.h"

#include <algorithm>
#include <cmath>

#include "engine/scheduler/length_predictor.h"

namespace vitrine::engine {
namespace {

double remaining(const Request& request)
{
    return remainingTokens(request.predictedTokens, request.replied(), request.spec.maxTokens);
}

} // namespace

KvForecast forecastBlocks(std::span<Request* const> running, const KvCache& cache, std::uint32_t steps)
{
    KvForecast forecast;
    for (const Request* request : running) {
        const auto held = static_cast<std::uint32_t>(cache.table(request->id).size());
        const double left = remaining(*request);
        if (left < steps)
            forecast.freed += cache.heldPages(request->id);
        const auto tokens = static_cast<std::uint32_t>(std::min<double>(std::ceil(left), steps));
        const std::uint32_t wanted = cache.blocksFor(request->known() + tokens);
        if (left >= steps && wanted > held)
            forecast.needed += cache.growthPages(wanted - held, request->known());
    }
    return forecast;
}

std::uint32_t expectedBlocks(const Request& request, const KvCache& cache)
{
    return cache.blocksFor(request.known() + static_cast<std::uint32_t>(std::ceil(remaining(request))));
}

} // namespace vitrine::engine
