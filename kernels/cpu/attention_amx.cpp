// SPDX-License-Identifier: GPL-3.0-or-later
// Attention of many rows over a whole partition of keys with AMX: keys that do not stand as bfloat16 tiles,
// and the values, become tiles once, then sixteen rows at a time get all their scores, their softmax, and
// their sums of values, which stay in tiles over the whole partition.
#include "kernels/cpu/attention_partition_amx.h"

namespace vitrine::kernels::cpu {

namespace amx {

namespace {

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
