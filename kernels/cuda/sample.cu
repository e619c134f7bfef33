// SPDX-License-Identifier: GPL-3.0-or-later
// A block a row. The logits are read from L2 once for the largest, once for the total, once to draw, and
// twice more to find the heaviest tokens: a bound below which they cannot lie is the n-th largest of the
// threads' largest, and what reaches it is sorted in shared memory. Where that is not enough (flat
// distributions), the threshold is found bit by bit, a pass each. Bound by the reads: 4 bytes a logit and
// pass.
#include "kernels/cuda/device.h"

#include "kernels/cuda/block_select.cuh"
#include "kernels/cuda/row_values.cuh"
#include "kernels/cuda/sample.h"
#include "kernels/cuda/sample_row.cuh"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kHeaviest = 512; ///< tokens among which a nucleus is looked for first
constexpr float kGreedyBelow = 1e-6F;

/// Shared memory of a block.
struct Scratch
{
    Count64 list[kListed];
    Count64 partial[kWarp];
    int count, winner;
};

__device__ Count64 mixBits(Count64 x)
{
    x += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31U);
}

/// Of `mass`, what the random number of the row points at: less than it.
__device__ Count64 drawnMass(const RowSampling& settings, Count64 mass)
{
    const Count64 bits = mixBits(mixBits(mixBits(settings.seed) ^ settings.requestKey) ^ settings.position);
    const double uniform = static_cast<double>(bits >> 11U) * 0x1.0p-53;
    const auto drawn = static_cast<Count64>(uniform * static_cast<double>(mass));
    return drawn < mass ? drawn : mass - 1;
}

/// The smallest mass that is the share of `total`.
__device__ Count64 shareOf(float share, Count64 total)
{
    return static_cast<Count64>(ceil(double{share} * static_cast<double>(total)));
}

/// Lists every key of at least `bound`, largest first, zeros behind. -1 where they are too many.
template<class Key>
__device__ int listFrom(const LogitRow& row, Key key, Count64 bound, Scratch& scratch)
{
    if (threadIdx.x == 0)
        scratch.count = 0;
    for (int i = static_cast<int>(threadIdx.x); i < kListed; i += kSelectThreads)
        scratch.list[i] = 0;
    __syncthreads();
    row.each([&](int id, float logit) {
        const Count64 here = key(id, logit);
        if (here < bound)
            return;
        const int place = atomicAdd(&scratch.count, 1);
        if (place < kListed)
            scratch.list[place] = here;
    });
    __syncthreads();
    const int count = scratch.count;
    __syncthreads();
    if (count > kListed)
        return -1;
    int size = 2;
    while (size < count)
        size *= 2;
    sortList(scratch.list, size);
    return count;
}

/// Lists the `wanted` (at most 1,024) largest keys and perhaps more; -1 where those are too many.
template<class Key>
__device__ int listLargest(const LogitRow& row, Key key, int wanted, Scratch& scratch)
{
    Count64 largest = 0;
    row.each([&](int id, float logit) {
        const Count64 here = key(id, logit);
        largest = here > largest ? here : largest;
    });
    scratch.list[threadIdx.x] = largest;
    __syncthreads();
    sortList(scratch.list, kSelectThreads);
    const Count64 bound = scratch.list[wanted - 1];
    __syncthreads();
    return listFrom(row, key, bound, scratch);
}

/// The largest bound for which the measures of the keys that reach it add up to `wanted`.
template<class Key, class Measure>
__device__ Count64 boundFor(const LogitRow& row, Key key, Measure measure, Count64 wanted, Scratch& scratch)
{
    Count64 bound = 0;
    for (int bit = 63; bit >= 0; --bit) {
        const Count64 tried = bound | Count64{1} << bit;
        Count64 sum = 0;
        row.each([&](int id, float logit) { sum += key(id, logit) >= tried ? measure(logit) : 0; });
        if (blockTotal(sum, scratch.partial) >= wanted)
            bound = tried;
    }
    return bound;
}

/// The masses of the two list entries that are this thread's, and of all before them.
struct ListMass
{
    Count64 first, second, before;
};

