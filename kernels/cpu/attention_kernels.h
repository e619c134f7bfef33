// SPDX-License-Identifier: GPL-3.0-or-later
// The attention steps over a vector type S (simd_avx2.h, simd_avx512.h). Included by attention_avx*.cpp only;
// every name depends on S, so that no copy compiled for one machine serves another. What few rows do
// otherwise stands in attention_few_kernels.h.
#pragma once

#include <cstdint>

#include "kernels/cpu/attention.h"
#include "kernels/cpu/vector_kernels.h"

namespace vitrine::kernels::cpu {

template<class S>
struct AttentionKernels
{
    using Vector = typename S::Vector;
    static constexpr int kWidth = S::kWidth;
    static constexpr int kTileVectors = kKeyTile / kWidth;
    static constexpr int kSquareRows = kWidth;
    static constexpr int kScoreRows = kWidth == 16 ? 8 : 2;  ///< rows whose scores stay in registers
    static constexpr int kOutputRows = kWidth == 16 ? 4 : 2; ///< rows whose outputs do,
    static constexpr int kOutputVectors = 4;                 ///< this many vectors of each

    static const std::uint16_t* halves(const std::uint8_t* row)
    {
        return reinterpret_cast<const std::uint16_t*>(row);
    }
    static const float* singles(const std::uint8_t* row) { return reinterpret_cast<const float*>(row); }

    /// n values of a row from element d on, the other lanes zero.
    template<KvElement E>
    static Vector loadElements(const std::uint8_t* row, std::int64_t headDim, std::int64_t d, std::int64_t n)
    {
        if constexpr (E == KvElement::F32)
            return S::load(singles(row) + d, n);
        else if constexpr (E == KvElement::Int8)
            return S::multiply(S::loadInt8(row + d, n),
                               S::set(singles(row + kvScaleOffset(static_cast<std::size_t>(headDim)))[0]));
        else if constexpr (E == KvElement::F16)
            return S::loadF16(halves(row) + d, n);
        else
            return S::loadBf16(halves(row) + d, n);
    }

    static std::int64_t lanes(std::int64_t left) { return left < kWidth ? left : kWidth; }

    static void storeInt8Row(const float* x, std::int64_t headDim, std::uint8_t* row)
    {
        Vector top = S::set(0);
        for (std::int64_t d = 0; d < headDim; d += kWidth) {
            const Vector v = S::load(x + d, lanes(headDim - d));
            top = S::maximum(top, S::maximum(v, S::subtract(S::set(0), v)));
        }
        const Int8Scale scale = int8Scale(S::largest(top));
        const Vector inverse = S::set(scale.inverse);
        for (std::int64_t d = 0; d < headDim; d += kWidth) {
            const std::int64_t n = lanes(headDim - d);
            S::storeInt8(row + d, S::multiply(S::load(x + d, n), inverse), n);
        }
        *reinterpret_cast<float*>(row + kvScaleOffset(static_cast<std::size_t>(headDim))) = scale.scale;
    }

    static void storeRow(KvElement element, const float* x, std::int64_t headDim, std::uint8_t* row)
    {
        if (element == KvElement::Int8)
            return storeInt8Row(x, headDim, row);
        auto* half = reinterpret_cast<std::uint16_t*>(row);
        for (std::int64_t d = 0; d < headDim; d += kWidth) {
            const std::int64_t n = lanes(headDim - d);
            const Vector v = S::load(x + d, n);
            if (element == KvElement::F32)
                S::store(reinterpret_cast<float*>(row) + d, v, n);
            else if (element == KvElement::F16)
                S::storeF16(half + d, v, n);
            else
                S::storeBf16(half + d, v, n);
        }
    }

    /// Keys [j, j + kWidth), elements [d, d + n): loaded by rows, stored by columns.
    template<KvElement E>
    static void loadKeySquare(const std::uint8_t* const* rows, std::int64_t headDim, std::int64_t d,
                              float* keys)
    {
        const std::int64_t n = lanes(headDim - d);
        Vector square[kSquareRows];
        for (int j = 0; j < kSquareRows; ++j)
            square[j] = rows[j] != nullptr ? loadElements<E>(rows[j], headDim, d, n) : S::set(0);
        S::transpose(square);
        for (std::int64_t i = 0; i < n; ++i)
            S::store(keys + (d + i) * kKeyTile, square[i]);
    }

    /// Elements in a word of 32 bits, where whole words are turned round before they become floats: fewer
    /// squares to transpose for the same bits.
    static constexpr int wordElements(KvElement e) { return e == KvElement::Int8 ? 4 : 1; }

    /// As loadKeySquare for kWidth words of each int8 key: elements [d, d + 4 kWidth).
    static void loadKeyWords(const std::uint8_t* const* rows, std::int64_t headDim, std::int64_t d,
                             float* keys)
    {
        Vector square[kSquareRows];
        for (int j = 0; j < kSquareRows; ++j)
            square[j] = rows[j] != nullptr ? S::loadWords(rows[j] + d) : S::set(0);
        S::transpose(square);
        const Vector scale = keyScales(rows, headDim);
        for (int word = 0; word < kWidth; ++word)
            for (int i = 0; i < 4; ++i)
                S::store(keys + (d + word * 4 + i) * kKeyTile,
                         S::multiply(S::int8OfWord(square[word], i), scale));
    }

