// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts a step's attention into units that threads take one by one, or in runs of parts of the same keys: some
// queries of one sequence × one KV head, and, when there are too few of those for the threads, × one
// partition of the keys. Made once a step, for each window that layers use. How it is cut never changes a
// result (kernels/cpu/attention.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/execution/forward_batch.h"
#include "engine/model/model_config.h"

namespace vitrine::engine {

/// Consecutive tokens of one sequence whose queries are computed together.
struct QueryTile
{
    std::size_t sequence = 0;
    std::int64_t firstToken = 0; ///< in the batch
    std::int64_t tokens = 0;
    std::int64_t firstPosition = 0;
};

struct AttentionUnit
{
    std::size_t tile = 0;
    std::int64_t kvHead = 0;
    std::int64_t firstPartition = 0, endPartition = 0; ///< of the keys
    std::size_t stateRow = 0; ///< split plans: first row of its state in the shared states
};

/// Units in the order to take them, the most work first. In a split plan each unit is one partition, those of
/// one tile and head follow one another, and someone must merge them.
struct AttentionPlan
{
    std::vector<QueryTile> tiles;
    std::vector<AttentionUnit> units;
    std::vector<std::size_t> groups; ///< split plans: first unit of each tile and head, then units.size()
    std::size_t stateRows = 0;
    bool split = false;
    std::size_t unitsTogether = 1; ///< that a thread takes at once, one after the other
};

/// Query rows (tokens × heads of a group) of the largest tile.
inline constexpr std::int64_t kAttentionRows = 96;

AttentionPlan planAttention(const ForwardBatch& batch, const ModelConfig& config, std::uint32_t window,
                            std::uint32_t threads);

} // namespace vitrine::engine
