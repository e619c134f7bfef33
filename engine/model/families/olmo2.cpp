// SPDX-License-Identifier: GPL-3.0-or-later
// OLMo 2 and 3: norms after each part instead of before, and over the whole width of queries and keys. OLMo 3
// has a sliding window in three of four layers, which rotate without what stretches positions in the others.
// https://arxiv.org/abs/2501.00656
#include <cmath>

#include "engine/model/config_reader.h"
#include "engine/model/families/families.h"
#include "engine/model/families/standard_weights.h"

namespace vitrine::engine {

namespace {

void leaveUnstretched(LayerConfig& layer)
{
    layer.ropeScale = 1.0F;
    layer.ropeMagnitude = 1.0F;
    layer.yarn = {};
}

Result<ModelConfig> configure(const GgufFile& file)
{
    ConfigReader reader(file, "olmo2");
    ModelConfig config = reader.common();
    config.activation = Activation::SiluGated;
    config.ropePairing = RopePairing::Halves;
    config.wideQkNorm = true;
    config.preNorms = false;
    config.sandwichNorms = true;
    config.attentionScale = 1.0F / std::sqrt(static_cast<float>(config.headDim));
    LayerConfig layer;
    reader.readRope(layer);
    // Converters write the whole growth of cosines there, as the model's own configuration has it.
    if (layer.yarn.factor > 1.0F)
        layer.ropeMagnitude = reader.optionalReal("rope.scaling.attn_factor", layer.ropeMagnitude);
    config.layers.assign(config.layers.size(), layer);
    if (reader.isOn("attention.sliding_window"))
        reader.setWindows(config, 4);
    for (LayerConfig& one : config.layers)
        if (one.slidingWindow > 0)
            leaveUnstretched(one);
    return reader.finish(std::move(config));
}

} // namespace

const Family kOlmo2Family{"olmo2", configure, standardWeights};

} // namespace vitrine::engine
