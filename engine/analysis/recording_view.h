// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as the advisor's rules look at it: each step with its times, its work, what it should have
// cost, and who waited for what. Made once, read by all rules.
//
// Time is weighed by people: a millisecond in which five requests are there counts five times. What a rule
// finds lost is a share of that, so that rules can be compared.
//
// Refers to the steps, which outlive it. Memory is in proportion to them. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/analysis/analysis_facts.h"
#include "engine/analysis/run_metrics.h"
#include "engine/analysis/step_clock.h"
#include "engine/analysis/step_cost_fit.h"

namespace vitrine::engine {

struct ViewedStep
{
    const RecordedStep* step = nullptr;
    StepTimes times;
    StepLoad load;
    double costNs = 0.0;             ///< of the forward pass, by what steps like it cost
    double promptNs = 0.0;           ///< of costNs: what its prompts add, their attention included
    double transferNs = 0.0;         ///< before it
    double scheduleNs = 0.0;         ///< nothing else went on meanwhile
    double gapNs = 0.0;              ///< from its last token to the next step, while there was work
    double durationNs = 0.0;         ///< from its planning to that of the next one, while there was work
    std::uint32_t present = 0;       ///< requests in the engine
    std::uint32_t passedOver = 0;    ///< that waited before the step was planned, and still do
    std::uint32_t reading = 0;       ///< admitted, without a token yet
    bool full = false;               ///< it computed as many tokens as it may
    bool lacksRoom = false;          ///< the first that waits does not fit into the pool
    RequestId longest;               ///< of its prompt rows the one with most tokens; 0: none
    std::uint32_t longestPrompt = 0; ///< tokens of that one's prompt

    std::uint32_t tokens() const { return load.prefillTokens + load.decodeRows; }
    double weight() const { return durationNs * present; }
    double forwardNs() const { return static_cast<double>(times.forwardNs()); }
    double samplingNs() const { return static_cast<double>(times.sampledNs - times.computedNs); }
};

class RecordingView
{
public:
    RecordingView(std::span<const RecordedStep> recorded, const RecordingStart& pool,
                  const AnalysisFacts& facts);

    std::span<const RecordedStep> recorded() const { return m_recorded; }
    const RecordingStart& pool() const { return m_pool; }
    const AnalysisFacts& facts() const { return m_facts; }
    const std::vector<ViewedStep>& steps() const { return m_steps; }
    const StepCosts& costs() const { return m_costs; }
    const RunMetrics& metrics() const { return m_metrics; }
    double activeNs() const { return m_activeNs; } ///< in which there was work
    double weightNs() const { return m_weightNs; } ///< the sum of all steps' weights
    double share(double lostNs) const { return m_weightNs > 0.0 ? lostNs / m_weightNs : 0.0; }
    std::uint32_t medianPrompt() const { return m_medianPrompt; } ///< tokens
    std::uint32_t mostRunning() const { return m_mostRunning; }   ///< requests at once
    std::uint32_t usualBudget() const { return m_usualBudget; }   ///< tokens, the largest that steps had
    /// Blocks with which (nearly) nobody would have waited; at least what the pool has.
    double wantedBlocks() const { return m_wantedBlocks; }
    /// The budget follows a target for the time between tokens.
    bool adaptiveBudget() const { return m_adaptive; }
    std::uint32_t promptTokens(RequestId request) const;

private:
    struct Waiting; // who waits while the steps are walked through

    void walk();
    void takeFigures(ViewedStep& view);
    void price();
    void closeGaps();
    void summarise();
    void reckonBlocks();

    std::span<const RecordedStep> m_recorded;
    RecordingStart m_pool;
    AnalysisFacts m_facts;
    std::vector<ViewedStep> m_steps;
    StepCosts m_costs;
    RunMetrics m_metrics;
    std::unordered_map<RequestId, std::uint32_t> m_prompts; ///< tokens
    double m_activeNs = 0.0, m_weightNs = 0.0;
    std::uint32_t m_medianPrompt = 0, m_mostRunning = 0, m_usualBudget = 0;
    double m_wantedBlocks = 0.0;
    bool m_adaptive = false;
};

} // namespace vitrine::engine