    /// Of kWidth int8 keys.
    static Vector keyScales(const std::uint8_t* const* rows, std::int64_t headDim)
    {
        float scales[kWidth] = {};
        for (int j = 0; j < kWidth; ++j)
            if (rows[j] != nullptr)
                scales[j] = singles(rows[j] + kvScaleOffset(static_cast<std::size_t>(headDim)))[0];
        return S::load(scales);
    }

    template<KvElement E>
    static void loadKeysOf(const std::uint8_t* const* rows, std::int64_t headDim, float* keys)
    {
        constexpr int kElements = wordElements(E);
        for (int j = 0; j < kKeyTile; j += kSquareRows) {
            std::int64_t d = 0;
            if constexpr (kElements > 1)
                for (; d + kWidth * kElements <= headDim; d += kWidth * kElements)
                    loadKeyWords(rows + j, headDim, d, keys + j);
            for (; d < headDim; d += kWidth)
                loadKeySquare<E>(rows + j, headDim, d, keys + j);
        }
    }

    template<KvElement E>
    static void loadValuesOf(const std::uint8_t* const* rows, std::int64_t headDim, float* values)
    {
        const std::int64_t padded = paddedDim(headDim);
        for (int j = 0; j < kKeyTile; ++j)
            for (std::int64_t d = 0; d < padded; d += kWidth) {
                const bool any = rows[j] != nullptr && d < headDim;
                S::store(values + j * padded + d,
                         any ? loadElements<E>(rows[j], headDim, d, lanes(headDim - d)) : S::set(0));
            }
    }

    static void loadKeys(KvElement element, const std::uint8_t* const* rows, std::int64_t headDim,
                         float* keys)
    {
        if (element == KvElement::F32)
            loadKeysOf<KvElement::F32>(rows, headDim, keys);
        else if (element == KvElement::F16)
            loadKeysOf<KvElement::F16>(rows, headDim, keys);
        else if (element == KvElement::Int8)
            loadKeysOf<KvElement::Int8>(rows, headDim, keys);
        else
            loadKeysOf<KvElement::BF16>(rows, headDim, keys);
    }

    /// kWidth keys of a unit, one pair of their elements: words of two bfloat16.
    static Vector pairOfKeys(const std::uint8_t* unit, std::int64_t pair, int firstKey)
    {
        return unit == nullptr ? S::set(0)
                               : S::loadWords(unit + static_cast<std::size_t>(pair) * kKeyPairStride +
                                              static_cast<std::size_t>(firstKey) * 4);
    }

    static void loadKeyUnits(const std::uint8_t* const* units, std::int64_t headDim, float* keys)
    {
        constexpr int kUnit = static_cast<int>(kKeyUnit);
        for (std::int64_t pair = 0; pair < headDim / 2; ++pair)
            for (int j = 0; j < kKeyTile; j += kWidth) {
                const Vector words = pairOfKeys(units[j / kUnit], pair, j % kUnit);
                S::store(keys + 2 * pair * kKeyTile + j, S::firstBf16(words));
                S::store(keys + (2 * pair + 1) * kKeyTile + j, S::secondBf16(words));
            }
    }

    static void loadValues(KvElement element, const std::uint8_t* const* rows, std::int64_t headDim,
                           float* values)
    {
        if (element == KvElement::F32)
            loadValuesOf<KvElement::F32>(rows, headDim, values);
        else if (element == KvElement::F16)
            loadValuesOf<KvElement::F16>(rows, headDim, values);
        else if (element == KvElement::Int8)
            loadValuesOf<KvElement::Int8>(rows, headDim, values);
        else
            loadValuesOf<KvElement::BF16>(rows, headDim, values);
    }

    template<int R>
    static void scoreRows(const float* q, std::int64_t headDim, const float* keys, float* scores)
    {
        const std::int64_t stride = paddedDim(headDim);
        Vector sums[R][kTileVectors];
        for (auto& row : sums)
            for (Vector& v : row)
                v = S::set(0);
        for (std::int64_t d = 0; d < headDim; ++d) {
            Vector key[kTileVectors];
            for (int j = 0; j < kTileVectors; ++j)
                key[j] = S::load(keys + d * kKeyTile + j * kWidth);
            for (int r = 0; r < R; ++r) {
                const Vector x = S::set(q[r * stride + d]);
                for (int j = 0; j < kTileVectors; ++j)
                    sums[r][j] = S::multiplyAdd(x, key[j], sums[r][j]);
            }
        }
        for (int r = 0; r < R; ++r)
            for (int j = 0; j < kTileVectors; ++j)
                S::store(scores + r * kKeyTile + j * kWidth, sums[r][j]);
    }

