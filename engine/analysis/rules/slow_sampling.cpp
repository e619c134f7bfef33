// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing tokens takes a part of each step that is worth a word.
#include "engine/analysis/rules/rule.h"

#include <algorithm>

namespace vitrine::engine {
namespace {

constexpr double kLeast = 0.1;
constexpr double kUsual = 0.03; // of a step

} // namespace

std::optional<Diagnosis> slowSampling(const RuleInput& input)
{
    const RecordingView& view = input.view;
    Loss loss;
    double sampling = 0.0, tokens = 0.0;
    for (const ViewedStep& step : view.steps()) {
        loss.add(step, (step.samplingNs() - kUsual * step.durationNs) * step.present);
        sampling += step.samplingNs();
        tokens += static_cast<double>(step.step->rows.size());
    }
    if (view.share(loss.ns()) < kLeast)
        return std::nullopt;
    Diagnosis found = diagnose(DiagnosisKind::SlowSampling, view, loss);
    found.cause = {"Choosing tokens took %1 of the time, %2 for each.",
                   {shareFigure(sampling / view.activeNs()), timeFigure(sampling / std::max(tokens, 1.0))}};
    found.advice = {
        "Fewer sampling steps make it cheaper: top-k before top-p, no alternatives that nobody looks at.",
        {}};
    const RunMetrics& now = view.metrics();
    found.gains.push_back({GainMetric::TokensPerSecond, now.tokensPerSecond,
                           now.tokensPerSecond / std::max(1.0 - found.severity, 0.05), GainSource::Model});
    return found;
}

} // namespace vitrine::engine
