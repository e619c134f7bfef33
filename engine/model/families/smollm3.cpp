// SPDX-License-Identifier: GPL-3.0-or-later
// SmolLM 3: a Llama in which every fourth layer leaves positions out.
// https://huggingface.co/blog/smollm3
#include <cmath>

#include "engine/model/config_reader.h"
#include "engine/model/families/families.h"
#include "engine/model/families/standard_weights.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kRotationPeriod = 4; // GGUF files do not say it

Result<ModelConfig> configure(const GgufFile& file)
{
    ConfigReader reader(file, "smollm3");
    ModelConfig config = reader.common();
    config.activation = Activation::SiluGated;
    config.ropePairing = reader.pairing(RopePairing::Interleaved);
    config.attentionScale = 1.0F / std::sqrt(static_cast<float>(config.headDim));
    LayerConfig layer;
    reader.readRope(layer);
    config.layers.assign(config.layers.size(), layer);
    const auto rotated = reader.rotatedLayers(config.layers.size());
    for (std::size_t i = 0; i < config.layers.size(); ++i)
        config.layers[i].useRope = rotated ? (*rotated)[i] : (i + 1) % kRotationPeriod != 0;
    reader.refuseIfPresent("attention.sliding_window", "a sliding window");
    return reader.finish(std::move(config));
}

} // namespace

const Family kSmolLm3Family{"smollm3", configure, standardWeights};

} // namespace vitrine::engine
