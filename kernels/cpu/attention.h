// SPDX-License-Identifier: GPL-3.0-or-later
// Attention of a few queries over paged keys and values with an online softmax (Milakov and Gimelshein 2018;
// Dao et al., "FlashAttention", 2022).
//
// One call serves the query heads that share a KV head, for some tokens of one sequence. Keys are taken in
// tiles of kKeyTile counted from position 0; kPartitionTiles tiles make a partition with a softmax state of
// its own, and partitions are merged in order. All sums of a row run in that fixed order, so its bits depend
// neither on the rows beside it, nor on the block size, nor on which thread took which partition.
//
// Caller's memory throughout, sized by AttentionScratch; any thread, one scratch each.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/cpu/isa.h"
#include "kernels/cpu/kv_layout.h"

namespace vitrine::kernels::cpu {

inline constexpr int kKeyTile = 32;
inline constexpr int kPartitionTiles = 4;
inline constexpr int kPartitionKeys = kKeyTile * kPartitionTiles;
inline constexpr int kTileUnits = kKeyTile / static_cast<int>(kKeyUnit);
inline constexpr int kPartitionUnits = kPartitionKeys / static_cast<int>(kKeyUnit);
inline constexpr float kNoScore = -1e30F; ///< the largest score of a row that has seen no key

/// Rows of floats are padded to whole vectors of every variant.
constexpr std::int64_t paddedDim(std::int64_t headDim)
{
    return (headDim + 15) / 16 * 16;
}

/// Rows that are few enough to read keys and values straight from memory: more would convert them again.
inline constexpr std::int64_t kFewRows = 4;

/// Keys of the tile that a row sees: [first, end) within 0 … kKeyTile.
struct TileBounds
{
    std::int32_t first = 0, end = 0;
};

/// Rows from which whole partitions in bfloat16 tiles are worth their preparation.
inline constexpr std::int64_t kFewestManyRows = 8;

/// The keys of one partition.
struct PartitionRows
{
    KvElement element = KvElement::BF16;
    const std::uint8_t* const* keys = nullptr;   ///< kPartitionKeys rows; null where nobody looks
    const std::uint8_t* const* units = nullptr;  ///< instead of key rows: kPartitionUnits units or nulls
    const std::uint8_t* const* values = nullptr; ///< kPartitionKeys rows; null where nobody looks
    std::int64_t end = 0;                        ///< behind the last key that anybody sees
};

/// Softmax states of rows: running maximum, sum of weights and weighted values, not yet divided.
struct AttentionState
{
    float* maxima = nullptr;  // [rows]
    float* sums = nullptr;    // [rows]
    float* outputs = nullptr; // [rows, paddedDim]
};

/// The steps of one key tile. `rows` rows of q, out and scores; strides are paddedDim(headDim) and kKeyTile.
struct AttentionOperations
{
    Isa isa;

    /// Writes headDim values of one key or value row. Int8: the largest magnitude becomes 127.
    void (*storeRow)(KvElement element, const float* x, std::int64_t headDim, std::uint8_t* row);
    /// keys[d * kKeyTile + j] = element d of row j; a null row gives zeros.
    void (*loadKeys)(KvElement element, const std::uint8_t* const* rows, std::int64_t headDim, float* keys);
    /// The same of kTileUnits units of bfloat16 keys.
    void (*loadKeyUnits)(const std::uint8_t* const* units, std::int64_t headDim, float* keys);
    /// values[j * paddedDim + d], padding and null rows zero.
    void (*loadValues)(KvElement element, const std::uint8_t* const* rows, std::int64_t headDim,
                       float* values);
    /// scores[r][j] = q[r] · keys[j], summed over d in order.
    void (*score)(const float* q, std::int64_t rows, std::int64_t headDim, const float* keys, float* scores);
    /// Turns scores into weights e^(score - maximum), zero outside the bounds, and updates each row's
    /// maximum and sum; factors[r] is what the row's earlier output must be multiplied by.
    void (*softmax)(float* scores, const TileBounds* bounds, std::int64_t rows, float* maxima, float* sums,
                    float* factors);
    /// out[r] = out[r] * factors[r] + sum over j < keys of weights[r][j] * values[j]
    void (*accumulate)(const float* weights, const float* factors, std::int64_t rows, std::int64_t keys,
                       const float* values, std::int64_t headDim, float* out);
    /// loadKeys or loadKeyUnits and score, loadValues and accumulate in one, for at most kFewRows rows:
    /// nothing is stored in between, every sum is made in the same order. Null, or false: not for this
    /// machine, element or size.
    /// `next`: what the coming tile reads in the same place, or nulls. It is asked for bit by bit: all at
    /// once, the requests would keep this tile's own loads waiting.
    bool (*scoreFew)(KvElement element, const std::uint8_t* const* keyRows, const std::uint8_t* const* next,
                     const float* q, std::int64_t rows, std::int64_t headDim, float* scores);
    bool (*scoreFewUnits)(const std::uint8_t* const* units, const std::uint8_t* const* next, const float* q,
                          std::int64_t rows, std::int64_t headDim, float* scores);
    bool (*accumulateFew)(KvElement element, const std::uint8_t* const* valueRows,
                          const std::uint8_t* const* next, const float* weights, const float* factors,
                          std::int64_t rows, std::int64_t keys, std::int64_t headDim, float* out);
    /// out = out * factor + other * otherFactor over paddedDim(headDim) floats
    void (*blend)(float* out, float factor, const float* other, float otherFactor, std::int64_t headDim);

