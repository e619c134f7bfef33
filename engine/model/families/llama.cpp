// SPDX-License-Identifier: GPL-3.0-or-later
// Llama and what is built like it under the same name: Llama 1 to 3, Mistral, SmolLM 1 and 2, TinyLlama,
// and Mixtral, which is Mistral with experts. Llama 3.1's stretched positions lie in "rope_freqs.weight".
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
    config.ropePairing = reader.pairing(RopePairing::Interleaved);
    config.attentionScale = 1.0F / std::sqrt(static_cast<float>(config.headDim));
    LayerConfig layer;
    reader.readRope(layer);
    config.layers.assign(config.layers.size(), layer);
    if (reader.isOn("attention.sliding_window"))
        reader.setWindows(config, 1); // as the first Mistral has it
    reader.readExperts(config);
    return reader.finish(std::move(config));
}

} // namespace

const Family kLlamaFamily{"llama", configure, standardWeights};

} // namespace vitrine::engine
