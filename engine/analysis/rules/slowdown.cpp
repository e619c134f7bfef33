// SPDX-License-Identifier: GPL-3.0-or-later
// From some moment on the same work takes longer: heat, power saving, another program.
#include "engine/analysis/rules/rule.h"

namespace vitrine::engine {
namespace {

constexpr double kLeast = 0.05;

} // namespace

std::optional<Diagnosis> slowdown(const RuleInput& input)
{
    const RecordingView& view = input.view;
    const PaceFigures pace = findPace(view);
    if (pace.change == 0)
        return std::nullopt;
    Loss loss;
    const double factor = pace.levelAfter / pace.levelBefore;
    for (std::size_t i = pace.change; i < view.steps().size(); ++i) {
        const ViewedStep& step = view.steps()[i];
        loss.add(step, step.forwardNs() * (1.0 - 1.0 / factor) * step.present);
    }
    if (view.share(loss.ns()) < kLeast)
        return std::nullopt;
    Diagnosis found = diagnose(DiagnosisKind::Slowdown, view, loss);
    const std::int64_t changeNs = view.steps()[pace.change].times.plannedNs;
    found.evidence.ranges = {{changeNs, view.steps().back().times.endNs}};
    found.cause = {"From step %1 on the same work took %2 as long as before.",
                   {countFigure(double(view.steps()[pace.change].step->record.step)), factorFigure(factor)}};
    found.advice = {"Look at the machine's temperature and power settings, and at programs that began then.",
                    {}};
    return found;
}

} // namespace vitrine::engine
