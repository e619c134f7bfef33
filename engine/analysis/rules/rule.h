// SPDX-License-Identifier: GPL-3.0-or-later
// What the advisor's rules have in common. A rule is a pure function: it looks at the recording, and says
// what it found or nothing. One file a rule; the table is in advisor.cpp.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/analysis/diagnosis.h"
#include "engine/analysis/prompt_overlap.h"
#include "engine/analysis/recording_view.h"

namespace vitrine::engine {

struct RuleInput
{
    const RecordingView& view;
    const PromptOverlap& overlap;
};

/// What people lost to one cause, step by step; the worst of it is the evidence.
class Loss
{
public:
    /// Of the step, in nanoseconds × requests.
    void add(const ViewedStep& step, double lostNs);
    void blame(RequestId request, double lostNs);

    double ns() const { return m_ns; }
    double durationNs() const { return m_durationNs; } ///< of the steps
    std::size_t steps() const { return m_steps.size(); }
    Evidence evidence() const;

private:
    struct Entry
    {
        std::uint64_t step = 0;
        std::int64_t startNs = 0, endNs = 0;
        double lostNs = 0.0;
    };

    double m_ns = 0.0, m_durationNs = 0.0;
    std::vector<Entry> m_steps;
    std::unordered_map<RequestId, double> m_requests;
};

/// With the loss's share as severity and its evidence.
Diagnosis diagnose(DiagnosisKind kind, const RecordingView& view, const Loss& loss);

/// Steps whose work was the same took longer than others by this much.
struct PaceFigures
{
    double levelBefore = 1.0, levelAfter = 1.0; ///< times the usual cost, before and after a lasting change
    std::size_t change = 0;                     ///< index of the step where it came; 0: none
};
PaceFigures findPace(const RecordingView& view);
Loss unevenLoss(const RecordingView& view, const PaceFigures& pace);

/// The pool that would have been large enough, within reason.
Suggestion largerPool(const RecordingView& view);
/// Free memory was close to nothing.
bool memoryIsShort(const AnalysisFacts& facts);
/// Of the time in which there was work, that swaps took.
double swapShare(const RecordingView& view);
/// The step is mostly one prompt's, far longer than others are.
bool readsLongPrompt(const ViewedStep& step, const RecordingView& view);

using Rule = std::optional<Diagnosis> (*)(const RuleInput&);

std::optional<Diagnosis> poolTooSmall(const RuleInput& input);
std::optional<Diagnosis> swapThrash(const RuleInput& input);
std::optional<Diagnosis> maxRunningTooSmall(const RuleInput& input);
std::optional<Diagnosis> itlTargetTooTight(const RuleInput& input);
std::optional<Diagnosis> budgetTooSmall(const RuleInput& input);
std::optional<Diagnosis> prefillInterference(const RuleInput& input);
std::optional<Diagnosis> headOfLine(const RuleInput& input);
std::optional<Diagnosis> lowPrefixHits(const RuleInput& input);
std::optional<Diagnosis> prefixEviction(const RuleInput& input);
std::optional<Diagnosis> prefixCacheOff(const RuleInput& input);
std::optional<Diagnosis> hostGap(const RuleInput& input);
std::optional<Diagnosis> slowSampling(const RuleInput& input);
std::optional<Diagnosis> unevenSteps(const RuleInput& input);
std::optional<Diagnosis> slowdown(const RuleInput& input);
std::optional<Diagnosis> idleCores(const RuleInput& input);
std::optional<Diagnosis> bandwidthBound(const RuleInput& input);
std::optional<Diagnosis> computeBound(const RuleInput& input);
std::optional<Diagnosis> memoryPressure(const RuleInput& input);

} // namespace vitrine::engine
