// SPDX-License-Identifier: GPL-3.0-or-later
// The attention of one query of each of kHeads heads that share a KV head, by one block, over a run of
// partitions.
//
// kLanes lanes hold a key of 8 values each, so that a warp reads 32 / kLanes keys with one load a lane and
// keeps kUnroll of those under way for keys and for values. Warps take steps of keys in turn, each with a
// softmax of its own; at the end of a partition the four are merged in order. Outputs in shared memory lie as
// lanes hold them (outPlace), which is free of bank conflicts.
#pragma once

#include "kernels/cuda/attention_state.cuh"
#include "kernels/cuda/kv_rows.cuh"
#include "kernels/cuda/numbers.cuh"
#include "kernels/cuda/row_sums.cuh"

namespace vitrine::kernels::cuda {

inline constexpr int kRowWarps = 4;
inline constexpr int kRowThreads = 32 * kRowWarps;

/// kVectors > 1: rows that are not aligned, or longer than 256 values.
template<KvNumber N, int kHeadsOfBlock, int kLanesOfKey, int kVectorsOfLane>
struct RowShape
{
    static constexpr KvNumber kNumber = N;
    static constexpr int kHeads = kHeadsOfBlock;
    static constexpr int kLanes = kLanesOfKey;
    static constexpr int kVectors = kVectorsOfLane;
    static constexpr int kUnroll = kVectors > 1 ? 2 : 4;
    static constexpr int kGroups = 32 / kLanes; ///< keys that a warp loads at once
    static constexpr int kStepKeys = kGroups * kUnroll;
    static constexpr int kBlockKeys = kStepKeys * kRowWarps;
    static constexpr int kSteps = kPartitionKeys / kBlockKeys; ///< of a warp in a partition
    static constexpr int kDims = 8 * kLanes * kVectors;        ///< headDim with what is filled up
    static constexpr int kOutputs = kHeads * kDims;
    static constexpr int kScores = kHeads * kUnroll;                     ///< of one group of lanes in a step
    static constexpr int kOwn = kScores > kLanes ? kScores / kLanes : 1; ///< of these, a lane's in the end
    static constexpr int kKeyMask = kLanes / kUnroll; ///< lanes that differ from here up have other keys
    /// Blocks on a multiprocessor: as many as the registers hold without spills.
    static constexpr int kBlocks = kHeads > 4 ? 2 : N == KvNumber::F32 ? 3 : 4;
    static_assert(kSteps >= 1 && kSteps * kBlockKeys == kPartitionKeys && kOwn <= kHeads && kKeyMask >= 1);

    /// Where value `i` of 8 of a lane's vector lies.
    __device__ static int outPlace(int head, int vector, int lane, int i)
    {
        return head * kDims + vector * kLanes * 8 + i / 4 * (kLanes * 4) + lane * 4 + i % 4;
    }
    /// The dimension that lies at a place within its head.
    __device__ static int dimension(int place)
    {
        const int within = place % (kLanes * 8);
        return place - within + within % (kLanes * 4) / 4 * 8 + within / (kLanes * 4) * 4 + within % 4;
    }
    static constexpr int sharedFloats(int levels)
    {
        return kOutputs * (1 + kRowWarps + levels) + kHeads * (kRowWarps * (kStepKeys + 1 + 2) + 2 * levels);
    }
};

/// The parts of a block's shared memory.
template<class S>
struct RowShared
{
    float* q;       // [kOutputs], scaled
    float* outs;    // [kRowWarps][kOutputs]
    float* stack;   // [levels][kOutputs]: subtrees that wait for their right neighbour
    float* weights; // [kRowWarps][kStepKeys][kHeads]
    float* factors; // [kRowWarps][kHeads]
    float* maxima;  // [kRowWarps][kHeads]
    float* sums;    // [kRowWarps][kHeads]
    float* levels;  // [levels][2][kHeads]: their maxima and sums

