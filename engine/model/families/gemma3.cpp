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
    global.ropeBase = reader.optionalReal("rope.freq_base", 1000000.0F);
    global.ropeScale = reader.ropeScale(); // stretches the global layers only
    const std::uint32_t period = reader.optional("attention.sliding_window_pattern", 6, 1U << 16U);
    for (std::size_t i = 0; i < config.layers.size(); ++i)
        config.layers[i] = (i + 1) % period == 0 ? global : local;
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
    reader.refuseIfPresent("attn_logit_softcapping", "soft capping of attention scores");
    reader.refuseIfPresent("final_logit_softcapping", "soft capping of logits");
    return reader.finish(std::move(config));
}

Result<ModelWeights> weights(const GgufFile& file, const ModelConfig& config)
{
    WeightReader reader(file);
    return reader.finish(readStandardWeights(reader, config));
}

} // namespace

const Family kGemma3Family{"gemma3", configure, weights};

} // namespace vitrine::engine
