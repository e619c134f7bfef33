// SPDX-License-Identifier: GPL-3.0-or-later
// A step takes so few tokens that prompts need many of them, each with the cost of a step.
#include "engine/analysis/rules/rule.h"

#include <algorithm>

namespace vitrine::engine {
namespace {

constexpr double kLeast = 0.05;
constexpr double kSaved = 0.75;   // of what is not the prompt's in a step, by a budget four times as large
constexpr double kWorthIt = 0.35; // of the steps in question, that is not the prompts'

} // namespace

std::optional<Diagnosis> budgetTooSmall(const RuleInput& input)
{
    const RecordingView& view = input.view;
    if (view.adaptiveBudget())
        return std::nullopt;
    Loss loss;
    double restNs = 0.0, costNs = 0.0, activeNs = 0.0;
    for (const ViewedStep& step : view.steps()) {
        const std::uint32_t pending = step.reading + (step.lacksRoom ? 0 : step.passedOver);
        const auto running = step.step->record.running;
        const auto left =
            static_cast<double>(running - std::min<std::size_t>(running, step.step->rows.size()));
        if (!step.full || pending == 0)
            continue;
        const double rest = std::max(step.costNs - step.promptNs, 0.0);
        loss.add(step, std::max(pending * kSaved * rest, left * step.durationNs * kSaved));
        restNs += rest;
        costNs += step.costNs;
        activeNs += step.durationNs;
        for (const StepRow& row : step.step->rows)
            if (row.prefillTokens > 0)
                loss.blame(row.request, rest);
    }
    if (view.share(loss.ns()) < kLeast || restNs < kWorthIt * costNs)
        return std::nullopt;
    Diagnosis found = diagnose(DiagnosisKind::BudgetTooSmall, view, loss);
    found.cause = {
        "For %1 of the time steps were full with %2 tokens while prompts waited; %3 of such a step is "
        "not the prompts'.",
        {shareFigure(activeNs / view.activeNs()), countFigure(view.usualBudget()),
         shareFigure(costNs > 0.0 ? restNs / costNs : 0.0)}};
    const double proposed = std::max(4.0 * view.usualBudget(), 128.0);
    found.suggestion = Suggestion{SettingKey::TokenBudget, double(view.usualBudget()), proposed};
    found.advice = {"Let a step take %1 tokens.", {countFigure(proposed)}};
    return found;
}

} // namespace vitrine::engine
