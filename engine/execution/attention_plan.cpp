// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/attention_plan.h"

#include <algorithm>

#include "kernels/cpu/attention.h"

namespace vitrine::engine {

namespace {

using kernels::cpu::kPartitionKeys;

constexpr std::size_t kUnitsPerThread = 4; ///< fewer than this: split the keys

std::int64_t group(const ModelConfig& config)
{
    return config.heads / config.kvHeads;
}

void addTiles(const ForwardBatch& batch, std::size_t sequence, std::int64_t tileTokens,
              std::vector<QueryTile>& tiles)
{
    const std::int64_t end = batch.queryStart[sequence + 1];
    for (std::int64_t token = batch.queryStart[sequence]; token < end; token += tileTokens) {
        const std::int64_t position = batch.positions[static_cast<std::size_t>(token)];
        tiles.push_back({sequence, token, std::min(tileTokens, end - token), position});
    }
}

/// The whole range of keys that a tile looks at.
AttentionUnit wholeUnit(const QueryTile& tile, std::size_t index, std::int64_t kvHead, std::int64_t window)
{
    const std::int64_t firstKey = window > 0 ? std::max<std::int64_t>(0, tile.firstPosition - window + 1) : 0;
    const std::int64_t endKey = tile.firstPosition + tile.tokens;
    return {index, kvHead, firstKey / kPartitionKeys, (endKey + kPartitionKeys - 1) / kPartitionKeys, 0};
}

void splitUnits(AttentionPlan& plan, std::int64_t groupHeads, std::uint32_t threads)
{
    std::vector<AttentionUnit> parts;
    for (const AttentionUnit& unit : plan.units) {
        plan.groups.push_back(parts.size());
        const auto rows = static_cast<std::size_t>(plan.tiles[unit.tile].tokens * groupHeads);
        for (std::int64_t p = unit.firstPartition; p < unit.endPartition; ++p) {
            parts.push_back({unit.tile, unit.kvHead, p, p + 1, plan.stateRows});
            plan.stateRows += rows;
        }
    }
    plan.groups.push_back(parts.size());
    plan.split = true;
    plan.unitsTogether = std::max<std::size_t>(1, parts.size() / (kUnitsPerThread * threads));
    plan.units = std::move(parts);
}

std::int64_t cost(const AttentionPlan& plan, const AttentionUnit& unit)
{
    return (unit.endPartition - unit.firstPartition) * (plan.tiles[unit.tile].tokens + 1);
}

} // namespace

AttentionPlan planAttention(const ForwardBatch& batch, const ModelConfig& config, std::uint32_t window,
                            std::uint32_t threads)
{
    AttentionPlan plan;
    const std::int64_t tileTokens = std::max<std::int64_t>(1, kAttentionRows / group(config));
    for (std::size_t sequence = 0; sequence < batch.sequences(); ++sequence)
        addTiles(batch, sequence, tileTokens, plan.tiles);
    bool severalPartitions = false;
    for (std::size_t tile = 0; tile < plan.tiles.size(); ++tile)
        for (std::int64_t head = 0; head < config.kvHeads; ++head) {
            plan.units.push_back(wholeUnit(plan.tiles[tile], tile, head, window));
            severalPartitions |= plan.units.back().endPartition - plan.units.back().firstPartition > 1;
        }
    if (threads > 1 && severalPartitions && plan.units.size() < kUnitsPerThread * threads)
        splitUnits(plan, group(config), threads);
    else
        std::stable_sort(
            plan.units.begin(), plan.units.end(),
            [&](const AttentionUnit& a, const AttentionUnit& b) { return cost(plan, a) > cost(plan, b); });
    return plan;
}

} // namespace vitrine::engine