    __device__ RowShared(float* memory, int levelCount)
        : q(memory), outs(q + S::kOutputs), stack(outs + kRowWarps * S::kOutputs),
          weights(stack + levelCount * S::kOutputs), factors(weights + kRowWarps * S::kStepKeys * S::kHeads),
          maxima(factors + kRowWarps * S::kHeads), sums(maxima + kRowWarps * S::kHeads),
          levels(sums + kRowWarps * S::kHeads)
    {}
};

/// Keys of a step as a lane loads them.
template<class S>
struct RowKeys
{
    KvEight<S::kNumber> values[S::kUnroll][S::kVectors];
    std::int64_t places[S::kUnroll]; ///< negative: not seen
    float keyScale;                  ///< of the lane's own key in the softmax
    float valueScale;
};

/// What a warp keeps over the steps of a partition.
template<class S>
struct RowWarp
{
    float out[S::kOutputs / S::kLanes]; // [kHeads][kVectors][8]
    float maxima[S::kOwn];
    float sums[S::kOwn]; ///< over the lane's own keys

    __device__ void clear()
    {
#pragma unroll
        for (float& value : out)
            value = 0;
#pragma unroll
        for (int r = 0; r < S::kOwn; ++r) {
            maxima[r] = kNoMaximum;
            sums[r] = 0;
        }
    }
};

template<class S>
struct RowAttention
{
    RowShared<S> shared;
    PagedHead head;
    int headDim;
    int firstKey; ///< keys [firstKey, endKey) are seen
    int endKey;
    float softCap;
    int warp;
    int lane;
    int group;     ///< of the warp's keys
    int keyLane;   ///< within the group
    int ownUnroll; ///< of the lane's own scores after scatterSums
    int ownHead;

    __device__ RowAttention(const RowShared<S>& memory, const PagedHead& pages, int dim, float cap)
        : shared(memory), head(pages), headDim(dim), firstKey(0), endKey(0), softCap(cap),
          warp(static_cast<int>(threadIdx.x) / 32), lane(static_cast<int>(threadIdx.x) % 32),
          group(lane / S::kLanes), keyLane(lane % S::kLanes)
    {
        const int own = keyLane * S::kScores / S::kLanes;
        ownUnroll = own / S::kHeads;
        ownHead = own % S::kHeads;
    }

    __device__ __forceinline__ KvEight<S::kNumber> loadVector(const std::uint8_t* row, int vector) const
    {
        const int dim = (vector * S::kLanes + keyLane) * 8;
        const std::uint8_t* from = row + dim * kvElementBytes(S::kNumber);
        if constexpr (S::kVectors > 1)
            return loadUpToEight<S::kNumber>(from, headDim - dim);
        else
            return dim < headDim ? loadEight<S::kNumber>(from) : zeroEight<S::kNumber>();
    }

    __device__ __forceinline__ void fetchKeys(int first, RowKeys<S>& keys) const
    {
        const bool oneBlock = head.blockSize % S::kStepKeys == 0;
        const std::int64_t start = oneBlock && first < endKey ? head.row(first) : -1;
#pragma unroll
        for (int u = 0; u < S::kUnroll; ++u) {
            const int step = u * S::kGroups + group;
            const int key = first + step;
            keys.places[u] = -1;
            if (key >= firstKey && key < endKey)
                keys.places[u] = !oneBlock ? head.row(key) : start < 0 ? -1 : start + step * head.rowBytes;
#pragma unroll
            for (int v = 0; v < S::kVectors; ++v)
                keys.values[u][v] =
                    keys.places[u] < 0 ? zeroEight<S::kNumber>() : loadVector(head.keys + keys.places[u], v);
        }
        if constexpr (kvScaled(S::kNumber)) {
            const int key = first + ownUnroll * S::kGroups + group;
            const std::int64_t place = key >= firstKey && key < endKey ? head.scale(key) : -1;
            keys.keyScale = place < 0 ? 0.0F : *reinterpret_cast<const float*>(head.keys + place);
            keys.valueScale =
                place < 0 ? 0.0F : *reinterpret_cast<const float*>(head.keys + head.headBytes + place);
        }
    }

    __device__ __forceinline__ void fetchValues(const RowKeys<S>& keys,
                                                KvEight<S::kNumber> (&values)[S::kUnroll][S::kVectors]) const
    {
#pragma unroll
        for (int u = 0; u < S::kUnroll; ++u)
#pragma unroll
            for (int v = 0; v < S::kVectors; ++v)
                values[u][v] = keys.places[u] < 0
                                   ? zeroEight<S::kNumber>()
                                   : loadVector(head.keys + head.headBytes + keys.places[u], v);
    }

