// SPDX-License-Identifier: GPL-3.0-or-later
// Between two steps nothing is computed: planning, events, or a client that takes its time.
#include "engine/analysis/rules/rule.h"

#include <algorithm>

namespace vitrine::engine {
namespace {

constexpr double kLeast = 0.1;
constexpr double kUsual = 0.03; // of a step

} // namespace

std::optional<Diagnosis> hostGap(const RuleInput& input)
{
    const RecordingView& view = input.view;
    Loss loss;
    double schedule = 0.0, emit = 0.0, gap = 0.0;
    for (const ViewedStep& step : view.steps()) {
        const double idle = step.scheduleNs + step.gapNs;
        loss.add(step, (idle - kUsual * step.durationNs) * step.present);
        const double told = std::min(double(std::max<std::int64_t>(step.step->record.emitNs, 0)), step.gapNs);
        schedule += step.scheduleNs;
        emit += told;
        gap += step.gapNs - told;
    }
    if (view.share(loss.ns()) < kLeast)
        return std::nullopt;
    const double all = view.activeNs();
    Diagnosis found = diagnose(DiagnosisKind::HostGap, view, loss);
    found.cause = {
        "The model stood still for %1 of the time while there was work: %2 planning, %3 telling clients "
        "about tokens, %4 for nobody knows what.",
        {shareFigure((schedule + emit + gap) / all), shareFigure(schedule / all), shareFigure(emit / all),
         shareFigure(gap / all)}};
    found.advice =
        emit >= schedule && emit >= gap
            ? Sentence{"Make the client that receives the tokens faster, or let it take them elsewhere.", {}}
        : schedule >= gap ? Sentence{"Let fewer requests wait at once, or close other programs.", {}}
                          : Sentence{"Look for another program that takes the engine's processor.", {}};
    const RunMetrics& now = view.metrics();
    const double rest = 1.0 - found.severity;
    found.gains.push_back({GainMetric::TokensPerSecond, now.tokensPerSecond,
                           now.tokensPerSecond / std::max(rest, 0.05), GainSource::Model});
    return found;
}

} // namespace vitrine::engine
