// SPDX-License-Identifier: GPL-3.0-or-later
// A unit of a row a thread. Bound by latency and, with many tokens, by the 4 bytes written a value.
#include "kernels/cuda/device.h"

#include "kernels/cuda/embedding.h"
#include "kernels/cuda/quant_groups.cuh"
#include "kernels/cuda/quant_values.cuh"
#include "kernels/cuda/row_values.cuh"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kThreads = 128;

struct Gathering
{
    const std::uint8_t* table;
    std::int64_t columns, rowBytes;
    const std::int32_t* tokens;
    std::int64_t count;
    float scale;
    float* residual;
};

/// Row `i` of the output is zeros where its token is negative.
template<class Format>
__global__ void __launch_bounds__(kThreads) gatherUnits(Gathering g)
{
    const std::int64_t index = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
    if (index >= g.columns / Format::kUnitValues)
        return;
    const std::int64_t block = index / Format::kUnits;
    for (std::int64_t i = blockIdx.y; i < g.count; i += gridDim.y) {
        const std::int64_t token = g.tokens[i];
        const std::uint8_t* row = g.table + (token < 0 ? 0 : token) * g.rowBytes;
        writeUnit<Format>(row + block * Format::kBlockBytes, static_cast<int>(index % Format::kUnits),
                          token < 0 ? 0.0F : g.scale,
                          g.residual + i * g.columns + block * Format::kBlockValues);
    }
}

template<class S>
__global__ void __launch_bounds__(kThreads) gatherValues(Gathering g)
{
    const std::int64_t column = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
    if (column >= g.columns)
        return;
    for (std::int64_t i = blockIdx.y; i < g.count; i += gridDim.y) {
        const std::int64_t token = g.tokens[i];
        const S* row = reinterpret_cast<const S*>(g.table + (token < 0 ? 0 : token) * g.rowBytes);
        g.residual[i * g.columns + column] = token < 0 ? 0.0F : readValue(row + column) * g.scale;
    }
}

dim3 gridFor(std::int64_t threads, std::int64_t count)
{
    return {static_cast<unsigned>(divideUp<std::int64_t>(threads, kThreads)), blocksFor(count, kMostBlocksY)};
}

} // namespace

Status gatherEmbeddings(QuantType type, const std::uint8_t* table, std::int64_t columns,
                        const std::int32_t* tokens, std::int64_t count, float scale, float* residual,
                        Stream stream)
{
    const QuantInfo info = quantInfo(type);
    if (info.blockValues == 0 || columns % info.blockValues != 0 || columns / kThreads >= kMostBlocksX)
        return refused();
    if (count <= 0 || columns <= 0)
        return {};
    const Gathering gathering{table, columns, columns / info.blockValues * info.blockBytes, tokens, count,
                              scale, residual};
    const bool known = withPlainType(type,
                                     [&](auto value) {
                                         VT_LAUNCH(gatherValues<decltype(value)>, gridFor(columns, count),
                                                   kThreads, 0, stream, gathering);
                                     }) ||
                       withQuantFormat(type, [&](auto format) {
                           using Format = decltype(format);
                           VT_LAUNCH(gatherUnits<Format>, gridFor(columns / Format::kUnitValues, count),
                                     kThreads, 0, stream, gathering);
                       });
    return known ? launched() : refused();
}

} // namespace vitrine::kernels::cuda
