// SPDX-License-Identifier: GPL-3.0-or-later
// One request inside the engine: what was asked, what is known so far, what is in KV.
// Owned by the Scheduler; engine thread only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/ids.h"
#include "engine/sampling/sampling_params.h"

namespace vitrine::engine {

enum class FinishReason : std::uint8_t { None, Stop, Length, Cancelled, Error };
const char* finishReasonName(FinishReason reason); ///< "stop", "length", "cancelled", "error"

/// What a client asks of the scheduler; tokens already.
struct RequestSpec
{
    std::vector<TokenId> prompt; ///< at least one token
    std::uint32_t maxTokens = 0; ///< reply tokens at most, ≥ 1
    SamplingParams sampling;
    std::vector<TokenId> stopTokens; ///< generation ends with one of these, which is kept out of the text
    std::int32_t priority = 0;       ///< larger is sooner, with the policies that look at it
    std::string client;              ///< pane, API key: for fairness
    std::uint64_t cacheSalt = 0;     ///< only requests with equal salts share KV
    std::uint64_t sampleKey = 0;     ///< see SamplingContext::requestKey
};

enum class RequestState : std::uint8_t { Waiting, Running, Finished };

struct RequestTimes
{
    std::int64_t arrivalNs = 0;
    std::int64_t admittedNs = 0; ///< first time, 0: not yet
    std::int64_t firstTokenNs = 0;
    std::int64_t finishedNs = 0;
};

struct Request
{
    RequestId id;
    RequestSpec spec;
    RequestState state = RequestState::Waiting;
    FinishReason finish = FinishReason::None;
    std::vector<TokenId> reply;     ///< sampled so far, with the stop token that ended it
    std::uint32_t computed = 0;     ///< known tokens whose K and V are in KV
    std::uint32_t everComputed = 0; ///< high-water mark of `computed`: below it, work is recompute
    std::uint32_t cachedTokens = 0; ///< prompt tokens found in the prefix cache at first admission
    std::uint32_t preemptions = 0;
    std::uint64_t lastStep = 0; ///< the scheduler's step that last computed tokens of it
    RequestTimes times;

    std::uint32_t known() const { return static_cast<std::uint32_t>(spec.prompt.size() + reply.size()); }
    /// The reply has begun and all but its last token is in KV.
    bool decoding() const { return computed + 1 == known() && computed >= spec.prompt.size(); }
    TokenId token(std::uint32_t index) const
    {
        return index < spec.prompt.size() ? spec.prompt[index] : reply[index - spec.prompt.size()];
    }
};

} // namespace vitrine::engine
