// SPDX-License-Identifier: GPL-3.0-or-later
// gpt-oss: a mixture of experts with biases everywhere, a sliding window in every second layer, a sink in
// each head's softmax, and positions stretched by YaRN. https://arxiv.org/abs/2508.10925
#include <cmath>

#include "engine/model/config_reader.h"
#include "engine/model/families/families.h"
#include "engine/model/families/standard_weights.h"

namespace vitrine::engine {

namespace {

Result<ModelConfig> configure(const GgufFile& file)
{
    ConfigReader reader(file, "gpt-oss");
    ModelConfig config = reader.common();
    config.activation = Activation::ClampedSilu;
    config.ropePairing = RopePairing::Halves;
    config.attentionScale = 1.0F / std::sqrt(static_cast<float>(config.headDim));
    LayerConfig layer;
    reader.readRope(layer);
    if (!reader.has("rope.scaling.yarn_truncate")) // GGUF files do not say it
        layer.yarn.wholePairs = false;
    config.layers.assign(config.layers.size(), layer);
    reader.setWindows(config, 2);
    static_cast<void>(reader.required("expert_count", UINT32_MAX));
    reader.readExperts(config);
    return reader.finish(std::move(config));
}

} // namespace

const Family kGptOssFamily{"gpt-oss", configure, standardWeights};

} // namespace vitrine::engine
