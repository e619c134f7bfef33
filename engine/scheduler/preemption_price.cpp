// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scheduler/preemption_price.h"

#include <algorithm>
#include <cmath>

namespace vitrine::engine {
namespace {

constexpr double kFixedSeconds = 1e-4;       // a preemption is never free: requeueing, another admission
constexpr double kWeightPerPreemption = 2.0; // each one before doubles the price
constexpr double kWeightPerLevel = 1.5;      // of priority
constexpr int kMostLevels = 40;              // beyond it the weight would leave the range of a double's use

} // namespace

PreemptionPrice priceOf(const PreemptionCase& victim, const PreemptionRates& rates)
{
    const double recompute = victim.recomputeTokens * rates.secondsPerPrefillToken;
    const double swap = 2.0 * victim.blocks * rates.secondsPerBlockMove;
    PreemptionPrice price;
    const bool swaps = victim.canSwap && !victim.mustRecompute && (victim.mustSwap || swap < recompute);
    price.action = swaps ? PreemptionAction::Swap : PreemptionAction::Recompute;
    price.seconds = (swaps ? swap : recompute) + kFixedSeconds;
    // One that is nearly done gives its blocks back by itself soon: it is left alone.
    const double nearlyDone = 1.0 + std::clamp(victim.progress, 0.0, 1.0);
    const int levels = std::clamp(victim.priority, -kMostLevels, kMostLevels);
    const auto times = static_cast<double>(std::min(victim.preemptions, 64U));
    price.weighted = price.seconds * nearlyDone * std::pow(kWeightPerLevel, levels) *
                     std::pow(kWeightPerPreemption, times);
    return price;
}

} // namespace vitrine::engine
