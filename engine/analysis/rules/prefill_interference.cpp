// SPDX-License-Identifier: GPL-3.0-or-later
// Replies stall in steps that read much of a prompt beside them.
#include "engine/analysis/rules/rule.h"

#include <algorithm>

namespace vitrine::engine {
namespace {

constexpr double kLeast = 0.05;
constexpr double kStalls = 2.0;       // times a step without the prompt
constexpr double kNoticedNs = 80e6;   // shorter ones nobody sees
constexpr double kUsualTarget = 0.05; // seconds

} // namespace

std::optional<Diagnosis> prefillInterference(const RuleInput& input)
{
    const RecordingView& view = input.view;
    Loss loss;
    double longestNs = 0.0;
    std::vector<double> quiet;
    for (const ViewedStep& step : view.steps()) {
        if (step.load.decodeRows == 0)
            continue;
        const double prefill = step.promptNs;
        if (step.load.prefillTokens == 0) {
            quiet.push_back(step.forwardNs());
            continue;
        }
        if (step.costNs < kStalls * (step.costNs - prefill) || step.forwardNs() < kNoticedNs)
            continue;
        longestNs = std::max(longestNs, step.forwardNs());
        loss.add(step, prefill * step.load.decodeRows);
        loss.blame(step.longest, prefill * step.load.decodeRows);
    }
    if (view.share(loss.ns()) < kLeast)
        return std::nullopt;
    const double usualNs = quantile(quiet, 0.5);
    Diagnosis found = diagnose(DiagnosisKind::PrefillInterference, view, loss);
    found.cause = {
        "Replies stalled %1 times, for up to %2 instead of %3, while a prompt was read beside them.",
        {countFigure(double(loss.steps())), timeFigure(longestNs), timeFigure(usualNs)}};
    const auto& scheduler = view.facts().scheduler;
    const double proposed = std::max(kUsualTarget, 1.5e-9 * usualNs);
    found.suggestion =
        Suggestion{SettingKey::ItlTarget,
                   scheduler ? std::optional<double>(scheduler->itlTarget) : std::nullopt, proposed};
    found.advice = {"Keep the time between tokens at %1: prompts are then read in smaller pieces.",
                    {timeFigure(proposed * 1e9)}};
    return found;
}

} // namespace vitrine::engine
