// SPDX-License-Identifier: GPL-3.0-or-later
// Logits to a token. Order: penalties, bias, temperature, top-k, top-p, min-p, typical; greedy at T = 0.
// The random number is a pure function of (seed, request key, position): a reply does not depend on
// batching, preemption or threads. One object per thread (it keeps scratch memory).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/sampling/sampled_token.h"
#include "engine/sampling/sampling_params.h"
#include "engine/sampling/softmax.h"

namespace vitrine::engine {

struct SamplingContext
{
    std::span<const TokenId> prompt;
    std::span<const TokenId> reply;
    std::uint64_t requestKey = 0;            ///< tells several samples of one prompt apart; 0 for the first
    std::span<const TokenId> continued = {}; ///< the end of the prompt, where the reply was begun before
};

class Sampler
{
public:
    /// `logits` [vocab ≥ 1]. NaN counts as -inf, +inf as the largest float; with no finite logit the first
    /// token is returned. Token ids outside the vocabulary (in bias, prompt, reply) are passed over.
    /// REQUIRES: validate(params). Only with params.logprobs: alternatives, which cost two more passes over
    /// the logits, and what cut them, which costs one over the candidates of each setting that is on.
    SampledToken sample(std::span<const float> logits, const SamplingParams& params,
                        const SamplingContext& context);

private:
    struct Candidate
    {
        TokenId id;
        float weight;    ///< exp((logit - best logit) / temperature); the logit until weigh()
        float deviation; ///< of its surprise from the entropy; set by keepTypical()
    };

    TokenId choose(std::span<const float> logits, const SamplingParams& params,
                   const SamplingContext& context);
    void copyFinite(std::span<const float> logits);
    void penalise(const SamplingParams& params, const SamplingContext& context);
    void penaliseRepetition(float penalty, std::span<const TokenId> tokens);
    void countUses(std::span<const TokenId> tokens);
    void penaliseUse(const SamplingParams& params, std::span<const TokenId> tokens);
    void clearCounts(std::span<const TokenId> tokens);
    TokenId draw(std::span<const float> logits, float top, const SamplingParams& params, double uniform);
    void collectAbove(float least);
    void collectBest(std::span<const float> logits, std::size_t count);
    void collectNucleus(const SamplingParams& params);
    void weigh(float top, float scale);
    void keepTypical(float share);
    template<class Before>
    void keepMass(float share, double total, Before before);
    void findTop(std::span<const float> logits, std::uint32_t count, SampledToken& token);
    void report(std::span<const float> logits, SampledToken& token);
    void watch(std::span<const float> logits);
    void noteWeightless();
    void noteCut(SamplerCut stage);
    void endWatch();

    std::vector<float> m_logits;         // [vocab]: penalised
    ExpWeights m_weights;                // of the vocabulary
    std::vector<std::uint32_t> m_counts; // [vocab]: zero between calls
    std::vector<Candidate> m_candidates, m_scratch;
    std::span<TokenProbability> m_watched; // whose fate is to be told; theirs is index + 1 in m_counts
    std::vector<bool> m_kept;              // [m_watched.size()]
};

} // namespace vitrine::engine
