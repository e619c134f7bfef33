// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks are moved to host memory and back, and everybody waits meanwhile.
#include "engine/analysis/rules/rule.h"

namespace vitrine::engine {
namespace {

constexpr double kLeastTime = 0.08; // of the time

} // namespace

std::optional<Diagnosis> swapThrash(const RuleInput& input)
{
    const RecordingView& view = input.view;
    const double share = swapShare(view);
    if (share < kLeastTime)
        return std::nullopt;
    Loss loss;
    std::uint64_t out = 0, in = 0;
    for (const ViewedStep& step : view.steps()) {
        const StepFigures& record = step.step->record;
        out += record.swappedOut;
        in += record.swappedIn;
        const bool moved = record.swappedOut > 0 || record.swappedIn > 0;
        const double waiting = step.lacksRoom ? step.passedOver * (step.durationNs - step.transferNs) : 0.0;
        loss.add(step, (moved ? step.transferNs * step.present : 0.0) + waiting);
        for (const RecordedEvent& event : step.step->events)
            if (const auto* preemption = std::get_if<PreemptionEvent>(&event))
                loss.blame(preemption->victim, 1.0 + step.transferNs);
    }
    Diagnosis found = diagnose(DiagnosisKind::SwapThrash, view, loss);
    found.cause = {"%1 blocks went to host memory and %2 came back, which took %3 of the time.",
                   {countFigure(double(out)), countFigure(double(in)), shareFigure(share)}};
    found.suggestion = largerPool(view);
    found.advice = {"Give the KV cache more memory: %1 blocks instead of %2.",
                    {countFigure(found.suggestion->proposed), countFigure(view.pool().blocks)}};
    return found;
}

} // namespace vitrine::engine
