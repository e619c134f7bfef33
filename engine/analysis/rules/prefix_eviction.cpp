// SPDX-License-Identifier: GPL-3.0-or-later
// Prefixes that were computed are asked for again, but have been evicted meanwhile.
#include "engine/analysis/rules/prefix_loss.h"

#include <algorithm>

namespace vitrine::engine {
std::optional<Diagnosis> prefixEviction(const RuleInput& input)
{
    const PromptOverlap& overlap = input.overlap;
    const PrefixLoss lost = prefixLoss(input, overlap.missedTokens);
    if (lost.severity <= 0.0 || overlap.evictedBlocks == 0)
        return std::nullopt;
    Diagnosis found;
    found.kind = DiagnosisKind::PrefixEviction;
    found.severity = lost.severity;
    found.cause = {
        "%1 of the prompts' tokens had been computed before, but their blocks were evicted before they "
        "were wanted again; %2 blocks were evicted in all, and %3 of the tokens were found.",
        {shareFigure(lost.tokenShare), countFigure(double(overlap.evictedBlocks)),
         shareFigure(double(overlap.cachedTokens) / double(overlap.promptTokens))}};
    std::vector<PromptOverlap::Miss> misses = overlap.misses;
    std::stable_sort(misses.begin(), misses.end(),
                     [](const auto& a, const auto& b) { return a.tokens > b.tokens; });
    for (std::size_t i = 0; i < std::min(misses.size(), Evidence::kMost); ++i)
        found.evidence.requests.push_back(misses[i].request);
    const double blocks = input.view.pool().blocks;
    found.suggestion = Suggestion{SettingKey::KvBlocks, blocks, 2.0 * blocks};
    found.advice = {"Give the KV cache more memory: %1 blocks instead of %2.",
                    {countFigure(2.0 * blocks), countFigure(blocks)}};
    return found;
}

} // namespace vitrine::engine
