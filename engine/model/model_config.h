// SPDX-License-Identifier: GPL-3.0-or-later
// What a decoder-only transformer looks like, as data. A family file (engine/model/families/) fills it
// from a model file; every executor reads the same description and none asks for a family's name.
// Immutable once built; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vitrine::engine {

/// Of a feed-forward part, from gate and up. ClampedSilu: gate at most 7, up within ±7, then
/// (up + 1) * gate * sigmoid(1.702 * gate).
enum class Activation : std::uint8_t { SiluGated, GeluTanhGated, ClampedSilu };

/// Which elements of a head rotate together: (2i, 2i+1), as GGUF's "llama" files store q and k,
/// or (i, i + headDim/2), the NeoX way.
enum class RopePairing : std::uint8_t { Interleaved, Halves };

/// Frequencies between their own and those of positions divided by `factor`, by how often a pair turns within
/// the context that the model was first trained with: betaFast times or more, its own; betaSlow or less, the
/// divided ones. YaRN (https://arxiv.org/abs/2309.00071).
struct YarnScaling
{
    float factor = 1.0F; ///< 1: none
    std::uint32_t originalContext = 0;
    float betaFast = 32.0F, betaSlow = 1.0F;
    bool wholePairs = true; ///< the ends of the ramp are rounded outwards to whole pairs
    bool operator==(const YarnScaling&) const = default;
};

struct LayerConfig
{
    std::uint32_t slidingWindow = 0; ///< keys visible to a query, itself included; 0: all before it
    float ropeBase = 10000.0F;
    float ropeScale = 1.0F;     ///< positions are multiplied by it (linear scaling)
    float ropeMagnitude = 1.0F; ///< multiplies cosines and sines
    YarnScaling yarn;
    bool useRope = true;
    bool hasExperts = false; ///< the feed-forward part is a mixture of experts, not one network
};

/// A mixture of experts: instead of one wide feed-forward network a layer has many narrow ones, and a router
/// picks a few of them for each token. The router's logits [experts] go through a softmax over all experts;
/// the `perToken` largest are chosen, of equal ones those with lower ids; the layer's output is the sum of
/// the chosen experts' outputs, each times its weight.
struct ExpertConfig
{
    std::uint32_t count = 0;    ///< 0: no layer has experts
    std::uint32_t perToken = 0; ///< from 1 to count
    std::uint32_t ffn = 0;      ///< of one expert
    bool normalized = true;     ///< weights are divided by the sum of the chosen ones'
    float weightScale = 1.0F;   ///< multiplies the weights, after that
};

struct ModelConfig
{
    std::string architecture; ///< "llama", "qwen3moe"
    std::string name;         ///< for people
    std::string fileType;     ///< "Q4_1", "Q4_K_M" … for people

    std::uint32_t hidden = 0;
    std::uint32_t heads = 0;
    std::uint32_t kvHeads = 0;
    std::uint32_t headDim = 0;
    std::uint32_t ropeDim = 0; ///< elements of a head that rotate, from its first on; 0: all
    std::uint32_t ffn = 0;     ///< of layers without experts
    std::uint32_t vocab = 0;
    std::uint32_t contextLength = 0; ///< as trained, tokens

    float normEpsilon = 1e-5F;
    float attentionScale = 0.0F;   ///< multiplies q·k
    float embeddingScale = 1.0F;   ///< multiplies the embedding row
    float logitScale = 1.0F;       ///< multiplies the logits
    float attentionSoftCap = 0.0F; ///< scores become cap * tanh(score / cap); 0: they stay
    float logitSoftCap = 0.0F;     ///< logits likewise
    Activation activation = Activation::SiluGated;
    RopePairing ropePairing = RopePairing::Interleaved;
    bool qkNorm = false;        ///< RMSNorm on each head of q and k before the rotation
    bool wideQkNorm = false;    ///< RMSNorm over all heads of q together, and over those of k, instead
    bool preNorms = true;       ///< RMSNorm before attention and before the feed-forward part
    bool sandwichNorms = false; ///< RMSNorm also after attention and after the feed-forward part
    ExpertConfig experts;
    std::vector<LayerConfig> layers;

    std::uint64_t parameters = 0;       ///< number of weights, for people and estimates
    std::uint64_t activeParameters = 0; ///< of them, those that one token is computed with

    std::uint32_t rotated() const { return ropeDim != 0 ? ropeDim : headDim; }
};

} // namespace vitrine::engine