template<class Mass>
__device__ ListMass massesOfList(int count, Mass mass, Scratch& scratch)
{
    const int i = 2 * static_cast<int>(threadIdx.x);
    ListMass result{};
    result.first = i < count ? mass(scratch.list[i]) : 0;
    result.second = i + 1 < count ? mass(scratch.list[i + 1]) : 0;
    const Count64 both = result.first + result.second;
    result.before = blockScan(both, scratch.partial) - both;
    return result;
}

/// Draws among the best topK, best first.
__device__ int drawFromBest(const LogitRow& row, const RowSampling& settings, Scratch& scratch)
{
    const auto key = [&](int id, float logit) { return row.key(logit, id); };
    const int wanted = static_cast<int>(settings.topK < kMostTopK ? settings.topK : kMostTopK);
    int count = listLargest(row, key, wanted, scratch);
    if (count < 0) {
        const auto one = [](float) { return Count64{1}; };
        count = listFrom(row, key, boundFor(row, key, one, static_cast<Count64>(wanted), scratch), scratch);
    }
    count = count < wanted ? count : wanted;
    const auto weightOf = [&](Count64 listed) {
        return expf((valueOfBits(static_cast<std::uint32_t>(listed >> 32U)) - row.top) * row.scale);
    };
    ListMass masses = massesOfList(
        count, [&](Count64 listed) { return massOf(weightOf(listed)); }, scratch);
    const Count64 total = blockTotal(masses.first + masses.second, scratch.partial);
    const Count64 wantedMass = settings.topP < 1.0F ? shareOf(settings.topP, total) : total;
    // What is kept is the beginning of the list in either case.
    const int i = 2 * static_cast<int>(threadIdx.x);
    const auto kept = [&](int at, Count64 before) {
        return before < wantedMass && weightOf(scratch.list[at]) >= settings.minP;
    };
    masses.second = i + 1 < count && kept(i + 1, masses.before + masses.first) ? masses.second : 0;
    masses.first = i < count && kept(i, masses.before) ? masses.first : 0;
    const Count64 drawn = drawnMass(settings, blockTotal(masses.first + masses.second, scratch.partial));
    if (drawn >= masses.before && drawn < masses.before + masses.first)
        scratch.winner = row.idOf(scratch.list[i]);
    else if (drawn >= masses.before + masses.first && drawn < masses.before + masses.first + masses.second)
        scratch.winner = row.idOf(scratch.list[i + 1]);
    __syncthreads();
    return scratch.winner;
}

/// The key of the lightest token of the nucleus.
__device__ Count64 nucleusBound(const LogitRow& row, float share, Count64 total, Scratch& scratch)
{
    const auto key = [&](int id, float logit) { return row.key(row.weight(logit), id); };
    const Count64 wanted = shareOf(share, total);
    const int count = listLargest(row, key, kHeaviest, scratch);
    if (count > 0) {
        const ListMass masses = massesOfList(
            count,
            [](Count64 listed) { return massOf(valueOfBits(static_cast<std::uint32_t>(listed >> 32U))); },
            scratch);
        if (threadIdx.x == 0)
            scratch.winner = -1;
        __syncthreads();
        const Count64 first = masses.before + masses.first, second = first + masses.second;
        const int i = 2 * static_cast<int>(threadIdx.x);
        if (masses.before < wanted && first >= wanted)
            scratch.winner = i;
        else if (first < wanted && second >= wanted)
            scratch.winner = i + 1;
        __syncthreads();
        const int last = scratch.winner;
        if (last >= 0)
            return scratch.list[last];
    }
    const auto mass = [&](float logit) { return massOf(row.weight(logit)); };
    return boundFor(row, key, mass, wanted, scratch);
}

