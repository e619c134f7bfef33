// SPDX-License-Identifier: GPL-3.0-or-later
// The keys and values of one partition as AMX tiles of bfloat16: keys in units are read where they stand.
// Included by attention_amx.cpp only.
#pragma once

#include "kernels/cpu/amx_tiles.h"
#include "kernels/cpu/attention_few_kernels.h"
#include "kernels/cpu/simd_avx512.h"

namespace vitrine::kernels::cpu::amx {

namespace {

struct File;
using S = avx512::SimdOf<File>;
using Few = AttentionFewKernels<S>;
using Vector = S::Vector;

constexpr std::int64_t kLanes = 16;
constexpr std::int64_t kDimUnit = 32; ///< of the head's dimension that one tile of keys covers
constexpr std::int64_t kHalf = 2;     ///< bytes of a bfloat16
constexpr std::int64_t kSingle = 4;   ///< bytes of a float

/// A partition's sizes and where its parts stand in the caller's scratch memory. Scores and weights have two
/// places: while one sixteen rows' softmax is computed, the tiles work for the ones before and behind.
struct Part
{
    std::int64_t headDim, dim; ///< dim: up to whole tiles
    std::int64_t dimUnits;     ///< of kDimUnit
    std::int64_t keys;         ///< up to a multiple of 64
    std::uint8_t* zeros;       ///< a row, and the tiles of a unit of keys
    std::uint8_t* converted;   ///< [kPartitionKeys][dim] bfloat16
    std::uint8_t* keyTiles; ///< [keys / 16][dim / 32] tiles [dim / 2][key][2], unless they are read in place
    const std::uint8_t* units[kPartitionUnits]; ///< each with dim / 32 tiles
    std::uint8_t* valueTiles;                   ///< [keys / 32][dim / 16] tiles [key / 2][dim][2]
    std::uint8_t* queryTiles;                   ///< [dim / 32] tiles [row][dim]
    float* outputs;                             ///< [16][dim]
    std::uint8_t* weights[2];                   ///< [keys / 32] tiles [row][key]
    float* scores[2];                           ///< [16][kPartitionKeys]
    std::uint64_t present[2];                   ///< a bit for each key

    Part(const PartitionRows& rows, std::int64_t headDimension, std::uint8_t* memory)
        : headDim(headDimension), dim((headDimension + kDimUnit - 1) / kDimUnit * kDimUnit),
          dimUnits(dim / kDimUnit), keys((rows.end + 63) / 64 * 64)
    {
        const auto take = [&memory](std::int64_t bytes) {
            std::uint8_t* piece = memory;
            memory += bytes;
            return piece;
        };
        zeros = take(kLanes * dim * kHalf);
        converted = take(kPartitionKeys * dim * kHalf);
        keyTiles = take(kPartitionKeys * dim * kHalf);
        valueTiles = take(kPartitionKeys * dim * kHalf);
        queryTiles = take(kTileRows * dim * kHalf);
        outputs = reinterpret_cast<float*>(take(kTileRows * dim * kSingle));
        for (int i = 0; i < 2; ++i) {
            weights[i] = take(kTileRows * kPartitionKeys * kHalf);
            scores[i] = reinterpret_cast<float*>(take(kTileRows * kPartitionKeys * kSingle));
            present[i] = 0;
        }
        __builtin_memset(zeros, 0, static_cast<std::size_t>(kLanes * dim * kHalf));
        static_assert(sizeof(rows.values[0]) == sizeof(std::uint64_t));
        for (int eight = 0; eight < kPartitionKeys / 8; ++eight) {
            const __m512i pointers = _mm512_loadu_si512(rows.values + 8 * eight);
            const std::uint64_t some = _mm512_test_epi64_mask(pointers, pointers);
            present[eight / 8] |= some << (eight % 8 * 8);
        }
    }

