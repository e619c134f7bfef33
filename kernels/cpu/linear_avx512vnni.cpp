// SPDX-License-Identifier: GPL-3.0-or-later
// One vector holds four columns of the sixteen rows of a panel, so a byte dot product with four broadcast
// activations adds to sixteen sums at once. A tile is up to four rows of activations with two panels: levels
// are unpacked once for four rows, activations broadcast once for two panels, and the sums stay in registers
// over all columns. Fewer rows are bound by memory and read one panel at a time, straight through.
#include <immintrin.h>

#include "kernels/cpu/linear_variants.h"
#include "kernels/cpu/panel_levels_avx512.h"

namespace vitrine::kernels::cpu::avx512vnni {

namespace {

constexpr int kTileRows = 4;
constexpr int kTilePanels = 2;
/// Activations that stay in the second-level cache while every panel passes over them.
constexpr std::int64_t kCachedActivationBytes = 256 * 1024;
/// How far ahead of the block at hand memory is asked for where one tile is all: few rows are bound by
/// memory, and this was measured best.
constexpr std::size_t kPrefetchBytes = 12 * 1024;
constexpr std::size_t kLineBytes = 64;

[[gnu::always_inline]] inline __m512i broadcast4(const std::int8_t* q)
{
    int four;
    __builtin_memcpy(&four, q, sizeof four);
    return _mm512_set1_epi32(four);
}

/// Scales of a block and, for layouts with a minimum, that minimum; else what a zero level adds.
template<PanelLayout kLayout>
[[gnu::always_inline]] inline void loadScales(const std::uint8_t* from, __m512* scale, __m512* second)
{
    *scale = loadHalves(from + levelBytes(kLayout));
    *second = hasSecond(kLayout)
                  ? loadHalves(from + levelBytes(kLayout) + 32)
                  : _mm512_mul_ps(*scale, _mm512_set1_ps(static_cast<float>(-zeroLevel(kLayout))));
}

/// Sums of levels times activations, columns 16 h ... 16 h + 15 of a block of kPanels panels.
template<PanelLayout kLayout, int kPanels>
[[gnu::always_inline]] inline void addDots(const __m512i (*levels)[4], const ActivationGroup& x, int h,
                                           __m512i* dots)
{
    const __m512i offset = kWide<kLayout> ? _mm512_set1_epi32(x.offsets[h]) : _mm512_setzero_si512();
#pragma GCC unroll 2
    for (int p = 0; p < kPanels; ++p) {
        if (h == 0 || kLayout == PanelLayout::ByteHalfScaled)
            dots[p] = offset;
        else if (kWide<kLayout>)
            dots[p] = _mm512_add_epi32(dots[p], offset);
    }
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) {
        const __m512i q = broadcast4(x.q + 16 * h + 4 * j);
#pragma GCC unroll 2
        for (int p = 0; p < kPanels; ++p)
            dots[p] = _mm512_dpbusd_epi32(dots[p], levels[p][j], q);
    }
}

[[gnu::always_inline]] inline __m512 addScaled(__m512i dots, __m512 scale, float xScale, __m512 sum)
{
    return _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots), _mm512_mul_ps(scale, _mm512_set1_ps(xScale)), sum);
}

/// Adds a block of kPanels panels, `panelBytes` apart, to the sums of kRows rows of activations. The loops
/// must unroll fully, or the sums live in memory.
template<PanelLayout kLayout, int kRows, int kPanels>
[[gnu::always_inline]] inline void addBlock(const std::uint8_t* from, std::size_t panelBytes,
                                            std::int64_t blocks, const ActivationGroup* x,
                                            __m512 (*sum)[kPanels])
{
    constexpr bool kHalves = kLayout == PanelLayout::ByteHalfScaled;
    __m512 scale[kPanels];
    __m512 second[kPanels];
    __m512i dots[kRows][kPanels];
    __m512i levels[kPanels][4];
#pragma GCC unroll 2
    for (int p = 0; p < kPanels; ++p)
        loadScales<kLayout>(from + static_cast<std::size_t>(p) * panelBytes, &scale[p], &second[p]);
#pragma GCC unroll 2
    for (int h = 0; h < 2; ++h) {
#pragma GCC unroll 2
        for (int p = 0; p < kPanels; ++p)
#pragma GCC unroll 4
            for (int j = 0; j < 4; ++j)
                levels[p][j] = loadLevels<kLayout>(from + static_cast<std::size_t>(p) * panelBytes, h, j);
#pragma GCC unroll 4
        for (int m = 0; m < kRows; ++m) {
            addDots<kLayout, kPanels>(levels, x[m * blocks], h, dots[m]);
#pragma GCC unroll 2
            for (int p = 0; p < kPanels && (kHalves || h == 1); ++p)
                sum[m][p] = addScaled(dots[m][p], kHalves && h == 1 ? second[p] : scale[p],
                                      x[m * blocks].scale, sum[m][p]);
#pragma GCC unroll 2
            for (int p = 0; p < kPanels && !kWide<kLayout> && h == 1; ++p)
                sum[m][p] = _mm512_fmadd_ps(second[p], _mm512_set1_ps(x[m * blocks].weightedSum), sum[m][p]);
        }
    }
}

