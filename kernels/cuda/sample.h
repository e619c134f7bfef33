// SPDX-License-Identifier: GPL-3.0-or-later
// Logits to tokens on the device, as engine/sampling does it: the same order of settings and the same random
// numbers, pure functions of (seed, request key, position). Sums are integers, so that a row's token depends
// neither on the company nor on the order of threads; where a draw falls within rounding (about 1e-7) of the
// border between two tokens it may differ from the CPU's.
#pragma once

#include <cstdint>

#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

inline constexpr std::uint32_t kMostTopK = 1024;
inline constexpr std::int64_t kMostSampledVocab = std::int64_t{1} << 23U; ///< masses stay below 2^64

/// Of a row. Penalties, bias, typical sampling and alternatives are the CPU's.
struct RowSampling
{
    float temperature = 0.0F; ///< below 1e-6: the best token
    std::uint32_t topK = 0;   ///< 0, or vocab and more: off. REQUIRES: otherwise at most kMostTopK
    float topP = 1.0F;
    float minP = 0.0F;
    std::uint64_t seed = 0, requestKey = 0, position = 0;
};

/// NaN counts as -inf, +inf as the largest float; token 0 where no logit is larger than -inf.
/// REQUIRES: vocab is 1 … kMostSampledVocab, else refused.
/// logits [rows, vocab], settings [rows], tokens [rows]; logprobs [rows] (natural log of the softmax over the
/// raw logits) or null. Device memory.
Status sampleRows(const float* logits, std::int64_t rows, std::int64_t vocab, const RowSampling* settings,
                  std::int32_t* tokens, float* logprobs, Stream stream);

} // namespace vitrine::kernels::cuda
