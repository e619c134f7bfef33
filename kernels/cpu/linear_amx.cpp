// SPDX-License-Identifier: GPL-3.0-or-later
// Many rows at once: weights become bfloat16 tiles, a chunk of columns of two panels at a time, and every row
// of activations passes over them while they are in the first-level cache. Four tiles of sums (32 rows of
// activations, 32 outputs) use each tile that is loaded twice.
#include <immintrin.h>

#include "kernels/cpu/amx_tiles.h"
#include "kernels/cpu/linear_variants.h"
#include "kernels/cpu/panel_levels_avx512.h"

namespace vitrine::kernels::cpu::amx {

namespace {

constexpr std::int64_t kTilePanels = 2;
constexpr std::int64_t kPairRows = 2 * kTileRows;
/// Blocks of two panels that leave room for activations in a first-level cache of 48 KiB.
constexpr std::int64_t kChunkBlocks = 20;
/// Where one pair of row tiles is all, sums stay in their tiles and short chunks let the unpacking of one
/// overlap the products of another.
constexpr std::int64_t kShortChunkBlocks = 4;
/// Rows whose unfinished sums are kept between chunks.
constexpr std::int64_t kRowsTogether = 512;
/// How far ahead of the block at hand memory is asked for.
constexpr std::size_t kPrefetchBytes = 16 * 1024;
constexpr std::size_t kLineBytes = 64;

/// A level u becomes the number 1 + u / 256 by its place in the mantissa, and then that times `slope` plus
/// `start`.
struct Line
{
    __m512 slope, start;
};

[[gnu::always_inline]] inline Line lineOf(__m512 scale, __m512 atZero)
{
    const __m512 slope = _mm512_mul_ps(scale, _mm512_set1_ps(256.0F));
    return {slope, _mm512_sub_ps(atZero, slope)};
}

[[gnu::always_inline]] inline __m512i weightBits(__m512i shifted, const Line& line)
{
    const __m512i mantissa = _mm512_set1_epi32(0x007F8000);
    const __m512i one = _mm512_set1_epi32(0x3F800000);
    const __m512i number =
        _mm512_ternarylogic_epi32(shifted, mantissa, one, 0xEA); // shifted & mantissa | one
    const __m512 weight = _mm512_fmadd_ps(_mm512_castsi512_ps(number), line.slope, line.start);
    return _mm512_add_epi32(_mm512_castps_si512(weight), _mm512_set1_epi32(0x8000)); // for rounding
}

/// bfloat16 of two columns beside each other, rounded to nearest.
[[gnu::always_inline]] inline __m512i pairOf(__m512i even, __m512i odd)
{
    return _mm512_ternarylogic_epi32(odd, _mm512_set1_epi32(static_cast<int>(0xFFFF0000U)),
                                     _mm512_srli_epi32(even, 16), 0xEA);
}

/// Half a block: eight rows of a tile.
template<PanelLayout kLayout>
[[gnu::always_inline]] inline void unpackHalf(const std::uint8_t* from, int h, const Line& line,
                                              std::uint8_t* tile)
{
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) {
        const __m512i levels = loadLevels<kLayout>(from, h, j);
        const __m512i first = pairOf(weightBits(_mm512_slli_epi32(levels, 15), line),
                                     weightBits(_mm512_slli_epi32(levels, 7), line));
        const __m512i second = pairOf(weightBits(_mm512_srli_epi32(levels, 1), line),
                                      weightBits(_mm512_srli_epi32(levels, 9), line));
        std::uint8_t* rows = tile + static_cast<std::size_t>(8 * h + 2 * j) * kTileRowBytes;
        _mm512_store_si512(rows, first);
        _mm512_store_si512(rows + kTileRowBytes, second);
    }
}

/// One block of a panel as a tile [column / 2][output][column % 2]. Row factors are powers of two: weights
/// take them exactly.
template<PanelLayout kLayout>
[[gnu::always_inline]] inline void unpackBlock(const std::uint8_t* from, __m512 factors, std::uint8_t* tile)
{
    const __m512 scale = _mm512_mul_ps(loadHalves(from + levelBytes(kLayout)), factors);
    const __m512 zero = _mm512_set1_ps(static_cast<float>(-zeroLevel(kLayout)));
    if constexpr (kLayout == PanelLayout::ByteHalfScaled) {
        const __m512 second = _mm512_mul_ps(loadHalves(from + levelBytes(kLayout) + 32), factors);
        unpackHalf<kLayout>(from, 0, lineOf(scale, _mm512_mul_ps(scale, zero)), tile);
        unpackHalf<kLayout>(from, 1, lineOf(second, _mm512_mul_ps(second, zero)), tile);
    } else {
        const __m512 atZero = hasSecond(kLayout)
                                  ? _mm512_mul_ps(loadHalves(from + levelBytes(kLayout) + 32), factors)
                                  : _mm512_mul_ps(scale, zero);
        const Line line = lineOf(scale, atZero);
        unpackHalf<kLayout>(from, 0, line, tile);
        unpackHalf<kLayout>(from, 1, line, tile);
    }
}

/// Blocks [first, end) of a panel.
template<PanelLayout kLayout>
void unpackChunk(const std::uint8_t* panel, __m512 factors, std::int64_t first, std::int64_t end,
                 std::uint8_t* tiles)
{
    const std::uint8_t* from = panel + static_cast<std::size_t>(first) * blockBytes(kLayout);
    for (std::int64_t b = first; b < end; ++b, from += blockBytes(kLayout), tiles += kTileBytes) {
        for (std::size_t line = 0; line < blockBytes(kLayout); line += kLineBytes)
            _mm_prefetch(reinterpret_cast<const char*>(from) + kPrefetchBytes + line, _MM_HINT_T1);
        unpackBlock<kLayout>(from, factors, tiles);
    }
}

constexpr void (*kUnpack[])(const std::uint8_t*, __m512, std::int64_t, std::int64_t, std::uint8_t*) = {
    unpackChunk<PanelLayout::NibbleScaled>, unpackChunk<PanelLayout::NibbleAffine>,
    unpackChunk<PanelLayout::FiveScaled>,   unpackChunk<PanelLayout::FiveAffine>,
    unpackChunk<PanelLayout::ByteScaled>,   unpackChunk<PanelLayout::ByteHalfScaled>,
    unpackChunk<PanelLayout::NibbleUneven>, unpackChunk<PanelLayout::NibbleFloat4>,
};

/// One call of multiply, or the part of its rows that is taken together.
struct Work
{
    const PackedMatrix& w;
    const std::uint8_t* x; ///< tiles of the first row
    float* y;              ///< of the first row
    std::int64_t rows;
    std::int64_t stride;
    bool accumulate;

