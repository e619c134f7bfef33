// SPDX-License-Identifier: GPL-3.0-or-later
// Where the time of each request of a recording went: until its first token, between its tokens, and as a
// whole, split into parts that add up to it exactly. It is the live clocks' arithmetic (latency_breakdown.h)
// on recorded steps, so that both agree. How a shared step is split is learned from the steps themselves.
//
// Works on a whole recording, a part of one, and a session that goes on. Memory: per request, and of one
// request that was asked for also per token. Any thread, one owner.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/analysis/step_clock.h"
#include "engine/telemetry/latency_breakdown.h"
#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

/// Nanoseconds. Of a request whose arrival is not in the steps, what they show of it.
struct RequestLatency
{
    RequestId request;
    std::int64_t arrivalNs = 0;
    std::int64_t firstTokenNs = 0; ///< 0: none yet
    std::int64_t endNs = 0;        ///< its last token, or when it ended without; until now while it goes on
    bool finished = false;
    std::uint32_t promptTokens = 0, cachedTokens = 0, replyTokens = 0;
    LatencyBreakdown toFirstToken; ///< total() == firstTokenNs - arrivalNs
    LatencyBreakdown whole;        ///< total() == endNs - arrivalNs
};

/// From one token of a reply to the next. The parts add up to endNs - startNs.
struct TokenGap
{
    std::int64_t startNs = 0, endNs = 0;
    std::int64_t ownNs = 0;          ///< computing and choosing its tokens
    std::int64_t interferenceNs = 0; ///< what others added
    std::int64_t waitingNs = 0;      ///< after a preemption
    std::int64_t overheadNs = 0;     ///< between steps
    std::uint64_t step = 0;          ///< that brought the token at its end
    RequestId neighbour;             ///< who added most; 0: nobody did
    std::int64_t neighbourNs = 0;    ///< of interferenceNs
};

class LatencyAttribution
{
public:
    /// Learns first from (some of) `steps`, so that the first ones are split as well as the last ones. Gaps
    /// are kept of `gapsOf` only.
    explicit LatencyAttribution(std::span<const RecordedStep> steps = {}, RequestId gapsOf = {});

    /// In the order of the recording.
    void add(const RecordedStep& step);

    /// As of the last step, in order of arrival.
    std::vector<RequestLatency> requests() const;
    const std::vector<TokenGap>& gaps() const { return m_gaps; }
    const StepTimeModel& stepTimes() const { return m_model; }

private:
    struct Life
    {
        explicit Life(std::int64_t arrivalNs) : clock(arrivalNs) {}
        LatencyClock clock;
        RequestLatency latency;
        std::int64_t lastTokenNs = 0;
        std::uint64_t promptHash = 0; ///< to find whose prefill a sample of the same prompt shares
        bool ran = false;
    };

    void arrive(const RecordedArrival& arrival);
    void begin(const RecordedStep& step, const StepTimes& times);
    void compute(const RecordedStep& step, const StepTimes& times);
    std::vector<RequestId> follow(const RecordedStep& step);
    void noteBeside(const StepShares& shares);
    void takeToken(RequestId request, const RecordedStep& step);
    void noteGap(const Life& life, const LatencyBreakdown& now, const RecordedStep& step);
    void end(const RecordedEnd& end);
    std::int64_t interferenceOf(RequestId request) const;
    RequestLatency close(const Life& life, std::int64_t ns) const;
    Life& life(RequestId request, std::int64_t ns);

    StepClock m_clock;
    StepTimeModel m_model;
    std::int64_t m_busyNs = 0;
    StepTimes m_last;
    RequestId m_gapsOf;
    RequestId m_beside;          ///< the heaviest of the step that is not m_gapsOf
    std::int64_t m_besideNs = 0; ///< that it added since the last token
    std::int64_t m_interferenceSeen = 0;
    LatencyBreakdown m_before; ///< of m_gapsOf, at its last token
    std::vector<TokenGap> m_gaps;
    std::unordered_map<RequestId, Life> m_running;
    std::vector<RequestLatency> m_finished;
};

/// All requests of the steps, in order of arrival.
std::vector<RequestLatency> attributeLatency(std::span<const RecordedStep> steps);
/// Of one of them.
std::vector<TokenGap> tokenGaps(std::span<const RecordedStep> steps, RequestId request);

} // namespace vitrine::engine
