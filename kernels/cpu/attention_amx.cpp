// SPDX-License-Identifier: GPL-3.0-or-later
// Attention of many rows over a whole partition of keys with AMX: the keys of the partition and its values
// become bfloat16 tiles once, then sixteen rows at a time get all their scores, their softmax, and their sums
// of values, which stay in tiles over the whole partition.
#include "kernels/cpu/amx_tiles.h"
#include "kernels/cpu/attention_few_kernels.h"
#include "kernels/cpu/simd_avx512.h"

namespace vitrine::kernels::cpu {

namespace amx {

namespace {

struct File;
using S = avx512::SimdOf<File>;
using Few = AttentionFewKernels<S>;
using Vector = S::Vector;

constexpr std::int64_t kLanes = 16;
constexpr std::int64_t kDimUnit = 32; ///< of the head's dimension that one tile of keys covers
constexpr int kUnits = kPartitionKeys / kLanes;
constexpr std::size_t kHalf = 2; ///< bytes of a bfloat16

/// A partition's sizes and where its parts stand in the caller's scratch memory.
struct Part
{
    std::int64_t headDim, dim; ///< dim: up to whole tiles
    std::int64_t dimUnits;     ///< of kDimUnit
    std::int64_t keys;         ///< up to a multiple of 64
    std::uint8_t* converted;   ///< [kPartitionKeys][dim] bfloat16
    std::uint8_t* keyTiles;    ///< [keys / 16][dim / 32] tiles [dim / 2][key][2]
    std::uint8_t* valueTiles;  ///< [keys / 32][dim / 16] tiles [key / 2][dim][2]
    std::uint8_t* queryTiles;  ///< [dim / 32] tiles [row][dim]
    float* scores;             ///< [16][kPartitionKeys]
    std::uint8_t* weights;     ///< [keys / 32] tiles [row][key]
    float* outputs;            ///< [16][dim]
    __mmask16 present[kUnits];

    Part(const PartitionRows& rows, std::int64_t headDimension, std::uint8_t* memory)
        : headDim(headDimension), dim((headDimension + kDimUnit - 1) / kDimUnit * kDimUnit),
          dimUnits(dim / kDimUnit), keys((rows.end + 63) / 64 * 64)
    {
        const auto rowBytes = static_cast<std::size_t>(dim) * kHalf;
        converted = memory;
        keyTiles = converted + kPartitionKeys * rowBytes;
        valueTiles = keyTiles + kPartitionKeys * rowBytes;
        queryTiles = valueTiles + kPartitionKeys * rowBytes;
        weights = queryTiles + kTileRows * rowBytes;
        scores = reinterpret_cast<float*>(weights + kTileRows * kPartitionKeys * kHalf);
        outputs = scores + kTileRows * kPartitionKeys;
        for (int unit = 0; unit < kUnits; ++unit) {
            unsigned bits = 0;
            for (int lane = 0; lane < kLanes; ++lane)
                bits |= (rows.keys[unit * kLanes + lane] != nullptr ? 1U : 0U) << lane;
            present[unit] = static_cast<__mmask16>(bits);
        }
    }

