// SPDX-License-Identifier: GPL-3.0-or-later
// How the next token is chosen. Plain values; a default-constructed one is greedy with nothing else on.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/result.h"

namespace vitrine::engine {

struct SamplingParams
{
    float temperature = 0.0F;       ///< 0 (and below 1e-6): greedy
    std::uint32_t topK = 0;         ///< 0: off
    float topP = 1.0F;              ///< 1: off
    float minP = 0.0F;              ///< 0: off
    float typicalP = 1.0F;          ///< 1: off
    float repetitionPenalty = 1.0F; ///< 1: off; over prompt and reply
    float presencePenalty = 0.0F;   ///< over the reply
    float frequencyPenalty = 0.0F;  ///< over the reply
    std::vector<std::pair<TokenId, float>> bias;
    std::uint64_t seed = 0;
    std::uint32_t logprobs = 0; ///< alternatives to report with each token, at most kMostLogprobs
};

inline constexpr std::uint32_t kMostLogprobs = 100;

/// A temperature below this is greedy: its scale would overflow.
inline constexpr float kGreedyBelow = 1e-6F;

/// Anything that changes logits before a token is chosen.
bool changesLogits(const SamplingParams& params);
/// The token of the largest logit is all that is asked for.
bool wantsOnlyBest(const SamplingParams& params);

/// Says which field is out of range and what range it has.
Result<void> validate(const SamplingParams& params);

} // namespace vitrine::engine
