// SPDX-License-Identifier: GPL-3.0-or-later
// GGUF blocks in device memory as small integers: value = d * q + m, where q are signed bytes packed in fours
// (what dp4a and tensor cores take), d and m float32 of 16 values. Where kHasLeast is false m is not set.
//
// A QuantFormat reads a unit at a time: the groups of 16 values whose bits lie in the same 16 bytes or so.
// Matrices start on 16 bytes; blocks lie as in the file, that is some on 2 bytes only and MXFP4 on any. Words
// are read whole, as aligned ones that are shifted together, and nothing behind the block is touched.
#pragma once

#include <cstdint>
#include <type_traits>

#include "kernels/cuda/device.h"
#include "kernels/cuda/packed_bytes.cuh"
#include "kernels/quant_type.h"

namespace vitrine::kernels::cuda {

inline constexpr int kGroup = 16; ///< values that a group has

template<int Groups>
struct QuantUnit
{
    int q[Groups][4];
    float d[Groups], m[Groups];
};

/// kBlockValues, kBlockBytes; kGroups in a unit; kHasLeast; kOneScale: both groups share d and m and are 32
/// values in a row. position(unit, group): of its first value in the block. read(): a unit of a block.
template<QuantType Type>
struct QuantFormat;

template<int Values, int Bytes, int Groups, bool HasLeast, bool OneScale>
struct QuantShape
{
    static constexpr int kBlockValues = Values, kBlockBytes = Bytes, kGroups = Groups;
    static constexpr int kUnitValues = kGroup * Groups;
    static constexpr int kUnits = Values / kUnitValues; ///< in a block
    static constexpr bool kHasLeast = HasLeast, kOneScale = OneScale;
    using Unit = QuantUnit<Groups>;
};

/// A block or a part of it has 32 values, the low nibbles (or bytes) first.
template<int Values, int Bytes, bool HasLeast>
struct ThirtyTwo : QuantShape<Values, Bytes, 2, HasLeast, true>
{
    __device__ static int position(int unit, int group) { return 32 * unit + kGroup * group; }

protected:
    __device__ static void setScale(QuantUnit<2>& out, float d, float m = 0.0F)
    {
        out.d[0] = out.d[1] = d;
        out.m[0] = out.m[1] = m;
    }
};

template<>
struct QuantFormat<QuantType::Q4_0> : ThirtyTwo<32, 18, false>
{
    __device__ static void read(const std::uint8_t* block, int, Unit& out)
    {
        std::uint32_t words[4];
        loadWords<2>(block + 2, words);
        setScale(out, halfAt(block));
#pragma unroll
        for (int k = 0; k < 4; ++k) {
            out.q[0][k] = centred<8>(lowNibbles(words[k]));
            out.q[1][k] = centred<8>(highNibbles(words[k]));
        }
    }
};

template<>
struct QuantFormat<QuantType::Q4_1> : ThirtyTwo<32, 20, true>
{
    __device__ static void read(const std::uint8_t* block, int, Unit& out)
    {
        std::uint32_t words[5];
        loadWords<4>(block, words);
        setScale(out, lowHalf(words[0]), highHalf(words[0]));
#pragma unroll
        for (int k = 0; k < 4; ++k) {
            out.q[0][k] = static_cast<int>(lowNibbles(words[1 + k]));
            out.q[1][k] = static_cast<int>(highNibbles(words[1 + k]));
        }
    }
};

template<>
struct QuantFormat<QuantType::Q5_0> : ThirtyTwo<32, 22, false>
{
    __device__ static void read(const std::uint8_t* block, int, Unit& out)
    {
        std::uint32_t words[5]; // fifth bits, nibbles
        loadWords<2>(block + 2, words);
        setScale(out, halfAt(block));
#pragma unroll
        for (int k = 0; k < 4; ++k) {
            out.q[0][k] = centred<16>(lowNibbles(words[1 + k]) | fifthBits(words[0] >> (4 * k)));
            out.q[1][k] = centred<16>(highNibbles(words[1 + k]) | fifthBits(words[0] >> (16 + 4 * k)));
        }
    }
};

template<>
struct QuantFormat<QuantType::Q5_1> : ThirtyTwo<32, 24, true>
{
    __device__ static void read(const std::uint8_t* block, int, Unit& out)
    {
        std::uint32_t words[6]; // scale and least, fifth bits, nibbles
        loadWords<8>(block, words);
        setScale(out, lowHalf(words[0]), highHalf(words[0]));
#pragma unroll
        for (int k = 0; k < 4; ++k) {
            out.q[0][k] = static_cast<int>(lowNibbles(words[2 + k]) | fifthBits(words[1] >> (4 * k)));
            out.q[1][k] = static_cast<int>(highNibbles(words[2 + k]) | fifthBits(words[1] >> (16 + 4 * k)));
        }
    }
};

template<>
struct QuantFormat<QuantType::Q8_0> : ThirtyTwo<32, 34, false>
{
    __device__ static void read(const std::uint8_t* block, int, Unit& out)
    {
        std::uint32_t words[8];
        loadWords<2>(block + 2, words);
        setScale(out, halfAt(block));
#pragma unroll
        for (int k = 0; k < 8; ++k)
            out.q[k / 4][k % 4] = static_cast<int>(words[k]);
    }
};

template<>
struct QuantFormat<QuantType::IQ4_NL> : ThirtyTwo<32, 18, false>
{
    __device__ static void read(const std::uint8_t* block, int, Unit& out)
    {
        std::uint32_t words[4];
        loadWords<2>(block + 2, words);
        setScale(out, halfAt(block));
#pragma unroll
        for (int k = 0; k < 4; ++k)
            lookUp(unevenSteps(), words[k], out.q[0][k], out.q[1][k]);
    }
};

template<>
struct QuantFormat<QuantType::MXFP4> : ThirtyTwo<32, 17, false>
{
    __device__ static void read(const std::uint8_t* block, int, Unit& out)
    {
        std::uint32_t words[4];
        loadWords<1>(block + 1, words);
        const std::uint32_t exponent = block[0]; // half of 2^(exponent - 127): the least two are subnormal
        setScale(out, __uint_as_float(exponent < 2 ? 0x00200000U << exponent : (exponent - 1) << 23U));
#pragma unroll
        for (int k = 0; k < 4; ++k)
            lookUp(float4Steps(), words[k], out.q[0][k], out.q[1][k]);
    }
};

template<>
struct QuantFormat<QuantType::IQ4_XS> : ThirtyTwo<256, 136, false>
{
    __device__ static void read(const std::uint8_t* block, int unit, Unit& out)
    {
        std::uint32_t head[2], words[4]; // scale and upper scale bits, lower scale nibbles
        loadWords<8>(block, head);
        loadWords<8>(block + 8 + 16 * unit, words);
        const std::uint32_t low = head[1] >> (4 * unit) & 15U;
        const std::uint32_t high = head[0] >> (16 + 2 * unit) & 3U;
        setScale(out, lowHalf(head[0]) * static_cast<float>(static_cast<int>(low | high << 4U) - 32));
#pragma unroll
        for (int k = 0; k < 4; ++k)
            lookUp(unevenSteps(), words[k], out.q[0][k], out.q[1][k]);
    }
};

/// Q4_K and Q5_K: unit 2j + h has 16 values of the groups of 32 numbered 2j (low nibbles) and 2j + 1.
template<int Bytes>
struct PairsOfGroups : QuantShape<256, Bytes, 2, true, false>
{
    __device__ static int position(int unit, int group)
    {
        return 64 * (unit / 2) + kGroup * (unit % 2) + 32 * group;
    }

protected:
    /// The pairs of 6-bit numbers of groups 2j and 2j + 1; head: both scales, then 12 bytes of them.
    __device__ static void setScales(const std::uint32_t (&head)[4], int j, QuantUnit<2>& out)
    {
        const int shift = 16 * (j % 2);
        const std::uint32_t first = head[1] >> shift, second = head[2] >> shift, third = head[3] >> shift;
        const std::uint32_t scales = j < 2 ? first & 0x3F3FU : (third & 0x0F0FU) | (first >> 2U & 0x3030U);
        const std::uint32_t leasts =
            j < 2 ? second & 0x3F3FU : (third >> 4U & 0x0F0FU) | (second >> 2U & 0x3030U);
        const float scale = lowHalf(head[0]), leastScale = -highHalf(head[0]);
        out.d[0] = scale * static_cast<float>(scales & 63U);
        out.d[1] = scale * static_cast<float>(scales >> 8U & 63U);
        out.m[0] = leastScale * static_cast<float>(leasts & 63U);
        out.m[1] = leastScale * static_cast<float>(leasts >> 8U & 63U);
    }
};

template<>
struct QuantFormat<QuantType::Q4_K> : PairsOfGroups<144>
{
    __device__ static void read(const std::uint8_t* block, int unit, Unit& out)
    {
        std::uint32_t head[4], words[4];
        loadWords<16>(block, head);
        loadWords<16>(block + 16 + 16 * unit, words);
        setScales(head, unit / 2, out);
#pragma unroll
        for (int k = 0; k < 4; ++k) {
            out.q[0][k] = static_cast<int>(lowNibbles(words[k]));
            out.q[1][k] = static_cast<int>(highNibbles(words[k]));
        }
    }
};

template<>
struct QuantFormat<QuantType::Q5_K> : PairsOfGroups<176>
{
    __device__ static void read(const std::uint8_t* block, int unit, Unit& out)
    {
        std::uint32_t head[4], bits[4], words[4];
        loadWords<16>(block, head);
        loadWords<16>(block + 16 + 16 * (unit % 2), bits);
        loadWords<16>(block + 48 + 16 * unit, words);
        setScales(head, unit / 2, out);
        const int shift = unit / 2 * 2;
#pragma unroll
        for (int k = 0; k < 4; ++k) {
            const std::uint32_t fifth = bits[k] >> shift;
            out.q[0][k] = static_cast<int>(lowNibbles(words[k]) | (fifth & 0x01010101U) << 4U);
            out.q[1][k] = static_cast<int>(highNibbles(words[k]) | (fifth & 0x02020202U) << 3U);
        }
    }
};

/// Q2_K, Q3_K and Q6_K: unit 2 * half + h has of a half block of 128 values the 16h-th of each 32.
template<int Bytes, bool HasLeast>
struct FourOfHalf : QuantShape<256, Bytes, 4, HasLeast, false>
{
    __device__ static int position(int unit, int group)
    {
        return 128 * (unit / 2) + kGroup * (unit % 2) + 32 * group;
    }

protected:
    /// Byte 2 * group + h of eight.
    __device__ static std::uint32_t scaleByte(const std::uint32_t (&words)[2], int group, int h)
    {
        return words[group / 2] >> (16 * (group % 2) + 8 * h) & 255U;
    }
};

template<>
struct QuantFormat<QuantType::Q2_K> : FourOfHalf<84, true>
{
    __device__ static void read(const std::uint8_t* block, int unit, Unit& out)
    {
        const int half = unit / 2, h = unit % 2;
        std::uint32_t pairs[2], words[4], scales[1];
        loadWords<4>(block + 8 * half, pairs);
        loadWords<4>(block + 16 + 16 * unit, words);
        loadWords<4>(block + 80, scales);
#pragma unroll
        for (int g = 0; g < 4; ++g) {
            const std::uint32_t pair = scaleByte(pairs, g, h);
            out.d[g] = lowHalf(scales[0]) * static_cast<float>(pair & 15U);
            out.m[g] = -(highHalf(scales[0]) * static_cast<float>(pair >> 4U));
#pragma unroll
            for (int k = 0; k < 4; ++k)
                out.q[g][k] = static_cast<int>(words[k] >> (2 * g) & 0x03030303U);
        }
    }
};

template<>
struct QuantFormat<QuantType::Q3_K> : FourOfHalf<110, false>
{
    __device__ static void read(const std::uint8_t* block, int unit, Unit& out)
    {
        const int half = unit / 2, h = unit % 2;
        std::uint32_t bits[4], words[4], packed[3];
        loadWords<2>(block + 16 * h, bits);
        loadWords<2>(block + 32 + 16 * unit, words);
        loadWords<2>(block + 96, packed);
        const float scale = halfAt(block + 108);
        const std::uint32_t nibbles[2] = {packed[0] >> (4 * half), packed[1] >> (4 * half)};
#pragma unroll
        for (int g = 0; g < 4; ++g) {
            const std::uint32_t low = scaleByte(nibbles, g, h) & 15U;
            const std::uint32_t high = packed[2] >> (16 * (g % 2) + 8 * h + 2 * (2 * half + g / 2)) & 3U;
            out.d[g] = scale * static_cast<float>(static_cast<int>(low | high << 4U) - 32);
#pragma unroll
            for (int k = 0; k < 4; ++k) {
                const std::uint32_t third = bits[k] >> (4 * half + g) & 0x01010101U;
                out.q[g][k] = centred<4>((words[k] >> (2 * g) & 0x03030303U) | third << 2U);
            }
        }
    }
};

template<>
struct QuantFormat<QuantType::Q6_K> : FourOfHalf<210, false>
{
    __device__ static void read(const std::uint8_t* block, int unit, Unit& out)
    {
        const int half = unit / 2, h = unit % 2;
        std::uint32_t nibbles[2][4], bits[4], scales[2];
        loadWords<2>(block + 64 * half + 16 * h, nibbles[0]);
        loadWords<2>(block + 64 * half + 32 + 16 * h, nibbles[1]);
        loadWords<2>(block + 128 + 16 * unit, bits);
        loadWords<2>(block + 192 + 8 * half, scales);
        const float scale = halfAt(block + 208);
#pragma unroll
        for (int g = 0; g < 4; ++g) {
            out.d[g] = scale * static_cast<float>(static_cast<std::int8_t>(scaleByte(scales, g, h)));
#pragma unroll
            for (int k = 0; k < 4; ++k) {
                const std::uint32_t low = nibbles[g % 2][k] >> (g / 2 * 4) & 0x0F0F0F0FU;
                out.q[g][k] = centred<32>(low | (bits[k] >> (2 * g) & 0x03030303U) << 4U);
            }
        }
    }
};

/// use(std::integral_constant<QuantType, type>{}), and true; false for types that have no format here.
template<class Use>
bool withQuantType(QuantType type, Use use)
{
    const auto isOne = [&]<QuantType... Types>()
    {
        return (... || (type == Types && (use(std::integral_constant<QuantType, Types>{}), true)));
    };
    using enum QuantType;
    return isOne.template
    operator()<Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4>();
}

/// use(QuantFormat<type>{}), and true; false for other types.
template<class Use>
bool withQuantFormat(QuantType type, Use use)
{
    return withQuantType(type, [&](auto known) { use(QuantFormat<decltype(known)::value>{}); });
}

} // namespace vitrine::kernels::cuda