/// Panels beside each other in memory, all of one layout.
struct Panels
{
    const std::uint8_t* data;
    std::size_t bytes; ///< of one
    std::int64_t blocks;
};

/// Memory that a tile asks for while it computes: so many lines with each block.
struct Ahead
{
    const char* from = nullptr;
    std::int64_t lines = 0;
};

/// The next panels, a part with each tile of rows that this one is multiplied with: asked for all at once by
/// the first, they would keep it waiting.
Ahead aheadOf(const Panels& panels, int count, std::int64_t tile, std::int64_t tiles)
{
    const std::size_t bytes = static_cast<std::size_t>(count) * panels.bytes;
    const auto all = static_cast<std::int64_t>(bytes / kLineBytes);
    const std::int64_t lines = (all + tiles * panels.blocks - 1) / (tiles * panels.blocks);
    const std::int64_t first = tile * panels.blocks * lines;
    if (first >= all)
        return {};
    return {reinterpret_cast<const char*>(panels.data) + bytes + static_cast<std::size_t>(first) * kLineBytes,
            lines};
}

/// kRows rows of activations with kPanels panels.
/// `kAlone`: no other tile reads these panels, so it asks for what lies kPrefetchBytes ahead.
template<PanelLayout kLayout, int kRows, int kPanels, bool kAlone>
void tile(const Panels& panels, const ActivationGroup* x, Ahead ahead, __m512 (*sums)[kPanels])
{
    __m512 sum[kRows][kPanels];
#pragma GCC unroll 4
    for (int m = 0; m < kRows; ++m)
#pragma GCC unroll 2
        for (int p = 0; p < kPanels; ++p)
            sum[m][p] = _mm512_setzero_ps();
    const std::uint8_t* from = panels.data;
    for (std::int64_t b = 0; b < panels.blocks; ++b, from += blockBytes(kLayout)) {
        for (unsigned p = 0; p < kPanels && kAlone; ++p)
            for (std::size_t line = 0; line < blockBytes(kLayout); line += kLineBytes)
                _mm_prefetch(reinterpret_cast<const char*>(from) + p * panels.bytes + kPrefetchBytes + line,
                             _MM_HINT_T1);
        for (std::int64_t line = 0; line < ahead.lines && !kAlone; ++line, ahead.from += kLineBytes)
            _mm_prefetch(ahead.from, _MM_HINT_T1);
        addBlock<kLayout, kRows, kPanels>(from, panels.bytes, panels.blocks, x + b, sum);
    }
#pragma GCC unroll 4
    for (int m = 0; m < kRows; ++m)
#pragma GCC unroll 2
        for (int p = 0; p < kPanels; ++p)
            sums[m][p] = sum[m][p];
}

template<PanelLayout kLayout, int kPanels, bool kAlone>
void tileRows(int rows, const Panels& panels, const ActivationGroup* x, Ahead ahead, __m512 (*sums)[kPanels])
{
    switch (rows) {
    case 1:
        return tile<kLayout, 1, kPanels, kAlone>(panels, x, ahead, sums);
    case 2:
        return tile<kLayout, 2, kPanels, kAlone>(panels, x, ahead, sums);
    case 3:
        return tile<kLayout, 3, kPanels, kAlone>(panels, x, ahead, sums);
    default:
        return tile<kLayout, 4, kPanels, kAlone>(panels, x, ahead, sums);
    }
}

/// One call of multiply, or the part of its rows that stays in cache.
struct Work
{
    const PackedMatrix& w;
    const ActivationGroup* x; ///< of the first row
    float* y;                 ///< of the first row
    std::int64_t rows;
    std::int64_t stride;
    bool accumulate;
};

