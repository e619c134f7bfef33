// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/advisor.h"

#include <algorithm>

#include "engine/analysis/rules/rule.h"
#include "engine/analysis/what_if.h"

namespace vitrine::engine {
namespace {

constexpr std::size_t kFewestSteps = 32;

constexpr Rule kRules[] = {
    poolTooSmall, swapThrash,    maxRunningTooSmall, itlTargetTooTight, budgetTooSmall, prefillInterference,
    headOfLine,   lowPrefixHits, prefixEviction,     prefixCacheOff,    hostGap,        slowSampling,
    unevenSteps,  slowdown,      idleCores,          bandwidthBound,    computeBound,   memoryPressure};

} // namespace

std::vector<Diagnosis> advise(std::span<const RecordedStep> steps, const RecordingStart& pool,
                              const AnalysisFacts& facts, const AdvisorOptions& options)
{
    const RecordingView view(steps, pool, facts);
    if (view.steps().size() < kFewestSteps || view.activeNs() <= 0.0)
        return {};
    const PromptOverlap overlap = findPromptOverlap(steps, pool.blockSize);
    std::vector<Diagnosis> found;
    for (const Rule rule : kRules)
        if (std::optional<Diagnosis> diagnosis = rule({view, overlap}))
            found.push_back(std::move(*diagnosis));
    std::stable_sort(found.begin(), found.end(),
                     [](const Diagnosis& a, const Diagnosis& b) { return a.severity > b.severity; });
    found.resize(std::min(found.size(), options.most));
    if (options.replay)
        for (Diagnosis& diagnosis : found)
            if (diagnosis.suggestion)
                if (std::vector<Gain> gains = predictByReplay(view, *diagnosis.suggestion); !gains.empty())
                    diagnosis.gains = std::move(gains);
    return found;
}

} // namespace vitrine::engine