    /// The states of rows over a whole partition with products in bfloat16; bounds count from its first key.
    /// `scratch` holds manyRowsScratchBytes(headDim), 64-byte aligned. Null: not on this machine.
    void (*attendMany)(const PartitionRows& keys, const float* q, const TileBounds* bounds, std::int64_t rows,
                       std::int64_t headDim, std::uint8_t* scratch, const AttentionState& state) = nullptr;
};

/// The rows that scoreFew takes where it is there.
constexpr bool scoresFew(KvElement element, std::int64_t headDim)
{
    return element == KvElement::Int8 && headDim % 64 == 0;
}

std::size_t manyRowsScratchBytes(std::int64_t headDim);

/// The variant for this instruction set, or the best one below it. REQUIRES: supports(isa).
const AttentionOperations& attentionOperations(Isa isa);

// The variants themselves, for tests.
extern const AttentionOperations kAttentionScalar;
extern const AttentionOperations kAttentionAvx2;
extern const AttentionOperations kAttentionAvx512;
extern const AttentionOperations kAttentionAmx;

/// Queries of `tokens` consecutive tokens of one sequence and the `group` heads of one KV head.
/// Row r of a state is token r / group, head r % group.
struct AttentionQueries
{
    const float* q = nullptr;     ///< first head of the first token; heads lie headDim apart
    std::int64_t tokenStride = 0; ///< floats from a token to the next, also of the output
    std::int64_t tokens = 0;
    std::int64_t group = 0;
    std::int64_t headDim = 0;
    std::int64_t firstPosition = 0;
    std::int64_t window = 0; ///< keys seen, the token's own included; 0: all
    float scale = 1.0F;
    float softCap = 0.0F; ///< scores become softCap * tanh(score / softCap); 0: they stay
    const float* sinks =
        nullptr; // [group]: a score that takes part in the softmax and gives nothing; or null

    std::int64_t rows() const { return tokens * group; }
    std::int64_t firstKey() const ///< first key that any of the queries sees
    {
        return window > 0 && firstPosition >= window ? firstPosition - window + 1 : 0;
    }
    std::int64_t endKey() const { return firstPosition + tokens; }
};

/// Writes the key and the value of a slot into the memory of a whole pool.
void storeKeyAndValue(const AttentionOperations& operations, const KvLayout& layout, std::uint8_t* pool,
                      std::size_t layer, std::size_t kvHead, std::size_t slot, const float* key,
                      const float* value);

/// One sequence's keys of one layer and KV head.
struct PagedKeys
{
    const std::uint8_t* base = nullptr; ///< the head's keys in block 0
    const KvLayout* layout = nullptr;
    const std::int32_t* blockTable = nullptr; ///< negative: a hole, whose keys nobody sees
};

/// Working memory of one thread for up to `rows` rows, cut from one piece of `floats(…)` floats.
struct AttentionScratch
{
    float* q = nullptr;
    float* keys = nullptr;
    float* values = nullptr;
    float* scores = nullptr;
    float* factors = nullptr;
    AttentionState partition;
    AttentionState whole;
    TileBounds* bounds = nullptr;
    std::uint8_t* tiles = nullptr; ///< for attendMany

    static std::size_t floats(std::int64_t rows, std::int64_t headDim);
    AttentionScratch(float* memory, std::int64_t rows, std::int64_t headDim);
};

/// Copies and scales the queries into scratch.q. Call before attendPartition.
void gatherQueries(const AttentionOperations& operations, const AttentionQueries& queries,
                   AttentionScratch& scratch);
/// What a thread is likely to attend to next.
struct AttentionAhead
{
    const AttentionQueries& queries;
    const PagedKeys& keys;
    std::int64_t partition; ///< of these keys
};

/// The state of the queries over the keys of one partition, into `state`. The first keys of what is `ahead`
/// (null: nothing) are on their way when the last of these are done.
void attendPartition(const AttentionOperations& operations, const AttentionQueries& queries,
                     const PagedKeys& keys, std::int64_t partition, AttentionScratch& scratch,
                     const AttentionState& state, const AttentionAhead* ahead = nullptr);
/// scores[row * endKey() + key] for every key before queries.endKey(); kNoScore where a row does not look.
void scoreKeys(const AttentionOperations& operations, const AttentionQueries& queries, const PagedKeys& keys,
               AttentionScratch& scratch, float* scores);
void clearState(const AttentionState& state, std::int64_t rows, std::int64_t headDim);
/// Takes the next partition's state into `whole`.
void mergeState(const AttentionOperations& operations, const AttentionState& whole,
                const AttentionState& partition, std::int64_t rows, std::int64_t headDim);
/// Divides by the sums, the sinks' part in them: out[token * tokenStride + head * headDim + d].
void writeOutputs(const AttentionQueries& queries, const AttentionState& state, float* out);

} // namespace vitrine::kernels::cpu
