// SPDX-License-Identifier: GPL-3.0-or-later
// Prompts that are alike go apart early, so that nothing behind that point is found again.
#include "engine/analysis/rules/prefix_loss.h"

#include <algorithm>

namespace vitrine::engine {
namespace {

/// As a person would quote it; never a control character.
Figure quoted(TokenId token, const AnalysisFacts& facts)
{
    const auto known =
        facts.vocabulary != nullptr ? facts.vocabulary->find(token) : decltype(facts.vocabulary->end()){};
    if (facts.vocabulary == nullptr || known == facts.vocabulary->end())
        return textFigure("#" + std::to_string(token));
    std::string text = "“";
    for (const char c : known->second.substr(0, 40))
        text += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    return textFigure(text + "”");
}

} // namespace

std::optional<Diagnosis> lowPrefixHits(const RuleInput& input)
{
    const PromptOverlap& overlap = input.overlap;
    const PrefixLoss lost = prefixLoss(input, overlap.alikeTokens);
    if (lost.severity <= 0.0 || overlap.divergences.empty())
        return std::nullopt;
    const auto worst = std::max_element(overlap.divergences.begin(), overlap.divergences.end(),
                                        [](const auto& a, const auto& b) { return a.alike < b.alike; });
    Diagnosis found;
    found.kind = DiagnosisKind::LowPrefixHits;
    found.severity = lost.severity;
    found.cause = {
        "%1 of the prompts' tokens are the same as another prompt's but were computed again: these "
        "prompts differ at token %2 already, %3 against %4, and %5 tokens behind it are alike.",
        {shareFigure(lost.tokenShare), countFigure(worst->position + 1.0),
         quoted(worst->tokenBefore, input.view.facts()), quoted(worst->token, input.view.facts()),
         countFigure(worst->alike)}};
    found.advice = {"Put what changes (a date, a name) behind what stays the same in the system prompt.", {}};
    for (const PromptDivergence& one : overlap.divergences)
        if (found.evidence.requests.size() < Evidence::kMost)
            found.evidence.requests.push_back(one.request);
    const RunMetrics& now = input.view.metrics();
    const double savedNs = worst->alike * input.view.costs().prefillNs;
    found.gains.push_back({GainMetric::FirstTokenP95, now.firstTokenP95,
                           std::max(now.firstTokenP95 - savedNs, 0.0), GainSource::Model});
    return found;
}

} // namespace vitrine::engine
