// SPDX-License-Identifier: GPL-3.0-or-later
// A block a row. The logits are read from L2 once for the largest, once for the total, once to draw, twice
// more to find the heaviest tokens, and four times for typical sampling. Bound by the reads: 4 bytes a logit
// and pass.
#include "kernels/cuda/device.h"

#include "kernels/cuda/row_values.cuh"
#include "kernels/cuda/sample.h"
#include "kernels/cuda/sample_cuts.cuh"
#include "kernels/cuda/sample_lists.cuh"
#include "kernels/cuda/sample_stages.h"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kHeaviest = 512; ///< tokens among which a share of the mass is looked for first
constexpr float kGreedyBelow = 1e-6F;

/// Shared memory of a block.
struct Scratch
{
    SelectScratch select;
    RowBounds bounds;
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

/// Of all tokens that the bounds so far let pass.
__device__ Count64 totalMass(const LogitRow& row, const RowSampling& settings, Scratch& scratch)
{
    Count64 sum = 0;
    row.each([&](int id, float logit) { sum += scratch.bounds.mass(row, settings, id, logit); });
    return blockTotal(sum, scratch.select.partial);
}

/// The least of the largest keys whose masses add up to the share of `total`.
template<class Key, class Mass>
__device__ Count64 boundOfShare(const LogitRow& row, Key key, Mass mass, Count64 wanted,
                                SelectScratch& scratch)
{
    const int count = listLargest(row, key, kHeaviest, scratch);
    if (count > 0) {
        const auto massListed = [&](Count64 listed) {
            const int id = row.idOf(listed);
            return mass(id, row.logit(id));
        };
        const int last = entryAt(massesOfList(count, massListed, scratch), wanted - 1, scratch);
        if (last >= 0)
            return scratch.list[last];
    }
    return boundFor(row, key, mass, wanted, scratch);
}

/// Lists the best topK and finds what of them top-p leaves; returns how many.
__device__ int boundBest(const LogitRow& row, const RowSampling& settings, Scratch& scratch)
{
    const int wanted = static_cast<int>(settings.topK < kMostTopK ? settings.topK : kMostTopK);
    const int count = listBest(row, wanted, scratch.select);
    const auto mass = [&](Count64 listed) {
        return massOf(scratch.bounds.weight(row, valueOfBits(static_cast<std::uint32_t>(listed >> 32U))));
    };
    int last = count - 1;
    if (settings.topP < 1.0F) {
        const ListMass masses = massesOfList(count, mass, scratch.select);
        const Count64 total = blockTotal(masses.first + masses.second, scratch.select.partial);
        last = entryAt(masses, shareOf(settings.topP, total) - 1, scratch.select);
    }
    if (threadIdx.x == 0) {
        scratch.bounds.topK = scratch.select.list[count - 1];
        scratch.bounds.topP = scratch.select.list[last];
    }
    __syncthreads();
    return count;
}

/// The heaviest tokens with the share of all mass.
__device__ void boundNucleus(const LogitRow& row, const RowSampling& settings, Scratch& scratch)
{
    const auto key = [&](int id, float logit) { return row.key(row.weight(logit), id); };
    const auto mass = [&](int, float logit) { return massOf(row.weight(logit)); };
    Count64 sum = 0;
    row.each([&](int id, float logit) { sum += mass(id, logit); });
    const Count64 total = blockTotal(sum, scratch.select.partial);
    const Count64 bound = boundOfShare(row, key, mass, shareOf(settings.topP, total), scratch.select);
    if (threadIdx.x == 0)
        scratch.bounds.topP = bound;
    __syncthreads();
}

/// Locally typical sampling: what is nearest to the mean surprise. The log of the total drops out of the
/// distance, so that what is left of a token's surprise is -(logit - top) / temperature.
__device__ void boundTypical(const LogitRow& row, const RowSampling& settings, Scratch& scratch)
{
    RowBounds& bounds = scratch.bounds;
    const auto mass = [&](int id, float logit) { return bounds.mass(row, settings, id, logit); };
    Count64 sum = 0;
    row.each([&](int id, float logit) {
        const Count64 here = mass(id, logit);
        if (here > 0) // weight times surprise is at most 1 / e
            sum += massOf(bounds.weight(row, logit) * ((row.top - logit) * row.scale));
    });
    const auto surprise = static_cast<double>(blockTotal(sum, scratch.select.partial));
    const Count64 total = totalMass(row, settings, scratch);
    if (threadIdx.x == 0)
        bounds.mean = static_cast<float>(surprise / static_cast<double>(total));
    __syncthreads();
    const auto key = [&](int id, float logit) {
        return mass(id, logit) > 0 ? bounds.typicalKey(row, id, logit) : 0;
    };
    const Count64 bound = boundOfShare(row, key, mass, shareOf(settings.typicalP, total), scratch.select);
    if (threadIdx.x == 0)
        bounds.typical = bound;
    __syncthreads();
}

/// Draws from the list of boundBest(), best first.
__device__ int drawFromBest(const LogitRow& row, const RowSampling& settings, int count, Scratch& scratch)
{
    if (settings.typicalP < 1.0F) // which has used the list
        count = listFrom(
            row, [&](int id, float logit) { return row.key(logit, id); }, scratch.bounds.topP,
            scratch.select);
    const auto mass = [&](Count64 listed) {
        const float logit = valueOfBits(static_cast<std::uint32_t>(listed >> 32U));
        return scratch.bounds.mass(row, settings, row.idOf(listed), logit);
    };
    const ListMass masses = massesOfList(count, mass, scratch.select);
    const Count64 total = blockTotal(masses.first + masses.second, scratch.select.partial);
    const int entry = entryAt(masses, drawnMass(settings, total), scratch.select);
    return row.idOf(scratch.select.list[entry]);
}

/// Draws among all that the bounds let pass, in the order of ids: the warp in whose segment the draw falls
/// walks it.
__device__ int drawById(const LogitRow& row, const RowSampling& settings, Scratch& scratch)
{
    const auto massAt = [&](int id, float logit) { return scratch.bounds.mass(row, settings, id, logit); };
    Count64 sum = 0;
    row.each([&](int id, float logit) { sum += massAt(id, logit); });
    sum = warpCombine(sum, [](Count64 a, Count64 b) { return a + b; });
    const bool first = threadIdx.x % kWarp == 0;
    Count64* partial = scratch.select.partial;
    const Count64 behind = blockScan(first ? sum : 0, partial); // this warp's segment included
    const Count64 drawn = drawnMass(settings, blockTotal(first ? sum : 0, partial));
    if (drawn < behind && drawn >= behind - sum) {
        Count64 before = behind - sum;
        const int lane = static_cast<int>(threadIdx.x) % kWarp;
        int id = static_cast<int>(threadIdx.x) / kWarp * row.segment() + lane;
        for (;; id += kWarp) {
            const Count64 mass = id < row.vocab ? massAt(id, row.logit(id)) : 0;
            const Count64 reached = before + warpScan(mass);
            if (drawn < reached && drawn >= reached - mass)
                scratch.select.winner = id;
            before = __shfl_sync(kAllLanes, reached, kWarp - 1);
            if (before > drawn)
                break;
        }
    }
    __syncthreads();
    return scratch.select.winner;
}

__device__ int drawToken(const LogitRow& row, const RowSampling& settings, Scratch& scratch)
{
    const bool best = settings.topK > 0 && settings.topK < static_cast<std::uint32_t>(row.vocab);
    if (threadIdx.x == 0) {
        scratch.bounds.topK = scratch.bounds.topP = scratch.bounds.typical = 0;
        scratch.bounds.mean = 0.0F;
        scratch.bounds.byLogit = best ? 1 : 0;
    }
    __syncthreads();
    int count = 0;
    if (best)
        count = boundBest(row, settings, scratch);
    else if (settings.topP < 1.0F)
        boundNucleus(row, settings, scratch);
    if (settings.typicalP < 1.0F)
        boundTypical(row, settings, scratch);
    return best ? drawFromBest(row, settings, count, scratch) : drawById(row, settings, scratch);
}

__device__ void keepNotes(RowNotes& notes, const LogitRow& row, bool drawn, const RowBounds& bounds)
{
    notes.drawn = drawn ? 1 : 0;
    if (!drawn)
        return;
    notes.top = row.top;
    notes.scale = row.scale;
    notes.topK = bounds.topK;
    notes.topP = bounds.topP;
    notes.typical = bounds.typical;
    notes.mean = bounds.mean;
    notes.byLogit = bounds.byLogit;
}

__device__ void sampleRow(LogitRow row, const RowSampling& settings, std::int32_t* token, RowNotes& notes,
                          Scratch& scratch)
{
    Count64 best = 0;
    row.each([&](int id, float logit) {
        const Count64 key = row.key(logit, id);
        best = key > best ? key : best;
    });
    best = blockLargest(best, scratch.select.partial);
    row.top = valueOfBits(static_cast<std::uint32_t>(best >> 32U));
    const bool nothing = !(row.top > -INFINITY);
    const bool draws = !nothing && settings.temperature >= kGreedyBelow;
    int chosen = nothing ? 0 : row.idOf(best);
    if (draws) {
        row.scale = 1.0F / settings.temperature;
        chosen = drawToken(row, settings, scratch);
    }
    if (threadIdx.x == 0) {
        *token = chosen;
        keepNotes(notes, row, draws, scratch.bounds);
    }
}

__global__ void __launch_bounds__(kSelectThreads, 1)
    sampleLogits(const float* logits, std::int64_t rows, int vocab, const RowSampling* settings,
                 std::int32_t* tokens, RowNotes* notes)
{
    __shared__ Scratch scratch;
    for (std::int64_t i = blockIdx.x; i < rows; i += gridDim.x) {
        LogitRow row;
        row.logits = logits + i * vocab;
        row.vocab = vocab;
        sampleRow(row, settings[i], tokens + i, notes[i], scratch);
        __syncthreads();
    }
}

Status draw(const SampleStep& step, Stream stream)
{
    VT_LAUNCH(sampleLogits, blocksFor(step.rows, kMostBlocksX), kSelectThreads, 0, stream, step.logits,
              step.rows, static_cast<int>(step.vocab), step.settings, step.tokens, step.notes);
    return launched();
}

} // namespace

Status sampleRows(const SampleStep& step, Stream stream)
{
    if (step.vocab <= 0 || step.vocab > kMostSampledVocab || step.alternatives > kMostAlternatives)
        return refused();
    if (step.rows <= 0)
        return {};
    Status status;
    if (step.alternatives > 0)
        status = listAlternatives(step, stream);
    if (status && step.adjustments != nullptr)
        status = adjustLogits(step, stream);
    if (status)
        status = draw(step, stream);
    return status && step.alternatives > 0 ? finishReports(step, stream) : status;
}

} // namespace vitrine::kernels::cuda
