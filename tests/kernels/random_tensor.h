// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors of any type with sane values, for the kernel tests.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "kernels/cpu/dequantize.h"

namespace vitrine::tests {

inline const std::vector<kernels::QuantType>& allQuantTypes()
{
    using enum kernels::QuantType;
    static const std::vector<kernels::QuantType> types = {
        F32,     F16,   BF16,  Q4_0,  Q4_1,   Q5_0,   Q5_1,  Q8_0,    Q8_1,   Q2_K,
        Q3_K,    Q4_K,  Q5_K,  Q6_K,  Q8_K,   F64,    I8,    IQ2_XXS, IQ2_XS, IQ2_S,
        IQ3_XXS, IQ3_S, IQ1_S, IQ1_M, IQ4_NL, IQ4_XS, TQ1_0, TQ2_0,   MXFP4};
    return types;
}

/// A block whose values are finite and of a size that weights have: bytes are drawn until it is.
inline void drawBlock(kernels::QuantType type, std::mt19937& random, std::uint8_t* block)
{
    const kernels::QuantInfo info = kernels::quantInfo(type);
    std::vector<float> values(info.blockValues);
    for (int attempt = 0; attempt < 100000; ++attempt) {
        for (std::uint32_t i = 0; i < info.blockBytes; ++i)
            block[i] = static_cast<std::uint8_t>(random());
        kernels::cpu::dequantize(type, block, values.data(), values.size());
        float largest = 0.0F;
        for (const float value : values)
            largest = std::isfinite(value) ? std::fmax(largest, std::fabs(value)) : INFINITY;
        if (largest > 1e-4F && largest < 4.0F)
            return;
    }
}

inline std::vector<std::uint8_t> randomTensor(kernels::QuantType type, std::int64_t rows,
                                              std::int64_t columns, std::mt19937& random)
{
    const kernels::QuantInfo info = kernels::quantInfo(type);
    const std::size_t blocks = static_cast<std::size_t>(rows * columns) / info.blockValues;
    std::vector<std::uint8_t> bytes(blocks * info.blockBytes);
    std::vector<std::uint8_t> pool(info.blockBytes * std::size_t{64}); // drawing is slow for some types
    for (std::size_t i = 0; i < 64; ++i)
        drawBlock(type, random, pool.data() + i * info.blockBytes);
    for (std::size_t i = 0; i < blocks; ++i)
        std::memcpy(bytes.data() + i * info.blockBytes, pool.data() + random() % 64 * info.blockBytes,
                    info.blockBytes);
    return bytes;
}

inline std::vector<float> floatsOf(kernels::QuantType type, const std::vector<std::uint8_t>& tensor)
{
    const kernels::QuantInfo info = kernels::quantInfo(type);
    std::vector<float> values(tensor.size() / info.blockBytes * info.blockValues);
    kernels::cpu::dequantize(type, tensor.data(), values.data(), values.size());
    return values;
}

inline std::vector<float> randomFloats(std::size_t count, std::mt19937& random)
{
    std::normal_distribution<float> normal;
    std::vector<float> values(count);
    for (float& value : values)
        value = normal(random);
    return values;
}

/// Memory aligned to 64 bytes.
class AlignedBytes
{
public:
    explicit AlignedBytes(std::size_t bytes) : m_memory(bytes + 64) {}
    std::uint8_t* data()
    {
        const auto address = reinterpret_cast<std::uintptr_t>(m_memory.data());
        return m_memory.data() + (64 - address % 64) % 64;
    }

private:
    std::vector<std::uint8_t> m_memory;
};

} // namespace vitrine::tests