    std::uint8_t* keyTile(std::int64_t unit, std::int64_t dimUnit) const
    {
        return keyTiles + static_cast<std::size_t>(unit * dimUnits + dimUnit) * kTileBytes;
    }
    std::uint8_t* valueTile(std::int64_t chunk, std::int64_t column) const
    {
        return valueTiles + static_cast<std::size_t>(chunk * 2 * dimUnits + column) * kTileBytes;
    }
};

/// Rows of another format, or not a whole number of tiles wide, as bfloat16 with zeros behind.
template<KvElement E>
void convertRows(const PartitionRows& rows, std::size_t offset, const Part& part, const std::uint8_t** out)
{
    for (std::int64_t key = 0; key < part.keys; ++key) {
        if (rows.keys[key] == nullptr)
            continue;
        std::uint8_t* to = part.converted + static_cast<std::size_t>(key * part.dim) * kHalf;
        for (std::int64_t d = 0; d < part.dim; d += kLanes) {
            const std::int64_t left = part.headDim - d;
            const Vector v = left > 0 ? Few::loadElements<E>(rows.keys[key] + offset, part.headDim, d,
                                                             left < kLanes ? left : kLanes)
                                      : S::set(0);
            S::storeBf16(reinterpret_cast<std::uint16_t*>(to) + d, v, kLanes);
        }
        out[key] = to;
    }
}

/// Pointers to bfloat16 rows of part.dim elements, null where nobody looks.
void bfloat16Rows(const PartitionRows& rows, std::size_t offset, const Part& part, const std::uint8_t** out)
{
    for (std::int64_t key = 0; key < part.keys; ++key)
        out[key] = rows.keys[key] != nullptr ? rows.keys[key] + offset : nullptr;
    if (rows.element == KvElement::BF16 && part.dim == part.headDim)
        return;
    if (rows.element == KvElement::BF16)
        convertRows<KvElement::BF16>(rows, offset, part, out);
    else if (rows.element == KvElement::F16)
        convertRows<KvElement::F16>(rows, offset, part, out);
    else if (rows.element == KvElement::Int8)
        convertRows<KvElement::Int8>(rows, offset, part, out);
    else
        convertRows<KvElement::F32>(rows, offset, part, out);
}

void fillKeyTiles(const std::uint8_t* const* rows, const Part& part)
{
    for (std::int64_t unit = 0; unit < part.keys / kLanes; ++unit)
        for (std::int64_t d = 0; d < part.dimUnits; ++d) {
            Vector square[kLanes];
            for (int j = 0; j < kLanes; ++j) {
                const std::uint8_t* row = rows[unit * kLanes + j];
                square[j] = row != nullptr ? S::loadWords(row + static_cast<std::size_t>(d) * kTileRowBytes)
                                           : S::set(0);
            }
            S::transpose(square);
            std::uint8_t* tile = part.keyTile(unit, d);
            for (int pair = 0; pair < kLanes; ++pair)
                S::store(reinterpret_cast<float*>(tile) + pair * kLanes, square[pair]);
        }
}

__m512i rowOrZero(const std::uint8_t* row, std::int64_t dimUnit)
{
    return row != nullptr ? _mm512_loadu_si512(row + static_cast<std::size_t>(dimUnit) * kTileRowBytes)
                          : _mm512_setzero_si512();
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

void fillValueTiles(const std::uint8_t* const* rows, const Part& part)
{
    const __m512i low = interleaved(0), high = interleaved(kLanes);
    for (std::int64_t pair = 0; pair < part.keys / 2; ++pair)
        for (std::int64_t d = 0; d < part.dimUnits; ++d) {
            const __m512i a = rowOrZero(rows[2 * pair], d), b = rowOrZero(rows[2 * pair + 1], d);
            const auto at = static_cast<std::size_t>(pair % kLanes) * kTileRowBytes;
            _mm512_storeu_si512(part.valueTile(pair / kLanes, 2 * d) + at,
                                _mm512_permutex2var_epi16(a, low, b));
            _mm512_storeu_si512(part.valueTile(pair / kLanes, 2 * d + 1) + at,
                                _mm512_permutex2var_epi16(a, high, b));
        }
}

/// Two vectors of floats as 32 bfloat16 beside each other.
void storePair(std::uint8_t* to, Vector first, Vector second)
{
    const __m512bh both = _mm512_cvtne2ps_pbh(second, first);
    _mm512_storeu_si512(to, reinterpret_cast<const __m512i&>(both));
}

void fillQueryTiles(const float* q, std::int64_t rows, const Part& part)
{
    const std::int64_t stride = paddedDim(part.headDim);
    for (std::int64_t d = 0; d < part.dimUnits; ++d)
        for (std::int64_t r = 0; r < kTileRows; ++r) {
            const float* x = q + r * stride + d * kDimUnit;
            const bool inside = r < rows, second = inside && d * kDimUnit + kLanes < stride;
            storePair(part.queryTiles + static_cast<std::size_t>(d * kTileRows + r) * kTileRowBytes,
                      inside ? S::load(x) : S::set(0), second ? S::load(x + kLanes) : S::set(0));
        }
}

/// Scores of sixteen rows with keys [0, end), a multiple of 64.
void scoreRows(const Part& part, std::int64_t end)
{
    constexpr std::size_t kStride = kPartitionKeys * sizeof(float);
    for (std::int64_t unit = 0; unit < end / kLanes; unit += 4) {
        zeroTile<0>();
        zeroTile<1>();
        zeroTile<2>();
        zeroTile<3>();
        for (std::int64_t d = 0; d < part.dimUnits; ++d) {
            loadTile<4>(part.queryTiles + static_cast<std::size_t>(d) * kTileBytes);
            loadTile<5>(part.keyTile(unit, d));
            addProducts<0, 4, 5>();
            loadTile<6>(part.keyTile(unit + 1, d));
            addProducts<1, 4, 6>();
            loadTile<7>(part.keyTile(unit + 2, d));
            addProducts<2, 4, 7>();
            loadTile<5>(part.keyTile(unit + 3, d));
            addProducts<3, 4, 5>();
        }
        float* to = part.scores + unit * kLanes;
        storeTile<0>(to, kStride);
        storeTile<1>(to + kLanes, kStride);
        storeTile<2>(to + 2 * kLanes, kStride);
        storeTile<3>(to + 3 * kLanes, kStride);
    }
}

/// Keys of a unit that a row sees.
__mmask16 seenOf(const Part& part, TileBounds seen, int unit)
{
    const auto below = [unit](int key) {
        const int lanes = key - unit * static_cast<int>(kLanes);
        return lanes <= 0 ? 0U : lanes >= kLanes ? 0xFFFFU : (1U << lanes) - 1U;
    };
    return static_cast<__mmask16>(below(seen.end) & ~below(seen.first) & part.present[unit]);
}

/// Scores of row r become weights in bfloat16. The sum is that of the weights before they are rounded.
void softmaxRow(const Part& part, std::int64_t r, TileBounds seen, std::int64_t end, float& maximum,
                float& sum)
{
    const float* scores = part.scores + r * kPartitionKeys;
    const int units = static_cast<int>(end / kLanes);
    Vector top = S::set(kNoScore);
    for (int unit = 0; unit < units; ++unit)
        top = _mm512_mask_max_ps(top, seenOf(part, seen, unit), top, S::load(scores + unit * kLanes));
    maximum = S::largest(top);
    Vector total = S::set(0);
    for (int unit = 0; unit < units; unit += 2) {
        Vector weights[2];
        for (int i = 0; i < 2; ++i) {
            const Vector v = S::subtract(S::load(scores + (unit + i) * kLanes), S::set(maximum));
            weights[i] = _mm512_maskz_mov_ps(seenOf(part, seen, unit + i), exponential<S>(v));
            total = S::add(total, weights[i]);
        }
        storePair(part.weights + static_cast<std::size_t>(unit / 2 * kTileRows + r) * kTileRowBytes,
                  weights[0], weights[1]);
    }
    sum = S::sum(total);
}

/// Sums of values for sixteen rows, kTiles × 16 columns from tile column `first` on.
template<int kTiles>
void sumValues(const Part& part, std::int64_t first, std::int64_t end)
{
    const std::size_t stride = static_cast<std::size_t>(part.dim) * sizeof(float);
    zeroTile<0>();
    zeroTile<1>();
    if constexpr (kTiles == 4) {
        zeroTile<2>();
        zeroTile<3>();
    }
    for (std::int64_t chunk = 0; chunk < end / kDimUnit; ++chunk) {
        loadTile<4>(part.weights + static_cast<std::size_t>(chunk) * kTileBytes);
        loadTile<5>(part.valueTile(chunk, first));
        addProducts<0, 4, 5>();
        loadTile<6>(part.valueTile(chunk, first + 1));
        addProducts<1, 4, 6>();
        if constexpr (kTiles == 4) {
            loadTile<7>(part.valueTile(chunk, first + 2));
            addProducts<2, 4, 7>();
            loadTile<5>(part.valueTile(chunk, first + 3));
            addProducts<3, 4, 5>();
        }
    }
    float* to = part.outputs + first * kLanes;
    storeTile<0>(to, stride);
    storeTile<1>(to + kLanes, stride);
    if constexpr (kTiles == 4) {
        storeTile<2>(to + 2 * kLanes, stride);
        storeTile<3>(to + 3 * kLanes, stride);
    }
}

/// Up to sixteen rows.
void attendRows(const Part& part, const float* q, const TileBounds* bounds, std::int64_t rows,
                const AttentionState& state)
{
    std::int64_t end = 0;
    for (std::int64_t r = 0; r < rows; ++r)
        end = bounds[r].end > end ? bounds[r].end : end;
    end = (end + 63) / 64 * 64;
    fillQueryTiles(q, rows, part);
    scoreRows(part, end);
    for (std::int64_t r = 0; r < rows; ++r)
        softmaxRow(part, r, bounds[r], end, state.maxima[r], state.sums[r]);
    std::int64_t column = 0;
    for (; column + 4 <= 2 * part.dimUnits; column += 4)
        sumValues<4>(part, column, end);
    if (column < 2 * part.dimUnits)
        sumValues<2>(part, column, end);
    const std::int64_t stride = paddedDim(part.headDim);
    for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t d = 0; d < stride; d += kLanes)
            S::store(state.outputs + r * stride + d, S::load(part.outputs + r * part.dim + d));
}

void attendMany(const PartitionRows& keys, const float* q, const TileBounds* bounds, std::int64_t rows,
                std::int64_t headDim, std::uint8_t* scratch, const AttentionState& state)
{
    const Part part(keys, headDim, scratch);
    const std::uint8_t* pointers[kPartitionKeys];
    bfloat16Rows(keys, 0, part, pointers);
    fillKeyTiles(pointers, part);
    bfloat16Rows(keys, keys.valueOffset, part, pointers);
    fillValueTiles(pointers, part);
    const Tiles tiles;
    const std::int64_t stride = paddedDim(headDim);
    for (std::int64_t r = 0; r < rows; r += kTileRows)
        attendRows(part, q + r * stride, bounds + r, rows - r < kTileRows ? rows - r : kTileRows,
                   {state.maxima + r, state.sums + r, state.outputs + r * stride});
}

constexpr AttentionOperations table()
{
    AttentionOperations operations = Few::table(Isa::Amx);
    operations.attendMany = attendMany;
    return operations;
}

} // namespace

} // namespace amx

constinit const AttentionOperations kAttentionAmx = amx::table();

} // namespace vitrine::kernels::cpu