    std::int64_t blocks() const { return w.columns / kBlockColumns; }
    std::int64_t pairs() const { return (rows + kPairRows - 1) / kPairRows; }
    /// Tiles of the row tile `index`, block 0.
    const std::uint8_t* tiles(std::int64_t index) const
    {
        return x + static_cast<std::size_t>(index * blocks()) * kTileBytes;
    }
};

/// Sums of 32 rows and the 32 outputs of two panels.
struct alignas(64) PairSums
{
    static constexpr std::size_t kStride = kTilePanels * kPanelRows * sizeof(float);
    float rows[kPairRows][kTilePanels * kPanelRows];
};

struct Scratch
{
    alignas(64) std::uint8_t weights[kTilePanels][kChunkBlocks * kTileBytes];
    PairSums sums[kRowsTogether / kPairRows];
};

void zeroSums()
{
    zeroTile<0>();
    zeroTile<1>();
    zeroTile<2>();
    zeroTile<3>();
}
/// Rows lie `stride` bytes apart, the second panel's columns behind the first's.
void loadSums(const float* from, std::size_t stride)
{
    const float* below = from + static_cast<std::size_t>(kTileRows) * stride / sizeof(float);
    loadTile<0>(from, stride);
    loadTile<1>(from + kPanelRows, stride);
    loadTile<2>(below, stride);
    loadTile<3>(below + kPanelRows, stride);
}
void storeSums(float* to, std::size_t stride)
{
    float* below = to + static_cast<std::size_t>(kTileRows) * stride / sizeof(float);
    storeTile<0>(to, stride);
    storeTile<1>(to + kPanelRows, stride);
    storeTile<2>(below, stride);
    storeTile<3>(below + kPanelRows, stride);
}

/// Adds a chunk's products to the sums in the tiles. `x1` is null where only one row tile is left.
void addChunk(const std::uint8_t* x0, const std::uint8_t* x1, const Scratch& scratch, std::int64_t blocks)
{
    const std::uint8_t* w0 = scratch.weights[0];
    const std::uint8_t* w1 = scratch.weights[1];
    const std::size_t end = static_cast<std::size_t>(blocks) * kTileBytes;
    for (std::size_t at = 0; at < end; at += kTileBytes) {
        streamTile<4>(x0 + at);
        loadTile<6>(w0 + at);
        addProducts<0, 4, 6>();
        loadTile<7>(w1 + at);
        addProducts<1, 4, 7>();
        if (x1 == nullptr)
            continue;
        streamTile<5>(x1 + at);
        addProducts<2, 5, 6>();
        addProducts<3, 5, 7>();
    }
}

/// Two panels with all rows of a call, or the last one where they are odd.
class PanelPair
{
public:
    PanelPair(const Work& work, std::int64_t panel, std::int64_t panels, Scratch& scratch)
        : m_work(work), m_panel(panel), m_panels(panels), m_scratch(scratch),
          m_full((panel + kTilePanels) * kPanelRows <= work.w.rows && panels == kTilePanels),
          m_stride(static_cast<std::size_t>(work.stride) * sizeof(float))
    {}

