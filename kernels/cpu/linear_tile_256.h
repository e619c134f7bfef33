// SPDX-License-Identifier: GPL-3.0-or-later
// Products with 256-bit vectors, for the two instruction sets that differ in their byte dot product. Included
// by exactly those files, each of which names its `Dot`; everything here has internal linkage, so that no
// copy compiled with AVX flags can be linked into another file.
//
// A vector holds four columns of eight rows of a panel; the halves of a panel follow each other in a block. A
// tile is up to four rows of activations with one panel.
#pragma once

#include <immintrin.h>

#include "kernels/cpu/linear_variants.h"
#include "kernels/cpu/pack.h"

namespace vitrine::kernels::cpu {
namespace {

constexpr int kTileRows = 4;
constexpr std::int64_t kCachedActivationBytes = 128 * 1024; ///< stay in cache while panels pass
constexpr int kPrefetchBytes = 12 * 1024;

template<PanelLayout kLayout>
constexpr bool kWide = isWide(kLayout);

__m256 loadHalves(const std::uint8_t* from)
{
    return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
}

__m256i loadVector(const std::uint8_t* from)
{
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

/// Thirty-two bits as bytes of 16 or 0.
__m256i fifthBits(const std::uint8_t* from)
{
    int bits;
    __builtin_memcpy(&bits, from, sizeof bits);
    const __m256i spread =
        _mm256_setr_epi64x(0x0000000000000000, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
    const __m256i select = _mm256_set1_epi64x(static_cast<long long>(0x8040201008040201ULL));
    const __m256i bytes = _mm256_shuffle_epi8(_mm256_set1_epi32(bits), spread);
    const __m256i set = _mm256_cmpeq_epi8(_mm256_and_si256(bytes, select), select);
    return _mm256_and_si256(set, _mm256_set1_epi8(16));
}

/// Columns 16 h ... 16 h + 15 of eight rows of a block; `half` 0 or 1 says which rows.
template<class Dot, PanelLayout kLayout>
[[gnu::always_inline]] inline void loadLevels(const std::uint8_t* from, int half, int h,
                                              typename Dot::Levels* levels)
{
    const __m256i nibble = _mm256_set1_epi8(15);
#pragma GCC unroll 16
    for (int j = 0; j < 4; ++j) {
        if constexpr (hasByteLevels(kLayout)) {
            levels[j] = Dot::ofBytes(loadVector(from + 256 * h + 64 * j + 32 * half));
            continue;
        }
        const __m256i v = loadVector(from + 64 * j + 32 * half);
        __m256i level = _mm256_and_si256(h == 0 ? v : _mm256_srli_epi16(v, 4), nibble);
        if constexpr (hasFifthBits(kLayout))
            level = _mm256_or_si256(level, fifthBits(from + 256 + 32 * h + 8 * j + 4 * half));
        if constexpr (isLookedUp(kLayout)) {
            const auto* steps = reinterpret_cast<const __m128i*>(stepsOf(kLayout).levels);
            level = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_load_si128(steps)), level);
        }
        levels[j] = kWide<kLayout> ? Dot::ofBytes(level) : Dot::ofSmall(level);
    }
}

[[gnu::always_inline]] inline __m256i broadcast4(const std::int8_t* q)
{
    int four;
    __builtin_memcpy(&four, q, sizeof four);
    return _mm256_set1_epi32(four);
}

/// Adds a block to the sums of kRows rows of activations with eight output rows. Few values are alive at a
/// time: there are sixteen registers.
template<class Dot, PanelLayout kLayout, int kRows>
[[gnu::always_inline]] inline void addBlock(const std::uint8_t* from, int half, std::int64_t blocks,
                                            const ActivationGroup* x, __m256* sum)
{
    const __m256 scale = loadHalves(from + levelBytes(kLayout) + 16 * half);
    const __m256 second = hasSecond(kLayout)
                              ? loadHalves(from + levelBytes(kLayout) + 32 + 16 * half)
                              : _mm256_mul_ps(scale, _mm256_set1_ps(static_cast<float>(-zeroLevel(kLayout))));
    __m256i dots[kRows];
#pragma GCC unroll 16
    for (int h = 0; h < 2; ++h) {
        typename Dot::Levels levels[4];
        loadLevels<Dot, kLayout>(from, half, h, levels);
#pragma GCC unroll 16
        for (int m = 0; m < kRows; ++m) {
            const ActivationGroup& group = x[m * blocks];
            __m256i start = kWide<kLayout> ? Dot::start(group.offsets[h]) : _mm256_setzero_si256();
            if (h == 1 && kLayout != PanelLayout::ByteHalfScaled)
                start = kWide<kLayout> ? _mm256_add_epi32(start, dots[m]) : dots[m];
            dots[m] = Dot::template add<!kWide<kLayout>>(start, levels, group.q + 16 * h);
            if (kLayout == PanelLayout::ByteHalfScaled)
                sum[m] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(dots[m]),
                                         _mm256_mul_ps(h == 0 ? scale : second, _mm256_set1_ps(group.scale)),
                                         sum[m]);
        }
    }
#pragma GCC unroll 16
    for (int m = 0; m < kRows && kLayout != PanelLayout::ByteHalfScaled; ++m) {
        const ActivationGroup& group = x[m * blocks];
        sum[m] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(dots[m]),
                                 _mm256_mul_ps(scale, _mm256_set1_ps(group.scale)), sum[m]);
        if constexpr (!kWide<kLayout>)
            sum[m] = _mm256_fmadd_ps(second, _mm256_set1_ps(group.weightedSum), sum[m]);
    }
}

