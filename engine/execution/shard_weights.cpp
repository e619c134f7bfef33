// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/shard_weights.h"

#include <algorithm>

#include "engine/base/check.h"

namespace vitrine::engine {

namespace {

/// A column range of each row, one after the other.
WeightView columnsOf(const WeightView& view, std::uint64_t first, std::uint64_t count, CutColumns& copies)
{
    const kernels::QuantInfo info = kernels::quantInfo(view.type);
    VT_CHECK(first % info.blockValues == 0 &&
             (count % info.blockValues == 0 || first + count == view.columns));
    WeightView cut = view;
    cut.columns = count;
    const std::size_t before = first / info.blockValues * info.blockBytes;
    std::vector<std::uint8_t>& bytes = copies.emplace_back(cut.rowBytes() * view.rows);
    for (std::uint64_t row = 0; row < view.rows; ++row)
        std::copy_n(view.data + row * view.rowBytes() + before, cut.rowBytes(),
                    bytes.data() + row * cut.rowBytes());
    cut.data = bytes.data();
    return cut;
}

WeightView expertsOf(const WeightView& stack, std::uint32_t all, const ShardRange& experts)
{
    const std::uint64_t rows = stack.rows / all;
    return stack.part(experts.first * rows, experts.count * rows);
}

} // namespace

ModelConfig shardConfig(ModelConfig config, const TensorShard& shard)
{
    config.heads = shard.heads.count;
    config.kvHeads = shard.kvHeads.count;
    config.ffn = shard.ffn.count;
    return config;
}

ModelWeights shardWeights(const ModelConfig& config, ModelWeights weights, const TensorShard& shard,
                          CutColumns& copies)
{
    const std::uint64_t dim = config.headDim;
    for (LayerWeights& layer : weights.layers) {
        layer.q = layer.q.part(shard.heads.first * dim, shard.heads.count * dim);
        layer.k = layer.k.part(shard.kvHeads.first * dim, shard.kvHeads.count * dim);
        layer.v = layer.v.part(shard.kvHeads.first * dim, shard.kvHeads.count * dim);
        layer.output = columnsOf(layer.output, shard.heads.first * dim, shard.heads.count * dim, copies);
        if (layer.router) {
            for (WeightView* stack : {&layer.expertGate, &layer.expertUp, &layer.expertDown})
                *stack = expertsOf(*stack, config.experts.count, shard.experts);
            continue;
        }
        layer.gate = layer.gate.part(shard.ffn.first, shard.ffn.count);
        layer.up = layer.up.part(shard.ffn.first, shard.ffn.count);
        layer.down = columnsOf(layer.down, shard.ffn.first, shard.ffn.count, copies);
    }
    if (weights.head)
        weights.head = weights.head.part(shard.vocab.first, shard.vocab.count);
    return weights;
}

} // namespace vitrine::engine
