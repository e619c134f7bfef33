// SPDX-License-Identifier: GPL-3.0-or-later
// The machine has no free memory, and parts of the model are read from the disk again.
#include "engine/analysis/rules/rule.h"

#include <algorithm>
#include <cmath>

namespace vitrine::engine {
namespace {

constexpr double kRoomToSpare = 1.25;
constexpr double kAtLeast = 0.3; // the next allocation may fail

} // namespace

std::optional<Diagnosis> memoryPressure(const RuleInput& input)
{
    const RecordingView& view = input.view;
    const AnalysisFacts& facts = view.facts();
    if (!memoryIsShort(facts))
        return std::nullopt;
    const Loss loss = unevenLoss(view, findPace(view));
    std::uint32_t peak = 0;
    for (const ViewedStep& step : view.steps())
        peak = std::max(peak, step.step->record.blocksReferencedPeak);
    Diagnosis found = diagnose(DiagnosisKind::MemoryPressure, view, loss);
    found.severity = std::max(found.severity, kAtLeast);
    found.cause = {
        "Only %1 of %2 memory was left, and %3 steps took far longer than they should. At most %4 of the "
        "KV pool's %5 blocks were in use.",
        {bytesFigure(double(*facts.memoryAvailable)), bytesFigure(double(*facts.memoryTotal)),
         countFigure(double(loss.steps())), countFigure(peak), countFigure(view.pool().blocks)}};
    const double enough = std::ceil(kRoomToSpare * peak);
    if (enough >= 1.0 && enough < view.pool().blocks) {
        found.suggestion = Suggestion{SettingKey::KvBlocks, double(view.pool().blocks), enough};
        found.advice = {"Give the KV cache less memory: %1 blocks are enough for what was asked.",
                        {countFigure(enough)}};
    } else {
        found.advice = {"Close other programs, or use a smaller model.", {}};
    }
    return found;
}

} // namespace vitrine::engine
