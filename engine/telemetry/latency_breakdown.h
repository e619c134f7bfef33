// SPDX-License-Identifier: GPL-3.0-or-later
// Why did this reply take so long? Its time from arrival to end, split into parts that add up to it exactly.
//
// A clock per request is moved from event to event of its life; what lies between two of them goes to one
// part or is split between parts, so nothing is counted twice or left out. A step that was shared costs a
// request what the step would have taken with its own tokens alone, by the step time model's proportions; the
// rest of the step is what the others added. Memory per request is bounded. Engine thread only.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "engine/base/ids.h"

namespace vitrine::engine {

/// Nanoseconds. total() is times.finishedNs - times.arrivalNs exactly; no part is negative.
struct LatencyBreakdown
{
    static constexpr std::size_t kMostNeighbours = 4;

    /// Another request whose tokens were computed in the same steps.
    struct Neighbour
    {
        RequestId request;             ///< 0: no entry
        std::uint32_t sharedSteps = 0; ///< those in which it was among the heaviest
        std::int64_t addedNs = 0;      ///< of interferenceNs
    };

    std::int64_t queuedNs = 0;       ///< until its first step was planned
    std::int64_t preemptedNs = 0;    ///< waiting again after it had to give its blocks to others
    std::int64_t prefillNs = 0;      ///< its own prompt, and what was computed again after a preemption
    std::int64_t decodeNs = 0;       ///< its own reply
    std::int64_t interferenceNs = 0; ///< what others added to its steps, and steps that had only others
    std::int64_t samplingNs = 0;     ///< choosing its tokens
    std::int64_t overheadNs = 0;     ///< between steps: planning, moving blocks, telling

    std::int64_t recomputeNs = 0;  ///< of prefillNs: computed before, lost in a preemption
    std::int64_t cacheSavedNs = 0; ///< no part: what computing the cached tokens would have taken
    std::uint32_t steps = 0;       ///< it had tokens in
    std::uint32_t sharedSteps = 0; ///< of those: with tokens of others
    std::array<Neighbour, kMostNeighbours> neighbours{}; ///< who added most, first; a selection

    std::int64_t total() const
    {
        return queuedNs + preemptedNs + prefillNs + decodeNs + interferenceNs + samplingNs + overheadNs;
    }
};

/// What a step is to one of its rows.
struct StepShare
{
    /// Another row of the step and its part of the work that is not this row's.
    struct Other
    {
        RequestId request;
        double part = 0.0; ///< 0 … 1
    };

    std::uint32_t firstToken = 0, tokens = 0;
    bool decode = false, samples = false;
    bool shared = false;           ///< others have rows in the step
    double own = 1.0;              ///< 0 … 1: of the step's time, what its tokens alone would take
    std::span<const Other> others; ///< the heaviest ones
};

class LatencyClock
{
public:
    explicit LatencyClock(std::int64_t arrivalNs) : m_arrivalNs(arrivalNs), m_nowNs(arrivalNs) {}

    // `busyNs` counts, over all steps so far, their time from launch to the last sampled token.

    /// A step with tokens of this request, planned from `plannedNs` on, begins to compute.
    void launched(std::int64_t plannedNs, std::int64_t launchedNs, std::int64_t busyNs,
                  const StepShare& share);
    /// That step has been computed and `samplers` requests have got their tokens.
    void landed(std::int64_t computedNs, std::int64_t sampledNs, std::int64_t busyNs, std::uint32_t samplers);
    /// Its blocks went to others.
    void preempted(std::int64_t timeNs, std::int64_t busyNs);
    /// A sample of the same prompt, which arrived no later, computes it for both; called after launched().
    void follow(const LatencyClock& leader);
    /// The end. The clock is not used any more.
    LatencyBreakdown finish(std::int64_t finishedNs, std::int64_t busyNs);

private:
    enum class State : std::uint8_t { Queued, Preempted, Idle, InStep };
    static constexpr std::size_t kMostOthers = LatencyBreakdown::kMostNeighbours + 1;

    std::int64_t advance(std::int64_t timeNs);
    void wait(std::int64_t timeNs, std::int64_t busyNs);
    void compute(std::int64_t timeNs);
    void blame(std::int64_t addedNs);
    void blame(RequestId request, std::int64_t addedNs);

    LatencyBreakdown m_parts;
    std::int64_t m_arrivalNs;
    std::int64_t m_nowNs;        ///< accounted for until here
    std::int64_t m_busySeen = 0; ///< of busyNs then
    State m_state = State::Queued;
    std::uint32_t m_computed = 0; ///< high-water mark, in tokens
    StepShare m_share;            ///< of the step under way
    std::array<StepShare::Other, kMostOthers> m_others{};
};

} // namespace vitrine::engine
