// SPDX-License-Identifier: GPL-3.0-or-later
// A block an expert: it counts the pairs of all (in integers, so that the order of threads does not show),
// from which it knows where its own begin, and then puts them there in their order. Each block reads all
// pairs twice from L2: 8 MiB for 2,048 tokens of 8 among 128 experts.
#include "kernels/cuda/device.h"

#include "kernels/cuda/expert_groups.h"
#include "kernels/cuda/expert_routing.h"
#include "kernels/cuda/row_values.cuh"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kFewThreads = 128, kManyThreads = 1024;          ///< of a block, by the pairs there are
constexpr std::int64_t kMostPairs = 0x7FFFFFFF - kManyThreads; ///< counted in 32 bits

__device__ int warpTotal(int value)
{
#pragma unroll
    for (int distance = kWarp / 2; distance > 0; distance /= 2)
        value += __shfl_xor_sync(kAllLanes, value, distance);
    return value;
}

template<int Threads>
__device__ void countPairs(const std::int32_t* chosen, int pairs, int experts, int* counts)
{
    for (int expert = static_cast<int>(threadIdx.x); expert < experts; expert += Threads)
        counts[expert] = 0;
    __syncthreads();
    for (int pair = static_cast<int>(threadIdx.x); pair < pairs; pair += Threads)
        if (chosen[pair] >= 0)
            atomicAdd(&counts[chosen[pair]], 1);
    __syncthreads();
}

/// Pairs and tiles of the experts before `expert`. REQUIRES: a whole warp.
__device__ int2 before(const int* counts, int expert, int tilePairs)
{
    int pairs = 0, tiles = 0;
    for (int e = static_cast<int>(threadIdx.x) % kWarp; e < expert; e += kWarp) {
        pairs += counts[e];
        tiles += divideUp(counts[e], tilePairs);
    }
    return make_int2(warpTotal(pairs), warpTotal(tiles));
}

/// Writes the expert's pairs from order[first] on. `shared`: [32].
template<int Threads>
__device__ void placePairs(const std::int32_t* chosen, int pairs, int expert, int first, std::int32_t* order,
                           int* shared)
{
    const unsigned lane = threadIdx.x % kWarp, warp = threadIdx.x / kWarp;
    for (int start = 0; start < pairs; start += Threads) {
        const int pair = start + static_cast<int>(threadIdx.x);
        const bool mine = pair < pairs && chosen[pair] == expert;
        const unsigned lanes = __ballot_sync(kAllLanes, mine);
        if (lane == 0)
            shared[warp] = __popc(lanes);
        __syncthreads();
        const int ofLane = lane < Threads / kWarp ? shared[lane] : 0;
        const int earlier = warpTotal(lane < warp ? ofLane : 0);
        if (mine)
            order[first + earlier + __popc(lanes & ((1U << lane) - 1U))] = pair;
        first += warpTotal(ofLane);
        __syncthreads();
    }
}

template<int Threads>
__global__ void __launch_bounds__(Threads)
    groupByExpert(const std::int32_t* chosen, int pairs, ExpertGroups groups)
{
    __shared__ int counts[kMostExperts];
    __shared__ int shared[kWarp];
    static_assert(Threads <= kWarp * kWarp);
    const int experts = static_cast<int>(gridDim.x), expert = static_cast<int>(blockIdx.x);
    const int tilePairs = static_cast<int>(groups.tilePairs);
    countPairs<Threads>(chosen, pairs, experts, counts);
    const int2 start = before(counts, expert, tilePairs);
    const int own = counts[expert], tiles = divideUp(own, tilePairs);
    for (int i = static_cast<int>(threadIdx.x); i < tiles; i += Threads)
        groups.tiles[start.y + i] = {expert, start.x + i * tilePairs, min(tilePairs, own - i * tilePairs)};
    if (expert == experts - 1 && threadIdx.x == 0)
        *groups.tileCount = start.y + tiles;
    if (own > 0)
        placePairs<Threads>(chosen, pairs, expert, start.x, groups.order, shared);
}

} // namespace

Status groupPairs(const std::int32_t* chosen, std::int64_t pairs, std::int64_t experts,
                  const ExpertGroups& groups, Stream stream)
{
    if (experts > kMostExperts || pairs > kMostPairs || groups.tilePairs < 1 || groups.tilePairs > kMostPairs)
        return refused();
    if (experts <= 0)
        return {};
    const auto blocks = static_cast<unsigned>(experts);
    if (pairs <= 8 * kFewThreads)
        VT_LAUNCH(groupByExpert<kFewThreads>, blocks, kFewThreads, 0, stream, chosen, static_cast<int>(pairs),
                  groups);
    else
        VT_LAUNCH(groupByExpert<kManyThreads>, blocks, kManyThreads, 0, stream, chosen,
                  static_cast<int>(pairs), groups);
    return launched();
}

} // namespace vitrine::kernels::cuda
