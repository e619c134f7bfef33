// SPDX-License-Identifier: GPL-3.0-or-later
// Gemma 2: a layer with a sliding window, then one that sees everything; norms before and after each part;
// soft caps on attention's scores and on the logits. https://arxiv.org/abs/2408.00118
#include <cmath>

#include "engine/model/config_reader.h"
#include "engine/model/families/families.h"
#include "engine/model/families/standard_weights.h"

namespace vitrine::engine {

namespace {

// The 27B model scales queries by its hidden size per head instead of the head's own size; its files do not
// say so, only the number of layers tells it apart.
constexpr std::size_t kLayersOf27B = 46;
// What the first files leave out.
constexpr float kAttentionCap = 50.0F, kLogitCap = 30.0F;
constexpr std::uint32_t kWindow = 4096;

Result<ModelConfig> configure(const GgufFile& file)
{
    ConfigReader reader(file, "gemma2");
    ModelConfig config = reader.common();
    config.activation = Activation::GeluTanhGated;
    config.ropePairing = RopePairing::Halves;
    config.sandwichNorms = true;
    config.embeddingScale = std::sqrt(static_cast<float>(config.hidden));
    const bool is27B = config.layers.size() == kLayersOf27B;
    const std::uint32_t size = is27B ? config.hidden / config.heads : config.headDim;
    config.attentionScale =
        reader.optionalReal("attention.scale", 1.0F / std::sqrt(static_cast<float>(size)));
    LayerConfig layer;
    reader.readRope(layer);
    config.layers.assign(config.layers.size(), layer);
    reader.setWindows(config, 2, kWindow);
    reader.readSoftCaps(config, kAttentionCap, kLogitCap);
    return reader.finish(std::move(config));
}

} // namespace

const Family kGemma2Family{"gemma2", configure, standardWeights};

} // namespace vitrine::engine
