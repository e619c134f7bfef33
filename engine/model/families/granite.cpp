// SPDX-License-Identifier: GPL-3.0-or-later
// Granite 3: a Llama with multipliers for the embedding, what each part adds, attention and the logits.
// https://www.ibm.com/granite/docs/models/granite/
#include <cmath>

#include "engine/model/config_reader.h"
#include "engine/model/families/families.h"
#include "engine/model/families/standard_weights.h"

namespace vitrine::engine {

namespace {

/// What each part adds is multiplied by `scale` there. Divided by it, the sum of embedding and parts has no
/// such multiplier, and a norm of the sum is the same when its epsilon is divided by the square.
void takeOut(float scale, ModelConfig& config)
{
    config.embeddingScale /= scale;
    config.normEpsilon /= scale * scale;
}

Result<ModelConfig> configure(const GgufFile& file)
{
    ConfigReader reader(file, "granite");
    ModelConfig config = reader.common();
    config.activation = Activation::SiluGated;
    config.ropePairing = reader.pairing(RopePairing::Interleaved);
    config.attentionScale =
        reader.optionalReal("attention.scale", 1.0F / std::sqrt(static_cast<float>(config.headDim)));
    config.embeddingScale = reader.optionalReal("embedding_scale", 1.0F);
    config.logitScale = 1.0F / reader.optionalReal("logit_scale", 1.0F);
    takeOut(reader.optionalReal("residual_scale", 1.0F), config);
    LayerConfig layer;
    reader.readRope(layer);
    // This family's converters say by that key whether heads rotate at all.
    layer.useRope = file.boolean("granite.rope.scaling.finetuned").value_or(true);
    config.layers.assign(config.layers.size(), layer);
    return reader.finish(std::move(config));
}

} // namespace

const Family kGraniteFamily{"granite", configure, standardWeights};

} // namespace vitrine::engine
