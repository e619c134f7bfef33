// SPDX-License-Identifier: GPL-3.0-or-later
// Attention of many queries with tensor cores. A block takes 64 queries of one KV head (the heads that share
// it lie beside each other, so that a tile of keys serves all of them), a warp 16 of these; keys pass in
// tiles of fixed size from position 0. Tensor cores bound it, then shared memory: a warp reads each tile for
// 16 rows, one byte for every 16 multiplications, so that about half of the peak of an A100 can be reached
// and nearly all of a desktop card's. 4 * headDim FLOPs a key and query head; key bytes are read once for 64
// rows. Keys that a row does not see have weight 0 and leave its state as it is to the bit: its numbers do
// not depend on the rows beside it.
#include "kernels/cuda/device.h"

#include "kernels/cuda/attention.h"
#include "kernels/cuda/attention_state.cuh"
#include "kernels/cuda/attention_tiles.cuh"
#include "kernels/cuda/mma.h"
#include "kernels/cuda/row_sums.cuh"

namespace vitrine::kernels::cuda {

namespace {

constexpr std::int64_t kLargestGrid = 0x7FFFFFFF;

/// The rows of a block: row r is head r % group of token r / group of its sequence.
struct TileQueries
{
    std::int64_t token = 0; ///< first of the sequence
    int queries = 0;
    int context = 0; ///< keys that the last of them sees
    int group = 1;
    int firstRow = 0;
    int live = 0; ///< rows that are there, from the first on

    __device__ int query(int row) const { return (firstRow + row) / group; }
    __device__ int headOf(int row) const { return (firstRow + row) % group; }
    __device__ int position(int row) const { return context - queries + query(row); }
};

template<class S>
struct TileAttention
{
    static constexpr int kKeyTiles = S::kKeys / 8; // of 8 columns, of scores
    static constexpr int kDimPairs = S::kDim / 16; // of 16 columns, of the output

    const AttentionStep& step;
    int dim;
    int lane;
    int warpRow;       ///< first row of the warp
    int positions[2];  ///< of the lane's two rows
    int firstPosition; ///< of the block's rows
    int lastPosition;
    unsigned q[S::kHeldPairs][4];
    float out[kDimPairs][2][4];
    float maxima[2]; ///< of the lane's two rows, times log2(e) as scores are
    float sums[2];   ///< of the lane's own columns

    __device__ TileAttention(const AttentionStep& parameters, const TileQueries& rows)
        : step(parameters), dim(S::kExact ? S::kDim : static_cast<int>(parameters.kv.headDim)),
          lane(static_cast<int>(threadIdx.x) % 32), warpRow(static_cast<int>(threadIdx.x) / 32 * 16),
          firstPosition(rows.position(0)), lastPosition(rows.position(rows.live - 1))
    {
#pragma unroll
        for (int i = 0; i < 2; ++i) {
            positions[i] = rows.position(warpRow + lane / 4 + i * 8);
            maxima[i] = kNoMaximum;
            sums[i] = 0;
        }
#pragma unroll
        for (auto& pair : out)
#pragma unroll
            for (auto& tile : pair)
#pragma unroll
                for (float& value : tile)
                    value = 0;
    }

    __device__ bool has(int pair) const
    {
        return S::kExact || pair * 16 < dim;
    }

    /// Brings the block's queries into registers by way of `memory`.
    __device__ void loadQueries(const TileQueries& rows, std::uint8_t* memory, std::int64_t kvHead)
    {
        const std::int64_t width = step.heads + 2 * step.kv.kvHeads;
        const auto* qkv = static_cast<const std::uint8_t*>(step.qkv);
        for (int i = static_cast<int>(threadIdx.x); i < kTileRows * S::kPieces; i += kTileThreads) {
            const int row = i / S::kPieces;
            const int piece = i % S::kPieces;
            const bool there = row < rows.live && piece * 8 < dim;
            const std::int64_t head =
                (rows.token + rows.query(row)) * width + kvHead * rows.group + rows.headOf(row);
            copyAsync<16>(memory + S::place(row, piece), there ? qkv + (head * dim + piece * 8) * 2 : qkv,
                          there ? 16 : 0);
        }
        commitCopies();
        waitForCopies<0>();
        __syncthreads();
#pragma unroll
        for (int k = 0; k < kDimPairs; ++k)
            if (has(k)) {
                unsigned columns[4];
                loadMatrices(columns, memory + (S::place(warpRow + lane % 16, lane / 16) ^ 32 * k));
                keepQuery(k, columns, memory);
            }
        __syncthreads();
    }