    /// The lane's own scores, of kOwn heads and one key.
    __device__ __forceinline__ void score(const RowKeys<S>& keys, float (&scores)[S::kScores]) const
    {
#pragma unroll
        for (float& value : scores)
            value = 0;
#pragma unroll
        for (int v = 0; v < S::kVectors; ++v) {
            float key[S::kUnroll][8];
#pragma unroll
            for (int u = 0; u < S::kUnroll; ++u)
                unpackEight<S::kNumber>(keys.values[u][v], key[u]);
#pragma unroll
            for (int h = 0; h < S::kHeads; ++h) {
#pragma unroll
                for (int i = 0; i < 8; i += 4) {
                    const float4 q =
                        *reinterpret_cast<const float4*>(shared.q + S::outPlace(h, v, keyLane, i));
#pragma unroll
                    for (int u = 0; u < S::kUnroll; ++u) {
                        float& sum = scores[u * S::kHeads + h];
                        sum = fmaf(q.x, key[u][i], sum);
                        sum = fmaf(q.y, key[u][i + 1], sum);
                        sum = fmaf(q.z, key[u][i + 2], sum);
                        sum = fmaf(q.w, key[u][i + 3], sum);
                    }
                }
            }
        }
        scatterSums<S::kScores, S::kLanes / 2, 1>(scores, lane);
    }

    /// Scores become weights in shared memory, beside the factors of what was summed before.
    __device__ __forceinline__ void soften(const RowKeys<S>& keys, const float (&scores)[S::kScores],
                                           RowWarp<S>& state) const
    {
        bool seen = false;
#pragma unroll
        for (int u = 0; u < S::kUnroll; ++u)
            seen = u == ownUnroll ? keys.places[u] >= 0 : seen;
        float* weights = shared.weights + (warp * S::kStepKeys + ownUnroll * S::kGroups + group) * S::kHeads;
#pragma unroll
        for (int r = 0; r < S::kOwn; ++r) {
            float score = scores[r];
            if constexpr (kvScaled(S::kNumber))
                score *= keys.keyScale * kvRawFactor(S::kNumber);
            if (softCap > 0)
                score = softCap * tanhf(score / softCap);
            float maximum = fmaxf(state.maxima[r], seen ? score : kNoMaximum);
#pragma unroll
            for (int mask = S::kKeyMask; mask < 32; mask *= 2)
                maximum = fmaxf(maximum, __shfl_xor_sync(kWholeWarp, maximum, mask));
            const float factor = weightOf(state.maxima[r], maximum);
            const float weight = seen ? weightOf(score, maximum) : 0.0F;
            state.maxima[r] = maximum;
            state.sums[r] = fmaf(state.sums[r], factor, weight);
            weights[ownHead + r] =
                kvScaled(S::kNumber) ? weight * (keys.valueScale * kvRawFactor(S::kNumber)) : weight;
            if (lane < S::kKeyMask)
                shared.factors[warp * S::kHeads + ownHead + r] = factor;
        }
    }

    __device__ __forceinline__ void accumulate(const KvEight<S::kNumber> (&values)[S::kUnroll][S::kVectors],
                                               RowWarp<S>& state) const
    {
        const float* factors = shared.factors + warp * S::kHeads;
        const float* weights = shared.weights + (warp * S::kStepKeys + group) * S::kHeads;
#pragma unroll
        for (int h = 0; h < S::kHeads; ++h)
#pragma unroll
            for (int i = 0; i < 8 * S::kVectors; ++i)
                state.out[h * 8 * S::kVectors + i] *= factors[h];
#pragma unroll
        for (int u = 0; u < S::kUnroll; ++u)
#pragma unroll
            for (int v = 0; v < S::kVectors; ++v) {
                float value[8];
                unpackEight<S::kNumber>(values[u][v], value);
#pragma unroll
                for (int h = 0; h < S::kHeads; ++h) {
                    const float weight = weights[u * S::kGroups * S::kHeads + h];
#pragma unroll
                    for (int i = 0; i < 8; ++i) {
                        float& out = state.out[(h * S::kVectors + v) * 8 + i];
                        out = fmaf(weight, value[i], out);
                    }
                }
            }
    }

