// SPDX-License-Identifier: GPL-3.0-or-later
// A unit of a block a thread, 16 values in a row written as whole sectors. Bound by memory: in BF16 2 bytes
// written a value and what the type has read (Q4_K 0.56), about 4 integer operations and one FMA.
#include "kernels/cuda/device.h"

#include "kernels/cuda/dequantize.h"
#include "kernels/cuda/quant_groups.cuh"
#include "kernels/cuda/quant_values.cuh"
#include "kernels/cuda/row_values.cuh"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kThreads = 256;

template<class Format, class T>
__global__ void __launch_bounds__(kThreads)
    dequantizeUnits(const std::uint8_t* blocks, std::int64_t units, T* out)
{
    const std::int64_t index = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
    if (index >= units)
        return;
    const std::int64_t block = index / Format::kUnits;
    writeUnit<Format>(blocks + block * Format::kBlockBytes, static_cast<int>(index % Format::kUnits), 1.0F,
                      out + block * Format::kBlockValues);
}

template<class S, class T>
__global__ void __launch_bounds__(kThreads) convertValues(const S* values, std::int64_t count, T* out)
{
    const std::int64_t index = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
    if (index < count)
        writeValue(out + index, readValue(values + index));
}

template<class T>
Status launch(QuantType type, const std::uint8_t* blocks, std::int64_t values, T* out, Stream stream)
{
    const auto blocksOf = [](std::int64_t threads) {
        return static_cast<unsigned>(divideUp<std::int64_t>(threads, kThreads));
    };
    const bool plain = withPlainType(type, [&](auto value) {
        using S = decltype(value);
        VT_LAUNCH((convertValues<S, T>), blocksOf(values), kThreads, 0, stream,
                  reinterpret_cast<const S*>(blocks), values, out);
    });
    const bool known =
        plain || withQuantFormat(type, [&](auto format) {
            using Format = decltype(format);
            const std::int64_t units = values / Format::kUnitValues;
            VT_LAUNCH((dequantizeUnits<Format, T>), blocksOf(units), kThreads, 0, stream, blocks, units, out);
        });
    return known ? launched() : refused();
}

} // namespace

bool hasDeviceForm(QuantType type)
{
    return withPlainType(type, [](auto) {}) || withQuantFormat(type, [](auto) {});
}

Status dequantizeBlocks(QuantType type, const std::uint8_t* blocks, std::int64_t values, Number number,
                        void* out, Stream stream)
{
    if (!hasDeviceForm(type) || values % quantInfo(type).blockValues != 0 ||
        values / kThreads >= kMostBlocksX)
        return refused();
    if (values <= 0)
        return {};
    return number == Number::F32 ? launch(type, blocks, values, static_cast<float*>(out), stream)
                                 : launch(type, blocks, values, static_cast<BFloat16*>(out), stream);
}

} // namespace vitrine::kernels::cuda