    __device__ uint4* queryAside(int pair, std::uint8_t* memory) const
    {
        return reinterpret_cast<uint4*>(memory + S::kTilesBytes) + (pair - S::kHeldPairs) * kTileThreads +
               threadIdx.x;
    }

    __device__ __forceinline__ void keepQuery(int pair, const unsigned (&columns)[4], std::uint8_t* memory)
    {
        if (pair >= S::kHeldPairs)
            *queryAside(pair, memory) = make_uint4(columns[0], columns[1], columns[2], columns[3]);
        else
#pragma unroll
            for (int i = 0; i < 4; ++i)
                q[pair][i] = columns[i];
    }

    __device__ __forceinline__ void query(int pair, std::uint8_t* memory, unsigned (&columns)[4]) const
    {
        if (pair >= S::kHeldPairs) {
            const uint4 aside = *queryAside(pair, memory);
            columns[0] = aside.x, columns[1] = aside.y, columns[2] = aside.z, columns[3] = aside.w;
        } else {
#pragma unroll
            for (int i = 0; i < 4; ++i)
                columns[i] = q[pair][i];
        }
    }

    __device__ void score(const TileBuffer<S>& buffer, float (&scores)[kKeyTiles][4]) const
    {
#pragma unroll
        for (auto& tile : scores)
#pragma unroll
            for (float& value : tile)
                value = 0;
        const int place = buffer.keys() + S::place(lane / 16 * 8 + lane % 8, lane / 8 % 2);
#pragma unroll
        for (int k = 0; k < kDimPairs; ++k) {
            if (!has(k))
                continue;
            unsigned columns[4];
            query(k, buffer.memory, columns);
#pragma unroll
            for (int n = 0; n < kKeyTiles; n += 2) {
                unsigned key[4];
                loadMatrices(key, buffer.memory + n * 8 * S::kDim * 2 + (place ^ 32 * k));
                mmaBf16(scores[n], columns, {key[0], key[1]});
                mmaBf16(scores[n + 1], columns, {key[2], key[3]});
            }
        }
    }

    /// Scores times log2(e), capped; what a row does not see becomes -infinity. `present`: keys of the tile.
    template<bool kMasked>
    __device__ void finishScores(const TileBuffer<S>& buffer, int firstKey, typename S::KeyBits present,
                                 float (&scores)[kKeyTiles][4]) const
    {
#pragma unroll
        for (int n = 0; n < kKeyTiles; ++n)
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                const int column = n * 8 + lane % 4 * 2 + i % 2;
                float score = scores[n][i] * step.scale;
                if constexpr (kvScaled(S::kNumber))
                    score *= buffer.keyScales()[column];
                if (step.softCap > 0)
                    score = step.softCap * tanhf(score / step.softCap);
                // Rounded here in both variants, never together with the maximum's subtraction.
                score = __fmul_rn(score, kLog2E);
                if constexpr (kMasked) {
                    const int key = firstKey + column;
                    const int position = positions[i / 2];
                    const bool seen = key <= position && (step.window == 0 || key > position - step.window) &&
                                      (present >> column & 1) != 0;
                    score = seen ? score : -INFINITY;
                }
                scores[n][i] = score;
            }
    }

    /// Scores become weights; sums and outputs are scaled to the new maxima.
    __device__ void soften(float (&scores)[kKeyTiles][4])
    {
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            float maximum = maxima[half];
#pragma unroll
            for (int n = 0; n < kKeyTiles; ++n)
                maximum = fmaxf(maximum, fmaxf(scores[n][2 * half], scores[n][2 * half + 1]));
            maximum = fmaxf(maximum, __shfl_xor_sync(kWholeWarp, maximum, 1));
            maximum = fmaxf(maximum, __shfl_xor_sync(kWholeWarp, maximum, 2));
            const float factor = exp2f(maxima[half] - maximum);
            maxima[half] = maximum;
            float sum = sums[half] * factor;
#pragma unroll
            for (int n = 0; n < kKeyTiles; ++n)
#pragma unroll
                for (int i = 2 * half; i < 2 * half + 2; ++i) {
                    scores[n][i] = exp2f(scores[n][i] - maximum);
                    sum += scores[n][i];
                }
            sums[half] = sum;
#pragma unroll
            for (auto& pair : out)
#pragma unroll
                for (auto& tile : pair) {
                    tile[2 * half] *= factor;
                    tile[2 * half + 1] *= factor;
                }
        }
    }

