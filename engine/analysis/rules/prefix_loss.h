// SPDX-License-Identifier: GPL-3.0-or-later
// How much the prefix rules weigh: what would be saved, as time and as a share of what prompts take.
#pragma once

#include "engine/analysis/rules/rule.h"

namespace vitrine::engine {

struct PrefixLoss
{
    double tokenShare = 0.0; ///< of all prompt tokens, that need not have been computed
    double timeShare = 0.0;  ///< of the time in which there was work
    double severity = 0.0;   ///< 0: not worth a word
};

PrefixLoss prefixLoss(const RuleInput& input, std::uint64_t tokens);

} // namespace vitrine::engine