    const std::uint8_t* keyTile(std::int64_t unit, std::int64_t dimUnit) const
    {
        return units[unit] + static_cast<std::size_t>(dimUnit) * kTileBytes;
    }
    std::uint8_t* unitTiles(std::int64_t unit) const
    {
        return keyTiles + static_cast<std::size_t>(unit * dimUnits) * kTileBytes;
    }
    std::uint8_t* valueTile(std::int64_t chunk, std::int64_t column) const
    {
        return valueTiles + static_cast<std::size_t>(chunk * 2 * dimUnits + column) * kTileBytes;
    }
};

/// Rows of another format, or not a whole number of tiles wide, as bfloat16 with zeros behind.
template<KvElement E>
void convertRows(const std::uint8_t* const* rows, const Part& part, const std::uint8_t** out)
{
    for (std::int64_t key = 0; key < part.keys; ++key) {
        if (rows[key] == nullptr)
            continue;
        std::uint8_t* to = part.converted + key * part.dim * kHalf;
        for (std::int64_t d = 0; d < part.dim; d += kLanes) {
            const std::int64_t left = part.headDim - d;
            const Vector v =
                left > 0 ? Few::loadElements<E>(rows[key], part.headDim, d, left < kLanes ? left : kLanes)
                         : S::set(0);
            S::storeBf16(reinterpret_cast<std::uint16_t*>(to) + d, v, kLanes);
        }
        out[key] = to;
    }
}

/// Pointers to bfloat16 rows of part.dim elements: zeros where nobody looks.
void bfloat16Rows(KvElement element, const std::uint8_t* const* rows, const Part& part,
                  const std::uint8_t** out)
{
    for (std::int64_t key = 0; key < part.keys; ++key)
        out[key] = rows[key] != nullptr ? rows[key] : part.zeros;
    if (element == KvElement::BF16 && part.dim == part.headDim)
        return;
    if (element == KvElement::BF16)
        convertRows<KvElement::BF16>(rows, part, out);
    else if (element == KvElement::F16)
        convertRows<KvElement::F16>(rows, part, out);
    else if (element == KvElement::Int8)
        convertRows<KvElement::Int8>(rows, part, out);
    else
        convertRows<KvElement::F32>(rows, part, out);
}

/// Rows turned round into tiles.
void turnRows(const std::uint8_t* const* rows, std::uint8_t* tiles, std::int64_t dimUnits)
{
    for (std::int64_t d = 0; d < dimUnits; ++d, tiles += kTileBytes) {
        Vector square[kLanes];
        for (int j = 0; j < kLanes; ++j)
            square[j] = S::loadWords(rows[j] + static_cast<std::size_t>(d) * kTileRowBytes);
        S::transpose(square);
        for (int pair = 0; pair < kLanes; ++pair)
            S::store(reinterpret_cast<float*>(tiles) + pair * kLanes, square[pair]);
    }
}

/// Units are tiles already, but for the last pairs of a head whose size is not a whole number of them.
void findKeyUnits(const PartitionRows& rows, Part& part)
{
    const auto bytes = static_cast<std::size_t>(part.headDim) * kKeyUnit * kHalf;
    for (std::int64_t unit = 0; unit < part.keys / kLanes; ++unit) {
        part.units[unit] = rows.units[unit];
        if (rows.units[unit] == nullptr) {
            part.units[unit] = part.zeros;
        } else if (part.dim != part.headDim) {
            std::uint8_t* copy = part.unitTiles(unit);
            __builtin_memcpy(copy, rows.units[unit], bytes);
            __builtin_memset(copy + bytes, 0, static_cast<std::size_t>(part.dimUnits) * kTileBytes - bytes);
            part.units[unit] = copy;
        }
    }
}

void makeKeyUnits(const PartitionRows& rows, Part& part)
{
    const std::uint8_t* pointers[kPartitionKeys];
    bfloat16Rows(rows.element, rows.keys, part, pointers);
    for (std::int64_t unit = 0; unit < part.keys / kLanes; ++unit) {
        turnRows(pointers + unit * kLanes, part.unitTiles(unit), part.dimUnits);
        part.units[unit] = part.unitTiles(unit);
    }
}

/// Elements of two rows beside each other: where element d of the pair's 64-element result comes from.
__m512i interleaved(int firstElement)
{
    alignas(64) std::uint16_t from[2 * kLanes];
    for (int i = 0; i < kLanes; ++i) {
        from[2 * i] = static_cast<std::uint16_t>(firstElement + i);
        from[2 * i + 1] = static_cast<std::uint16_t>(firstElement + i + 32); // of the second row
    }
    return _mm512_load_si512(from);
}

void fillValueTiles(const PartitionRows& partition, const Part& part)
{
    const std::uint8_t* rows[kPartitionKeys];
    bfloat16Rows(partition.element, partition.values, part, rows);
    const __m512i low = interleaved(0), high = interleaved(kLanes);
    for (std::int64_t pair = 0; pair < part.keys / 2; ++pair)
        for (std::int64_t d = 0; d < part.dimUnits; ++d) {
            const auto from = static_cast<std::size_t>(d) * kTileRowBytes;
            const __m512i a = _mm512_loadu_si512(rows[2 * pair] + from);
            const __m512i b = _mm512_loadu_si512(rows[2 * pair + 1] + from);
            const auto at = static_cast<std::size_t>(pair % kLanes) * kTileRowBytes;
            _mm512_storeu_si512(part.valueTile(pair / kLanes, 2 * d) + at,
                                _mm512_permutex2var_epi16(a, low, b));
            _mm512_storeu_si512(part.valueTile(pair / kLanes, 2 * d + 1) + at,
                                _mm512_permutex2var_epi16(a, high, b));
        }
}

} // namespace

} // namespace vitrine::kernels::cpu::amx
