// SPDX-License-Identifier: GPL-3.0-or-later
// A step takes as long as reading the weights from memory does, whoever is in it.
#include "engine/analysis/rules/rule.h"

#include <algorithm>

namespace vitrine::engine {
namespace {

constexpr double kLeast = 0.1;
constexpr double kSlowNs = 60e6; // a token in that time is slower than people read
constexpr double kMostRows = 6.0;
constexpr double kFixed = 0.6; // of such steps
constexpr double kTwice = 2.0; // times the weights at the measured bandwidth: then it is something else

} // namespace

std::optional<Diagnosis> bandwidthBound(const RuleInput& input)
{
    const RecordingView& view = input.view;
    const AnalysisFacts& facts = view.facts();
    const double fixedNs = view.costs().fixedNs;
    const bool measured = facts.weightBytes && facts.readBandwidth && *facts.readBandwidth > 0.0;
    const double readNs = measured ? double(*facts.weightBytes) / *facts.readBandwidth * 1e9 : fixedNs;
    if (fixedNs < kSlowNs || fixedNs > kTwice * readNs)
        return std::nullopt;
    Loss loss;
    double rows = 0.0, steps = 0.0, costNs = 0.0;
    for (const ViewedStep& step : view.steps()) {
        if (step.load.decodeRows == 0 || step.load.prefillTokens > 0)
            continue;
        rows += step.load.decodeRows;
        ++steps;
        costNs += step.costNs;
        loss.add(step,
                 std::min(fixedNs, step.forwardNs()) * step.present * (1.0 - kSlowNs / (2.0 * fixedNs)));
    }
    if (view.share(loss.ns()) < kLeast || rows > kMostRows * steps || fixedNs * steps < kFixed * costNs)
        return std::nullopt;
    Diagnosis found = diagnose(DiagnosisKind::BandwidthBound, view, loss);
    found.cause = {
        "Each token takes %1 for reading the weights, whether one reply is computed or several; on "
        "average %2 were.",
        {timeFigure(fixedNs), countFigure(rows / steps)}};
    if (measured)
        found.cause = {
            "Each token takes %1 for reading the weights, at %3 of what the memory can deliver, whether "
            "one reply is computed or several; on average %2 were.",
            {timeFigure(fixedNs), countFigure(rows / steps), shareFigure(std::min(readNs / fixedNs, 1.0))}};
    found.advice = {
        "More replies at once cost little more. A smaller file type (Q4 instead of Q8) makes each "
        "faster.",
        {}};
    return found;
}

} // namespace vitrine::engine