    static void score(const float* q, std::int64_t rows, std::int64_t headDim, const float* keys,
                      float* scores)
    {
        const std::int64_t stride = paddedDim(headDim);
        std::int64_t r = 0;
        for (; r + kScoreRows <= rows; r += kScoreRows)
            scoreRows<kScoreRows>(q + r * stride, headDim, keys, scores + r * kKeyTile);
        if constexpr (kScoreRows > 4)
            for (; r + 3 <= rows; r += 3)
                scoreRows<3>(q + r * stride, headDim, keys, scores + r * kKeyTile);
        for (; r < rows; ++r)
            scoreRows<1>(q + r * stride, headDim, keys, scores + r * kKeyTile);
    }

    static void softmaxRow(float* scores, TileBounds seen, float& maximum, float& sum, float& factor)
    {
        Vector v[kTileVectors];
        Vector top = S::set(kNoScore);
        for (int j = 0; j < kTileVectors; ++j) {
            v[j] = S::keepLanes(S::load(scores + j * kWidth), seen.first - j * kWidth, seen.end - j * kWidth,
                                kNoScore);
            top = S::maximum(top, v[j]);
        }
        const float largest = S::largest(top);
        const float next = largest > maximum ? largest : maximum;
        Vector total = S::set(0);
        for (int j = 0; j < kTileVectors; ++j) {
            const Vector weight = S::keepLanes(exponential<S>(S::subtract(v[j], S::set(next))),
                                               seen.first - j * kWidth, seen.end - j * kWidth, 0);
            S::store(scores + j * kWidth, weight);
            total = S::add(total, weight);
        }
        float first[kWidth];
        S::store(first, exponential<S>(S::set(maximum - next)));
        factor = first[0];
        sum = __builtin_fmaf(sum, factor, S::sum(total));
        maximum = next;
    }

    static void softmax(float* scores, const TileBounds* bounds, std::int64_t rows, float* maxima,
                        float* sums, float* factors)
    {
        for (std::int64_t r = 0; r < rows; ++r)
            softmaxRow(scores + r * kKeyTile, bounds[r], maxima[r], sums[r], factors[r]);
    }

    template<int R, int N>
    static void accumulateRows(const float* weights, const float* factors, std::int64_t keys,
                               const float* values, std::int64_t stride, float* out)
    {
        Vector sums[R][N];
        for (int r = 0; r < R; ++r)
            for (int i = 0; i < N; ++i)
                sums[r][i] = S::multiply(S::load(out + r * stride + i * kWidth), S::set(factors[r]));
        for (std::int64_t j = 0; j < keys; ++j) {
            Vector value[N];
            for (int i = 0; i < N; ++i)
                value[i] = S::load(values + j * stride + i * kWidth);
            for (int r = 0; r < R; ++r) {
                const Vector weight = S::set(weights[r * kKeyTile + j]);
                for (int i = 0; i < N; ++i)
                    sums[r][i] = S::multiplyAdd(weight, value[i], sums[r][i]);
            }
        }
        for (int r = 0; r < R; ++r)
            for (int i = 0; i < N; ++i)
                S::store(out + r * stride + i * kWidth, sums[r][i]);
    }

    template<int R>
    static void accumulateColumns(const float* weights, const float* factors, std::int64_t keys,
                                  const float* values, std::int64_t stride, float* out)
    {
        std::int64_t d = 0;
        for (; d + kOutputVectors * kWidth <= stride; d += kOutputVectors * kWidth)
            accumulateRows<R, kOutputVectors>(weights, factors, keys, values + d, stride, out + d);
        for (; d < stride; d += kWidth)
            accumulateRows<R, 1>(weights, factors, keys, values + d, stride, out + d);
    }

    static void accumulate(const float* weights, const float* factors, std::int64_t rows, std::int64_t keys,
                           const float* values, std::int64_t headDim, float* out)
    {
        const std::int64_t stride = paddedDim(headDim);
        std::int64_t r = 0;
        for (; r + kOutputRows <= rows; r += kOutputRows)
            accumulateColumns<kOutputRows>(weights + r * kKeyTile, factors + r, keys, values, stride,
                                           out + r * stride);
        if constexpr (kOutputRows > 3)
            for (; r + 3 <= rows; r += 3)
                accumulateColumns<3>(weights + r * kKeyTile, factors + r, keys, values, stride,
                                     out + r * stride);
        for (; r < rows; ++r)
            accumulateColumns<1>(weights + r * kKeyTile, factors + r, keys, values, stride, out + r * stride);
    }

    static void blend(float* out, float factor, const float* other, float otherFactor, std::int64_t headDim)
    {
        const Vector keep = S::set(factor);
        const Vector take = S::set(otherFactor);
        for (std::int64_t d = 0; d < paddedDim(headDim); d += kWidth)
            S::store(out + d, S::multiplyAdd(S::load(out + d), keep, S::multiply(S::load(other + d), take)));
    }

    static constexpr AttentionOperations table(Isa isa)
    {
        return {isa,     storeRow,   loadKeys, loadKeyUnits, loadValues, score,
                softmax, accumulate, nullptr,  nullptr,      nullptr,    blend};
    }
};

} // namespace vitrine::kernels::cpu
