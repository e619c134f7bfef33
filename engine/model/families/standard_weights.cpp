// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/families/standard_weights.h"

#include <string>

namespace vitrine::engine {

namespace {

void readFeedForward(WeightReader& reader, const ModelConfig& config, std::size_t index, LayerWeights& layer)
{
    const std::string prefix = "blk." + std::to_string(index) + ".ffn_";
    const std::uint64_t hidden = config.hidden;
    if (!config.layers[index].hasExperts) {
        layer.gate = reader.matrix(prefix + "gate.weight", config.ffn, hidden);
        layer.up = reader.matrix(prefix + "up.weight", config.ffn, hidden);
        layer.down = reader.matrix(prefix + "down.weight", hidden, config.ffn);
        return;
    }
    const ExpertConfig& experts = config.experts;
    layer.router = reader.matrix(prefix + "gate_inp.weight", experts.count, hidden);
    layer.expertGate = reader.stack(prefix + "gate_exps.weight", experts.count, experts.ffn, hidden);
    layer.expertUp = reader.stack(prefix + "up_exps.weight", experts.count, experts.ffn, hidden);
    layer.expertDown = reader.stack(prefix + "down_exps.weight", experts.count, hidden, experts.ffn);
}

LayerWeights readLayer(WeightReader& reader, const ModelConfig& config, std::size_t index)
{
    const std::string prefix = "blk." + std::to_string(index) + ".";
    const std::uint64_t hidden = config.hidden;
    const std::uint64_t queries = std::uint64_t{config.heads} * config.headDim;
    const std::uint64_t keys = std::uint64_t{config.kvHeads} * config.headDim;
    LayerWeights layer;
    layer.attentionNorm = reader.vector(prefix + "attn_norm.weight", hidden);
    layer.q = reader.matrix(prefix + "attn_q.weight", queries, hidden);
    layer.k = reader.matrix(prefix + "attn_k.weight", keys, hidden);
    layer.v = reader.matrix(prefix + "attn_v.weight", keys, hidden);
    layer.output = reader.matrix(prefix + "attn_output.weight", hidden, queries);
    layer.ffnNorm = reader.vector(prefix + "ffn_norm.weight", hidden);
    readFeedForward(reader, config, index, layer);
    if (config.qkNorm) {
        layer.qNorm = reader.vector(prefix + "attn_q_norm.weight", config.headDim);
        layer.kNorm = reader.vector(prefix + "attn_k_norm.weight", config.headDim);
    }
    if (config.sandwichNorms) {
        layer.postAttentionNorm = reader.vector(prefix + "post_attention_norm.weight", hidden);
        layer.postFfnNorm = reader.vector(prefix + "post_ffw_norm.weight", hidden);
    }
    return layer;
}

} // namespace

ModelWeights readStandardWeights(WeightReader& reader, const ModelConfig& config)
{
    ModelWeights weights;
    weights.tokenEmbedding = reader.matrix("token_embd.weight", config.vocab, config.hidden);
    weights.outputNorm = reader.vector("output_norm.weight", config.hidden);
    weights.head = reader.optionalMatrix("output.weight", config.vocab, config.hidden);
    if (!weights.head)
        weights.head = weights.tokenEmbedding;
    weights.ropeFactors = reader.optionalVector("rope_freqs.weight", config.headDim / 2);
    weights.layers.reserve(config.layers.size());
    for (std::size_t i = 0; i < config.layers.size(); ++i)
        weights.layers.push_back(readLayer(reader, config, i));
    return weights;
}

} // namespace vitrine::engine
