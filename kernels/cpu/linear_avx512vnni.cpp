// SPDX-License-Identifier: GPL-3.0-or-later
// One vector holds four columns of the sixteen rows of a panel, so a byte dot product with four broadcast
// activations adds to sixteen sums at once. A tile is up to eight rows of activations with one panel: the
// levels of a block are unpacked once for all of them and the sums stay in registers over all columns.
#include <immintrin.h>

#include "kernels/cpu/linear_variants.h"
#include "kernels/cpu/pack.h"

namespace vitrine::kernels::cpu::avx512vnni {

namespace {

constexpr int kTileRows = 8;
/// Activations that stay in the second-level cache while every panel passes over them.
constexpr std::int64_t kCachedActivationBytes = 256 * 1024;
/// How far ahead of the block at hand memory is asked for. One row is bound by memory: measured best.
constexpr int kPrefetchBytes = 12 * 1024;

template<PanelLayout kLayout>
constexpr bool kNibbles = kLayout == PanelLayout::NibbleScaled || kLayout == PanelLayout::NibbleAffine;
template<PanelLayout kLayout>
constexpr bool kBytes = kLayout == PanelLayout::ByteScaled || kLayout == PanelLayout::ByteHalfScaled;

/// A block in registers: levels of columns 0..15 and 16..31 (nibbles: times 16), scales, second values.
struct Block
{
    __m512i low[4];
    __m512i high[4];
    __m512 scale;
    __m512 second;
};

__m512 loadHalves(const std::uint8_t* from)
{
    return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
}

template<PanelLayout kLayout>
[[gnu::always_inline]] inline void loadLevels(const std::uint8_t* from, Block* block)
{
    const __m512i nibble = _mm512_set1_epi8(15);
    const __m512i fifth = _mm512_set1_epi8(16);
    for (int j = 0; j < 4; ++j) {
        const __m512i v = _mm512_loadu_si512(from + 64 * j);
        if constexpr (kBytes<kLayout>) {
            block->low[j] = v;
            block->high[j] = _mm512_loadu_si512(from + 256 + 64 * j);
        } else if constexpr (kNibbles<kLayout>) {
            block->low[j] = _mm512_and_si512(v, nibble);
            block->high[j] = _mm512_andnot_si512(nibble, v);
        } else {
            const __m512i low = _mm512_and_si512(v, nibble);
            const __m512i high = _mm512_and_si512(_mm512_srli_epi16(v, 4), nibble);
            const __mmask64 lowBits =
                _load_mask64(reinterpret_cast<__mmask64*>(const_cast<std::uint8_t*>(from + 256 + 8 * j)));
            const __mmask64 highBits =
                _load_mask64(reinterpret_cast<__mmask64*>(const_cast<std::uint8_t*>(from + 288 + 8 * j)));
            block->low[j] = _mm512_mask_add_epi8(low, lowBits, low, fifth);
            block->high[j] = _mm512_mask_add_epi8(high, highBits, high, fifth);
        }
    }
}

template<PanelLayout kLayout>
[[gnu::always_inline]] inline void load(const std::uint8_t* from, Block* block)
{
    loadLevels<kLayout>(from, block);
    block->scale = loadHalves(from + levelBytes(kLayout));
    if constexpr (hasSecond(kLayout))
        block->second = loadHalves(from + levelBytes(kLayout) + 32);
    else
        block->second = _mm512_mul_ps(block->scale, _mm512_set1_ps(static_cast<float>(-zeroLevel(kLayout))));
}

[[gnu::always_inline]] inline __m512i broadcast4(const std::int8_t* q)
{
    int four;
    __builtin_memcpy(&four, q, sizeof four);
    return _mm512_set1_epi32(four);
}

/// The integer sums of a block with one group, for columns 0..15 and 16..31.
template<PanelLayout kLayout>
[[gnu::always_inline]] inline void dot(const Block& block, const ActivationGroup& x, __m512i* low,
                                       __m512i* high)
{
    *low = kBytes<kLayout> ? _mm512_set1_epi32(x.offsets[0]) : _mm512_setzero_si512();
    *high = kBytes<kLayout> ? _mm512_set1_epi32(x.offsets[1]) : _mm512_setzero_si512();
    for (int j = 0; j < 4; ++j) {
        *low = _mm512_dpbusd_epi32(*low, block.low[j], broadcast4(x.q + 4 * j));
        *high = _mm512_dpbusd_epi32(*high, block.high[j], broadcast4(x.q + 16 + 4 * j));
    }
    if constexpr (kNibbles<kLayout>)
        *high = _mm512_srai_epi32(*high, 4);
}

template<PanelLayout kLayout>
[[gnu::always_inline]] inline __m512 addBlock(const Block& block, const ActivationGroup& x, __m512 sum)
{
    __m512i low;
    __m512i high;
    dot<kLayout>(block, x, &low, &high);
    const __m512 xScale = _mm512_set1_ps(x.scale);
    const __m512 scale = _mm512_mul_ps(block.scale, xScale);
    if constexpr (kLayout == PanelLayout::ByteHalfScaled) {
        sum = _mm512_fmadd_ps(_mm512_cvtepi32_ps(low), scale, sum);
        return _mm512_fmadd_ps(_mm512_cvtepi32_ps(high), _mm512_mul_ps(block.second, xScale), sum);
    }
    sum = _mm512_fmadd_ps(_mm512_cvtepi32_ps(_mm512_add_epi32(low, high)), scale, sum);
    if constexpr (kBytes<kLayout>)
        return sum;
    return _mm512_fmadd_ps(block.second, _mm512_set1_ps(x.weightedSum), sum);
}

/// kRows rows of activations, `blocks` groups apart, with one panel.
template<PanelLayout kLayout, int kRows, bool kPrefetch>
void tile(const std::uint8_t* panel, std::int64_t blocks, const ActivationGroup* x, __m512* sums)
{
    __m512 sum[kRows];
    for (int m = 0; m < kRows; ++m)
        sum[m] = _mm512_setzero_ps();
    for (std::int64_t b = 0; b < blocks; ++b, panel += blockBytes(kLayout)) {
        if constexpr (kPrefetch)
            for (unsigned line = 0; line < blockBytes(kLayout); line += 64)
                _mm_prefetch(reinterpret_cast<const char*>(panel) + kPrefetchBytes + line, _MM_HINT_T1);
        Block block;
        load<kLayout>(panel, &block);
        for (int m = 0; m < kRows; ++m)
            sum[m] = addBlock<kLayout>(block, x[m * blocks + b], sum[m]);
    }
    for (int m = 0; m < kRows; ++m)
        sums[m] = sum[m];
}

template<PanelLayout kLayout, bool kPrefetch>
void tileRows(int rows, const std::uint8_t* panel, std::int64_t blocks, const ActivationGroup* x,
              __m512* sums)
{
    switch (rows) {
    case 1:
        return tile<kLayout, 1, kPrefetch>(panel, blocks, x, sums);
    case 2:
        return tile<kLayout, 2, kPrefetch>(panel, blocks, x, sums);
    case 3:
        return tile<kLayout, 3, kPrefetch>(panel, blocks, x, sums);
    case 4:
        return tile<kLayout, 4, kPrefetch>(panel, blocks, x, sums);
    case 5:
        return tile<kLayout, 5, kPrefetch>(panel, blocks, x, sums);
    case 6:
        return tile<kLayout, 6, kPrefetch>(panel, blocks, x, sums);
    case 7:
        return tile<kLayout, 7, kPrefetch>(panel, blocks, x, sums);
    default:
        return tile<kLayout, 8, kPrefetch>(panel, blocks, x, sums);
    }
}

/// Where the sums of a panel go.
struct Output
{
    float* y; ///< of the panel's first output row
    std::int64_t stride;
    __mmask16 rows;
    __m512 factors;
    bool accumulate;
};

Output outputOf(const PackedMatrix& w, std::int64_t panelIndex, float* y, std::int64_t stride,
                bool accumulate)
{
    const std::int64_t left = w.rows - panelIndex * kPanelRows;
    const auto rows = static_cast<__mmask16>(left >= kPanelRows ? 0xffffU : (1U << left) - 1U);
    const std::uint8_t* end = w.data + static_cast<std::size_t>(panelIndex + 1) * w.panelBytes;
    const __m512 factors = hasRowFactors(w) ? _mm512_loadu_ps(end - 64) : _mm512_set1_ps(1.0F);
    return {y + panelIndex * kPanelRows, stride, rows, factors, accumulate};
}

void store(const Output& to, std::int64_t row, int rows, const __m512* sums)
{
    for (int m = 0; m < rows; ++m) {
        float* y = to.y + (row + m) * to.stride;
        __m512 value = _mm512_mul_ps(sums[m], to.factors);
        if (to.accumulate)
            value = _mm512_add_ps(_mm512_maskz_loadu_ps(to.rows, y), value);
        _mm512_mask_storeu_ps(y, to.rows, value);
    }
}

struct Rows
{
    const ActivationGroup* x; ///< of the first row
    std::int64_t first;       ///< rows [first, end) of the call
    std::int64_t end;
};

/// One panel with rows that stay in cache. The first tile fetches the panels to come.
template<PanelLayout kLayout>
void panelWithRows(const PackedMatrix& w, std::int64_t panelIndex, const Rows& rows, const Output& to)
{
    const std::int64_t blocks = w.columns / kBlockColumns;
    const std::uint8_t* panel = w.data + static_cast<std::size_t>(panelIndex) * w.panelBytes;
    __m512 sums[kTileRows];
    for (std::int64_t m = rows.first; m < rows.end; m += kTileRows) {
        const int count = static_cast<int>(rows.end - m < kTileRows ? rows.end - m : kTileRows);
        if (m == rows.first)
            tileRows<kLayout, true>(count, panel, blocks, rows.x + m * blocks, sums);
        else
            tileRows<kLayout, false>(count, panel, blocks, rows.x + m * blocks, sums);
        store(to, m, count, sums);
    }
}

using PanelFunction = void (*)(const PackedMatrix&, std::int64_t, const Rows&, const Output&);

constexpr PanelFunction kPanelFunctions[] = {
    panelWithRows<PanelLayout::NibbleScaled>, panelWithRows<PanelLayout::NibbleAffine>,
    panelWithRows<PanelLayout::FiveScaled>,   panelWithRows<PanelLayout::FiveAffine>,
    panelWithRows<PanelLayout::ByteScaled>,   panelWithRows<PanelLayout::ByteHalfScaled>,
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
    const PanelFunction function = kPanelFunctions[static_cast<int>(panelLayout(w))];
    const ActivationGroup* first = x.groups + firstRow * (x.columns / kActivationGroup);
    const std::int64_t step = rowsInCache(w.columns);
    for (std::int64_t m = 0; m < count; m += step) {
        const Rows rows = {first, m, m + step < count ? m + step : count};
        for (std::int64_t p = firstPanel; p < endPanel; ++p)
            function(w, p, rows, outputOf(w, p, y, stride, accumulate));
    }
}

} // namespace vitrine::kernels::cpu::avx512vnni