    void run()
    {
        const std::int64_t blocks = m_work.blocks(), pairs = m_work.pairs();
        const std::int64_t most = pairs == 1 ? kShortChunkBlocks : kChunkBlocks;
        const std::int64_t chunks = (blocks + most - 1) / most;
        for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
            const std::int64_t first = blocks * chunk / chunks, end = blocks * (chunk + 1) / chunks;
            unpack(first, end);
            for (std::int64_t pair = 0; pair < pairs; ++pair) {
                if (chunk == 0)
                    start(pair);
                else if (pairs > 1)
                    loadSums(m_scratch.sums[pair].rows[0], PairSums::kStride);
                add(pair, first, end);
                if (chunk + 1 == chunks)
                    finish(pair);
                else if (pairs > 1)
                    storeSums(m_scratch.sums[pair].rows[0], PairSums::kStride);
            }
        }
    }

private:
    void unpack(std::int64_t first, std::int64_t end) const
    {
        const PackedMatrix& w = m_work.w;
        const std::uint8_t* panel = w.data + static_cast<std::size_t>(m_panel) * w.panelBytes;
        for (std::int64_t p = 0; p < m_panels; ++p, panel += w.panelBytes) {
            const __m512 factors =
                hasRowFactors(w) ? _mm512_loadu_ps(panel + w.panelBytes - 64) : _mm512_set1_ps(1.0F);
            kUnpack[static_cast<int>(panelLayout(w))](panel, factors, first, end, m_scratch.weights[p]);
        }
    }

    void add(std::int64_t pair, std::int64_t first, std::int64_t end) const
    {
        const bool both = pair * kPairRows + kTileRows < m_work.rows;
        const std::size_t at = static_cast<std::size_t>(first) * kTileBytes;
        addChunk(m_work.tiles(2 * pair) + at, both ? m_work.tiles(2 * pair + 1) + at : nullptr, m_scratch,
                 end - first);
    }

    /// Sums go straight to where they belong: all tiles of the pair lie within the result.
    bool direct(std::int64_t pair) const { return m_full && (pair + 1) * kPairRows <= m_work.rows; }
    float* result(std::int64_t pair) const
    {
        return m_work.y + pair * kPairRows * m_work.stride + m_panel * kPanelRows;
    }

