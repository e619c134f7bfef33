// SPDX-License-Identifier: GPL-3.0-or-later
// Runs load through an engine in real time and keeps the books. One engine, one thread.
#pragma once

#include <functional>
#include <map>
#include <unordered_map>
#include <vector>

#include "app/cli/replay_load.h"

namespace vitrine::cli {

/// What became of one request.
struct ReplayOutcome
{
    const LoadItem* item = nullptr;
    std::uint32_t sample = 0; ///< of item->samples
    std::vector<engine::TokenId> tokens;
    engine::FinishReason reason = engine::FinishReason::None;
    std::string error;
    engine::RequestStats stats;
    double lateness = 0.0; ///< seconds from its arrival in the load to its submission
};

struct ClientTotals
{
    std::uint64_t requests = 0, tokens = 0;
    double secondsPerToken = 0.0; ///< of its requests: waiting and running, mean
    double firstToken = 0.0;      ///< seconds, mean
};

struct ReplayTotals
{
    double wallSeconds = 0.0;
    std::uint64_t requests = 0, errors = 0, steps = 0;
    std::uint64_t promptTokens = 0, generatedTokens = 0;
    std::uint64_t computedTokens = 0, recomputedTokens = 0, cachedTokens = 0, preemptions = 0;
    std::uint64_t preemptionsBySwap = 0, swappedBlocks = 0, copiedBlocks = 0;
    std::uint32_t peakBlocks = 0, totalBlocks = 0, peakRunning = 0;
    std::int64_t transferNs = 0, hiddenNs = 0;
    std::map<std::string, ClientTotals> clients;
    double stepTimeError = 0.0; ///< mean of |predicted - measured| / measured, recent steps
    engine::LengthPredictor::Error lengthError;
    std::int64_t scheduleNs = 0, forwardNs = 0, sampleNs = 0, emitNs = 0; ///< of all steps
    std::vector<double> queue, firstToken, betweenTokens, endToEnd;       // [samples], seconds
};

class ReplayRunner
{
public:
    using Sink = std::function<void(const ReplayOutcome&)>;
    using SubmitSink = std::function<void(engine::RequestId, const LoadItem&)>;
    using StepSink = std::function<void(const engine::StepRecord&)>;

    /// `items` outlive the runner; `onFinished` is called in order of finishing. Takes the engine's events.
    ReplayRunner(engine::Engine& engine, const std::vector<LoadItem>& items, Sink onFinished);
    void onStep(StepSink sink) { m_onStep = std::move(sink); }
    /// Called for each sample of an item that the engine took.
    void onSubmitted(SubmitSink sink) { m_onSubmitted = std::move(sink); }

    /// Until every request has ended, or Ctrl-C, which cancels what is left. With `atOnce` arrival times do
    /// not count. Fails when the engine stops although there is work.
    engine::Result<void> run(bool atOnce);

    const ReplayTotals& totals() const { return m_totals; }

private:
    struct Running
    {
        ReplayOutcome outcome;
        std::int64_t lastTokenNs = 0;
    };

    void submitArrived(std::int64_t elapsedNs);
    void submitItem(const LoadItem& item, std::int64_t elapsedNs);
    void cancelAll();
    void take(const engine::EngineEvent& event);
    void takeToken(const engine::TokenGenerated& event);
    void close(ReplayOutcome outcome);
    void countClient(const ReplayOutcome& outcome);
    void drainSteps();

    engine::Engine& m_engine;
    Sink m_onFinished;
    StepSink m_onStep;
    SubmitSink m_onSubmitted;
    std::vector<const LoadItem*> m_arrivals; // by time of arrival
    std::size_t m_next = 0;
    bool m_atOnce = false;
    std::unordered_map<engine::RequestId, Running> m_running;
    std::vector<engine::StepRecord> m_steps;
    ReplayTotals m_totals;
};

/// The summary document of the contract.
Json summaryOf(const ReplayTotals& totals);

} // namespace vitrine::cli
