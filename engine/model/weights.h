// SPDX-License-Identifier: GPL-3.0-or-later
// Where each weight of a model lies in its file. Views only: executors repack what they need.
// Valid as long as the Model that owns the mapping; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/quant_type.h"

namespace vitrine::engine {

/// A matrix [rows, columns], row-major, rows of quantised blocks along columns. y = W x has x of `columns`.
/// A vector has rows = 1. `data` is null when the family has no such weight.
struct WeightView
{
    std::string_view name;
    kernels::QuantType type{};
    std::uint64_t rows = 0;
    std::uint64_t columns = 0;
    const std::uint8_t* data = nullptr;

    explicit operator bool() const { return data != nullptr; }
    std::size_t rowBytes() const
    {
        const kernels::QuantInfo info = kernels::quantInfo(type);
        return columns / info.blockValues * info.blockBytes;
    }
    /// Rows [first, first + count) of it: one expert's part of what is stacked.
    WeightView part(std::uint64_t first, std::uint64_t count) const
    {
        return {name, type, count, columns, data + first * rowBytes()};
    }
};

struct LayerWeights
{
    WeightView attentionNorm;       // [hidden]
    WeightView q, k, v;             // [heads*headDim, hidden], [kvHeads*headDim, hidden] ×2
    WeightView qBias, kBias, vBias; // [heads*headDim], [kvHeads*headDim] ×2; optional, as all biases
    WeightView qNorm, kNorm;        // [headDim] with qkNorm; as wide as q and k with wideQkNorm
    WeightView sinks;               // [heads]: a score that each head adds to its softmax; optional
    WeightView output;              // [hidden, heads*headDim]
    WeightView outputBias;          // [hidden]
    WeightView postAttentionNorm;   // [hidden], with sandwichNorms
    WeightView ffnNorm;             // [hidden]
    WeightView gate, up;            // [ffn, hidden], of a layer without experts
    WeightView down;                // [hidden, ffn], likewise
    WeightView gateBias, upBias;    // [ffn]
    WeightView downBias;            // [hidden]
    // Of a layer with experts; the experts' matrices lie one after the other.
    WeightView router;                       // [experts, hidden]
    WeightView expertGate, expertUp;         // [experts * experts.ffn, hidden]
    WeightView expertDown;                   // [experts * hidden, experts.ffn]
    WeightView routerBias;                   // [experts]
    WeightView expertGateBias, expertUpBias; // [experts, experts.ffn]
    WeightView expertDownBias;               // [experts, hidden]
    WeightView postFfnNorm;                  // [hidden], with sandwichNorms
};

struct ModelWeights
{
    WeightView tokenEmbedding; // [vocab, hidden]
    WeightView outputNorm;     // [hidden]
    WeightView head;           // [vocab, hidden]; the token embedding again when tied
    WeightView ropeFactors;    // [headDim/2], divides the frequencies; optional
    std::vector<LayerWeights> layers;
};

} // namespace vitrine::engine
