// SPDX-License-Identifier: GPL-3.0-or-later
// Fewer threads compute than the machine has cores for.
#include "engine/analysis/rules/rule.h"

#include <algorithm>

namespace vitrine::engine {
namespace {

constexpr double kLeast = 0.05;
constexpr double kMostCores = 0.8; // that compute; above it the rest may be wanted for others

} // namespace

std::optional<Diagnosis> idleCores(const RuleInput& input)
{
    const RecordingView& view = input.view;
    const AnalysisFacts& facts = view.facts();
    if (!facts.threads || !facts.cores || *facts.threads == 0 || *facts.threads > kMostCores * *facts.cores)
        return std::nullopt;
    const double idle = 1.0 - double(*facts.threads) / *facts.cores;
    Loss loss;
    for (const ViewedStep& step : view.steps())
        loss.add(step, std::max(step.costNs - view.costs().fixedNs, 0.0) * idle * step.present);
    if (view.share(loss.ns()) < kLeast)
        return std::nullopt;
    Diagnosis found = diagnose(DiagnosisKind::IdleCores, view, loss);
    found.cause = {
        "%1 threads compute on a machine with %2 cores, and %3 of the time is arithmetic that more "
        "threads would share.",
        {countFigure(*facts.threads), countFigure(*facts.cores), shareFigure(found.severity / idle)}};
    found.suggestion = Suggestion{SettingKey::Threads, double(*facts.threads), double(*facts.cores)};
    found.advice = {"Compute with %1 threads.", {countFigure(*facts.cores)}};
    const RunMetrics& now = view.metrics();
    found.gains.push_back({GainMetric::FirstTokenP95, now.firstTokenP95,
                           now.firstTokenP95 * (1.0 - found.severity), GainSource::Model});
    return found;
}

} // namespace vitrine::engine