    /// The warp's state goes to shared memory, summed over its groups.
    __device__ void publish(RowWarp<S>& state) const
    {
#pragma unroll
        for (int r = 0; r < S::kOwn; ++r) {
#pragma unroll
            for (int mask = S::kKeyMask; mask < 32; mask *= 2)
                state.sums[r] += __shfl_xor_sync(kWholeWarp, state.sums[r], mask);
            if (lane < S::kKeyMask) {
                shared.maxima[warp * S::kHeads + ownHead + r] = state.maxima[r];
                shared.sums[warp * S::kHeads + ownHead + r] = state.sums[r];
            }
        }
        constexpr int kCount = S::kOutputs / S::kLanes;
        constexpr int kKept = kCount / S::kGroups;
        scatterSums<kCount, 16, S::kLanes>(state.out, lane);
        int first = 0;
#pragma unroll
        for (int mask = 16, half = kCount / 2; mask >= S::kLanes; mask /= 2, half /= 2)
            first += (lane & mask) != 0 ? half : 0;
        float* outs = shared.outs + warp * S::kOutputs;
#pragma unroll
        for (int i = 0; i < kKept; i += 4) {
            const int vector = (first + i) / 8; // of all heads
            float* to =
                outs + S::outPlace(vector / S::kVectors, vector % S::kVectors, keyLane, (first + i) % 8);
            *reinterpret_cast<float4*>(to) =
                make_float4(state.out[i], state.out[i + 1], state.out[i + 2], state.out[i + 3]);
        }
    }

    /// One element of the partition's state.
    __device__ SoftmaxState partitionState(int place) const
    {
        const int h = place / S::kDims;
        SoftmaxState whole{shared.maxima[h], shared.sums[h], shared.outs[place]};
        for (int w = 1; w < kRowWarps; ++w)
            whole = merged(whole, {shared.maxima[w * S::kHeads + h], shared.sums[w * S::kHeads + h],
                                   shared.outs[w * S::kOutputs + place]});
        return whole;
    }

    __device__ SoftmaxState waiting(int level, int place) const
    {
        const int h = place / S::kDims;
        const float* state = shared.levels + level * 2 * S::kHeads;
        return {state[h], state[S::kHeads + h], shared.stack[level * S::kOutputs + place]};
    }

    /// Takes the partition of this number within its subtree into those that wait; `present`: their levels.
    __device__ void push(int number, unsigned& present) const
    {
        int level = 0;
        unsigned left = present;
        for (; (number >> level & 1) != 0; ++level)
            left &= ~(1U << level);
        for (int place = static_cast<int>(threadIdx.x); place < S::kOutputs; place += kRowThreads) {
            SoftmaxState state = partitionState(place);
            for (int k = 0; k < level; ++k)
                if ((present >> k & 1) != 0)
                    state = merged(waiting(k, place), state);
            shared.stack[level * S::kOutputs + place] = state.out;
            if (place % S::kDims == 0) {
                shared.levels[level * 2 * S::kHeads + place / S::kDims] = state.maximum;
                shared.levels[(level * 2 + 1) * S::kHeads + place / S::kDims] = state.sum;
            }
        }
        present = left | 1U << level;
    }

    /// After a barrier behind the last push.
    __device__ SoftmaxState folded(unsigned present, int place) const
    {
        int level = __ffs(static_cast<int>(present)) - 1;
        SoftmaxState state = waiting(level, place);
        for (++level; present >> level != 0; ++level)
            if ((present >> level & 1) != 0)
                state = merged(waiting(level, place), state);
        return state;
    }

    /// All threads, queries in place, behind a barrier. Partitions [first, end) of one subtree of 2^shift.
    __device__ unsigned run(int first, int end, int shift)
    {
        RowWarp<S> state;
        state.clear();
        unsigned present = 0;
        const int start = first * kPartitionKeys + warp * S::kStepKeys;
        const int steps = (end - first) * S::kSteps;
        RowKeys<S> keys;
        fetchKeys(start, keys);
        for (int n = 0; n < steps; ++n) {
            KvEight<S::kNumber> values[S::kUnroll][S::kVectors];
            fetchValues(keys, values);
            float scores[S::kScores];
            score(keys, scores);
            soften(keys, scores, state);
            if (n + 1 < steps)
                fetchKeys(start + (n + 1) * S::kBlockKeys, keys);
            __syncwarp();
            accumulate(values, state);
            __syncwarp();
            if ((n + 1) % S::kSteps != 0)
                continue;
            publish(state);
            state.clear();
            __syncthreads();
            push((first + n / S::kSteps) & ((1 << shift) - 1), present);
            __syncthreads();
        }
        return present;
    }
};

} // namespace vitrine::kernels::cuda
