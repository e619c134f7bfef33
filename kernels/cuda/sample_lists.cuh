// SPDX-License-Identifier: GPL-3.0-or-later
// The largest keys of a row in shared memory. A bound below which the n largest cannot lie is the n-th
// largest of the threads' largest, and what reaches it is sorted. Where that is too much (flat
// distributions), the threshold is found bit by bit, a pass over the row each. A key of 0 is none.
#pragma once

#include "kernels/cuda/block_select.cuh"
#include "kernels/cuda/sample_row.cuh"

namespace vitrine::kernels::cuda {

/// Shared memory of a block.
struct SelectScratch
{
    Count64 list[kListed];
    Count64 partial[kWarp];
    int count, winner;
};

/// Lists every key of at least `bound`, largest first, zeros behind. -1 where they are too many.
template<class Key>
__device__ int listFrom(const LogitRow& row, Key key, Count64 bound, SelectScratch& scratch)
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
__device__ int listLargest(const LogitRow& row, Key key, int wanted, SelectScratch& scratch)
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
    return listFrom(row, key, bound > 0 ? bound : 1, scratch);
}

/// The largest bound for which the measures of the keys that reach it add up to `wanted`.
template<class Key, class Measure>
__device__ Count64 boundFor(const LogitRow& row, Key key, Measure measure, Count64 wanted,
                            SelectScratch& scratch)
{
    Count64 bound = 0;
    for (int bit = 63; bit >= 0; --bit) {
        const Count64 tried = bound | Count64{1} << bit;
        Count64 sum = 0;
        row.each([&](int id, float logit) { sum += key(id, logit) >= tried ? measure(id, logit) : 0; });
        if (blockTotal(sum, scratch.partial) >= wanted)
            bound = tried;
    }
    return bound;
}

/// Lists the `wanted` largest logits, best first, by LogitRow::key(); fewer where the row has no more.
__device__ inline int listBest(const LogitRow& row, int wanted, SelectScratch& scratch)
{
    const auto key = [&](int id, float logit) { return row.key(logit, id); };
    int count = listLargest(row, key, wanted, scratch);
    if (count < 0) {
        const auto one = [](int, float) { return Count64{1}; };
        count = listFrom(row, key, boundFor(row, key, one, static_cast<Count64>(wanted), scratch), scratch);
    }
    return count < wanted ? count : wanted;
}

/// The masses of the two list entries that are this thread's, and of all before them.
struct ListMass
{
    Count64 first, second, before;
};

template<class Mass>
__device__ ListMass massesOfList(int count, Mass mass, SelectScratch& scratch)
{
    const int i = 2 * static_cast<int>(threadIdx.x);
    ListMass result{};
    result.first = i < count ? mass(scratch.list[i]) : 0;
    result.second = i + 1 < count ? mass(scratch.list[i + 1]) : 0;
    const Count64 both = result.first + result.second;
    result.before = blockScan(both, scratch.partial) - both;
    return result;
}

/// The entry whose mass covers `point`, counted from the beginning; -1 where the masses end before it.
__device__ inline int entryAt(const ListMass& masses, Count64 point, SelectScratch& scratch)
{
    if (threadIdx.x == 0)
        scratch.winner = -1;
    __syncthreads();
    const Count64 middle = masses.before + masses.first;
    if (point >= masses.before && point < middle)
        scratch.winner = 2 * static_cast<int>(threadIdx.x);
    else if (point >= middle && point < middle + masses.second)
        scratch.winner = 2 * static_cast<int>(threadIdx.x) + 1;
    __syncthreads();
    const int entry = scratch.winner;
    __syncthreads();
    return entry;
}

} // namespace vitrine::kernels::cuda
