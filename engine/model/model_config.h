// SPDX-License-Identifier: GPL-3.0-or-later
// What a decoder-only transformer looks like, as data. A family file (engine/model/families/) fills it
// from a model file; every executor reads the same description and none asks for a family's name.
// Immutable once built; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vitrine::engine {

enum class Activation : std::uint8_t { SiluGated, GeluTanhGated };

/// Which elements of a head rotate together: (2i, 2i+1), as GGUF's "llama" files store q and k,
/// or (i, i + headDim/2), the NeoX way.
enum class RopePairing : std::uint8_t { Interleaved, Halves };

struct LayerConfig
{
    std::uint32_t slidingWindow = 0; ///< keys visible to a query, itself included; 0: all before it
    float ropeBase = 10000.0F;
    float ropeScale = 1.0F; ///< positions are multiplied by it (linear scaling)
    bool useRope = true;
};

struct ModelConfig
{
    std::string architecture; ///< "llama", "gemma3"
    std::string name;         ///< for people
    std::string fileType;     ///< "Q4_1", "Q4_K_M" … for people

    std::uint32_t hidden = 0;
    std::uint32_t heads = 0;
    std::uint32_t kvHeads = 0;
    std::uint32_t headDim = 0;
    std::uint32_t ffn = 0;
    std::uint32_t vocab = 0;
    std::uint32_t contextLength = 0; ///< as trained, tokens

    float normEpsilon = 1e-5F;
    float attentionScale = 0.0F; ///< multiplies q·k
    float embeddingScale = 1.0F; ///< multiplies the embedding row
    Activation activation = Activation::SiluGated;
    RopePairing ropePairing = RopePairing::Interleaved;
    bool qkNorm = false;        ///< RMSNorm on each head of q and k before the rotation
    bool sandwichNorms = false; ///< RMSNorm also after attention and after the feed-forward part
    std::vector<LayerConfig> layers;

    std::uint64_t parameters = 0; ///< number of weights, for people and estimates
};

} // namespace vitrine::engine