struct PanelSums
{
    __m256 half[2];
};

/// One row is bound by memory, so it reads a panel once, both halves of a block in turn.
template<class Dot, PanelLayout kLayout>
void tileOfOne(const std::uint8_t* panel, std::int64_t blocks, const ActivationGroup* x, PanelSums* sums)
{
    __m256 sum[2] = {_mm256_setzero_ps(), _mm256_setzero_ps()};
    for (std::int64_t b = 0; b < blocks; ++b, panel += blockBytes(kLayout)) {
        for (unsigned line = 0; line < blockBytes(kLayout); line += 64)
            _mm_prefetch(reinterpret_cast<const char*>(panel) + kPrefetchBytes + line, _MM_HINT_T1);
        addBlock<Dot, kLayout, 1>(panel, 0, blocks, x + b, &sum[0]);
        addBlock<Dot, kLayout, 1>(panel, 1, blocks, x + b, &sum[1]);
    }
    *sums = {{sum[0], sum[1]}};
}

/// More rows are bound by arithmetic: one half of the panel after the other keeps the sums in registers.
template<class Dot, PanelLayout kLayout, int kRows>
void tile(const std::uint8_t* panel, std::int64_t blocks, const ActivationGroup* x, PanelSums* sums)
{
    for (int half = 0; half < 2; ++half) {
        __m256 sum[kRows];
#pragma GCC unroll 16
        for (int m = 0; m < kRows; ++m)
            sum[m] = _mm256_setzero_ps();
        const std::uint8_t* from = panel;
        for (std::int64_t b = 0; b < blocks; ++b, from += blockBytes(kLayout))
            addBlock<Dot, kLayout, kRows>(from, half, blocks, x + b, sum);
#pragma GCC unroll 16
        for (int m = 0; m < kRows; ++m)
            sums[m].half[half] = sum[m];
    }
}

template<class Dot, PanelLayout kLayout>
void tileRows(int rows, const std::uint8_t* panel, std::int64_t blocks, const ActivationGroup* x,
              PanelSums* sums)
{
    switch (rows) {
    case 1:
        return tileOfOne<Dot, kLayout>(panel, blocks, x, sums);
    case 2:
        return tile<Dot, kLayout, 2>(panel, blocks, x, sums);
    case 3:
        return tile<Dot, kLayout, 3>(panel, blocks, x, sums);
    default:
        return tile<Dot, kLayout, 4>(panel, blocks, x, sums);
    }
}

/// Where the sums of a panel go.
struct Output
{
    float* y; ///< of the panel's first output row
    std::int64_t stride;
    std::int64_t rows; ///< valid ones of the panel
    PanelSums factors;
    bool accumulate;
};

