// SPDX-License-Identifier: GPL-3.0-or-later
// Phi 3, 3.5 and 4: a Llama whose files keep queries, keys and values in one matrix, and gate and up in
// another. Those for long contexts have factors of the frequencies.
// https://arxiv.org/abs/2404.14219
#include <cmath>

#include "engine/model/config_reader.h"
#include "engine/model/families/families.h"
#include "engine/model/families/standard_weights.h"

namespace vitrine::engine {

namespace {

/// There is one set of factors for sequences within the context of the first training and one for longer
/// ones. Keys in the cache are rotated already, so a sequence that grows past it would need all of them anew:
/// the shorter context is served, with its own factors.
void limitContext(ConfigReader& reader, ModelConfig& config)
{
    if (reader.file().findTensor("rope_factors_long.weight") == nullptr)
        return;
    const std::uint32_t original =
        reader.optional("rope.scaling.original_context_length", config.contextLength, 1U << 28U);
    config.contextLength = std::min(config.contextLength, original);
}

Result<ModelConfig> configure(const GgufFile& file)
{
    ConfigReader reader(file, "phi3");
    ModelConfig config = reader.common();
    config.activation = Activation::SiluGated;
    config.ropePairing = RopePairing::Halves;
    config.attentionScale = 1.0F / std::sqrt(static_cast<float>(config.headDim));
    LayerConfig layer;
    reader.readRope(layer);
    config.layers.assign(config.layers.size(), layer);
    limitContext(reader, config);
    if (reader.isOn("attention.sliding_window"))
        reader.setWindows(config, 1);
    return reader.finish(std::move(config));
}

} // namespace

const Family kPhi3Family{"phi3", configure, standardWeights};

} // namespace vitrine::engine
