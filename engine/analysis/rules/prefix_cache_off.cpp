// SPDX-License-Identifier: GPL-3.0-or-later
// Prompts begin alike, but no block is kept for the next one.
#include "engine/analysis/rules/prefix_loss.h"

namespace vitrine::engine {
std::optional<Diagnosis> prefixCacheOff(const RuleInput& input)
{
    const PromptOverlap& overlap = input.overlap;
    const PrefixLoss lost = prefixLoss(input, overlap.missedTokens);
    const bool off = input.view.facts().prefixCache ? !*input.view.facts().prefixCache
                                                    : overlap.filledBlocks == 0 && overlap.cachedTokens == 0;
    if (lost.severity <= 0.0 || !off)
        return std::nullopt;
    Diagnosis found;
    found.kind = DiagnosisKind::PrefixCacheOff;
    found.severity = lost.severity;
    found.cause = {
        "%1 of the prompts' tokens had been computed before, but nothing was kept of them: the prefix "
        "cache is off.",
        {shareFigure(lost.tokenShare)}};
    for (const PromptOverlap::Miss& miss : overlap.misses)
        if (found.evidence.requests.size() < Evidence::kMost)
            found.evidence.requests.push_back(miss.request);
    found.suggestion = Suggestion{SettingKey::PrefixCache, 0.0, 1.0};
    found.advice = {"Turn the prefix cache on.", {}};
    return found;
}

} // namespace vitrine::engine
