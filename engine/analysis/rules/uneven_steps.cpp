// SPDX-License-Identifier: GPL-3.0-or-later
// Steps with the same work take now short, now long: threads share cores with others.
#include "engine/analysis/rules/rule.h"

#include <algorithm>

namespace vitrine::engine {
namespace {

constexpr double kLeast = 0.05;
constexpr double kLeastSteps = 0.02; // of all

} // namespace

std::optional<Diagnosis> unevenSteps(const RuleInput& input)
{
    const RecordingView& view = input.view;
    if (memoryIsShort(view.facts()))
        return std::nullopt; // which explains it
    const Loss loss = unevenLoss(view, findPace(view));
    const double often =
        static_cast<double>(loss.steps()) / std::max<double>(double(view.steps().size()), 1.0);
    if (view.share(loss.ns()) < kLeast || often < kLeastSteps)
        return std::nullopt;
    Diagnosis found = diagnose(DiagnosisKind::UnevenSteps, view, loss);
    const AnalysisFacts& facts = view.facts();
    found.cause = {
        "%1 of the steps took far longer than others with the same work, which cost %2 of the time.",
        {shareFigure(often), shareFigure(found.severity)}};
    if (facts.threads && facts.cores && *facts.threads > *facts.cores) {
        found.suggestion = Suggestion{SettingKey::Threads, double(*facts.threads), double(*facts.cores)};
        found.advice = {"Compute with %1 threads, one for each core, instead of %2.",
                        {countFigure(*facts.cores), countFigure(*facts.threads)}};
    } else if (facts.threads && *facts.threads > 1) {
        found.suggestion = Suggestion{SettingKey::Threads, double(*facts.threads), *facts.threads - 1.0};
        found.advice = {"Leave a core to other programs: set the threads that compute to %1.",
                        {countFigure(*facts.threads - 1.0)}};
    } else {
        found.advice = {"Close other programs that compute, or leave them a core.", {}};
    }
    const RunMetrics& now = view.metrics();
    found.gains.push_back({GainMetric::TokensPerSecond, now.tokensPerSecond,
                           now.tokensPerSecond / std::max(1.0 - found.severity, 0.05), GainSource::Model});
    return found;
}

} // namespace vitrine::engine
