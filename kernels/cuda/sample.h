// SPDX-License-Identifier: GPL-3.0-or-later
// Logits to tokens on the device, as engine/sampling does it: the same order of settings and the same random
// numbers, pure functions of (seed, request key, position). Sums are integers, so that a row's token depends
// neither on the company nor on the order of threads; where a draw falls within rounding (about 1e-7) of the
// border between two tokens, or a token within rounding of a cut, it may differ from the CPU's.
#pragma once

#include <cstdint>

#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

inline constexpr std::uint32_t kMostTopK = 1024;
inline constexpr std::uint32_t kMostAlternatives = 100;
inline constexpr std::int64_t kMostSampledVocab = std::int64_t{1} << 23U; ///< masses stay below 2^64

/// Of a row. Penalties and biases are for the tokens of its adjustments, in place in the logits.
struct RowSampling
{
    float temperature = 0.0F; ///< below 1e-6: the best token
    std::uint32_t topK = 0;   ///< 0, or vocab and more: off. REQUIRES: otherwise at most kMostTopK
    float topP = 1.0F;
    float minP = 0.0F;
    std::uint64_t seed = 0, requestKey = 0, position = 0;
    float typicalP = 1.0F;
    float repetitionPenalty = 1.0F, presencePenalty = 0.0F, frequencyPenalty = 0.0F;
    std::uint32_t alternatives = 0;    ///< to report, at most SampleStep::alternatives; 0: no report
    std::uint32_t firstAdjustment = 0; ///< of SampleStep::adjustments, a run of tokens that all differ
    std::uint32_t adjustments = 0;
    std::int32_t lastInput = -1; ///< of SampleStep::inputs: a token of the reply that is not among them yet
};

inline constexpr std::uint32_t kSeen = 0x80000000U; ///< in `uses`: stands in prompt or reply

/// Of one token of a row's context, or of one with a bias.
struct LogitAdjustment
{
    std::int32_t token = -1; ///< one outside the vocabulary is passed over
    std::uint32_t uses = 0;  ///< in the reply, with kSeen
    float bias = 0.0F;
    float logit = 0.0F; ///< the device's own: what it was before
};

/// Which setting took a token out of the draw, in the order in which they are applied.
enum class RowCut : std::int32_t { None, Weightless, TopK, TopP, MinP, Typical };

struct TokenReport
{
    std::int32_t id = -1; ///< -1: none
    float logprob = 0.0F; ///< natural log of the softmax over the raw logits
    std::int32_t cut = 0; ///< RowCut
};

/// What the kernels of a step tell each other about a row.
struct RowNotes
{
    std::uint64_t topK, topP, typical; ///< least keys that pass
    double logTotal;                   ///< of the softmax over the raw logits
    float rawTop;                      ///< largest raw logit
    float top, scale, mean;            ///< of the adjusted ones: largest, 1 / temperature, mean surprise
    std::int32_t drawn;                ///< 0: the best was taken, no setting cut anything
    std::int32_t byLogit;              ///< top-k is on
    std::int32_t fedToken;             ///< of lastInput, where it has no adjustment of its own; -1: none
    float fedLogit;
};

/// Device memory throughout.
struct SampleStep
{
    float* logits = nullptr; ///< [rows, vocab]; those of adjusted tokens are changed
    std::int64_t rows = 0;
    std::int64_t vocab = 0;
    const RowSampling* settings = nullptr;  ///< [rows]
    LogitAdjustment* adjustments = nullptr; ///< null: no row has any
    const std::int32_t* inputs = nullptr;   ///< tokens of the step; only with adjustments
    RowNotes* notes = nullptr;              ///< [rows]: scratch
    std::int32_t* tokens = nullptr;         ///< [rows]: chosen
    TokenReport* reports = nullptr;         ///< [rows, 1 + alternatives]: the chosen token, then the best
    std::int64_t alternatives = 0;          ///< 0: no row has a report
};

/// NaN counts as -inf, +inf as the largest float; token 0 where no logit is larger than -inf.
/// REQUIRES: vocab is 1 … kMostSampledVocab, alternatives at most kMostAlternatives, else refused.
Status sampleRows(const SampleStep& step, Stream stream);

} // namespace vitrine::kernels::cuda
