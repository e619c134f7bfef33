// SPDX-License-Identifier: GPL-3.0-or-later
// Which part of a model a rank computes where its tensors are shared out: attention heads, columns of the
// feed-forward part or whole experts, rows of the vocabulary. Sums over all ranks follow attention's output
// and the feed-forward part (Megatron-LM, https://arxiv.org/abs/1909.08053). Where there are more ranks than
// KV heads, several keep the same KV head and share out its query heads. Arithmetic only; any thread.
#pragma once

#include <cstdint>

#include "engine/base/result.h"
#include "engine/model/model_config.h"
#include "engine/model/weights.h"

namespace vitrine::engine {

struct ShardRange
{
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    std::uint32_t end() const { return first + count; }
    bool operator==(const ShardRange&) const = default;
};

/// Matrices whose columns are cut (attention's output, down) are cut between the blocks of their formats.
struct TensorShard
{
    std::uint32_t rank = 0, ranks = 1;
    ShardRange heads, kvHeads; ///< each KV head here has as many of the query heads here
    ShardRange ffn;
    ShardRange experts; ///< of layers that have them; the router is everybody's
    ShardRange vocab;
    bool whole() const { return ranks == 1; }
};

/// Tokens whose logits a rank computes. REQUIRES: there are as many tokens as ranks.
ShardRange vocabShard(std::uint32_t vocab, std::uint32_t rank, std::uint32_t ranks);

/// InvalidArgument, which says how many ranks can share this model.
Result<TensorShard> tensorShard(const ModelConfig& config, const ModelWeights& weights, std::uint32_t rank,
                                std::uint32_t ranks);

} // namespace vitrine::engine
