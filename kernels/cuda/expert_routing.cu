// SPDX-License-Identifier: GPL-3.0-or-later
// The router: a warp computes one logit, or four experts' for eight tokens where there are many tokens,
// always in the same order. The choice: a warp a token, its logits in registers. Reading the router is what
// few tokens wait for (1 MiB at 128 experts of 2,048 columns); many reuse it eight times from the cache.
#include "kernels/cuda/device.h"

#include "kernels/cuda/expert_routing.h"
#include "kernels/cuda/matvec_lanes.cuh"

namespace vitrine::kernels::cuda {

namespace {

using Key = unsigned long long;

constexpr int kWarps = 4; ///< of a block
constexpr int kThreads = kWarps * kWarp;
constexpr std::int64_t kMostColumns = 1 << 30;

template<int Width>
__device__ void readPiece(const float* from, float (&values)[Width])
{
    if constexpr (Width == 4) {
        const float4 four = readFour(from);
        values[0] = four.x;
        values[1] = four.y;
        values[2] = four.z;
        values[3] = four.w;
    } else {
        values[0] = *from;
    }
}

/// Turns whose loads are in flight together: more than one needs too many registers where there are many
/// sums.
template<int Sums>
inline constexpr int kTurnsAhead = Sums == 1 ? 4 : 1;

/// What a lane adds up of Experts rows of the router with Tokens tokens: sums[token * Experts + expert].
template<int Width, int Experts, int Tokens>
__device__ void addPieces(const float* const (&router)[Experts], const float* const (&rows)[Tokens],
                          int columns, float (&sums)[Experts * Tokens])
{
#pragma unroll(kTurnsAhead <Experts * Tokens>)
    for (int column = static_cast<int>(threadIdx.x) % kWarp * Width; column < columns;
         column += kWarp * Width) {
        float weights[Experts][Width];
#pragma unroll
        for (int e = 0; e < Experts; ++e)
            readPiece<Width>(router[e] + column, weights[e]);
#pragma unroll
        for (int t = 0; t < Tokens; ++t) {
            float values[Width];
            readPiece<Width>(rows[t] + column, values);
#pragma unroll
            for (int e = 0; e < Experts; ++e)
#pragma unroll
                for (int i = 0; i < Width; ++i)
                    sums[t * Experts + e] += weights[e][i] * values[i];
        }
    }
}

template<int Width, int Experts, int Tokens>
__global__ void __launch_bounds__(kThreads) multiplyRouter(RouterProduct product)
{
    constexpr int kCount = Experts * Tokens;
    const int lane = static_cast<int>(threadIdx.x) % kWarp, warp = static_cast<int>(threadIdx.x) / kWarp;
    const std::int64_t expert = (std::int64_t{blockIdx.x} * kWarps + warp) * Experts;
    const std::int64_t step = std::int64_t{gridDim.y} * Tokens;
    for (std::int64_t token = std::int64_t{blockIdx.y} * Tokens; token < product.tokens; token += step) {
        const float *router[Experts], *rows[Tokens]; // one too many is computed as the last one
#pragma unroll
        for (int e = 0; e < Experts; ++e)
            router[e] = product.router + min(expert + e, product.experts - 1) * product.columns;
#pragma unroll
        for (int t = 0; t < Tokens; ++t)
            rows[t] = product.rows + min(token + t, product.tokens - 1) * product.columns;
        float sums[kCount] = {};
        addPieces<Width, Experts, Tokens>(router, rows, static_cast<int>(product.columns), sums);
        const float sum = warpSums(sums);
        const int index = lane / (kWarp / kCount);
        const std::int64_t t = token + index / Experts, e = expert + index % Experts;
        if (lane % (kWarp / kCount) == 0 && t < product.tokens && e < product.experts)
            product.logits[t * product.experts + e] = sum;
    }
}

template<int Width, int Experts, int Tokens>
Status launchRouter(const RouterProduct& product, Stream stream)
{
    const dim3 grid(static_cast<unsigned>(divideUp<std::int64_t>(product.experts, kWarps * Experts)),
                    blocksFor(divideUp<std::int64_t>(product.tokens, Tokens), kMostBlocksY));
    VT_LAUNCH((multiplyRouter<Width, Experts, Tokens>), grid, kThreads, 0, stream, product);
    return launched();
}

template<int Width>
Status launchRouter(const RouterProduct& product, Stream stream)
{
    return product.tokens <= 8 ? launchRouter<Width, 1, 1>(product, stream)
                               : launchRouter<Width, 4, 8>(product, stream);
}

/// Larger is better: by the logit, then by the lower expert. Never 0, which is what is taken already.
__device__ Key keyOf(float logit, unsigned expert)
{
    const unsigned bits = __float_as_uint(logit + 0.0F); // -0 and 0 are equal
    const unsigned rising = (bits & 0x80000000U) != 0 ? ~bits : bits | 0x80000000U;
    return Key{logit != logit ? 1U : rising} << 32U | (0xFFFFFFFFU - expert);
}

__device__ Key largestOfWarp(Key key)
{
#pragma unroll
    for (int distance = kWarp / 2; distance > 0; distance /= 2) {
        const Key other = __shfl_xor_sync(kAllLanes, key, distance);
        key = other > key ? other : key;
    }
    return key;
}

/// Takes the best of what the lanes hold: expert i * 32 + lane is in keys[i].
template<int Held>
__device__ unsigned takeBest(Key (&keys)[Held])
{
    Key best = 0;
#pragma unroll
    for (const Key key : keys)
        best = key > best ? key : best;
    best = largestOfWarp(best);
#pragma unroll
    for (Key& key : keys)
        key = key == best ? 0 : key;
    return 0xFFFFFFFFU - static_cast<unsigned>(best);
}

/// The sum of exp(logit - largest) over all experts.
template<int Held>
__device__ float sumOfAll(const float* logits, int experts, float largest)
{
    float sum = 0.0F;
#pragma unroll
    for (int i = 0; i < Held; ++i) {
        const int expert = i * kWarp + static_cast<int>(threadIdx.x) % kWarp;
        if (expert < experts)
            sum += expf(logits[expert] - largest);
    }
    return warpSum(sum);
}

template<int Held>
__device__ void chooseForToken(const ExpertChoice& choice, std::int64_t token)
{
    const int lane = static_cast<int>(threadIdx.x) % kWarp, experts = static_cast<int>(choice.experts);
    const float* logits = choice.logits + token * choice.experts;
    Key keys[Held];
#pragma unroll
    for (int i = 0; i < Held; ++i) {
        const int expert = i * kWarp + lane;
        keys[i] = expert < experts ? keyOf(logits[expert], static_cast<unsigned>(expert)) : 0;
    }
    float largest = 0.0F, ofChosen = 0.0F;
    for (std::int64_t rank = 0; rank < choice.perToken; ++rank) {
        const unsigned expert = takeBest(keys);
        const float logit = logits[expert];
        largest = rank == 0 ? logit : largest;
        ofChosen += expf(logit - largest);
        if (lane == 0)
            choice.chosen[token * choice.perToken + rank] = static_cast<std::int32_t>(expert);
    }
    const float ofAll = sumOfAll<Held>(logits, experts, largest);
    const float divisor = choice.normalized && ofAll == ofAll ? ofChosen : ofAll;
    __syncwarp(); // what lane 0 wrote
    for (std::int64_t rank = lane; rank < choice.perToken; rank += kWarp) {
        const std::int64_t pair = token * choice.perToken + rank;
        choice.weights[pair] = expf(logits[choice.chosen[pair]] - largest) / divisor * choice.scale;
    }
}

template<int Held>
__global__ void __launch_bounds__(kThreads) chooseForTokens(ExpertChoice choice)
{
    const std::int64_t token = std::int64_t{blockIdx.x} * kWarps + threadIdx.x / kWarp;
    if (token >= choice.tokens)
        return;
    if (choice.slots == nullptr || choice.slots[token] >= 0) {
        chooseForToken<Held>(choice, token);
        return;
    }
    for (std::int64_t rank = threadIdx.x % kWarp; rank < choice.perToken; rank += kWarp) {
        choice.chosen[token * choice.perToken + rank] = -1;
        choice.weights[token * choice.perToken + rank] = 0.0F;
    }
}

/// Width values of a token at `column`.
template<int Width, class T>
__device__ void sumPiece(const ExpertSum& sum, std::int64_t token, std::int64_t column)
{
    float values[Width] = {};
    for (std::int64_t pair = token * sum.perToken; pair < (token + 1) * sum.perToken; ++pair) {
        if (sum.chosen[pair] < 0)
            continue;
        const float weight = sum.weights[pair];
        const T* from = static_cast<const T*>(sum.outputs) + pair * sum.columns + column;
        float more[Width];
        if constexpr (Width == 8)
            readEight(from, more);
        else
            more[0] = readValue(from);
#pragma unroll
        for (int i = 0; i < Width; ++i)
            values[i] += weight * more[i];
    }
    T* to = static_cast<T*>(sum.out) + token * sum.columns + column;
    if constexpr (Width == 8)
        writeEight(to, values);
    else
        writeValue(to, values[0]);
}

template<int Width, class T>
__global__ void __launch_bounds__(kThreads) sumTokens(ExpertSum sum)
{
    const std::int64_t column = (std::int64_t{blockIdx.x} * kThreads + threadIdx.x) * Width;
    if (column >= sum.columns)
        return;
    for (std::int64_t token = blockIdx.y; token < sum.tokens; token += gridDim.y)
        sumPiece<Width, T>(sum, token, column);
}

template<int Width, class T>
Status launchSum(const ExpertSum& sum, Stream stream)
{
    const std::int64_t blocks = divideUp<std::int64_t>(sum.columns, kThreads * Width);
    if (blocks > kMostBlocksX)
        return refused();
    const dim3 grid(static_cast<unsigned>(blocks), blocksFor(sum.tokens, kMostBlocksY));
    VT_LAUNCH((sumTokens<Width, T>), grid, kThreads, 0, stream, sum);
    return launched();
}

template<class T>
Status launchSum(const ExpertSum& sum, Stream stream)
{
    return sum.columns % 8 == 0 ? launchSum<8, T>(sum, stream) : launchSum<1, T>(sum, stream);
}

} // namespace

Status routerLogits(const RouterProduct& product, Stream stream)
{
    if (product.experts > kMostExperts || product.columns > kMostColumns)
        return refused();
    if (product.tokens <= 0 || product.experts <= 0)
        return {};
    return product.columns % 4 == 0 ? launchRouter<4>(product, stream) : launchRouter<1>(product, stream);
}

Status chooseExperts(const ExpertChoice& choice, Stream stream)
{
    const std::int64_t blocks = divideUp<std::int64_t>(choice.tokens, kWarps);
    if (choice.perToken < 1 || choice.perToken > choice.experts || choice.experts > kMostExperts ||
        blocks > kMostBlocksX)
        return refused();
    if (choice.tokens <= 0)
        return {};
    const auto grid = static_cast<unsigned>(blocks);
    if (choice.experts <= 2 * kWarp)
        VT_LAUNCH(chooseForTokens<2>, grid, kThreads, 0, stream, choice);
    else if (choice.experts <= 4 * kWarp)
        VT_LAUNCH(chooseForTokens<4>, grid, kThreads, 0, stream, choice);
    else
        VT_LAUNCH(chooseForTokens<16>, grid, kThreads, 0, stream, choice);
    return launched();
}

Status sumExperts(const ExpertSum& sum, Stream stream)
{
    if (sum.tokens <= 0 || sum.columns <= 0)
        return {};
    return sum.number == Number::F32 ? launchSum<float>(sum, stream) : launchSum<BFloat16>(sum, stream);
}

} // namespace vitrine::kernels::cuda
