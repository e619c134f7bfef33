// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/step_costs.h"

#include <algorithm>
#include <cmath>

namespace vitrine::engine {
namespace {

constexpr std::uint32_t kMostTokens = 1U << 20;        // in a step
constexpr std::uint64_t kMostKeys = 1ULL << 40;        // likewise
constexpr std::int64_t kLongestNs = 3'600'000'000'000; // of a step
constexpr double kMostNs = 1e18;

} // namespace

void observe(StepTimeModel& model, const StepLoad& load, std::int64_t forwardNs)
{
    const bool sound = load.prefillTokens <= kMostTokens && load.decodeRows <= kMostTokens &&
                       load.attendedKeys <= kMostKeys && forwardNs >= 1000 && forwardNs <= kLongestNs;
    if (sound)
        model.observe(load, static_cast<double>(forwardNs) * 1e-9);
}

std::int64_t wholeNs(double ns)
{
    return std::isfinite(ns) ? static_cast<std::int64_t>(std::clamp(ns, -kMostNs, kMostNs)) : 0;
}

std::int64_t predictNs(const StepTimeModel& model, const StepLoad& load)
{
    return std::max<std::int64_t>(wholeNs(model.predict(load) * 1e9), 0);
}

std::int64_t savedNs(const StepTimeModel& model, std::uint32_t cachedTokens)
{
    StepLoad cached;
    cached.prefillTokens = cachedTokens;
    cached.attendedKeys = std::uint64_t{cachedTokens} * (cachedTokens + 1ULL) / 2;
    return std::max<std::int64_t>(predictNs(model, cached) - predictNs(model, {}), 0);
}

} // namespace vitrine::engine
