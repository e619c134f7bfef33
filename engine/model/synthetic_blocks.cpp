// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/synthetic_blocks.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "engine/base/check.h"

namespace vitrine::engine {

using kernels::QuantType;

namespace {

constexpr std::size_t kQ8Bytes = 34, kQ4KBytes = 144;

// Standard deviations of the integers that are multiplied by a block's scale.
constexpr float kSpreadOfBytes = 73.9F; // -128 … 127
constexpr float kSpreadOfQ4K = 168.0F;  // a scale of 0 … 63 times a level less 7.5
constexpr float kMiddleOfLevels = 7.5F; // of 0 … 15

void putHalf(float value, std::uint8_t* out)
{
    // Positive and far from the largest: rounded to the mantissa's ten bits, or to multiples of 2^-24.
    std::uint16_t half = 0;
    if (value < 0x1p-14F) {
        half = static_cast<std::uint16_t>(std::lround(value * 0x1p24F));
    } else {
        const std::uint32_t bits = std::bit_cast<std::uint32_t>(value) + 0x1000U;
        half = static_cast<std::uint16_t>((bits >> 13U) - ((127U - 15U) << 10U));
    }
    std::memcpy(out, &half, sizeof half);
}

void fillBf16(float size, SyntheticRandom& random, std::span<std::uint8_t> out)
{
    const float step = size * std::sqrt(3.0F) / 32768.0F;
    for (std::size_t at = 0; at + 8 <= out.size(); at += 8) {
        std::uint64_t bits = random.next();
        std::uint16_t values[4];
        for (std::uint16_t& value : values) {
            const float number = (static_cast<float>(bits & 0xFFFFU) - 32767.5F) * step;
            value = static_cast<std::uint16_t>((std::bit_cast<std::uint32_t>(number) + 0x8000U) >> 16U);
            bits >>= 16U;
        }
        std::memcpy(&out[at], values, sizeof values);
    }
}

void fillBytes(SyntheticRandom& random, std::uint8_t* out, std::size_t count)
{
    for (std::size_t at = 0; at < count; at += 8) {
        const std::uint64_t bits = random.next();
        std::memcpy(out + at, &bits, std::min<std::size_t>(8, count - at));
    }
}

void fillQ8(float size, SyntheticRandom& random, std::span<std::uint8_t> out)
{
    for (std::size_t at = 0; at < out.size(); at += kQ8Bytes) {
        putHalf(size / kSpreadOfBytes, &out[at]);
        fillBytes(random, &out[at + 2], kQ8Bytes - 2);
    }
}

/// Each scale stands also where its minimum does, so that a value is d * scale * (level - 7.5).
void fillQ4K(float size, SyntheticRandom& random, std::span<std::uint8_t> out)
{
    for (std::size_t at = 0; at < out.size(); at += kQ4KBytes) {
        std::uint8_t* const block = &out[at];
        const float scale = size / kSpreadOfQ4K;
        putHalf(scale, block);
        putHalf(scale * kMiddleOfLevels, block + 2);
        fillBytes(random, block + 4, 4);
        std::memcpy(block + 8, block + 4, 4);
        fillBytes(random, block + 12, kQ4KBytes - 12);
        for (std::size_t i = 12; i < 16; ++i)
            block[i] = static_cast<std::uint8_t>((block[i] & 0x0FU) * 0x11U);
    }
}

} // namespace

void fillSyntheticBlocks(QuantType type, float size, SyntheticRandom& random, std::span<std::uint8_t> out)
{
    const std::size_t block = type == QuantType::BF16 ? 8 : kernels::quantInfo(type).blockBytes;
    VT_CHECK(out.size() % block == 0);
    switch (type) {
    case QuantType::BF16:
        return fillBf16(size, random, out);
    case QuantType::Q8_0:
        return fillQ8(size, random, out);
    case QuantType::Q4_K:
        return fillQ4K(size, random, out);
    default:
        VT_CHECK(false);
    }
}

} // namespace vitrine::engine
