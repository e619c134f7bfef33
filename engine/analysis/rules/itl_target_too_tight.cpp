// SPDX-License-Identifier: GPL-3.0-or-later
// The target for the time between tokens leaves prompts too little of each step.
#include "engine/analysis/rules/rule.h"

#include <algorithm>
#include <cmath>

namespace vitrine::engine {
namespace {

constexpr double kLeast = 0.04;
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
    Loss crawling, queueing;
    double tokens = 0.0, restNs = 0.0, costNs = 0.0;
    for (const ViewedStep& step : view.steps()) {
        const std::uint32_t waiting = step.lacksRoom ? 0 : step.passedOver;
        if (step.full && step.load.prefillTokens > 0 && step.reading + waiting > 0) {
            const double rest = std::max(step.costNs - step.promptNs, 0.0);
            crawling.add(step, (double(step.reading) + waiting) * kSaved * rest);
            tokens += step.load.prefillTokens;
            restNs += rest;
            costNs += step.costNs;
        } else if (!step.full && waiting > 0 && step.step->record.running < limit) {
            queueing.add(step, waiting * step.durationNs);
        }
    }
    if (restNs < kWorthIt * costNs)
        crawling = {};
    const Loss& loss = crawling.ns() >= queueing.ns() ? crawling : queueing;
    if (view.share(crawling.ns() + queueing.ns()) < kLeast)
        return std::nullopt;
    Diagnosis found = diagnose(DiagnosisKind::ItlTargetTooTight, view, loss);
    const double current = scheduler ? scheduler->itlTarget : 0.0;
    const double proposed = std::max(2.0 * current, kUsualTarget);
    found.severity = std::min(view.share(crawling.ns() + queueing.ns()), 1.0);
    const Figure target = current > 0.0 ? timeFigure(current * 1e9) : textFigure("its target");
    if (crawling.ns() >= queueing.ns())
        found.cause = {
            "Prompts advanced by %1 tokens a step, because the time between tokens is kept at %2; %3 of "
            "those steps was not theirs.",
            {countFigure(std::round(tokens / std::max<double>(double(crawling.steps()), 1.0))), target,
             shareFigure(restNs / std::max(costNs, 1.0))}};
    else
        found.cause = {
            "Requests waited for %1 of the time though there was room for them, because with one more "
            "the time between tokens would pass %2.",
            {shareFigure(queueing.durationNs() / view.activeNs()), target}};
    found.suggestion = Suggestion{SettingKey::ItlTarget,
                                  current > 0.0 ? std::optional<double>(current) : std::nullopt, proposed};
    found.advice = {"Allow %1 between tokens.", {timeFigure(proposed * 1e9)}};
    return found;
}

} // namespace vitrine::engine
