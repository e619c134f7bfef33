// SPDX-License-Identifier: GPL-3.0-or-later
// Load on its way through an engine or several, with the books of it: submits each request when its time has
// come and hears what becomes of it. Whoever has the engine's events drives it: they and steps are handed in;
// others' requests beside it do not count.
//
// Thread: the door's. Door and items outlive it. Memory grows with the tokens of the replies.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/workload/workload.h"

namespace vitrine::engine {

/// What became of one request.
struct WorkloadOutcome
{
    const WorkloadItem* item = nullptr;
    std::uint32_t sample = 0; ///< of item->samples
    std::vector<TokenId> tokens;
    FinishReason reason = FinishReason::None;
    std::string error;
    RequestStats stats;
    double lateness = 0.0; ///< seconds from its arrival in the load to its submission
};

struct ClientTotals
{
    std::uint64_t requests = 0, tokens = 0;
    double secondsPerToken = 0.0; ///< of its requests: waiting and running, mean
    double firstToken = 0.0;      ///< seconds, mean
};

struct WorkloadTotals
{
    std::int64_t startNs = 0, endNs = 0; ///< nowNs(); endNs 0: it has not ended
    double wallSeconds = 0.0;
    std::uint64_t requests = 0; ///< items of the load
    std::uint64_t replies = 0;  ///< with all their samples
    std::uint64_t errors = 0, cancelled = 0, steps = 0;
    std::uint64_t promptTokens = 0, generatedTokens = 0;
    std::uint64_t cachedTokens = 0;
    std::uint64_t requestPreemptions = 0; ///< of its own requests
    // Of all steps meanwhile, whoever had tokens in them:
    std::uint64_t computedTokens = 0, recomputedTokens = 0, preemptions = 0;
    std::uint64_t preemptionsBySwap = 0, swappedBlocks = 0, copiedBlocks = 0;
    std::uint32_t peakBlocks = 0, totalBlocks = 0, peakRunning = 0;
    std::int64_t transferNs = 0, hiddenNs = 0;
    std::int64_t scheduleNs = 0, forwardNs = 0, sampleNs = 0, emitNs = 0;
    std::map<std::string, ClientTotals> clients;
    double stepTimeError = 0.0; ///< mean of |predicted - measured| / measured, recent steps
    LengthPredictor::Error lengthError;
    std::vector<double> queue, firstToken, betweenTokens, endToEnd; // [samples], seconds
};

struct WorkloadPace
{
    bool atOnce = false;                         ///< arrival times do not count
    double speed = 1.0;                          ///< > 0: 2 has everything arrive twice as fast
    std::optional<std::uint64_t> cacheSalt = {}; ///< instead of the items' own
};

class WorkloadRun
{
public:
    using Sink = std::function<void(const WorkloadOutcome&)>;
    using SubmitSink = std::function<void(RequestId, const WorkloadItem&)>;

    /// `onFinished` is called in order of finishing; it must not submit.
    WorkloadRun(RequestDoor& door, std::span<const WorkloadItem> items, const WorkloadPace& pace,
                Sink onFinished);
    /// Called for each sample of an item that the engine took.
    void onSubmitted(SubmitSink sink) { m_onSubmitted = std::move(sink); }

    /// The load begins now.
    void begin(std::int64_t nowNs);
    /// Those whose time has come. REQUIRES: begin().
    void submitArrived(std::int64_t nowNs);
    /// When the next request comes; nullopt: none does any more.
    std::optional<std::int64_t> nextArrivalNs() const;
    /// What has not arrived is never sent; what runs is cancelled, and ends by its events.
    void cancel();
    bool cancelled() const { return m_cancelled; }
    bool done() const { return m_next == m_arrivals.size() && m_running.empty(); }

    /// True: it was about one of its requests.
    bool take(const EngineEvent& event);
    void take(const StepFigures& step);
    /// Over: what is known at the end only. REQUIRES: begin().
    void close(std::int64_t nowNs);

    std::uint64_t finished() const { return m_finished; } ///< replies, whatever became of them
    const WorkloadTotals& totals() const { return m_totals; }

private:
    struct Running
    {
        WorkloadOutcome outcome;
        std::int64_t lastTokenNs = 0;
    };

    double secondsAt(std::int64_t nowNs) const;
    void submitItem(const WorkloadItem& item, double elapsed);
    void takeToken(const TokenGenerated& event, Running& running);
    void finish(WorkloadOutcome outcome);
    void countClient(const WorkloadOutcome& outcome);

    RequestDoor& m_door;
    WorkloadPace m_pace;
    Sink m_onFinished;
    SubmitSink m_onSubmitted;
    std::vector<const WorkloadItem*> m_arrivals; // by time of arrival
    std::size_t m_next = 0;
    bool m_cancelled = false;
    std::uint64_t m_finished = 0;
    std::unordered_map<RequestId, Running> m_running;
    WorkloadTotals m_totals;
};

} // namespace vitrine::engine
