// SPDX-License-Identifier: GPL-3.0-or-later
// More prompt tokens come in than the machine can compute.
#include "engine/analysis/rules/rule.h"

#include <algorithm>
#include <cmath>

namespace vitrine::engine {
namespace {

constexpr double kLeast = 0.15;
constexpr double kBusy = 0.8;     // of the recorded time
constexpr double kPrompts = 0.65; // of the steps in question

} // namespace

std::optional<Diagnosis> computeBound(const RuleInput& input)
{
    const RecordingView& view = input.view;
    if (view.steps().empty() || view.adaptiveBudget())
        return std::nullopt;
    Loss loss;
    double prefillNs = 0.0, costNs = 0.0, tokens = 0.0;
    for (const ViewedStep& step : view.steps()) {
        tokens += step.load.prefillTokens;
        const std::uint32_t pending = step.reading + step.passedOver;
        if (!step.full || pending == 0 || step.lacksRoom || readsLongPrompt(step, view))
            continue;
        prefillNs += step.promptNs;
        costNs += step.costNs;
        loss.add(step, pending * step.durationNs);
    }
    const auto spanNs =
        static_cast<double>(view.steps().back().times.sampledNs - view.steps().front().times.plannedNs);
    if (view.share(loss.ns()) < kLeast || view.activeNs() < kBusy * spanNs || prefillNs < kPrompts * costNs)
        return std::nullopt;
    Diagnosis found = diagnose(DiagnosisKind::ComputeBound, view, loss);
    found.cause = {
        "Steps were full of prompts for %1 of the time and others waited: %2 prompt tokens a second came "
        "in, and the machine computes %3.",
        {shareFigure(loss.durationNs() / view.activeNs()), countFigure(std::round(tokens / spanNs * 1e9)),
         countFigure(std::round(1e9 / std::max(view.costs().prefillNs, 1.0)))}};
    found.advice = {"Send fewer or shorter prompts, share their beginnings, or use a smaller model.", {}};
    return found;
}

} // namespace vitrine::engine
