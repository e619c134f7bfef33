// SPDX-License-Identifier: GPL-3.0-or-later
// The preemptions of a recording, one by one: why it came to that, who had to go, what it was compared with,
// and what it cost in the end. Times of nowNs(), durations in seconds. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/analysis/block_tracker.h"
#include "engine/analysis/step_moments.h"
#include "engine/analysis/time_range.h"
#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

struct PreemptionDetail
{
    struct Alternative
    {
        RequestId request;
        double price = 0.0; ///< seconds of work lost, weighed by priority, progress and preemptions before
    };

    std::uint64_t step = 0;
    std::int64_t timeNs = 0;       ///< the start of the step, never before that of an earlier one
    RequestId victim, beneficiary; ///< beneficiary 0: for nobody in particular
    PreemptionReason reason = PreemptionReason::NoBlock;
    PreemptionAction action = PreemptionAction::Recompute;

    // Cause: the pool just before, in blocks.
    std::uint32_t needed = 0; ///< blocks that the beneficiary took afterwards in the same step; 0: none
    bool forPrompt = false;   ///< the beneficiary computed its prompt, not a token of its reply
    std::uint32_t pool = 0, referenced = 0, cached = 0, free = 0;
    std::uint32_t usable() const { return cached + free; }
    std::uint32_t waiting = 0;       ///< requests that waited for blocks then, and
    std::uint64_t waitingBlocks = 0; ///< what their tokens fill, each for itself: at most

    // Victim.
    std::uint32_t blocks = 0;      ///< that it held
    std::uint32_t freed = 0;       ///< pages that came free by it: not what others hold as well
    std::uint32_t stillCached = 0; ///< of its blocks: findable after the step
    std::uint32_t keptTokens = 0;  ///< in those
    std::uint32_t lostTokens = 0;  ///< that had been computed and are in none of those
    std::uint32_t before = 0;      ///< how often it was preempted before

    // Choice.
    double predictedSeconds = 0.0;         ///< of work lost
    double price = 0.0;                    ///< the same, weighed: to be compared with the alternatives
    std::uint32_t considered = 0;          ///< requests that could have been the victim
    std::vector<Alternative> alternatives; ///< in order of preference: who frees enough first, then by price

    // Outcome; empty when the recording ends before.
    std::optional<std::int64_t> returnedNs; ///< it ran again
    std::optional<double> waitSeconds;      ///< until then
    std::uint32_t recomputedTokens = 0;     ///< computed again
    double costSeconds = 0.0;               ///< its share of the steps that computed or moved them again
    std::optional<double> pauseSeconds;     ///< between two tokens of its reply, as its reader saw it
};

/// What a larger pool would have changed.
enum class Relief : std::uint8_t {
    None,   ///< it would have come to the same
    ForNow, ///< blocks enough for this step; who waited would have been let in as well and taken some of them
    Lasting ///< enough for this step and for everybody who waited
};
/// With `blocks` in the pool at that step. By the need that is recorded: what came later is not looked at.
Relief reliefBy(const PreemptionDetail& detail, std::uint64_t blocks);

/// Why this one had to go.
enum class VictimReason : std::uint8_t {
    Only,     ///< nobody else could give blocks back
    Newest,   ///< prices were not asked for
    Cheapest, ///< least work lost, weighed
    Suffices, ///< others were cheaper but would not have freed enough alone
    PerBlock  ///< nobody freed enough alone: least for each block that comes free
};
VictimReason victimReason(const PreemptionDetail& detail);

/// Reads a recording step by step. Memory follows the preemptions, the requests that run and the blocks that
/// are mentioned. Any thread, one owner.
class PreemptionLog
{
public:
    explicit PreemptionLog(const RecordingStart& pool = {});

    /// In the order of the recording.
    void add(const RecordedStep& step);
    /// In their order; the last ones still learn how they end.
    const std::deque<PreemptionDetail>& all() const { return m_details; }
    /// The oldest ones go.
    void forgetBefore(std::int64_t ns);

private:
    using Given = std::unordered_map<BlockId, std::size_t>; ///< back, in which preemption

    struct State
    {
        std::optional<std::size_t> detail; ///< the preemption that it has not got over yet
        std::uint32_t preemptions = 0;
        std::uint64_t tokens = 0;   ///< of prompt and reply
        std::uint64_t waitsFor = 0; ///< blocks; of meaning while it waits
        bool waits = false;
        bool spoke = false;           ///< it has said a token
        std::int64_t lastTokenNs = 0; ///< when
    };

    std::size_t count() const { return m_first + m_details.size(); }
    PreemptionDetail& at(std::size_t number) { return m_details[number - m_first]; }
    void follow(const RecordedStep& step);
    void begin(const PreemptionEvent& event, const RecordedStep& step);
    void play(const RecordedStep& step, std::size_t next);
    void note(PreemptionDetail& detail) const;
    void settle(const Given& given);
    PreemptionDetail* open(RequestId request);
    void wait(State& state);
    void admit(State& state);
    void comeBack(RequestId request);
    void compute(const StepRow& row, const StepFigures& record);
    void say(RequestId request);
    void end(RequestId request);

    BlockTracker m_tracker;
    std::uint32_t m_blockSize;
    StepMoments m_clock;
    bool m_any = false;
    std::int64_t m_startNs = -kMostNs, m_endNs = -kMostNs; ///< in order, as Session puts them
    std::deque<PreemptionDetail> m_details;
    std::size_t m_first = 0; ///< the number of the first one: so many are forgotten
    std::unordered_map<RequestId, State> m_requests;
    std::uint32_t m_waiting = 0;
    std::uint64_t m_waitingBlocks = 0;
};

/// In the order of the recording.
std::vector<PreemptionDetail> preemptions(const RecordingStart& pool, std::span<const RecordedStep> steps);

} // namespace vitrine::engine
