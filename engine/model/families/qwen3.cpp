// SPDX-License-Identifier: GPL-3.0-or-later
// Qwen 3, dense and as a mixture of experts: a Llama with norms on the heads of queries and keys.
// https://arxiv.org/abs/2505.09388
#include <cmath>

#include "engine/model/config_reader.h"
#include "engine/model/families/families.h"
#include "engine/model/families/standard_weights.h"

namespace vitrine::engine {

namespace {

ModelConfig describe(ConfigReader& reader)
{
    ModelConfig config = reader.common();
    config.activation = Activation::SiluGated;
    config.ropePairing = RopePairing::Halves;
    config.qkNorm = true;
    config.attentionScale = 1.0F / std::sqrt(static_cast<float>(config.headDim));
    LayerConfig layer;
    reader.readRope(layer);
    config.layers.assign(config.layers.size(), layer);
    reader.refuseIfPresent("attention.sliding_window", "a sliding window");
    return config;
}

Result<ModelConfig> configure(const GgufFile& file)
{
    ConfigReader reader(file, "qwen3");
    return reader.finish(describe(reader));
}

Result<ModelConfig> configureExperts(const GgufFile& file)
{
    ConfigReader reader(file, "qwen3moe");
    ModelConfig config = describe(reader);
    static_cast<void>(reader.required("expert_count", UINT32_MAX)); // without it the name means nothing
    reader.readExperts(config);
    return reader.finish(std::move(config));
}

} // namespace

const Family kQwen3Family{"qwen3", configure, standardWeights};
const Family kQwen3MoeFamily{"qwen3moe", configureExperts, standardWeights};

} // namespace vitrine::engine
