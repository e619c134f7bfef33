// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of a recording, or of a part of it: what its requests waited, what its steps took, how full its
// pool was. Seconds; percentiles as samples.h defines them. Any thread.
//
// Of a part, a request counts in a figure when both its ends lie in the part: one that arrived before it has
// no time to first token. Of an empty recording all figures are 0.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/analysis/samples.h"
#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

/// What one request went through; empty where it did not happen or was not recorded.
struct RequestFigures
{
    RequestId request;
    std::int64_t arrivalNs = 0, endNs = 0; ///< endNs 0: not ended
    std::uint64_t promptKey = 0;           ///< hash of its prompt's tokens; 0: not recorded
    std::optional<double> queue;           ///< arrival to admission
    std::optional<double> prefill;         ///< admission to first token
    std::optional<double> firstToken;      ///< arrival to first token
    std::optional<double> decode;          ///< first token to last token, of two at least
    std::optional<double> total;           ///< arrival to end
    std::vector<double> between;           ///< from token to token, in their order
    std::uint32_t promptTokens = 0, cachedTokens = 0, replyTokens = 0, preemptions = 0;
    bool lookedUp = false; ///< its admission is recorded: cachedTokens is known
    FinishReason reason = FinishReason::None;
};

struct RunFigures
{
    std::int64_t startNs = 0, endNs = 0; ///< first arrival or step to last step
    std::uint64_t steps = 0;
    double seconds = 0.0;     ///< from startNs to endNs
    double busySeconds = 0.0; ///< of those, in steps

    std::uint64_t finished = 0, cancelled = 0, failed = 0; ///< of requests
    std::uint64_t prefillTokens = 0, recomputedTokens = 0; ///< computed
    std::uint64_t replyTokens = 0;
    std::uint64_t lookedUpTokens = 0, cachedTokens = 0;
    std::uint64_t preemptions = 0, preemptionsBySwap = 0;

    std::vector<RequestFigures> requests; ///< in order of arrival
    Samples firstToken, between, queue, prefill, decode, total;
    Samples step;                       ///< from its start to its tokens
    Samples batchTokens, batchRequests; ///< of a step
    double kvMean = 0.0, kvPeak = 0.0;  ///< 0 … 1 of the pool referenced; the mean over time in steps

    double tokensPerSecond() const { return ratio(static_cast<double>(replyTokens), seconds); }
    /// While there was something to do.
    double tokensPerBusySecond() const { return ratio(static_cast<double>(replyTokens), busySeconds); }
    double prefixHitRate() const
    {
        return ratio(static_cast<double>(cachedTokens), static_cast<double>(lookedUpTokens));
    }

private:
    static double ratio(double part, double whole) { return whole > 0.0 ? part / whole : 0.0; }
};

RunFigures runFigures(std::span<const RecordedStep> steps);

} // namespace vitrine::engine
