// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine tells its clients, as values. Delivered on the engine thread, in order, from inside
// submit(), cancel() and step().
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/ids.h"
#include "engine/sampling/sampler.h"
#include "engine/scheduler/request.h"
#include "engine/scheduler/scheduled_batch.h"
#include "engine/telemetry/latency_breakdown.h"

namespace vitrine::engine {

/// The request was admitted for the first time and its prompt looked up in the prefix cache.
struct RequestStarted
{
    RequestId request;
    std::uint32_t promptTokens = 0;
    std::uint32_t cachedTokens = 0;
    std::int64_t queueNs = 0;
};

/// It still waits: `position` 1 is the next to be admitted. Sent a few times a second.
struct RequestWaiting
{
    RequestId request;
    std::uint32_t position = 0;
    double seconds = 0.0; ///< until its first token, as far as can be told
};

/// Its blocks went to others; it goes on later with what it has said so far.
struct RequestPreempted
{
    RequestId request;
    PreemptionEvent event;
};

/// It runs again after a preemption.
struct RequestResumed
{
    RequestId request;
    AdmissionEvent event;
};

/// A step of prefill is done: `computed` of `promptTokens` are in KV.
struct PrefillProgress
{
    RequestId request;
    std::uint32_t computed = 0;
    std::uint32_t promptTokens = 0;
};

/// One token of the reply. `text` is whole characters only and may be empty.
struct TokenGenerated
{
    RequestId request;
    std::string text;
    SampledToken token;
};

struct RequestStats
{
    std::uint32_t promptTokens = 0;
    std::uint32_t cachedTokens = 0;
    std::uint32_t replyTokens = 0;
    std::uint32_t preemptions = 0;
    double predictedTokens = 0.0; ///< of the reply, when it was submitted
    double droppedMass = 0.0;     ///< attention that selective eviction gave up, summed over dropped blocks
    bool contextFull = false;     ///< with FinishReason::Length: context or KV memory took no more tokens
    RequestTimes times;
    LatencyBreakdown latency; ///< where the time went

    double timeToFirstToken() const; ///< seconds; 0 before the first token
    double tokensPerSecond() const;  ///< decode speed: reply tokens after the first over their time
    double endToEnd() const;         ///< seconds
};

struct RequestFinished
{
    RequestId request;
    std::string text; ///< what the decoder still held back
    FinishReason reason = FinishReason::None;
    std::string error; ///< with FinishReason::Error
    RequestStats stats;
    std::vector<TokenId> path = {}; ///< prompt and reply: what Engine::residency() is asked for later
};

using EngineEvent = std::variant<RequestWaiting, RequestStarted, PrefillProgress, TokenGenerated,
                                 RequestPreempted, RequestResumed, RequestFinished>;

} // namespace vitrine::engine
