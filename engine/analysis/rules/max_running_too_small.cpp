// SPDX-License-Identifier: GPL-3.0-or-later
// Requests wait though the pool has room and steps are not full: only so many may run.
#include "engine/analysis/rules/rule.h"

#include <algorithm>

namespace vitrine::engine {
namespace {

constexpr double kLeast = 0.05;
constexpr double kMostUseful = 256.0;

} // namespace

std::optional<Diagnosis> maxRunningTooSmall(const RuleInput& input)
{
    const RecordingView& view = input.view;
    const auto& scheduler = view.facts().scheduler;
    const std::uint32_t limit = scheduler ? scheduler->maxRunning : view.mostRunning();
    if (limit == 0 || (view.adaptiveBudget() && !scheduler))
        return std::nullopt;
    Loss loss;
    double longest = 0.0;
    for (const ViewedStep& step : view.steps()) {
        const auto running = std::max<std::size_t>(step.step->rows.size(), step.step->record.running);
        if (step.passedOver == 0 || step.lacksRoom || step.full || running < limit)
            continue;
        longest = std::max<double>(longest, step.passedOver);
        loss.add(step, step.passedOver * step.durationNs);
    }
    if (view.share(loss.ns()) < kLeast)
        return std::nullopt;
    Diagnosis found = diagnose(DiagnosisKind::MaxRunningTooSmall, view, loss);
    found.cause = {
        "Up to %1 requests waited though the KV pool had room for them: no more than %2 may run at "
        "once. That was so for %3 of the time.",
        {countFigure(longest), countFigure(limit), shareFigure(loss.durationNs() / view.activeNs())}};
    const double proposed =
        std::min(std::max(limit + longest, 2.0 * limit), std::max(kMostUseful, 2.0 * limit));
    found.suggestion = Suggestion{SettingKey::MaxRunning, double(limit), proposed};
    found.advice = {"Let %1 requests run at once.", {countFigure(proposed)}};
    return found;
}

} // namespace vitrine::engine
