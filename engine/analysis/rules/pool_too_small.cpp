// SPDX-License-Identifier: GPL-3.0-or-later
// Requests wait for blocks of the KV pool, or lose theirs to others.
#include "engine/analysis/rules/rule.h"

#include <algorithm>

namespace vitrine::engine {
namespace {

constexpr double kLeast = 0.05;
constexpr double kSwapsSaySo = 0.08; // then swapThrash() tells it

/// More blocks where there is memory for them, else half the size of each.
Suggestion moreRoom(const RecordingView& view)
{
    const AnalysisFacts& facts = view.facts();
    const bool noMemory = facts.kvBytes && facts.memoryAvailable && *facts.memoryAvailable < *facts.kvBytes;
    if (noMemory && facts.kvFormat && !oneByte(*facts.kvFormat))
        return {SettingKey::KvFormat, double(*facts.kvFormat), double(KvFormat::Int8)};
    return largerPool(view);
}

} // namespace

std::optional<Diagnosis> poolTooSmall(const RuleInput& input)
{
    const RecordingView& view = input.view;
    Loss loss;
    std::uint64_t preemptions = 0;
    double fullNs = 0.0;
    for (const ViewedStep& step : view.steps()) {
        const StepFigures& record = step.step->record;
        preemptions += record.preemptions;
        fullNs += step.lacksRoom ? step.durationNs : 0.0;
        const double again = view.costs().prefillNs * record.recomputedTokens * step.present;
        loss.add(step, (step.lacksRoom ? step.passedOver * step.durationNs : 0.0) + again);
        for (const RecordedEvent& event : step.step->events)
            if (const auto* preemption = std::get_if<PreemptionEvent>(&event))
                loss.blame(preemption->victim, std::max(preemption->seconds, 1e-9) * 1e9);
    }
    if (view.share(loss.ns()) < kLeast || swapShare(view) >= kSwapsSaySo)
        return std::nullopt;
    Diagnosis found = diagnose(DiagnosisKind::PoolTooSmall, view, loss);
    found.cause = {"The KV pool had no room for the next request for %1 of the time; %2 requests lost their "
                   "blocks to others.",
                   {shareFigure(fullNs / view.activeNs()), countFigure(double(preemptions))}};
    found.suggestion = moreRoom(view);
    found.advice = found.suggestion->key == SettingKey::KvFormat
                       ? Sentence{"Store keys and values as int8: twice as many tokens fit.", {}}
                       : Sentence{"Give the KV cache more memory: %1 blocks instead of %2.",
                                  {countFigure(found.suggestion->proposed), countFigure(view.pool().blocks)}};
    return found;
}

} // namespace vitrine::engine
