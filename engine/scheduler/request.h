// SPDX-License-Identifier: GPL-3.0-or-later
// One request inside the engine: what was asked, what is known so far, what is in KV.
// Owned by the Scheduler; engine thread only.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/ids.h"
#include "engine/execution/forward_batch.h"
#include "engine/kv_cache/cache_scope.h"
#include "engine/sampling/sampling_params.h"

namespace vitrine::engine {

enum class FinishReason : std::uint8_t { None, Stop, Length, Cancelled, Error };
const char* finishReasonName(FinishReason reason); ///< "stop", "length", "cancelled", "error"

/// Attention to the beginning and to the last tokens only, so that a chat may go on past context and pool.
/// Paper: Xiao et al., "Efficient Streaming Language Models with Attention Sinks" (2023).
struct EndlessWindow
{
    std::uint32_t sinkTokens = 0;   ///< kept from the beginning
    std::uint32_t windowTokens = 0; ///< kept from the end; 0: the whole context is kept
    bool enabled() const { return windowTokens > 0; }
};

/// What a client asks of the scheduler; tokens already.
struct RequestSpec
{
    std::vector<TokenId> prompt; ///< at least one token
    std::uint32_t continued = 0; ///< of the prompt, at its end: what the reply said before
    std::uint32_t maxTokens = 0; ///< reply tokens at most, ≥ 1
    bool fillsContext = false;   ///< maxTokens is what fits, not what was asked for
    SamplingParams sampling;
    std::vector<TokenId> stopTokens; ///< generation ends with one of these, which is kept out of the text
    std::int32_t priority = 0;       ///< larger is sooner, with the policies that look at it
    std::string client;              ///< pane, API key: for fairness
    CacheScope scope;                ///< only requests with equal scopes share KV
    std::uint64_t sampleKey = 0;     ///< see SamplingContext::requestKey
    EndlessWindow endless;
    std::uint32_t keepTokens = 0; ///< > 0: least attended blocks are dropped beyond this many tokens of KV
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
    std::vector<TokenId> reply;      ///< sampled so far, with the stop token that ended it
    std::uint32_t tokensPending = 0; ///< of the reply, that the steps in flight will give: two at most
    /// [tokensPending]: rows of those steps' logits that they come from, the step that lands first first.
    std::array<std::uint32_t, 2> pendingRows{};
    std::uint32_t computed =
        0;                    ///< known tokens whose K and V are in KV, or will be after the steps in flight
    std::uint32_t landed = 0; ///< likewise after the last step of it that has landed
    std::uint32_t everComputed = 0; ///< high-water mark of `computed`: below it, work is recompute
    std::uint32_t cachedTokens = 0; ///< prompt tokens found in the prefix cache at first admission
    std::uint32_t preemptions = 0;
    std::uint64_t lastStep = 0; ///< the scheduler's step that last computed tokens of it
    RequestTimes times;

    RequestId leader;                 ///< of the samples of one prompt: whose prefill this one shares
    std::vector<RequestId> followers; ///< of a leader before its prompt is computed: who waits for it
    double predictedTokens = 1.0;     ///< of the reply, when it was submitted
    double rank = 0.0;                ///< the policy's own
    std::uint32_t lastDemand = 0;     ///< blocks that were missing when it was last considered,
    std::uint64_t demandStep = 0;     ///< and in which step that was
    double droppedMass = 0.0;         ///< attention given to blocks that selective eviction dropped

    std::uint32_t replied() const { return static_cast<std::uint32_t>(reply.size()) + tokensPending; }
    std::uint32_t known() const { return static_cast<std::uint32_t>(spec.prompt.size()) + replied(); }
    /// The reply has begun and all but its last token is in KV.
    bool decoding() const { return computed + 1 == known() && computed >= spec.prompt.size(); }
    /// A pending one by its row (fedToken()).
    TokenId token(std::uint32_t index) const
    {
        const std::size_t said = spec.prompt.size() + reply.size();
        if (index >= said)
            return fedToken(pendingRows[index - said]);
        return index < spec.prompt.size() ? spec.prompt[index] : reply[index - spec.prompt.size()];
    }
};

} // namespace vitrine::engine
