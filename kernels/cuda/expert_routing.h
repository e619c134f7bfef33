// SPDX-License-Identifier: GPL-3.0-or-later
// A mixture of experts: which of them each token goes to. All on the device, so that nobody waits for the
// choice; a (token, chosen expert) is a pair, token * perToken + rank its number.
#pragma once

#include <cstdint>

#include "kernels/cuda/number.h"
#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

inline constexpr std::int64_t kMostExperts = 512; ///< of a layer

/// logits[token, expert] = sum over columns of router[expert, column] * rows[token, column], in float32: what
/// is chosen hangs on small differences. A token's numbers do not depend on the others. Device memory; arrays
/// start on 16 bytes.
struct RouterProduct
{
    const float* router = nullptr; // [experts, columns]
    const float* rows = nullptr;   // [tokens, columns]
    float* logits = nullptr;       // [tokens, experts]
    std::int64_t tokens = 0, experts = 0, columns = 0;
};
Status routerLogits(const RouterProduct& product, Stream stream);

/// The perToken largest logits of each token, falling, of equal ones the lower expert first; a NaN is smaller
/// than all. Their weights are softmax(logits), or softmax over the chosen ones where `normalized`, times
/// `scale`; a token with a NaN among its logits has NaN for weights. Device memory.
struct ExpertChoice
{
    const float* logits = nullptr;       // [tokens, experts]
    const std::int32_t* slots = nullptr; // [tokens]; negative: padding, which goes to no expert. Null: none
    std::int64_t tokens = 0, experts = 0, perToken = 0;
    bool normalized = true;
    float scale = 1.0F;
    std::int32_t* chosen = nullptr; // [tokens, perToken]; -1: none
    float* weights = nullptr;       // [tokens, perToken]
};
Status chooseExperts(const ExpertChoice& choice, Stream stream);

/// out[token] = sum over the chosen experts, in their order, of weight * outputs[pair]; zeros where there is
/// none. Device memory; arrays start on 16 bytes.
struct ExpertSum
{
    const void* outputs = nullptr;        // [tokens * perToken, columns] of `number`
    const std::int32_t* chosen = nullptr; // [tokens, perToken]; negative: nothing is added
    const float* weights = nullptr;       // [tokens, perToken]
    void* out = nullptr;                  // [tokens, columns] of `number`
    std::int64_t tokens = 0, perToken = 0, columns = 0;
    Number number = Number::BF16;
};
Status sumExperts(const ExpertSum& sum, Stream stream);

} // namespace vitrine::kernels::cuda