    /// What is there already is where the sums start, so that a row gets the same bits with and without rows
    /// beside it.
    void start(std::int64_t pair) const
    {
        if (!m_work.accumulate)
            return zeroSums();
        if (direct(pair))
            return loadSums(result(pair), m_stride);
        float(*rows)[kTilePanels * kPanelRows] = m_scratch.sums[pair].rows;
        for (std::int64_t m = 0; m < kPairRows; ++m)
            for (std::int64_t p = 0; p < kTilePanels; ++p) {
                const bool inside = pair * kPairRows + m < m_work.rows && p < m_panels;
                _mm512_store_ps(rows[m] + p * kPanelRows,
                                inside ? _mm512_maskz_loadu_ps(outputs(p), place(pair, m, p))
                                       : _mm512_setzero_ps());
            }
        loadSums(rows[0], PairSums::kStride);
    }

    void finish(std::int64_t pair) const
    {
        if (direct(pair))
            return storeSums(result(pair), m_stride);
        float(*rows)[kTilePanels * kPanelRows] = m_scratch.sums[pair].rows;
        storeSums(rows[0], PairSums::kStride);
        for (std::int64_t m = 0; m < kPairRows && pair * kPairRows + m < m_work.rows; ++m)
            for (std::int64_t p = 0; p < m_panels; ++p)
                _mm512_mask_storeu_ps(place(pair, m, p), outputs(p),
                                      _mm512_load_ps(rows[m] + p * kPanelRows));
    }

    float* place(std::int64_t pair, std::int64_t m, std::int64_t p) const
    {
        return result(pair) + m * m_work.stride + p * kPanelRows;
    }
    /// Outputs of a panel that the matrix has.
    __mmask16 outputs(std::int64_t p) const
    {
        const std::int64_t left = m_work.w.rows - (m_panel + p) * kPanelRows;
        return static_cast<__mmask16>(left >= kPanelRows ? 0xFFFFU : (1U << left) - 1U);
    }

    const Work& m_work;
    std::int64_t m_panel, m_panels;
    Scratch& m_scratch;
    bool m_full;          ///< every output of two panels exists
    std::size_t m_stride; ///< bytes
};

} // namespace

void convert(const float* x, std::int64_t row, std::int64_t firstColumn, std::int64_t endColumn,
             const ActivationTiles& rows)
{
    const std::int64_t tileRow = row / kTileRows * (rows.columns / kActivationGroup);
    for (std::int64_t k = firstColumn; k < endColumn; k += kActivationGroup) {
        std::uint8_t* tile =
            rows.tiles + static_cast<std::size_t>(tileRow + k / kActivationGroup) * kTileBytes;
        std::uint8_t* to = tile + static_cast<std::size_t>(row % kTileRows) * kTileRowBytes;
        const __m512bh both = _mm512_cvtne2ps_pbh(_mm512_loadu_ps(x + k + 16), _mm512_loadu_ps(x + k));
        _mm512_store_si512(to, reinterpret_cast<const __m512i&>(both));
    }
}

void multiply(const PackedMatrix& w, const ActivationTiles& x, std::int64_t firstRow, std::int64_t count,
              std::int64_t firstPanel, std::int64_t endPanel, float* y, std::int64_t stride, bool accumulate)
{
    const Tiles tiles;
    Scratch scratch; // uninitialised on purpose: written before it is read
    const std::int64_t blocks = w.columns / kBlockColumns;
    for (std::int64_t m = 0; m < count; m += kRowsTogether) {
        const std::int64_t rows = m + kRowsTogether < count ? kRowsTogether : count - m;
        const std::int64_t tile = (firstRow + m) / kTileRows * blocks;
        const Work work = {
            w,         x.tiles + static_cast<std::size_t>(tile) * kTileBytes, y + m * stride, rows, stride,
            accumulate};
        for (std::int64_t p = firstPanel; p < endPanel; p += kTilePanels)
            PanelPair(work, p, p + kTilePanels < endPanel ? kTilePanels : endPanel - p, scratch).run();
    }
}

} // namespace vitrine::kernels::cpu::amx
