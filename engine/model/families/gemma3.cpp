// SPDX-License-Identifier: GPL-3.0-or-later
// Gemma 3, text part: five layers with a sliding window, then one that sees everything.
// https://arxiv.org/abs/2503.19786
#include <cmath>

#include "engine/model/config_reader.h"
#include "engine/model/families/families.h"
#include "engine/model/families/standard_weights.h"

namespace vitrine::engine {

namespace {

// The 27B model scales queries by its hidden size per head instead of the head's own size; its files do not
// say so, only the number of layers tells it apart.
constexpr std::size_t kLayersOf27B = 62;

float attentionScale(ConfigReader& reader, const ModelConfig& config)
{
    const bool is27B = config.layers.size() == kLayersOf27B;
    const std::uint32_t size = is27B ? config.hidden / config.heads : config.headDim;
    return reader.optionalReal("attention.scale", 1.0F / std::sqrt(static_cast<float>(size)));
}

void describeLayers(ConfigReader& reader, ModelConfig& config)
{
    LayerConfig local;
    local.slidingWindow = reader.required("attention.sliding_window", 1U << 28U);
    local.ropeBase = reader.optionalReal("rope.freq_base_swa", 10000.0F);
    LayerConfig global;
    reader.readRope(global); // what stretches positions does so in the global layers only
    global.ropeBase = reader.optionalReal("rope.freq_base", 1000000.0F);
    const std::vector<bool> windowed = reader.windowedLayers(config.layers.size(), 6);
    for (std::size_t i = 0; i < config.layers.size(); ++i)
        config.layers[i] = windowed[i] ? local : global;
}

Result<ModelConfig> configure(const GgufFile& file)
{
    ConfigReader reader(file, "gemma3");
    ModelConfig config = reader.common();
    config.activation = Activation::GeluTanhGated;
    config.ropePairing = RopePairing::Halves;
    config.qkNorm = true;
    config.sandwichNorms = true;
    config.embeddingScale = std::sqrt(static_cast<float>(config.hidden));
    config.attentionScale = attentionScale(reader, config);
    describeLayers(reader, config);
    reader.readSoftCaps(config, 0.0F, 0.0F);
    return reader.finish(std::move(config));
}

} // namespace

const Family kGemma3Family{"gemma3", configure, standardWeights};

} // namespace vitrine::engine
