// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/self_test/test_tensors.h"

#include <cmath>

#include "kernels/cpu/dequantize.h"
#include "kernels/cuda/dequantize.h"

namespace vitrine::engine {

using kernels::QuantType;

namespace {

constexpr std::uint32_t kTypes = 40; ///< numbers of types lie below it

} // namespace

std::vector<QuantType> deviceTypes()
{
    std::vector<QuantType> types;
    for (std::uint32_t number = 0; number < kTypes; ++number) {
        const auto type = static_cast<QuantType>(number);
        if (kernels::quantInfo(type).blockValues != 0 && kernels::cuda::hasDeviceForm(type))
            types.push_back(type);
    }
    return types;
}

/// A few blocks are drawn and dealt: most random scales are no use.
std::vector<std::uint8_t> drawTensor(QuantType type, std::size_t values, SyntheticRandom& random)
{
    const kernels::QuantInfo info = kernels::quantInfo(type);
    std::vector<std::uint8_t> pool, tensor;
    std::vector<float> numbers(info.blockValues);
    while (pool.size() < std::size_t{16} * info.blockBytes) {
        std::vector<std::uint8_t> block(info.blockBytes);
        for (std::uint8_t& byte : block)
            byte = static_cast<std::uint8_t>(random.next() >> 56U);
        kernels::cpu::dequantize(type, block.data(), numbers.data(), numbers.size());
        float largest = 0.0F;
        for (const float number : numbers)
            largest = std::isfinite(number) ? std::fmax(largest, std::fabs(number)) : INFINITY;
        if (largest > 1e-4F && largest < 4.0F)
            pool.insert(pool.end(), block.begin(), block.end());
    }
    for (std::size_t i = 0; i < values / info.blockValues; ++i) {
        const auto from = pool.begin() + static_cast<std::ptrdiff_t>(random.next() % 16 * info.blockBytes);
        tensor.insert(tensor.end(), from, from + info.blockBytes);
    }
    return tensor;
}

std::vector<float> tensorFloats(QuantType type, const std::vector<std::uint8_t>& tensor)
{
    const kernels::QuantInfo info = kernels::quantInfo(type);
    std::vector<float> values(tensor.size() / info.blockBytes * info.blockValues);
    kernels::cpu::dequantize(type, tensor.data(), values.data(), values.size());
    return values;
}

} // namespace vitrine::engine
