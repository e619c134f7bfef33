// SPDX-License-Identifier: GPL-3.0-or-later
// Short prompts wait until a long one, which came first, has been read.
#include "engine/analysis/rules/rule.h"

#include <algorithm>

namespace vitrine::engine {
namespace {

constexpr double kLeast = 0.05;

} // namespace

std::optional<Diagnosis> headOfLine(const RuleInput& input)
{
    const RecordingView& view = input.view;
    Loss loss;
    std::uint32_t mostBehind = 0, longest = 0;
    for (const ViewedStep& step : view.steps()) {
        if (!readsLongPrompt(step, view))
            continue;
        const std::uint32_t reading = step.reading - std::min(step.reading, 1U);
        const std::uint32_t behind = reading + (step.lacksRoom ? 0 : step.passedOver);
        mostBehind = std::max(mostBehind, behind);
        longest = std::max(longest, step.longestPrompt);
        loss.add(step, behind * step.durationNs);
        loss.blame(step.longest, behind * step.durationNs);
    }
    if (view.share(loss.ns()) < kLeast)
        return std::nullopt;
    Diagnosis found = diagnose(DiagnosisKind::HeadOfLine, view, loss);
    found.cause = {
        "Up to %1 requests waited behind a prompt of %2 tokens, %3 of the time; half of all prompts "
        "have no more than %4.",
        {countFigure(mostBehind), countFigure(longest), shareFigure(loss.durationNs() / view.activeNs()),
         countFigure(view.medianPrompt())}};
    const auto& scheduler = view.facts().scheduler;
    found.suggestion = Suggestion{SettingKey::Policy,
                                  scheduler ? std::optional<double>(double(scheduler->policy)) : std::nullopt,
                                  double(PolicyKind::Shortest)};
    found.advice = {"Admit short requests first.", {}};
    return found;
}

} // namespace vitrine::engine
