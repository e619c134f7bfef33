// SPDX-License-Identifier: GPL-3.0-or-later
// Attention of single queries: what decoding does, and the path whose numbers do not depend on anything but
// the query and its keys. Memory bounds it: 2 * headDim * elementBytes a key and KV head, read once for all
// query heads of it (up to 8; more are two blocks, the second of which reads from the cache), against 4 *
// headDim FLOPs a key and query head. With 8 query heads on int8 keys an H200 comes close to its limit of
// instructions. A thread keeps 64 to 128 bytes of loads under way, a multiprocessor at least 32 KB.
#include "kernels/cuda/device.h"

#include <algorithm>

#include "kernels/cuda/attention.h"
#include "kernels/cuda/attention_rows.cuh"

namespace vitrine::kernels::cuda {

namespace {

constexpr std::int64_t kMostSplits = 64;     ///< what combineKernel holds
constexpr std::int64_t kMostPartitions = 32; ///< of a split: its shared memory grows with their logarithm
constexpr std::int64_t kMostShared = 48 * 1024;
constexpr std::int64_t kLargestGrid = 0x7FFFFFFF;
constexpr int kCombineThreads = 64;

struct DecodeParameters
{
    AttentionStep step;
    int splits = 1;
    int levels = 1;     ///< of waiting subtrees
    int headBlocks = 1; ///< blocks that share the query heads of a KV head
    bool everyToken = false;
    float* states = nullptr; // [sequences, heads, splits, 2]: maxima and sums
    float* outs = nullptr;   // [sequences, heads, splits, headDim]
};

/// A query and the keys that it sees.
struct Query
{
    std::int64_t token = 0;
    std::int64_t sequence = 0;
    std::int64_t context = 0;
};

__device__ Query decodeQuery(const AttentionStep& step, std::int64_t sequence)
{
    const std::int64_t token = step.queryStart != nullptr ? step.queryStart[sequence] : sequence;
    return {token, sequence, step.contextLengths[sequence]};
}

/// The query of the step's token number `index`; one behind the last sequence sees nothing.
__device__ Query tokenQuery(const AttentionStep& step, std::int64_t index)
{
    const std::int64_t token = step.queryStart[0] + index;
    if (token >= step.queryStart[step.sequences])
        return {token, 0, 0};
    std::int64_t low = 0;
    std::int64_t high = step.sequences;
    while (high - low > 1) {
        const std::int64_t middle = (low + high) / 2;
        (step.queryStart[middle] <= token ? low : high) = middle;
    }
    const std::int64_t context = step.contextLengths[low];
    return {token, low, context == 0 ? 0 : context - (step.queryStart[low + 1] - 1 - token)};
}

__device__ Query queryOf(const DecodeParameters& parameters, std::int64_t index)
{
    const AttentionStep& step = parameters.step;
    Query query = parameters.everyToken ? tokenQuery(step, index) : decodeQuery(step, index);
    const std::int64_t most = step.tableRow * step.kv.blockSize;
    query.context = query.context < most ? query.context : most;
    query.context = query.context < step.longestContext ? query.context : step.longestContext;
    return query;
}

template<class S>
__device__ void loadQueries(const AttentionStep& step, std::int64_t token, std::int64_t firstHead, int heads,
                            float* q)
{
    const std::int64_t row = token * (step.heads + 2 * step.kv.kvHeads) * step.kv.headDim;
    for (int place = static_cast<int>(threadIdx.x); place < S::kOutputs; place += kRowThreads) {
        const int h = place / S::kDims;
        const int dim = S::dimension(place % S::kDims);
        const std::int64_t from = row + (firstHead + h) * step.kv.headDim + dim;
        q[place] =
            h < heads && dim < step.kv.headDim ? loadNumber(step.number, step.qkv, from) * step.scale : 0.0F;
    }
}

template<class S>
__device__ void writeZeros(const AttentionStep& step, std::int64_t token, std::int64_t firstHead, int heads)
{
    const std::int64_t row = (token * step.heads + firstHead) * step.kv.headDim;
    for (std::int64_t i = threadIdx.x; i < heads * step.kv.headDim; i += kRowThreads)
        storeNumber(step.number, step.out, row + i, 0.0F);
}

/// The block's part as a result, or as a state for combineKernel.
template<class S>
__device__ void writeOutputs(const DecodeParameters& parameters, const RowAttention<S>& attention,
                             const Query& query, unsigned present, std::int64_t firstHead, int heads,
                             int split)
{
    const AttentionStep& step = parameters.step;
    for (int place = static_cast<int>(threadIdx.x); place < S::kOutputs; place += kRowThreads) {
        const int h = place / S::kDims;
        const int dim = S::dimension(place % S::kDims);
        if (h >= heads || dim >= step.kv.headDim)
            continue;
        const std::int64_t head = firstHead + h;
        const SoftmaxState state = attention.folded(present, place);
        if (parameters.splits == 1) {
            storeNumber(step.number, step.out, (query.token * step.heads + head) * step.kv.headDim + dim,
                        finished(state, step.sinks, head));
            continue;
        }
        const std::int64_t row = (query.sequence * step.heads + head) * parameters.splits + split;
        parameters.outs[row * step.kv.headDim + dim] = state.out;
        if (dim == 0) {
            parameters.states[2 * row] = state.maximum;
            parameters.states[2 * row + 1] = state.sum;
        }
    }
}

template<class S>
__global__ void __launch_bounds__(kRowThreads, S::kBlocks) rowsKernel(DecodeParameters parameters)
{
    VT_DYNAMIC_SHARED(float, memory);
    const AttentionStep& step = parameters.step;
    const int split = static_cast<int>(blockIdx.x % parameters.splits);
    const std::int64_t kvHead = blockIdx.y / parameters.headBlocks;
    const int group = static_cast<int>(step.heads / step.kv.kvHeads);
    const int firstOfGroup = static_cast<int>(blockIdx.y % parameters.headBlocks) * S::kHeads;
    const int heads = group - firstOfGroup < S::kHeads ? group - firstOfGroup : S::kHeads;
    const std::int64_t firstHead = kvHead * group + firstOfGroup;

    const Query query = queryOf(parameters, blockIdx.x / parameters.splits);
    if (query.context <= 0) {
        if (split == 0)
            writeZeros<S>(step, query.token, firstHead, heads);
        return;
    }
    const RowParts parts = rowParts(query.context, step.window, parameters.splits);
    if (split >= parts.count)
        return;
    const int tree = parts.base + split;
    const int first = max(parts.first, tree << parts.shift);
    const int end = min(parts.end, (tree + 1) << parts.shift);

    const PagedHead pages(step.kv, step.layer, kvHead, step.pageTable + query.sequence * step.tableRow);
    RowAttention<S> attention(RowShared<S>(memory, parameters.levels), pages,
                              static_cast<int>(step.kv.headDim), step.softCap);
    attention.firstKey = parts.firstKey;
    attention.endKey = static_cast<int>(query.context);
    loadQueries<S>(step, query.token, firstHead, heads, attention.shared.q);
    __syncthreads();
    const unsigned present = attention.run(first, end, parts.shift);
    writeOutputs<S>(parameters, attention, query, present, firstHead, heads, split);
}

/// One block for 64 dimensions of a head: the tree goes on from where the blocks of rowsKernel left it.
__global__ void __launch_bounds__(kCombineThreads) combineKernel(DecodeParameters parameters)
{
    __shared__ float outs[kMostSplits][kCombineThreads];
    __shared__ float maxima[kMostSplits];
    __shared__ float sums[kMostSplits];
    const AttentionStep& step = parameters.step;
    const std::int64_t head = blockIdx.x % step.heads;
    const Query query = queryOf(parameters, blockIdx.x / step.heads);
    if (query.context <= 0)
        return; // its zeros are written
    const RowParts parts = rowParts(query.context, step.window, parameters.splits);
    const std::int64_t row = (query.sequence * step.heads + head) * parameters.splits;
    const int thread = static_cast<int>(threadIdx.x);
    const std::int64_t dim = blockIdx.y * std::int64_t{kCombineThreads} + thread;
    const bool live = dim < step.kv.headDim;
    for (int i = 0; i < parts.count; ++i)
        outs[i][thread] = live ? parameters.outs[(row + i) * step.kv.headDim + dim] : 0.0F;
    if (thread < parts.count) {
        maxima[thread] = parameters.states[2 * (row + thread)];
        sums[thread] = parameters.states[2 * (row + thread) + 1];
    }
    __syncthreads();
    int base = parts.base;
    int count = parts.count;
    while (count > 1) {
        const int next = ((base + count - 1) >> 1) + 1 - (base >> 1);
        SoftmaxState own; // of pair number `thread`
        for (int pair = 0; pair < next; ++pair) {
            const int left = 2 * ((base >> 1) + pair) - base;
            const int a = left < 0 ? left + 1 : left;
            SoftmaxState state{maxima[a], sums[a], outs[a][thread]};
            if (left >= 0 && left + 1 < count)
                state = merged(state, {maxima[left + 1], sums[left + 1], outs[left + 1][thread]});
            outs[pair][thread] = state.out;
            if (pair == thread)
                own = state;
        }
        __syncthreads();
        if (thread < next) {
            maxima[thread] = own.maximum;
            sums[thread] = own.sum;
        }
        __syncthreads();
        base >>= 1;
        count = next;
    }
    if (live)
        storeNumber(step.number, step.out, (query.token * step.heads + head) * step.kv.headDim + dim,
                    finished({maxima[0], sums[0], outs[0][thread]}, step.sinks, head));
}

Status status()
{
    return {static_cast<int>(cudaPeekAtLastError())};
}

/// Levels of waiting subtrees that the longest row needs.
int treeLevels(const AttentionStep& step, std::int64_t splits)
{
    const std::int64_t partitions = (step.longestContext + kPartitionKeys - 1) / kPartitionKeys;
    std::int64_t seen = partitions;
    if (step.window > 0)
        seen = std::min(seen, step.window / kPartitionKeys + 2);
    int shift = 0;
    // Subtrees that `seen` partitions can touch where a window lets them begin anywhere.
    while (((seen - 1) >> shift) + (step.window > 0 ? 2 : 1) > splits &&
           (std::int64_t{1} << shift) < partitions)
        ++shift;
    return shift + 1;
}

std::int64_t parallelRows(const DecodeParameters& parameters)
{
    return parameters.everyToken ? parameters.step.tokens : parameters.step.sequences;
}

template<class S>
Status launchRows(DecodeParameters parameters, Stream stream)
{
    const AttentionStep& step = parameters.step;
    const std::int64_t group = step.heads / step.kv.kvHeads;
    parameters.headBlocks = static_cast<int>((group + S::kHeads - 1) / S::kHeads);
    const std::int64_t blocks = parallelRows(parameters) * parameters.splits;
    const std::int64_t shared = S::sharedFloats(parameters.levels) * std::int64_t{sizeof(float)};
    if (blocks > kLargestGrid || step.kv.kvHeads * parameters.headBlocks > 65535 || shared > kMostShared)
        return {cudaErrorInvalidConfiguration};
    const dim3 grid(static_cast<unsigned>(blocks),
                    static_cast<unsigned>(step.kv.kvHeads * parameters.headBlocks));
    const auto kernel = rowsKernel<S>;
    VT_LAUNCH(kernel, grid, dim3(kRowThreads), static_cast<std::size_t>(shared), stream, parameters);
    return status();
}

/// As many heads together as there are and shared memory holds: their number changes no result. Formats that
/// few use have fewer kernels.
template<KvNumber N, int kLanes>
Status launchHeads(const DecodeParameters& parameters, Stream stream)
{
    constexpr bool kOften = N != KvNumber::F32 && N != KvNumber::F16;
    const std::int64_t group = parameters.step.heads / parameters.step.kv.kvHeads;
    if constexpr (kOften && kLanes < 32) {
        using Eight = RowShape<N, 8, kLanes, 1>;
        if (group > 4 && Eight::sharedFloats(parameters.levels) * 4 <= kMostShared)
            return launchRows<Eight>(parameters, stream);
    }
    using Four = RowShape<N, 4, kLanes, 1>;
    if constexpr (kOften || kLanes == 32) {
        if (group <= 2 || Four::sharedFloats(parameters.levels) * 4 > kMostShared)
            return launchRows<RowShape<N, 2, kLanes, 1>>(parameters, stream);
    }
    return launchRows<Four>(parameters, stream);
}

template<KvNumber N>
Status launchFor(const DecodeParameters& parameters, Stream stream)
{
    const std::int64_t headDim = parameters.step.kv.headDim;
    if (headDim % 8 != 0 || headDim > 256)
        return launchRows<RowShape<N, 1, 32, 2>>(parameters, stream);
    if (headDim <= 64)
        return launchHeads<N, 8>(parameters, stream);
    if (headDim <= 128)
        return launchHeads<N, 16>(parameters, stream);
    return launchHeads<N, 32>(parameters, stream);
}

Status launch(const DecodeParameters& parameters, Stream stream)
{
    switch (parameters.step.kv.number) {
    case KvNumber::F32:
        return launchFor<KvNumber::F32>(parameters, stream);
    case KvNumber::F16:
        return launchFor<KvNumber::F16>(parameters, stream);
    case KvNumber::BF16:
        return launchFor<KvNumber::BF16>(parameters, stream);
    case KvNumber::Int8:
        return launchFor<KvNumber::Int8>(parameters, stream);
    case KvNumber::FP8:
        return launchFor<KvNumber::FP8>(parameters, stream);
    }
    return {cudaErrorInvalidValue};
}

bool isUsable(const AttentionStep& step)
{
    const KvPages& kv = step.kv;
    return kv.headDim > 0 && kv.headDim <= kMostHeadDim && kv.headDim % 2 == 0 && kv.blockSize > 0 &&
           kv.kvHeads > 0 && step.heads % kv.kvHeads == 0 && step.longestContext >= 0 &&
           step.longestContext <= kLargestGrid / 2;
}

} // namespace

std::int64_t decodeSplits(std::int64_t sequences, std::int64_t kvHeads, std::int64_t longestContext,
                          std::int64_t multiprocessors)
{
    const std::int64_t partitions =
        std::max<std::int64_t>((longestContext + kPartitionKeys - 1) / kPartitionKeys, 1);
    const std::int64_t rows = std::max<std::int64_t>(sequences * kvHeads, 1);
    const std::int64_t wanted = (4 * multiprocessors + rows - 1) / rows; // four blocks fit on each
    const std::int64_t fewest = (partitions + kMostPartitions - 1) / kMostPartitions;
    return std::clamp<std::int64_t>(std::max(wanted, fewest), 1, std::min(partitions, kMostSplits));
}

std::size_t decodeWorkspaceBytes(std::int64_t sequences, std::int64_t heads, std::int64_t headDim,
                                 std::int64_t splits)
{
    return splits <= 1 ? 0 : static_cast<std::size_t>(sequences * heads * splits * (headDim + 2)) * 4;
}

Status attendDecode(const AttentionStep& step, std::int64_t splits, void* workspace, Stream stream)
{
    if (step.sequences == 0 || step.heads == 0)
        return {};
    if (!isUsable(step) || splits < 1 || splits > kMostSplits || (splits > 1 && workspace == nullptr))
        return {cudaErrorInvalidValue};
    DecodeParameters parameters;
    parameters.step = step;
    parameters.splits = static_cast<int>(splits);
    parameters.levels = treeLevels(step, splits);
    parameters.states = static_cast<float*>(workspace);
    parameters.outs = parameters.states + 2 * step.sequences * step.heads * splits;
    const Status rows = launch(parameters, stream);
    if (!rows || splits == 1)
        return rows;
    const std::int64_t blocks = step.sequences * step.heads;
    if (blocks > kLargestGrid)
        return {cudaErrorInvalidConfiguration};
    const auto pieces = static_cast<unsigned>((step.kv.headDim + kCombineThreads - 1) / kCombineThreads);
    VT_LAUNCH(combineKernel, dim3(static_cast<unsigned>(blocks), pieces), dim3(kCombineThreads), 0, stream,
              parameters);
    return status();
}

Status attendTokens(const AttentionStep& step, Stream stream)
{
    if (step.tokens == 0 || step.heads == 0)
        return {};
    if (!isUsable(step) || step.queryStart == nullptr)
        return {cudaErrorInvalidValue};
    DecodeParameters parameters;
    parameters.step = step;
    parameters.everyToken = true;
    parameters.levels = treeLevels(step, 1);
    return launch(parameters, stream);
}

} // namespace vitrine::kernels::cuda