/// Draws among the tokens whose key reaches `bound` and whose weight reaches minP, in the order of ids: the
/// warp in whose segment the draw falls walks it.
__device__ int drawById(const LogitRow& row, const RowSampling& settings, Count64 bound, Scratch& scratch)
{
    const auto massAt = [&](int id, float logit) {
        const float weight = row.weight(logit);
        return weight >= settings.minP && row.key(weight, id) >= bound ? massOf(weight) : 0;
    };
    Count64 sum = 0;
    row.each([&](int id, float logit) { sum += massAt(id, logit); });
    sum = warpCombine(sum, [](Count64 a, Count64 b) { return a + b; });
    const bool first = threadIdx.x % kWarp == 0;
    const Count64 behind = blockScan(first ? sum : 0, scratch.partial); // this warp's segment included
    const Count64 drawn = drawnMass(settings, blockTotal(first ? sum : 0, scratch.partial));
    if (drawn < behind && drawn >= behind - sum) {
        Count64 before = behind - sum;
        const int lane = static_cast<int>(threadIdx.x) % kWarp;
        int id = static_cast<int>(threadIdx.x) / kWarp * row.segment() + lane;
        for (;; id += kWarp) {
            const Count64 mass = id < row.vocab ? massAt(id, cleanLogit(row.logits[id])) : 0;
            const Count64 reached = before + warpScan(mass);
            if (drawn < reached && drawn >= reached - mass)
                scratch.winner = id;
            before = __shfl_sync(kAllLanes, reached, kWarp - 1);
            if (before > drawn)
                break;
        }
    }
    __syncthreads();
    return scratch.winner;
}

__device__ int drawToken(const LogitRow& row, const RowSampling& settings, Scratch& scratch)
{
    if (settings.topK > 0 && settings.topK < static_cast<std::uint32_t>(row.vocab))
        return drawFromBest(row, settings, scratch);
    Count64 bound = 0;
    if (settings.topP < 1.0F) {
        Count64 sum = 0;
        row.each([&](int, float logit) { sum += massOf(row.weight(logit)); });
        bound = nucleusBound(row, settings.topP, blockTotal(sum, scratch.partial), scratch);
    }
    return drawById(row, settings, bound, scratch);
}

/// Natural log of the softmax.
__device__ float logprobOf(const LogitRow& raw, int token, Scratch& scratch)
{
    Count64 sum = 0;
    raw.each([&](int, float logit) { sum += massOf(raw.weight(logit)); });
    const double total = static_cast<double>(blockTotal(sum, scratch.partial)) * 0x1.0p-40;
    return static_cast<float>(double{cleanLogit(raw.logits[token])} - double{raw.top} - log(total));
}

__device__ void sampleRow(LogitRow row, const RowSampling& settings, std::int32_t* token, float* logprob,
                          Scratch& scratch)
{
    Count64 best = 0;
    row.each([&](int id, float logit) {
        const Count64 key = row.key(logit, id);
        best = key > best ? key : best;
    });
    best = blockLargest(best, scratch.partial);
    row.top = valueOfBits(static_cast<std::uint32_t>(best >> 32U));
    const bool nothing = !(row.top > -INFINITY);
    int chosen = nothing ? 0 : row.idOf(best);
    if (!nothing && settings.temperature >= kGreedyBelow) {
        row.scale = 1.0F / settings.temperature;
        chosen = drawToken(row, settings, scratch);
    }
    row.scale = 1.0F;
    float value = -INFINITY;
    if (logprob != nullptr && !nothing)
        value = logprobOf(row, chosen, scratch);
    if (threadIdx.x == 0) {
        *token = chosen;
        if (logprob != nullptr)
            *logprob = value;
    }
}

__global__ void __launch_bounds__(kSelectThreads, 1)
    sampleLogits(const float* logits, std::int64_t rows, int vocab, const RowSampling* settings,
                 std::int32_t* tokens, float* logprobs)
{
    __shared__ Scratch scratch;
    for (std::int64_t i = blockIdx.x; i < rows; i += gridDim.x) {
        LogitRow row;
        row.logits = logits + i * vocab;
        row.vocab = vocab;
        sampleRow(row, settings[i], tokens + i, logprobs != nullptr ? logprobs + i : nullptr, scratch);
        __syncthreads();
    }
}

} // namespace

Status sampleRows(const float* logits, std::int64_t rows, std::int64_t vocab, const RowSampling* settings,
                  std::int32_t* tokens, float* logprobs, Stream stream)
{
    if (vocab <= 0 || vocab > kMostSampledVocab)
        return refused();
    if (rows <= 0)
        return {};
    VT_LAUNCH(sampleLogits, blocksFor(rows, kMostBlocksX), kSelectThreads, 0, stream, logits, rows,
              static_cast<int>(vocab), settings, tokens, logprobs);
    return launched();
}

} // namespace vitrine::kernels::cuda
