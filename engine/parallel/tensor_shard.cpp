// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/tensor_shard.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>

#include "engine/base/check.h"
#include "engine/parallel/group_layout.h"

namespace vitrine::engine {

namespace {

/// What multiplies fastest: groups of activations that are quantised together.
constexpr std::uint32_t kPreferredColumns = 32;

/// Columns between which every one of these matrices can be cut.
template<class Part>
std::uint32_t columnUnit(const ModelWeights& weights, Part part)
{
    std::uint32_t unit = 1;
    for (const LayerWeights& layer : weights.layers)
        if (const WeightView& view = layer.*part; view)
            unit = std::lcm(unit, static_cast<std::uint32_t>(kernels::quantInfo(view.type).blockValues));
    return unit;
}

/// The smallest number of things of `columns` columns whose columns are whole units.
std::uint32_t together(std::uint32_t columns, std::uint32_t unit)
{
    return unit / std::gcd(columns, unit);
}

/// The rank's part of `count` things that stay together by `unit`; the last part takes what is over. Nothing:
/// there are too few for all.
std::optional<ShardRange> shareOf(std::uint32_t count, std::uint32_t unit, std::uint32_t rank,
                                  std::uint32_t ranks)
{
    const std::uint32_t units = count / unit;
    if (units < ranks)
        return std::nullopt;
    const std::uint32_t first = units * rank / ranks * unit;
    const std::uint32_t end = rank + 1 == ranks ? count : units * (rank + 1) / ranks * unit;
    return ShardRange{first, end - first};
}

bool shareHeads(const ModelConfig& config, std::uint32_t unit, TensorShard& shard)
{
    const std::uint32_t group = config.heads / config.kvHeads;
    if (shard.ranks <= config.kvHeads) {
        const auto kv =
            shareOf(config.kvHeads, together(group * config.headDim, unit), shard.rank, shard.ranks);
        if (!kv)
            return false;
        shard.kvHeads = *kv;
        shard.heads = {kv->first * group, kv->count * group};
        return true;
    }
    if (group * config.headDim % unit != 0)
        return false;
    // Ranks [first, end) share out the query heads of one KV head.
    const std::uint32_t kvHead = shard.rank * config.kvHeads / shard.ranks;
    const std::uint32_t first = (kvHead * shard.ranks + config.kvHeads - 1) / config.kvHeads;
    const std::uint32_t end = ((kvHead + 1) * shard.ranks + config.kvHeads - 1) / config.kvHeads;
    const auto heads = shareOf(group, together(config.headDim, unit), shard.rank - first, end - first);
    if (!heads)
        return false;
    shard.kvHeads = {kvHead, 1};
    shard.heads = {kvHead * group + heads->first, heads->count};
    return true;
}

bool shareExperts(const ModelConfig& config, TensorShard& shard)
{
    if (config.experts.count == 0)
        return true;
    shard.experts = shareOf(config.experts.count, 1, shard.rank, shard.ranks).value_or(ShardRange{});
    return shard.experts.count > 0;
}

bool shareFfn(const ModelConfig& config, std::uint32_t unit, TensorShard& shard)
{
    if (std::all_of(config.layers.begin(), config.layers.end(),
                    [](const LayerConfig& layer) { return layer.hasExperts; }))
        return true; // there is none
    auto ffn = shareOf(config.ffn, std::lcm(unit, kPreferredColumns), shard.rank, shard.ranks);
    if (!ffn)
        ffn = shareOf(config.ffn, unit, shard.rank, shard.ranks);
    shard.ffn = ffn.value_or(ShardRange{});
    return ffn.has_value();
}

std::optional<TensorShard> shardIfPossible(const ModelConfig& config, const ModelWeights& weights,
                                           std::uint32_t rank, std::uint32_t ranks)
{
    TensorShard shard;
    shard.rank = rank;
    shard.ranks = ranks;
    if (config.vocab < ranks || !shareHeads(config, columnUnit(weights, &LayerWeights::output), shard) ||
        !shareFfn(config, columnUnit(weights, &LayerWeights::down), shard) || !shareExperts(config, shard))
        return std::nullopt;
    shard.vocab = vocabShard(config.vocab, rank, ranks);
    return shard;
}

bool canShare(const ModelConfig& config, const ModelWeights& weights, std::uint32_t ranks)
{
    for (std::uint32_t rank = 0; rank < ranks; ++rank)
        if (!shardIfPossible(config, weights, rank, ranks))
            return false;
    return true;
}

} // namespace

ShardRange vocabShard(std::uint32_t vocab, std::uint32_t rank, std::uint32_t ranks)
{
    return shareOf(vocab, 1, rank, ranks).value();
}

Result<TensorShard> tensorShard(const ModelConfig& config, const ModelWeights& weights, std::uint32_t rank,
                                std::uint32_t ranks)
{
    VT_CHECK(rank < ranks);
    if (config.wideQkNorm && ranks > 1)
        return invalidArgument("this model cannot be shared by ranks: it norms the queries of all heads "
                               "together; use stages instead, which have whole layers");
    if (ranks <= kMostRanks && canShare(config, weights, ranks))
        return *shardIfPossible(config, weights, rank, ranks);
    std::uint32_t most = std::min(ranks - 1, kMostRanks);
    while (most > 1 && !canShare(config, weights, most))
        --most;
    return invalidArgument("this model cannot be shared by " + std::to_string(ranks) + " ranks; " +
                           std::to_string(most) + " is the next number that can");
}

} // namespace vitrine::engine
