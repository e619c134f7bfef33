// SPDX-License-Identifier: GPL-3.0-or-later
// A token that was chosen, and what is told of it. Plain values.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/ids.h"

namespace vitrine::engine {

/// Which setting took a token out of the draw; in the order in which they are applied. A greedy choice takes
/// out none.
enum class SamplerCut : std::uint8_t {
    None,       ///< it could have been drawn
    Weightless, ///< banned by a bias, or no weight left at this temperature
    TopK,
    TopP,
    MinP,
    Typical
};

struct TokenProbability
{
    TokenId id = 0;
    float logprob = 0.0F; ///< natural log of the softmax over the raw logits, before any sampler setting
    SamplerCut cut = SamplerCut::None;
};

struct SampledToken
{
    TokenId id = 0;
    float logprob = 0.0F;              ///< as in TokenProbability; 0 when params.logprobs is 0
    std::vector<TokenProbability> top; ///< params.logprobs best, best first, lower ids first among equals
};

} // namespace vitrine::engine