/// Writes the sums of `rows` rows with one panel; rows of `sums` are kPanels vectors apart.
template<int kPanels>
void store(const Work& work, std::int64_t panelIndex, std::int64_t row, int rows, const __m512* sums)
{
    const PackedMatrix& w = work.w;
    const std::int64_t left = w.rows - panelIndex * kPanelRows;
    const auto mask = static_cast<__mmask16>(left >= kPanelRows ? 0xffffU : (1U << left) - 1U);
    const std::uint8_t* end = w.data + static_cast<std::size_t>(panelIndex + 1) * w.panelBytes;
    const __m512 factors = hasRowFactors(w) ? _mm512_loadu_ps(end - 64) : _mm512_set1_ps(1.0F);
    for (int m = 0; m < rows; ++m) {
        float* y = work.y + (row + m) * work.stride + panelIndex * kPanelRows;
        __m512 value = _mm512_mul_ps(sums[m * kPanels], factors);
        if (work.accumulate)
            value = _mm512_add_ps(_mm512_maskz_loadu_ps(mask, y), value);
        _mm512_mask_storeu_ps(y, mask, value);
    }
}

/// All rows with kPanels panels.
template<PanelLayout kLayout, int kPanels>
void panelsWithRows(const Work& work, std::int64_t panelIndex)
{
    const std::int64_t blocks = work.w.columns / kBlockColumns;
    const Panels panels = {work.w.data + static_cast<std::size_t>(panelIndex) * work.w.panelBytes,
                           work.w.panelBytes, blocks};
    __m512 sums[kTileRows][kPanels];
    const std::int64_t tiles = (work.rows + kTileRows - 1) / kTileRows;
    for (std::int64_t m = 0; m < work.rows; m += kTileRows) {
        const int rows = static_cast<int>(work.rows - m < kTileRows ? work.rows - m : kTileRows);
        if (tiles == 1)
            tileRows<kLayout, kPanels, true>(rows, panels, work.x, {}, sums);
        else
            tileRows<kLayout, kPanels, false>(rows, panels, work.x + m * blocks,
                                              aheadOf(panels, kPanels, m / kTileRows, tiles), sums);
        for (int p = 0; p < kPanels; ++p)
            store<kPanels>(work, panelIndex + p, m, rows, &sums[0][p]);
    }
}

template<PanelLayout kLayout>
void panelRange(const Work& work, std::int64_t first, std::int64_t end)
{
    std::int64_t p = first;
    for (; work.rows >= kTileRows && p + kTilePanels <= end; p += kTilePanels)
        panelsWithRows<kLayout, kTilePanels>(work, p);
    for (; p < end; ++p)
        panelsWithRows<kLayout, 1>(work, p);
}

constexpr void (*kPanelRanges[])(const Work&, std::int64_t, std::int64_t) = {
    panelRange<PanelLayout::NibbleScaled>, panelRange<PanelLayout::NibbleAffine>,
    panelRange<PanelLayout::FiveScaled>,   panelRange<PanelLayout::FiveAffine>,
    panelRange<PanelLayout::ByteScaled>,   panelRange<PanelLayout::ByteHalfScaled>,
    panelRange<PanelLayout::NibbleUneven>, panelRange<PanelLayout::NibbleFloat4>,
};

std::int64_t rowsInCache(std::int64_t columns)
{
    const auto bytes = static_cast<std::int64_t>(sizeof(ActivationGroup)) * (columns / kActivationGroup);
    const std::int64_t rows = kCachedActivationBytes / bytes / kTileRows * kTileRows;
    return rows < kTileRows ? kTileRows : rows;
}

} // namespace

void multiply(const PackedMatrix& w, const ActivationRows& x, std::int64_t firstRow, std::int64_t count,
              std::int64_t firstPanel, std::int64_t endPanel, float* y, std::int64_t stride, bool accumulate)
{
    const std::int64_t blocks = w.columns / kBlockColumns;
    const std::int64_t step = rowsInCache(w.columns);
    for (std::int64_t m = 0; m < count; m += step) {
        const std::int64_t rows = m + step < count ? step : count - m;
        const Work work = {w, x.groups + (firstRow + m) * blocks, y + m * stride, rows, stride, accumulate};
        kPanelRanges[static_cast<int>(panelLayout(w))](work, firstPanel, endPanel);
    }
}

} // namespace vitrine::kernels::cpu::avx512vnni
