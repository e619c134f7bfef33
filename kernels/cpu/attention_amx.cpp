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

/// Sixteen rows or fewer.
struct RowTile
{
    const float* q;
    const TileBounds* bounds;
    std::int64_t rows;
    std::int64_t end; ///< behind the last key that one of them sees, a multiple of 64
    AttentionState state;
    int place; ///< of its scores and weights

    RowTile(const float* allQ, const TileBounds* allBounds, std::int64_t allRows, const AttentionState& all,
            std::int64_t stride, std::int64_t first)
        : q(allQ + first * stride), bounds(allBounds + first),
          rows(allRows - first < kTileRows ? allRows - first : kTileRows),
          end(0), state{all.maxima + first, all.sums + first, all.outputs + first * stride},
          place(static_cast<int>(first / kTileRows % 2))
    {
        for (std::int64_t r = 0; r < rows; ++r)
            end = bounds[r].end > end ? bounds[r].end : end;
        end = (end + 63) / 64 * 64;
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

/// Two vectors of floats as 32 bfloat16 beside each other.
void storePair(std::uint8_t* to, Vector first, Vector second)
{
    const __m512bh both = _mm512_cvtne2ps_pbh(second, first);
    _mm512_storeu_si512(to, reinterpret_cast<const __m512i&>(both));
}

void fillQueryTiles(const RowTile& tile, const Part& part)
{
    const std::int64_t stride = paddedDim(part.headDim);
    for (std::int64_t d = 0; d < part.dimUnits; ++d)
        for (std::int64_t r = 0; r < kTileRows; ++r) {
            const float* x = tile.q + r * stride + d * kDimUnit;
            const bool inside = r < tile.rows, second = inside && d * kDimUnit + kLanes < stride;
            storePair(part.queryTiles + static_cast<std::size_t>(d * kTileRows + r) * kTileRowBytes,
                      inside ? S::load(x) : S::set(0), second ? S::load(x + kLanes) : S::set(0));
        }
}

/// Scores of sixteen rows with the keys that one of them sees.
void scoreRows(const Part& part, const RowTile& tile)
{
    constexpr std::size_t kStride = kPartitionKeys * sizeof(float);
    fillQueryTiles(tile, part);
    for (std::int64_t unit = 0; unit < tile.end / kLanes; unit += 4) {
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
        float* to = part.scores[tile.place] + unit * kLanes;
        storeTile<0>(to, kStride);
        storeTile<1>(to + kLanes, kStride);
        storeTile<2>(to + 2 * kLanes, kStride);
        storeTile<3>(to + 3 * kLanes, kStride);
    }
}

/// Which keys of a partition a row sees.
struct Seen
{
    std::uint64_t bits[2];

    Seen(const Part& part, TileBounds bounds)
    {
        for (int half = 0; half < 2; ++half)
            bits[half] =
                below(bounds.end - 64 * half) & ~below(bounds.first - 64 * half) & part.present[half];
    }
    static std::uint64_t below(int key)
    {
        return key <= 0 ? 0 : key >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << key) - 1;
    }
    bool all(std::int64_t end) const
    {
        return bits[0] == ~std::uint64_t{0} && (end <= 64 || bits[1] == ~std::uint64_t{0});
    }
    __mmask16 unit(int index) const
    {
        return static_cast<__mmask16>(bits[index / 4] >> (index % 4 * kLanes));
    }
};

/// 2^x for x that is not positive, to 3e-6 of it: far below the rounding of weights to bfloat16.
Vector powerOfTwo(Vector x)
{
    constexpr int kFromFloor = 1; // of VREDUCEPS: x minus the next whole number below
    x = S::maximum(x, S::set(-126.0F));
    const Vector f = _mm512_reduce_ps(x, kFromFloor);
    Vector p = S::set(0.0135341669F);
    p = S::multiplyAdd(p, f, S::set(0.0520114626F));
    p = S::multiplyAdd(p, f, S::set(0.241442756F));
    p = S::multiplyAdd(p, f, S::set(0.693003835F));
    p = S::multiplyAdd(p, f, S::set(1.00000259F));
    return S::scaleByPower(p, x);
}

/// Scores of row r become weights in bfloat16. The sum is that of the weights before they are rounded.
template<bool kAll>
[[gnu::always_inline]] inline void softmaxRow(const Part& part, const RowTile& tile, std::int64_t r,
                                              Seen seen)
{
    const float* scores = part.scores[tile.place] + r * kPartitionKeys;
    const int units = static_cast<int>(tile.end / kLanes);
    Vector top = S::set(kNoScore);
    for (int unit = 0; unit < units; ++unit) {
        const Vector v = S::load(scores + unit * kLanes);
        top = kAll ? S::maximum(top, v) : _mm512_mask_max_ps(top, seen.unit(unit), top, v);
    }
    const float maximum = S::largest(top);
    constexpr float kLog2E = 1.44269504F;
    const Vector log2E = S::set(kLog2E), most = S::set(-maximum * kLog2E);
    Vector total = S::set(0);
    for (int unit = 0; unit < units; unit += 2) {
        Vector weights[2];
        for (int i = 0; i < 2; ++i) {
            weights[i] = powerOfTwo(S::multiplyAdd(S::load(scores + (unit + i) * kLanes), log2E, most));
            if constexpr (!kAll)
                weights[i] = _mm512_maskz_mov_ps(seen.unit(unit + i), weights[i]);
        }
        total = S::add(total, S::add(weights[0], weights[1]));
        storePair(part.weights[tile.place] +
                      static_cast<std::size_t>(unit / 2 * kTileRows + r) * kTileRowBytes,
                  weights[0], weights[1]);
    }
    tile.state.maxima[r] = maximum;
    tile.state.sums[r] = S::sum(total);
}

void softmaxRows(const Part& part, const RowTile& tile)
{
    for (std::int64_t r = 0; r < tile.rows; ++r) {
        const Seen seen(part, tile.bounds[r]);
        if (seen.all(tile.end))
            softmaxRow<true>(part, tile, r, seen);
        else
            softmaxRow<false>(part, tile, r, seen);
    }
}

/// Sums of values, kTiles × 16 columns from tile column `first` on.
template<int kTiles>
void sumValues(const Part& part, const RowTile& tile, std::int64_t first, float* to, std::size_t stride)
{
    zeroTile<0>();
    zeroTile<1>();
    if constexpr (kTiles == 4) {
        zeroTile<2>();
        zeroTile<3>();
    }
    for (std::int64_t chunk = 0; chunk < tile.end / kDimUnit; ++chunk) {
        loadTile<4>(part.weights[tile.place] + static_cast<std::size_t>(chunk) * kTileBytes);
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
    to += first * kLanes;
    storeTile<0>(to, stride);
    storeTile<1>(to + kLanes, stride);
    if constexpr (kTiles == 4) {
        storeTile<2>(to + 2 * kLanes, stride);
        storeTile<3>(to + 3 * kLanes, stride);
    }
}

void sumAllValues(const Part& part, const RowTile& tile)
{
    const std::int64_t stride = paddedDim(part.headDim);
    const bool direct = tile.rows == kTileRows && stride == part.dim; // else it would write beyond the rows
    float* to = direct ? tile.state.outputs : part.outputs;
    const auto toStride = static_cast<std::size_t>(part.dim * kSingle);
    std::int64_t column = 0;
    for (; column + 4 <= 2 * part.dimUnits; column += 4)
        sumValues<4>(part, tile, column, to, toStride);
    if (column < 2 * part.dimUnits)
        sumValues<2>(part, tile, column, to, toStride);
    for (std::int64_t r = 0; r < tile.rows && !direct; ++r)
        for (std::int64_t d = 0; d < stride; d += kLanes)
            S::store(tile.state.outputs + r * stride + d, S::load(part.outputs + r * part.dim + d));
}

void attendMany(const PartitionRows& keys, const float* q, const TileBounds* bounds, std::int64_t rows,
                std::int64_t headDim, std::uint8_t* scratch, const AttentionState& state)
{
    Part part(keys, headDim, scratch);
    keys.units != nullptr ? findKeyUnits(keys, part) : makeKeyUnits(keys, part);
    fillValueTiles(keys, part);
    const Tiles tiles;
    const auto rowTile = [&](std::int64_t first) {
        return RowTile(q, bounds, rows, state, paddedDim(headDim), first);
    };
    // The tile unit works on its own: it gets the next rows' scores and the last rows' values to sum before
    // a softmax keeps the vector units busy.
    scoreRows(part, rowTile(0));
    std::int64_t r = 0;
    for (; r < rows; r += kTileRows) {
        if (r + kTileRows < rows)
            scoreRows(part, rowTile(r + kTileRows));
        if (r > 0)
            sumAllValues(part, rowTile(r - kTileRows));
        softmaxRows(part, rowTile(r));
    }
    sumAllValues(part, rowTile(r - kTileRows));
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
