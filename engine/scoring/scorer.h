// SPDX-License-Identifier: GPL-3.0-or-later
// What a model thinks of a text: log-probabilities at every position. Drives an executor directly, in chunks,
// so that a long text never needs all its logits at once. One object, one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/base/result.h"
#include "engine/execution/executor.h"
#include "engine/sampling/sampler.h"

namespace vitrine::engine {

struct TokenScores
{
    std::vector<std::vector<TokenProbability>> top; // [tokens][k], best first; ties by lower id
    std::vector<double> nextLogprob;                // [tokens - 1]: of the token that follows
    double meanNll = 0.0;                           ///< mean of -nextLogprob; 0 for a single token
};

/// The natural log of the sum of exp(logits), in double. NaN counts as -inf.
double logSumExp(std::span<const float> logits);

/// The `count` largest as log-probabilities, best first; ties by lower id.
std::vector<TokenProbability> bestTokens(std::span<const float> logits, double logSum, std::uint32_t count);

/// Scores `tokens` (at least one, all inside the vocabulary) as one sequence from position 0. `kv` is what
/// the executor has reserved; OutOfResources when the tokens do not fit in it. `goOn` is asked between
/// chunks; false ends with Cancelled.
Result<TokenScores> scoreTokens(Executor& executor, const KvPlan& kv, std::uint32_t vocab,
                                std::span<const TokenId> tokens, std::uint32_t top,
                                const std::function<bool()>& goOn = {});

} // namespace vitrine::engine
