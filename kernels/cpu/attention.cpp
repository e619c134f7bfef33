// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/attention.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/cpu/vector_operations.h"

namespace vitrine::kernels::cpu {

namespace {

/// Where one tile's keys and values stand; null where no query looks.
struct TileRows
{
    const std::uint8_t* keys[kKeyTile] = {}; ///< unless they stand in units
    const std::uint8_t* units[kTileUnits] = {};
    const std::uint8_t* values[kKeyTile] = {};
    std::int64_t end = 0; ///< keys up to the last one seen
    bool holes = false;   ///< keys that a query would see lie in a block that was given back
    bool any = false;     ///< some do not
};

/// Adds the keys [key, end) of the tile that starts with `start`, all in one block. Runs for every key of
/// every step: no divisions here.
void addRows(const PagedKeys& keys, std::int64_t start, std::int64_t key, std::int64_t end, TileRows& rows)
{
    const KvLayout& layout = *keys.layout;
    const auto blockSize = static_cast<std::int64_t>(layout.blockSize);
    const auto block = static_cast<std::size_t>(keys.blockTable[key / blockSize]);
    const std::uint8_t* head = keys.base + layout.headOffset(0, 0, block);
    const auto token = static_cast<std::size_t>(key % blockSize);
    const std::size_t rowBytes = layout.rowBytes();
    const std::uint8_t* value = head + layout.headBytes() + token * rowBytes;
    for (std::int64_t j = key - start; j < end - start; ++j, value += rowBytes)
        rows.values[j] = value;
    if (layout.keysInUnits()) {
        constexpr auto kUnit = static_cast<std::int64_t>(kKeyUnit);
        const std::uint8_t* unit = head + token / kKeyUnit * layout.unitBytes();
        for (std::int64_t u = (key - start) / kUnit; u * kUnit < end - start; ++u, unit += layout.unitBytes())
            rows.units[u] = unit;
        return;
    }
    const std::uint8_t* row = head + token * rowBytes;
    for (std::int64_t j = key - start; j < end - start; ++j, row += rowBytes)
        rows.keys[j] = row;
}

TileRows tileRows(const AttentionQueries& queries, const PagedKeys& keys, std::int64_t tile)
{
    const auto blockSize = static_cast<std::int64_t>(keys.layout->blockSize);
    const std::int64_t start = tile * kKeyTile;
    const std::int64_t first = std::max(start, queries.firstKey());
    const std::int64_t end = std::min(start + kKeyTile, queries.endKey());
    TileRows rows;
    rows.end = end - start;
    for (std::int64_t key = first; key < end;) {
        const std::int64_t blockEnd = std::min(end, (key / blockSize + 1) * blockSize);
        if (keys.blockTable[key / blockSize] < 0) {
            rows.holes = true;
        } else {
            rows.any = true;
            addRows(keys, start, key, blockEnd, rows);
        }
        key = blockEnd;
    }
    return rows;
}

/// Of each row within the keys [start, start + count).
void fillBounds(const AttentionQueries& queries, std::int64_t start, std::int64_t count, TileBounds* bounds)
{
    const auto inTile = [start, count](std::int64_t key) {
        return static_cast<std::int32_t>(std::clamp<std::int64_t>(key - start, 0, count));
    };
    for (std::int64_t token = 0; token < queries.tokens; ++token) {
        const std::int64_t position = queries.firstPosition + token;
        const bool windowed = queries.window > 0 && position >= queries.window;
        const TileBounds seen{windowed ? inTile(position - queries.window + 1) : 0, inTile(position + 1)};
        std::fill_n(bounds + token * queries.group, queries.group, seen);
    }
}

void prefetchBytes(const std::uint8_t* from, std::size_t bytes)
{
    constexpr std::size_t kLine = 64;
    for (std::size_t byte = 0; byte < bytes; byte += kLine)
        __builtin_prefetch(from + byte);
}

/// Paged rows come from all over the memory: the next tile's are asked for while this one is computed, here
/// or, for few rows, bit by bit by the steps that read this tile's.
void prefetchRows(const AttentionOperations& operations, const KvLayout& layout, std::int64_t count,
                  const TileRows& rows)
{
    const bool few = count <= kFewRows;
    if (!few || operations.scoreFewUnits == nullptr)
        for (const std::uint8_t* unit : rows.units)
            if (unit != nullptr)
                prefetchBytes(unit, layout.unitBytes());
    if (!few || operations.scoreFew == nullptr ||
        !scoresFew(layout.element, static_cast<std::int64_t>(layout.headDim)))
        for (const std::uint8_t* row : rows.keys)
            if (row != nullptr)
                prefetchBytes(row, layout.rowBytes());
    if (!few || operations.accumulateFew == nullptr)
        for (const std::uint8_t* row : rows.values)
            if (row != nullptr)
                prefetchBytes(row, layout.rowBytes());
}

/// Scores of keys in holes count for nobody; a row that sees nothing else in the tile leaves it out.
void maskHoles(const TileRows& rows, std::int64_t queryRows, float* scores, TileBounds* bounds)
{
    for (std::int64_t row = 0; row < queryRows; ++row) {
        bool sees = false;
        for (std::int32_t key = bounds[row].first; key < bounds[row].end; ++key) {
            if (rows.values[key] == nullptr)
                scores[row * kKeyTile + key] = kNoScore;
            else
                sees = true;
        }
        if (!sees)
            bounds[row] = {};
    }
}

/// All keys [first, end) tiles of a partition at once.
void attendTogether(const AttentionOperations& operations, const AttentionQueries& queries,
                    const PagedKeys& keys, std::int64_t first, std::int64_t end, AttentionScratch& scratch,
                    const AttentionState& state)
{
    const std::int64_t firstTile = first / kPartitionTiles * kPartitionTiles;
    const std::uint8_t* keyRows[kPartitionKeys] = {};
    const std::uint8_t* valueRows[kPartitionKeys] = {};
    const std::uint8_t* units[kPartitionUnits] = {};
    PartitionRows rows{keys.layout->element, keyRows, keys.layout->keysInUnits() ? units : nullptr, valueRows,
                       0};
    for (std::int64_t tile = first; tile < end; ++tile) {
        const TileRows some = tileRows(queries, keys, tile);
        const std::int64_t at = (tile - firstTile) * kKeyTile;
        std::copy_n(some.keys, kKeyTile, keyRows + at);
        std::copy_n(some.values, kKeyTile, valueRows + at);
        std::copy_n(some.units, kTileUnits, units + (tile - firstTile) * kTileUnits);
        rows.end = at + some.end;
    }
    fillBounds(queries, firstTile * kKeyTile, kPartitionKeys, scratch.bounds);
    operations.attendMany(rows, scratch.q, scratch.bounds, queries.rows(), queries.headDim, scratch.tiles,
                          state);
}

void dotTile(const AttentionOperations& operations, const KvLayout& layout, const TileRows& rows,
             const TileRows& next, std::int64_t count, std::int64_t headDim, AttentionScratch& scratch)
{
    const bool few = count <= kFewRows && operations.scoreFew != nullptr;
    if (layout.keysInUnits()) {
        if (few &&
            operations.scoreFewUnits(rows.units, next.units, scratch.q, count, headDim, scratch.scores))
            return;
        operations.loadKeyUnits(rows.units, headDim, scratch.keys);
    } else {
        if (few && operations.scoreFew(layout.element, rows.keys, next.keys, scratch.q, count, headDim,
                                       scratch.scores))
            return;
        operations.loadKeys(layout.element, rows.keys, headDim, scratch.keys);
    }
    operations.score(scratch.q, count, headDim, scratch.keys, scratch.scores);
}

/// What the softmax takes: products, with the cap that the model sets.
void scoreTile(const AttentionOperations& operations, const AttentionQueries& queries, const KvLayout& layout,
               const TileRows& rows, const TileRows& next, AttentionScratch& scratch)
{
    dotTile(operations, layout, rows, next, queries.rows(), queries.headDim, scratch);
    if (queries.softCap > 0)
        vectorOperations(operations.isa).softCap(scratch.scores, queries.rows() * kKeyTile, queries.softCap);
}

void attendTile(const AttentionOperations& operations, const AttentionQueries& queries, const PagedKeys& keys,
                std::int64_t tile, const TileRows& rows, const TileRows& next, AttentionScratch& scratch,
                const AttentionState& state)
{
    const KvElement element = keys.layout->element;
    fillBounds(queries, tile * kKeyTile, kKeyTile, scratch.bounds);
    const std::int64_t count = queries.rows(), headDim = queries.headDim;
    scoreTile(operations, queries, *keys.layout, rows, next, scratch);
    if (rows.holes)
        maskHoles(rows, count, scratch.scores, scratch.bounds);
    operations.softmax(scratch.scores, scratch.bounds, count, state.maxima, state.sums, scratch.factors);
    if (count <= kFewRows && operations.accumulateFew != nullptr &&
        operations.accumulateFew(element, rows.values, next.values, scratch.scores, scratch.factors, count,
                                 rows.end, headDim, state.outputs))
        return;
    operations.loadValues(element, rows.values, headDim, scratch.values);
    operations.accumulate(scratch.scores, scratch.factors, count, rows.end, scratch.values, headDim,
                          state.outputs);
}

} // namespace

const AttentionOperations& attentionOperations(Isa isa)
{
    if (isa >= Isa::Amx)
        return kAttentionAmx;
    if (isa >= Isa::Avx512)
        return kAttentionAvx512;
    return isa >= Isa::Avx2 ? kAttentionAvx2 : kAttentionScalar;
}

std::size_t AttentionScratch::floats(std::int64_t rows, std::int64_t headDim)
{
    static_assert(sizeof(TileBounds) == 2 * sizeof(float));
    const std::int64_t perRow = 3 * paddedDim(headDim) + kKeyTile + 7;
    return static_cast<std::size_t>(rows * perRow + 2 * kKeyTile * paddedDim(headDim) + 16 * 9) +
           manyRowsScratchBytes(headDim) / sizeof(float);
}

std::size_t manyRowsScratchBytes(std::int64_t headDim)
{
    const std::int64_t dim = (headDim + 31) / 32 * 32;
    constexpr std::int64_t kRows = 16, kHalf = 2, kSingle = 4;
    const std::int64_t rows = (3 * kPartitionKeys + kRows) * dim * kHalf; // zeros, converted rows, tiles
    const std::int64_t perRow = dim * (kHalf + kSingle) + 2 * kPartitionKeys * (kSingle + kHalf);
    return static_cast<std::size_t>(rows + kRows * perRow);
}

AttentionScratch::AttentionScratch(float* memory, std::int64_t rows, std::int64_t headDim)
{
    const auto take = [&memory](std::int64_t count) {
        float* piece = memory;
        memory += (count + 15) / 16 * 16;
        return piece;
    };
    const std::int64_t padded = paddedDim(headDim);
    q = take(rows * padded);
    partition.outputs = take(rows * padded);
    whole.outputs = take(rows * padded);
    keys = take(kKeyTile * padded);
    values = take(kKeyTile * padded);
    scores = take(rows * kKeyTile);
    factors = take(rows);
    partition.maxima = take(rows);
    partition.sums = take(rows);
    whole.maxima = take(rows);
    whole.sums = take(rows);
    bounds = reinterpret_cast<TileBounds*>(take(2 * rows));
    constexpr std::uintptr_t kLine = 64;
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    tiles = reinterpret_cast<std::uint8_t*>(memory) + (kLine - address % kLine) % kLine;
}

void gatherQueries(const AttentionOperations&, const AttentionQueries& queries, AttentionScratch& scratch)
{
    const std::int64_t padded = paddedDim(queries.headDim);
    for (std::int64_t row = 0; row < queries.rows(); ++row) {
        const float* source =
            queries.q + row / queries.group * queries.tokenStride + row % queries.group * queries.headDim;
        float* target = scratch.q + row * padded;
        for (std::int64_t d = 0; d < queries.headDim; ++d)
            target[d] = source[d] * queries.scale;
        std::fill(target + queries.headDim, target + padded, 0.0F);
    }
}

void storeKeyAndValue(const AttentionOperations& operations, const KvLayout& layout, std::uint8_t* pool,
                      std::size_t layer, std::size_t kvHead, std::size_t slot, const float* key,
                      const float* value)
{
    const auto headDim = static_cast<std::int64_t>(layout.headDim);
    std::uint8_t* to = pool + layout.keyOffset(layer, kvHead, slot);
    operations.storeRow(layout.element, value, headDim, pool + layout.valueOffset(layer, kvHead, slot));
    if (!layout.keysInUnits())
        return operations.storeRow(layout.element, key, headDim, to);
    constexpr std::int64_t kTogether = 64;
    std::uint32_t pairs[kTogether / 2];
    for (std::int64_t d = 0; d < headDim; d += kTogether) {
        const std::int64_t count = std::min(kTogether, headDim - d);
        operations.storeRow(KvElement::BF16, key + d, count, reinterpret_cast<std::uint8_t*>(pairs));
        for (std::int64_t pair = 0; pair < count / 2; ++pair, to += kKeyPairStride)
            std::memcpy(to, &pairs[pair], sizeof pairs[pair]);
    }
}

void attendPartition(const AttentionOperations& operations, const AttentionQueries& queries,
                     const PagedKeys& keys, std::int64_t partition, AttentionScratch& scratch,
                     const AttentionState& state, const AttentionAhead* ahead)
{
    clearState(state, queries.rows(), queries.headDim);
    const std::int64_t endTile = (queries.endKey() + kKeyTile - 1) / kKeyTile;
    const std::int64_t first = std::max(partition * kPartitionTiles, queries.firstKey() / kKeyTile);
    const std::int64_t end = std::min((partition + 1) * kPartitionTiles, endTile);
    if (first >= end)
        return;
    const bool together = operations.attendMany != nullptr && queries.rows() >= kFewestManyRows;
    if (together && queries.softCap == 0) // which those products know nothing of
        return attendTogether(operations, queries, keys, first, end, scratch, state);
    TileRows rows = tileRows(queries, keys, first);
    for (std::int64_t tile = first; tile < end; ++tile) {
        const TileRows next =
            tile + 1 == end && ahead != nullptr
                ? tileRows(ahead->queries, ahead->keys,
                           std::max(ahead->partition * kPartitionTiles, ahead->queries.firstKey() / kKeyTile))
                : tileRows(queries, keys, tile + 1);
        prefetchRows(operations, *keys.layout, queries.rows(), next);
        if (rows.any)
            attendTile(operations, queries, keys, tile, rows, next, scratch, state);
        rows = next;
    }
}

void scoreKeys(const AttentionOperations& operations, const AttentionQueries& queries, const PagedKeys& keys,
               AttentionScratch& scratch, float* scores)
{
    const std::int64_t count = queries.endKey();
    std::fill_n(scores, queries.rows() * count, kNoScore);
    for (std::int64_t tile = queries.firstKey() / kKeyTile; tile * kKeyTile < count; ++tile) {
        const TileRows rows = tileRows(queries, keys, tile);
        if (!rows.any)
            continue;
        fillBounds(queries, tile * kKeyTile, kKeyTile, scratch.bounds);
        scoreTile(operations, queries, *keys.layout, rows, {}, scratch);
        for (std::int64_t row = 0; row < queries.rows(); ++row)
            for (std::int32_t key = scratch.bounds[row].first; key < scratch.bounds[row].end; ++key)
                if (rows.values[key] != nullptr)
                    scores[row * count + tile * kKeyTile + key] = scratch.scores[row * kKeyTile + key];
    }
}

void clearState(const AttentionState& state, std::int64_t rows, std::int64_t headDim)
{
    std::fill_n(state.maxima, rows, kNoScore);
    std::fill_n(state.sums, rows, 0.0F);
    std::fill_n(state.outputs, rows * paddedDim(headDim), 0.0F);
}

void mergeState(const AttentionOperations& operations, const AttentionState& whole,
                const AttentionState& partition, std::int64_t rows, std::int64_t headDim)
{
    const std::int64_t padded = paddedDim(headDim);
    for (std::int64_t row = 0; row < rows; ++row) {
        const float maximum = std::max(whole.maxima[row], partition.maxima[row]);
        const float keep = std::exp(whole.maxima[row] - maximum);
        const float take = std::exp(partition.maxima[row] - maximum);
        whole.maxima[row] = maximum;
        whole.sums[row] = whole.sums[row] * keep + partition.sums[row] * take;
        operations.blend(whole.outputs + row * padded, keep, partition.outputs + row * padded, take, headDim);
    }
}

void writeOutputs(const AttentionQueries& queries, const AttentionState& state, float* out)
{
    const std::int64_t padded = paddedDim(queries.headDim);
    for (std::int64_t row = 0; row < queries.rows(); ++row) {
        float sum = state.sums[row];
        if (queries.sinks != nullptr) // far above all scores: infinite, and the output is 0
            sum += std::exp(queries.sinks[row % queries.group] - state.maxima[row]);
        const float factor = 1.0F / sum;
        const float* source = state.outputs + row * padded;
        float* target =
            out + row / queries.group * queries.tokenStride + row % queries.group * queries.headDim;
        for (std::int64_t d = 0; d < queries.headDim; ++d)
            target[d] = source[d] * factor;
    }
}

} // namespace vitrine::kernels::cpu