Output outputOf(const PackedMatrix& w, std::int64_t panelIndex, float* y, std::int64_t stride,
                bool accumulate)
{
    const std::int64_t left = w.rows - panelIndex * kPanelRows;
    const auto* factors =
        reinterpret_cast<const float*>(w.data + static_cast<std::size_t>(panelIndex + 1) * w.panelBytes - 64);
    const __m256 one = _mm256_set1_ps(1.0F);
    const PanelSums loaded = hasRowFactors(w)
                                 ? PanelSums{{_mm256_loadu_ps(factors), _mm256_loadu_ps(factors + 8)}}
                                 : PanelSums{{one, one}};
    return {y + panelIndex * kPanelRows, stride, left < kPanelRows ? left : kPanelRows, loaded, accumulate};
}

/// Writes `rows` (0..8, or more: eight) of the values.
void storeHalf(float* y, std::int64_t rows, __m256 value, bool accumulate)
{
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(rows)), lane);
    if (accumulate)
        value = _mm256_add_ps(_mm256_maskload_ps(y, mask), value);
    _mm256_maskstore_ps(y, mask, value);
}

void store(const Output& to, std::int64_t row, int rows, const PanelSums* sums)
{
    for (int m = 0; m < rows; ++m) {
        float* y = to.y + (row + m) * to.stride;
        storeHalf(y, to.rows, _mm256_mul_ps(sums[m].half[0], to.factors.half[0]), to.accumulate);
        if (to.rows > 8)
            storeHalf(y + 8, to.rows - 8, _mm256_mul_ps(sums[m].half[1], to.factors.half[1]), to.accumulate);
    }
}

struct Rows
{
    const ActivationGroup* x; ///< of the first row
    std::int64_t first;       ///< rows [first, end) of the call
    std::int64_t end;
};

template<class Dot, PanelLayout kLayout>
void panelWithRows(const PackedMatrix& w, std::int64_t panelIndex, const Rows& rows, const Output& to)
{
    const std::int64_t blocks = w.columns / kBlockColumns;
    const std::uint8_t* panel = w.data + static_cast<std::size_t>(panelIndex) * w.panelBytes;
    PanelSums sums[kTileRows];
    for (std::int64_t m = rows.first; m < rows.end; m += kTileRows) {
        const int count = static_cast<int>(rows.end - m < kTileRows ? rows.end - m : kTileRows);
        tileRows<Dot, kLayout>(count, panel, blocks, rows.x + m * blocks, sums);
        store(to, m, count, sums);
    }
}

std::int64_t rowsInCache(std::int64_t columns)
{
    const auto bytes = static_cast<std::int64_t>(sizeof(ActivationGroup)) * (columns / kActivationGroup);
    const std::int64_t rows = kCachedActivationBytes / bytes / kTileRows * kTileRows;
    return rows < kTileRows ? kTileRows : rows;
}

template<class Dot>
void multiplyWith(const PackedMatrix& w, const ActivationRows& x, std::int64_t firstRow, std::int64_t count,
                  std::int64_t firstPanel, std::int64_t endPanel, float* y, std::int64_t stride,
                  bool accumulate)
{
    constexpr void (*kFunctions[])(const PackedMatrix&, std::int64_t, const Rows&, const Output&) = {
        panelWithRows<Dot, PanelLayout::NibbleScaled>, panelWithRows<Dot, PanelLayout::NibbleAffine>,
        panelWithRows<Dot, PanelLayout::FiveScaled>,   panelWithRows<Dot, PanelLayout::FiveAffine>,
        panelWithRows<Dot, PanelLayout::ByteScaled>,   panelWithRows<Dot, PanelLayout::ByteHalfScaled>,
        panelWithRows<Dot, PanelLayout::NibbleUneven>, panelWithRows<Dot, PanelLayout::NibbleFloat4>,
    };
    const auto function = kFunctions[static_cast<int>(panelLayout(w))];
    const ActivationGroup* first = x.groups + firstRow * (x.columns / kActivationGroup);
    const std::int64_t step = rowsInCache(w.columns);
    for (std::int64_t m = 0; m < count; m += step) {
        const Rows rows = {first, m, m + step < count ? m + step : count};
        for (std::int64_t p = firstPanel; p < endPanel; ++p)
            function(w, p, rows, outputOf(w, p, y, stride, accumulate));
    }
}

} // namespace
} // namespace vitrine::kernels::cpu
