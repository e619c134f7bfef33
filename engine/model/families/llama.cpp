// SPDX-License-Identifier: GPL-3.0-or-later
// Llama and what is built like it under the same name: Llama 1 to 3, Mistral, SmolLM 1 and 2, TinyLlama,
// and Mixtral, which is Mistral with experts.
// https://arxiv.org/abs/2302.13971
#include <cmath>

#include "engine/model/config_reader.h"
#include "engine/model/families/families.h"
#include "engine/model/families/standard_weights.h"

namespace vitrine::engine {

namespace {

Result<ModelConfig> configure(const GgufFile& file)
{
    ConfigReader reader(file, "llama");
    ModelConfig config = reader.common();
    config.activation = Activation::SiluGated;
    config.ropePairing = RopePairing::Interleaved;
    config.attentionScale = 1.0F / std::sqrt(static_cast<float>(config.headDim));
    LayerConfig layer;
    layer.ropeBase = reader.optionalReal("rope.freq_base", 10000.0F);
    layer.ropeScale = reader.ropeScale();
    config.layers.assign(config.layers.size(), layer);
    reader.readExperts(config);
    reader.refuseIfPresent("attention.sliding_window", "a sliding window");
    return reader.finish(std::move(config));
}

Result<ModelWeights> weights(const GgufFile& file, const ModelConfig& config)
{
    WeightReader reader(file);
    return reader.finish(readStandardWeights(reader, config));
}

} // namespace

const Family kLlamaFamily{"llama", configure, weights};

} // namespace vitrine::engine
