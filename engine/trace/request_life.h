// SPDX-License-Identifier: GPL-3.0-or-later
// What a recorded request went through, phase by phase: waiting, chunks of its prompt, its reply, the times
// when others had its memory. Read step by step out of a recording; any thread, one owner.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

enum class LifePhase : std::uint8_t {
    Queued,    ///< submitted, not admitted yet
    Prefill,   ///< one step of its prompt
    Decode,    ///< steps in a row, each with a token of the reply
    Preempted, ///< its blocks went to others
    Recompute  ///< one step of what a preemption lost
};

struct LifeSpan
{
    LifePhase phase = LifePhase::Queued;
    std::int64_t startNs = 0, endNs = 0;       ///< nowNs()
    std::uint64_t firstStep = 0, lastStep = 0; ///< 0: between steps
    std::uint32_t tokens = 0;                  ///< computed
};

struct RequestLife
{
    RequestId request;
    std::int64_t arrivalNs = 0;
    std::int64_t admittedNs = 0, firstTokenNs = 0, endNs = 0; ///< 0: not yet
    std::uint32_t promptTokens = 0, maxTokens = 0, cachedTokens = 0, replyTokens = 0, preemptions = 0;
    FinishReason reason = FinishReason::None;
    std::vector<LifeSpan> spans; ///< in order of time; they do not overlap
};

class RequestLives
{
public:
    /// Steps in the order of the recording. A request whose arrival is not in it (dropped, or before it
    /// began) arrives with the first step that has it. Requests beyond a million are left out.
    void add(const RecordedStep& step);

    const std::map<RequestId, RequestLife>& all() const { return m_lives; }
    const RequestLife* find(RequestId request) const;
    /// Those that had ended by then go; tells which.
    std::vector<RequestId> forgetBefore(std::int64_t ns);

private:
    /// How a request stands between steps.
    struct State
    {
        bool waits = true;       ///< queued or preempted
        bool recomputes = false; ///< until it decodes again
    };

    void take(const RecordedArrival& arrival, const StepFigures& record);
    void take(const AdmissionEvent& admission, const StepFigures& record);
    void take(const PreemptionEvent& preemption, const StepFigures& record);
    void take(const RecordedToken& token, const StepFigures& record);
    void take(const RecordedEnd& end, const StepFigures& record);
    void compute(const StepRow& row, const StepFigures& record);
    RequestLife& life(RequestId request, std::int64_t ns);
    State& state(RequestId request);

    std::map<RequestId, RequestLife> m_lives;
    std::map<RequestId, State> m_states;
    RequestLife m_beyond; // of requests that are too many
    State m_stateBeyond;
    std::int64_t m_nowNs = 0;
};

} // namespace vitrine::engine
