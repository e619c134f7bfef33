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

/// Values [first, first + count) of a vector; nothing where there is none.
WeightView valuesOf(const WeightView& view, std::uint64_t first, std::uint64_t count, CutColumns& copies)
{
    return view ? columnsOf(view, first, count, copies) : view;
}

void cutAttention(LayerWeights& layer, std::uint64_t dim, const TensorShard& shard, CutColumns& copies)
{
    const std::uint64_t first = shard.heads.first * dim, count = shard.heads.count * dim;
    const std::uint64_t firstKey = shard.kvHeads.first * dim, keys = shard.kvHeads.count * dim;
    layer.q = layer.q.part(first, count);
    layer.k = layer.k.part(firstKey, keys);
    layer.v = layer.v.part(firstKey, keys);
    layer.qBias = valuesOf(layer.qBias, first, count, copies);
    layer.kBias = valuesOf(layer.kBias, firstKey, keys, copies);
    layer.vBias = valuesOf(layer.vBias, firstKey, keys, copies);
    layer.sinks = valuesOf(layer.sinks, shard.heads.first, shard.heads.count, copies);
    layer.output = columnsOf(layer.output, first, count, copies);
}

void cutExperts(LayerWeights& layer, const ModelConfig& config, const TensorShard& shard)
{
    for (WeightView* stack : {&layer.expertGate, &layer.expertUp, &layer.expertDown, &layer.expertGateBias,
                              &layer.expertUpBias, &layer.expertDownBias})
        if (*stack)
            *stack = expertsOf(*stack, config.experts.count, shard.experts);
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
    for (LayerWeights& layer : weights.layers) {
        cutAttention(layer, config.headDim, shard, copies);
        if (layer.router) {
            cutExperts(layer, config, shard);
            continue;
        }
        layer.gate = layer.gate.part(shard.ffn.first, shard.ffn.count);
        layer.up = layer.up.part(shard.ffn.first, shard.ffn.count);
        layer.gateBias = valuesOf(layer.gateBias, shard.ffn.first, shard.ffn.count, copies);
        layer.upBias = valuesOf(layer.upBias, shard.ffn.first, shard.ffn.count, copies);
        layer.down = columnsOf(layer.down, shard.ffn.first, shard.ffn.count, copies);
    }
    if (weights.head)
        weights.head = weights.head.part(shard.vocab.first, shard.vocab.count);
    return weights;
}

} // namespace vitrine::engine
