// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of keys and values in device code: eight values at a time as they lie in memory, and as floats. What
// is read of Int8 and FP8 rows lacks the row's scale; kRawFactor is what it lacks beside that.
#pragma once

#include "kernels/cuda/device.h"
#include "kernels/cuda/kv_pages.h"

namespace vitrine::kernels::cuda {

constexpr int kvElementBytes(KvNumber number)
{
    return number == KvNumber::F32 ? 4 : number == KvNumber::Int8 || number == KvNumber::FP8 ? 1 : 2;
}
constexpr bool kvScaled(KvNumber number)
{
    return number == KvNumber::Int8 || number == KvNumber::FP8;
}
/// e4m3 bits are read as binary16 ones, whose exponents count from 8 further down.
constexpr float kvRawFactor(KvNumber number)
{
    return number == KvNumber::FP8 ? 256.0F : 1.0F;
}

template<KvNumber N>
struct KvEight
{
    static constexpr int kWords = 2 * kvElementBytes(N);
    unsigned word[kWords];
};

/// REQUIRES: `from` aligned to its 8, 16 or 32 bytes (to 16 of these).
template<KvNumber N>
__device__ __forceinline__ KvEight<N> loadEight(const std::uint8_t* from)
{
    KvEight<N> eight;
    if constexpr (KvEight<N>::kWords == 2) {
        const uint2 bits = *reinterpret_cast<const uint2*>(from);
        eight.word[0] = bits.x;
        eight.word[1] = bits.y;
    } else {
#pragma unroll
        for (int i = 0; i < KvEight<N>::kWords; i += 4) {
            const uint4 bits = *reinterpret_cast<const uint4*>(from + 4 * i);
            eight.word[i] = bits.x;
            eight.word[i + 1] = bits.y;
            eight.word[i + 2] = bits.z;
            eight.word[i + 3] = bits.w;
        }
    }
    return eight;
}

template<KvNumber N>
__device__ __forceinline__ KvEight<N> zeroEight()
{
    KvEight<N> eight;
#pragma unroll
    for (int i = 0; i < KvEight<N>::kWords; ++i)
        eight.word[i] = 0;
    return eight;
}

/// Element by element for rows that are not aligned: zeros behind `count` values.
template<KvNumber N>
__device__ __forceinline__ KvEight<N> loadUpToEight(const std::uint8_t* from, int count)
{
    constexpr int kBytes = kvElementBytes(N);
    constexpr int kInWord = 4 / kBytes;
    KvEight<N> eight = zeroEight<N>();
#pragma unroll
    for (int i = 0; i < 8; ++i) {
        if (i >= count)
            continue;
        unsigned bits = 0;
        if constexpr (kBytes == 4)
            bits = *reinterpret_cast<const unsigned*>(from + 4 * i);
        else if constexpr (kBytes == 2)
            bits = *reinterpret_cast<const unsigned short*>(from + 2 * i);
        else
            bits = from[i];
        eight.word[i / kInWord] |= bits << (i % kInWord * 8 * kBytes);
    }
    return eight;
}

/// Two of a word of 16 bits each.
__device__ __forceinline__ float2 halvesOf(unsigned word)
{
    return __half22float2(*reinterpret_cast<const __half2*>(&word));
}

template<KvNumber N>
__device__ __forceinline__ void unpackEight(const KvEight<N>& eight, float (&to)[8])
{
#pragma unroll
    for (int i = 0; i < 8; ++i) {
        if constexpr (N == KvNumber::F32) {
            to[i] = __uint_as_float(eight.word[i]);
        } else if constexpr (N == KvNumber::BF16) {
            const unsigned word = eight.word[i / 2];
            to[i] = __uint_as_float(i % 2 == 0 ? word << 16 : word & 0xFFFF0000U);
        } else if constexpr (N == KvNumber::F16) {
            const float2 two = halvesOf(eight.word[i / 2]);
            to[i] = i % 2 == 0 ? two.x : two.y;
        } else if constexpr (N == KvNumber::Int8) {
            // 2^23 + 128 + value as a float, as conversions have fewer units than additions.
            const unsigned byte = (eight.word[i / 4] ^ 0x80808080U) >> (i % 4 * 8) & 0xFFU;
            to[i] = __uint_as_float(0x4B000000U | byte) - 8388736.0F;
        } else {
            // Bytes i and i + 2 of the word at once, each in the upper half of 16 bits.
            const unsigned upper = i % 2 == 0 ? eight.word[i / 4] << 8 : eight.word[i / 4];
            const float2 two = halvesOf((upper & 0x80008000U) | (upper & 0x7F007F00U) >> 1);
            to[i] = i % 4 < 2 ? two.x : two.y;
        }
    }
}

/// A value as it is stored; Int8 and FP8 ones were divided by their scale before.
template<KvNumber N>
__device__ __forceinline__ void storeElement(std::uint8_t* row, std::int64_t i, float value)
{
    if constexpr (N == KvNumber::F32)
        reinterpret_cast<float*>(row)[i] = value;
    else if constexpr (N == KvNumber::F16)
        reinterpret_cast<__half*>(row)[i] = __float2half_rn(value);
    else if constexpr (N == KvNumber::BF16)
        reinterpret_cast<__nv_bfloat16*>(row)[i] = __float2bfloat16_rn(value);
    else if constexpr (N == KvNumber::Int8)
        row[i] = static_cast<std::uint8_t>(__float2int_rn(fminf(fmaxf(value, -127.0F), 127.0F)));
    else
        row[i] = __nv_cvt_float_to_fp8(value, __NV_SATFINITE, __NV_E4M3);
}

/// What the largest magnitude of a row becomes.
constexpr float kvLargest(KvNumber number)
{
    return number == KvNumber::Int8 ? 127.0F : 448.0F;
}

/// Keys and values of one head of one layer, found through a row of the page table.
struct PagedHead
{
    const std::uint8_t* keys = nullptr; ///< of page 0
    const std::int32_t* table = nullptr;
    std::int64_t pageBytes = 0;
    int headBytes = 0; ///< from a key to its value
    int rowBytes = 0;
    int scaleOffset = 0;
    int blockSize = 0;
    int blockShift = 0; ///< blockSize = 2^blockShift; negative: no power of two

    __device__ PagedHead(const KvPages& kv, std::int64_t layer, std::int64_t kvHead,
                         const std::int32_t* tableRow)
        : keys(kv.pool + kv.headOffset(0, layer, kvHead)), table(tableRow), pageBytes(kv.pageBytes()),
          headBytes(static_cast<int>(kv.headBytes())), rowBytes(static_cast<int>(kv.rowBytes())),
          scaleOffset(static_cast<int>(kv.scaleOffset())), blockSize(static_cast<int>(kv.blockSize))
    {
        blockShift = (blockSize & (blockSize - 1)) == 0 ? 31 - __clz(blockSize) : -1;
    }

    __device__ __forceinline__ int block(int key) const
    {
        return blockShift >= 0 ? key >> blockShift : key / blockSize;
    }
    /// From `keys` to a key's row, or to its scale; negative: the page is not there.
    __device__ __forceinline__ std::int64_t row(int key) const { return place(key, 0, rowBytes); }
    __device__ __forceinline__ std::int64_t scale(int key) const { return place(key, scaleOffset, 4); }

private:
    __device__ __forceinline__ std::int64_t place(int key, int first, int stride) const
    {
        const int index = block(key);
        const int page = table[index];
        return page < 0 ? -1 : page * pageBytes + first + (key - index * blockSize) * stride;
    }
};

} // namespace vitrine::kernels::cuda