    __device__ void accumulate(const TileBuffer<S>& buffer, const float (&weights)[kKeyTiles][4])
    {
#pragma unroll
        for (int k = 0; k < S::kKeys / 16; ++k) {
            const int place = buffer.values() + S::place(lane % 16, lane / 16);
            unsigned weight[4];
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                const float* two = weights[2 * k + i / 2] + i % 2 * 2;
                const float* scales = buffer.valueScales() + k * 16 + i / 2 * 8 + lane % 4 * 2;
                weight[i] = kvScaled(S::kNumber) ? packBf16(two[0] * scales[0], two[1] * scales[1])
                                                 : packBf16(two[0], two[1]);
            }
#pragma unroll
            for (int n = 0; n < kDimPairs; ++n) {
                if (!has(n))
                    continue;
                unsigned value[4];
                loadTransposed(value, buffer.memory + k * 16 * S::kDim * 2 + (place ^ 32 * n));
                mmaBf16(out[n][0], weight, {value[0], value[1]});
                mmaBf16(out[n][1], weight, {value[2], value[3]});
            }
        }
    }

    __device__ void attend(const TileBuffer<S>& buffer, int firstKey, typename S::KeyBits present)
    {
        float scores[kKeyTiles][4];
        score(buffer, scores);
        const bool seenByAll = firstKey + S::kKeys - 1 <= firstPosition &&
                               (step.window == 0 || firstKey > lastPosition - step.window) && ~present == 0;
        if (seenByAll)
            finishScores<false>(buffer, firstKey, present, scores);
        else
            finishScores<true>(buffer, firstKey, present, scores);
        soften(scores);
        accumulate(buffer, scores);
    }

    __device__ void store(const TileQueries& rows, std::int64_t kvHead)
    {
        auto* to = static_cast<__nv_bfloat16*>(step.out);
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            float sum = sums[half];
            sum += __shfl_xor_sync(kWholeWarp, sum, 1);
            sum += __shfl_xor_sync(kWholeWarp, sum, 2);
            const int row = warpRow + lane / 4 + half * 8;
            if (row >= rows.live)
                continue;
            const std::int64_t head = kvHead * rows.group + rows.headOf(row);
            float factor = 1;
            if (step.sinks != nullptr) {
                const float sink = step.sinks[head] * kLog2E;
                const float maximum = fmaxf(maxima[half], sink);
                factor = exp2f(maxima[half] - maximum);
                sum = fmaf(sum, factor, exp2f(sink - maximum));
            }
            factor = sum != 0 ? factor / sum : 0.0F;
            const std::int64_t begin = ((rows.token + rows.query(row)) * step.heads + head) * dim;
#pragma unroll
            for (int n = 0; n < 2 * kDimPairs; ++n)
                if (has(n / 2))
                    *reinterpret_cast<unsigned*>(to + begin + n * 8 + lane % 4 * 2) = packBf16(
                        out[n / 2][n % 2][2 * half] * factor, out[n / 2][n % 2][2 * half + 1] * factor);
        }
    }
};

/// Keys of the tile whose pages are there, a bit each; ones behind the tile.
template<class S>
__device__ typename S::KeyBits presentKeys(const PagedHead& head, int firstKey, int endKey)
{
    using Bits = typename S::KeyBits;
    Bits present = ~Bits{0};
    const int lane = static_cast<int>(threadIdx.x) % 32;
#pragma unroll
    for (int part = 0; part < S::kKeys; part += 32) {
        const int key = firstKey + part + lane;
        const bool counts = part + lane < S::kKeys;
        const bool there = !counts || (key < endKey && head.table[head.block(key)] >= 0);
        const Bits bits = __ballot_sync(kWholeWarp, there);
        present &= ~(Bits{0xFFFFFFFFU} << part) | bits << part;
    }
    return present;
}

__device__ TileQueries queriesOf(const AttentionStep& step, std::int64_t sequence, std::int64_t tile)
{
    TileQueries rows;
    rows.token = step.queryStart[sequence];
    rows.queries = step.queryStart[sequence + 1] - step.queryStart[sequence];
    rows.context = step.contextLengths[sequence];
    rows.group = static_cast<int>(step.heads / step.kv.kvHeads);
    const std::int64_t all = std::int64_t{rows.queries} * rows.group;
    const std::int64_t first = tile * kTileRows;
    rows.firstRow = static_cast<int>(first < all ? first : all);
    rows.live = static_cast<int>(all - rows.firstRow < kTileRows ? all - rows.firstRow : kTileRows);
    return rows;
}

