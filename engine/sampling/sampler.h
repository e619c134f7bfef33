// SPDX-License-Identifier: GPL-3.0-or-later
// Logits to a token. Order: penalties, bias, temperature, top-k, top-p, min-p, typical; greedy at T = 0.
// The random number is a pure function of (seed, request key, position): a reply does not depend on
// batching, preemption or threads. One object per thread (it keeps scratch memory).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/sampling/sampling_params.h"

namespace vitrine::engine {

struct TokenProbability
{
    TokenId id = 0;
    float logprob = 0.0F; ///< natural log of the softmax over the raw logits, before any sampler setting
};

struct SampledToken
{
    TokenId id = 0;
    float logprob = 0.0F;
    std::vector<TokenProbability> top; ///< params.logprobs best, best first
};

struct SamplingContext
{
    std::span<const TokenId> prompt;
    std::span<const TokenId> reply;
    std::uint64_t requestKey = 0; ///< tells several samples of one prompt apart; 0 for the first
};

class Sampler
{
public:
    /// `logits` [vocab]. NaN counts as -inf; with no finite logit the first token is returned.
    SampledToken sample(std::span<const float> logits, const SamplingParams& params,
                        const SamplingContext& context);

private:
    struct Candidate
    {
        TokenId id;
        float logit;
    };
    std::vector<float> m_logits;
    std::vector<Candidate> m_candidates;
};

} // namespace vitrine::engine
