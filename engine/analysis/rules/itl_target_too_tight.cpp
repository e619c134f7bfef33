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

/// Prompts that advance in small pieces, and requests that are kept out.
struct Held
{
    Loss crawling, queueing;
    double tokens = 0.0, restNs = 0.0, costNs = 0.0; ///< of the steps of `crawling`

    double ns() const { return crawling.ns() + queueing.ns(); }
    const Loss& worse() const { return crawling.ns() >= queueing.ns() ? crawling : queueing; }
};

Held findHeld(const RecordingView& view, std::uint32_t limit)
{
    Held held;
    for (const ViewedStep& step : view.steps()) {
        const std::uint32_t waiting = step.lacksRoom ? 0 : step.passedOver;
        if (step.full && step.load.prefillTokens > 0 && step.reading + waiting > 0) {
            const double rest = std::max(step.costNs - step.promptNs, 0.0);
            held.crawling.add(step, (double(step.reading) + waiting) * kSaved * rest);
            held.tokens += step.load.prefillTokens;
            held.restNs += rest;
            held.costNs += step.costNs;
        } else if (!step.full && waiting > 0 && step.step->record.running < limit) {
            held.queueing.add(step, waiting * step.durationNs);
        }
    }
    if (held.restNs < kWorthIt * held.costNs)
        held.crawling = {};
    return held;
}

Sentence causeOf(const Held& held, const RecordingView& view)
{
    if (held.crawling.ns() < held.queueing.ns())
        return {
            "Requests waited for %1 of the time though there was room for them, because with one more the "
            "time between tokens would pass its target.",
            {shareFigure(held.queueing.durationNs() / view.activeNs())}};
    return {
        "Prompts advanced by %1 tokens a step, because the time between tokens is kept short; %2 of those "
        "steps was not theirs.",
        {countFigure(std::round(held.tokens / std::max<double>(double(held.crawling.steps()), 1.0))),
         shareFigure(held.restNs / std::max(held.costNs, 1.0))}};
}

} // namespace

std::optional<Diagnosis> itlTargetTooTight(const RuleInput& input)
{
    const RecordingView& view = input.view;
    const auto& scheduler = view.facts().scheduler;
    if (!view.adaptiveBudget())
        return std::nullopt;
    const Held held = findHeld(view, scheduler ? scheduler->maxRunning : UINT32_MAX);
    if (view.share(held.ns()) < kLeast)
        return std::nullopt;
    Diagnosis found = diagnose(DiagnosisKind::ItlTargetTooTight, view, held.worse());
    found.severity = std::min(view.share(held.ns()), 1.0);
    found.cause = causeOf(held, view);
    const std::optional<double> current =
        scheduler ? std::optional<double>(scheduler->itlTarget) : std::nullopt;
    const double proposed = std::max(2.0 * current.value_or(0.0), kUsualTarget);
    found.suggestion = Suggestion{SettingKey::ItlTarget, current, proposed};
    found.advice = {"Allow %1 between tokens.", {timeFigure(proposed * 1e9)}};
    return found;
}

} // namespace vitrine::engine