template<class S>
__global__ void __launch_bounds__(kTileThreads, S::kBlocks)
    prefillKernel(AttentionStep step, int tilesOfSequence)
{
    VT_DYNAMIC_SHARED(std::uint8_t, memory);
    const std::int64_t sequence = blockIdx.x / tilesOfSequence;
    // The last queries see the most keys: they begin first.
    const int tileOfRows = tilesOfSequence - 1 - static_cast<int>(blockIdx.x % tilesOfSequence);
    const std::int64_t kvHead = blockIdx.y;
    const TileQueries rows = queriesOf(step, sequence, tileOfRows);
    if (rows.live <= 0)
        return;
    TileAttention<S> attention(step, rows);
    attention.loadQueries(rows, memory, kvHead);

    const PagedHead head(step.kv, step.layer, kvHead, step.pageTable + sequence * step.tableRow);
    const std::int64_t reach = step.tableRow * step.kv.blockSize;
    const std::int64_t lastSeen = attention.lastPosition + std::int64_t{1};
    const int endKey = static_cast<int>(lastSeen < reach ? lastSeen : reach);
    const std::int64_t firstSeen = step.window > 0 ? attention.firstPosition + 1 - step.window : 0;
    const int firstTile = static_cast<int>(firstSeen > 0 ? firstSeen / S::kKeys : 0);
    const int endTile = endKey > 0 ? (endKey + S::kKeys - 1) / S::kKeys : 0;
    TileLoader<S> loader(head, attention.dim, endKey);
    if (firstTile < endTile) {
        loader.begin(firstTile, TileBuffer<S>{memory, firstTile % 2});
        loader.land(TileBuffer<S>{memory, firstTile % 2});
    }
    for (int tile = firstTile; tile < endTile; ++tile) {
        __syncthreads();
        if (tile + 1 < endTile)
            loader.begin(tile + 1, TileBuffer<S>{memory, (tile + 1) % 2});
        const auto present = presentKeys<S>(head, tile * S::kKeys, endKey);
        attention.attend(TileBuffer<S>{memory, tile % 2}, tile * S::kKeys, present);
        if (tile + 1 < endTile)
            loader.land(TileBuffer<S>{memory, (tile + 1) % 2});
    }
    // Looked up again: registers are short while keys pass.
    attention.store(queriesOf(step, sequence, tileOfRows), kvHead);
}

template<class S>
Status launchTiles(const AttentionStep& step, Stream stream)
{
    const std::int64_t group = step.heads / step.kv.kvHeads;
    const std::int64_t tiles = (step.longestQuery * group + kTileRows - 1) / kTileRows;
    if (tiles * step.sequences > kLargestGrid || step.kv.kvHeads > 65535)
        return {cudaErrorInvalidConfiguration};
    const dim3 grid(static_cast<unsigned>(tiles * step.sequences), static_cast<unsigned>(step.kv.kvHeads));
    const auto kernel = prefillKernel<S>;
    VT_LAUNCH(kernel, grid, dim3(kTileThreads), static_cast<std::size_t>(S::kSharedBytes), stream, step,
              static_cast<int>(tiles));
    return {static_cast<int>(cudaPeekAtLastError())};
}

template<KvNumber N>
Status launchFor(const AttentionStep& step, Stream stream)
{
    switch (step.kv.headDim) {
    case 64:
        return launchTiles<TileShape<N, 64, true>>(step, stream);
    case 128:
        return launchTiles<TileShape<N, 128, true>>(step, stream);
    case 256:
        return launchTiles<TileShape<N, 256, true>>(step, stream);
    default:
        break;
    }
    return step.kv.headDim < 128 ? launchTiles<TileShape<N, 128, false>>(step, stream)
                                 : launchTiles<TileShape<N, 256, false>>(step, stream);
}

} // namespace

Status attendPrefill(const AttentionStep& step, Stream stream)
{
    const std::int64_t headDim = step.kv.headDim;
    const KvNumber number = step.kv.number;
    if (step.number == Number::F32 || number == KvNumber::F32 || number == KvNumber::F16 ||
        headDim % 16 != 0 || headDim <= 0 || headDim > 256)
        return attendTokens(step, stream);
    if (step.tokens == 0 || step.sequences == 0 || step.heads == 0 || step.longestQuery == 0)
        return {};
    if (step.kv.blockSize <= 0 || step.kv.kvHeads <= 0 || step.heads % step.kv.kvHeads != 0 ||
        step.queryStart == nullptr)
        return {cudaErrorInvalidValue};
    if (number == KvNumber::Int8)
        return launchFor<KvNumber::Int8>(step, stream);
    if (number == KvNumber::FP8)
        return launchFor<KvNumber::FP8>(step, stream);
    return launchFor<KvNumber::BF16>(step, stream);
}

} // namespace vitrine::kernels::cuda
