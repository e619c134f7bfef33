// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine did, as the numbers that monitoring systems ask for. Fed with recorded steps, live
// (Recorder::take) or out of a file: the same steps give the same values, wherever they are shown. Names and
// meanings are those of vLLM where it has them, with our prefix.
//
// Any thread, one owner. Memory is bounded by the requests that run and by the blocks of the pool. Values of
// a recording may be anything: a time that goes backwards counts as none.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/telemetry/metric.h"
#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

class Metrics
{
public:
    /// `model`: what values are labelled with.
    explicit Metrics(std::string model);
    void setModel(std::string model) { m_model = std::move(model); }

    /// Steps in their order.
    void add(const RecordedStep& step);

    /// All values as they are now, in an order that does not change.
    std::vector<MetricFamily> families() const;

    const Histogram& timeToFirstToken() const { return m_firstToken; } ///< seconds, as all that follow
    const Histogram& interTokenLatency() const { return m_interToken; }
    const Histogram& queueTime() const { return m_queue; }
    const Histogram& blockLifetime() const { return m_blockLifetime; }

private:
    /// A request between its arrival and its end; 0: not yet.
    struct Progress
    {
        std::int64_t arrivalNs = 0, admittedNs = 0, firstTokenNs = 0, lastTokenNs = 0;
        std::uint64_t promptTokens = 0, maxTokens = 0, replyTokens = 0;
    };

    void count(const StepFigures& record, std::int64_t endNs);
    void take(const RecordedEvent& event, bool endsReply, std::int64_t startNs, std::int64_t endNs);
    void arrive(const RecordedArrival& arrival);
    void admit(const AdmissionEvent& admission, std::int64_t ns);
    void say(RequestId request, bool endsReply, std::int64_t ns);
    void finish(const RecordedEnd& end);
    void follow(const BlockEvent& event, std::int64_t ns);
    void takeRanks(const RankParts& ranks);
    void take(const RankEvent& event);
    void addRanks(std::vector<MetricFamily>& all) const;

    std::string m_model;
    std::unordered_map<RequestId, Progress> m_requests;
    std::unordered_map<BlockId, std::int64_t> m_blockBirths;
    std::int64_t m_nowNs = 0;

    std::uint64_t m_running = 0, m_waiting = 0;
    double m_kvUsage = 0.0;
    std::uint64_t m_steps = 0, m_lookedUp = 0, m_found = 0, m_preemptions = 0, m_recomputed = 0;
    std::uint64_t m_swapped = 0, m_promptTokens = 0, m_replyTokens = 0;
    std::array<std::uint64_t, 5> m_ends{}; ///< [FinishReason]

    std::vector<RankTimes> m_ranks; ///< sums, by process
    std::uint64_t m_processes = 1, m_rankFailures = 0, m_rankChanges = 0;
    Histogram m_rankSkew, m_rankRecovery;

    Histogram m_stepTokens, m_stepTime;
    Histogram m_firstToken, m_interToken, m_endToEnd, m_queue, m_inference, m_prefill, m_decode;
    Histogram m_requestPrompt, m_requestReply, m_requestMost;
    Histogram m_blockLifetime;
};

} // namespace vitrine::engine
