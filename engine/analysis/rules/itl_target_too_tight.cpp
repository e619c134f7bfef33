// SPDX-License-Identifier: GPL-3.0-or-later
// The target for the time between tokens leaves prompts too little of each step.
#include "engine/analysis/rules/rule.h"

#include <algorithm>

namespace vitrine::engine {
namespace {

constexpr double kLeast = 0.08;
constexpr double kSaved = 0.75;   // of what is not the prompt's in a step, by a budget four times as large
constexpr double kWorthIt = 0.35; // of the steps in question, that is not the prompts'
constexpr double kUsualTarget = 0.05;

} // namespace

std::optional<Diagnosis> itlTargetTooTight(const RuleInput& input)
{
    const RecordingView& view = input.view;
    if (!view.adaptiveBudget())
        return std::nullopt;
    const auto& scheduler = view.facts().scheduler;
    const std::uint32_t limit = scheduler ? scheduler->maxRunning : UINT32_MAX;
    Loss loss;
    double tokens = 0.0, restNs = 0.0, costNs = 0.0;
    for (const ViewedStep& step : view.steps()) {
        const std::uint32_t waiting = step.lacksRoom ? 0 : step.passedOver;
        if (step.full && step.load.prefillTokens > 0 && step.reading + waiting > 0) {
            const double rest = std::max(step.costNs - view.costs().prefillOf(step.load), 0.0);
            loss.add(step, (double(step.reading) + waiting) * kSaved * rest);
            tokens += step.load.prefillTokens;
            restNs += rest;
            costNs += step.costNs;
        } else if (!step.full && waiting > 0 && step.step->record.running < limit) {
            loss.add(step, waiting * step.durationNs);
        }
    }
    if (view.share(loss.ns()) < kLeast || (costNs > 0.0 && restNs < kWorthIt * costNs))
        return std::nullopt;
    Diagnosis found = diagnose(DiagnosisKind::ItlTargetTooTight, view, loss);
    const double current = scheduler ? scheduler->itlTarget : 0.0;
    const double proposed = std::max(2.0 * current, kUsualTarget);
    found.cause = {
        "Prompts advanced by %1 tokens a step, because the time between tokens is kept at %2; %3 of "
        "those steps was not theirs.",
        {countFigure(tokens / std::max<double>(double(loss.steps()), 1.0)),
         current > 0.0 ? timeFigure(current * 1e9) : textFigure("its target"),
         shareFigure(costNs > 0.0 ? restNs / costNs : 1.0)}};
    found.suggestion = Suggestion{SettingKey::ItlTarget,
                                  current > 0.0 ? std::optional<double>(current) : std::nullopt, proposed};
    found.advice = {"Allow %1 between tokens.", {timeFigure(proposed * 1e9)}};
    return found;
}

} // namespace vitrine::engine
