// SPDX-License-Identifier: GPL-3.0-or-later
// Qwen 2 and 2.5: a Llama with biases on queries, keys and values.
// https://arxiv.org/abs/2407.10671
#include <cmath>

#include "engine/model/config_reader.h"
#include "engine/model/families/families.h"
#include "engine/model/families/standard_weights.h"

namespace vitrine::engine {

namespace {

Result<ModelConfig> configure(const GgufFile& file)
{
    ConfigReader reader(file, "qwen2");
    ModelConfig config = reader.common();
    config.activation = Activation::SiluGated;
    config.ropePairing = RopePairing::Halves;
    config.attentionScale = 1.0F / std::sqrt(static_cast<float>(config.headDim));
    LayerConfig layer;
    reader.readRope(layer);
    config.layers.assign(config.layers.size(), layer);
    reader.refuseIfPresent("attention.sliding_window", "a sliding window");
    return reader.finish(std::move(config));
}

} // namespace

const Family kQwen2Family{"qwen2", configure, standardWeights};

} // namespace vitrine::engine
