// SPDX-License-Identifier: GPL-3.0-or-later
// The attention steps for a few rows, such as the query heads of one decoded token: keys and values are used
// where they are loaded instead of being stored as floats first. The same sums in the same order as
// attention_kernels.h. Needs the registers of AVX-512: with sixteen of eight floats it was measured to be
// slower. Included by attention_avx512.cpp only.
#pragma once

#include "kernels/cpu/attention_kernels.h"

namespace vitrine::kernels::cpu {

template<class S>
struct AttentionFewKernels : AttentionKernels<S>
{
    using Base = AttentionKernels<S>;
    using Vector = typename S::Vector;
    using Base::kSquareRows;
    using Base::kWidth;
    static constexpr int kFewVectors = 4; ///< of an output that stay in registers

    /// Scores of kWidth keys: their words are turned round in registers and used there.
    template<KvElement E, int R>
    static void scoreWords(const std::uint8_t* const* rows, const float* q, std::int64_t headDim,
                           float* scores)
    {
        constexpr int kElements = Base::wordElements(E);
        const std::int64_t stride = paddedDim(headDim);
        const Vector scale = Base::template keyScales<E>(rows, headDim);
        Vector sums[R];
        for (Vector& v : sums)
            v = S::set(0);
        for (std::int64_t d = 0; d < headDim; d += kWidth * kElements) {
            Vector square[kSquareRows];
            for (int j = 0; j < kSquareRows; ++j)
                square[j] = rows[j] != nullptr ? S::loadWords(rows[j] + d * 4 / kElements) : S::set(0);
            S::transpose(square);
            for (int word = 0; word < kWidth; ++word)
                for (int i = 0; i < kElements; ++i) {
                    const Vector key = Base::template elementOfWord<E>(square[word], i, scale);
                    for (int r = 0; r < R; ++r)
                        sums[r] =
                            S::multiplyAdd(S::set(q[r * stride + d + word * kElements + i]), key, sums[r]);
                }
        }
        for (int r = 0; r < R; ++r)
            S::store(scores + r * kKeyTile, sums[r]);
    }

    template<KvElement E>
    static void scoreFewOf(const std::uint8_t* const* keyRows, const float* q, std::int64_t rows,
                           std::int64_t headDim, float* scores)
    {
        constexpr decltype(&scoreWords<E, 1>) kByRows[kFewRows] = {scoreWords<E, 1>, scoreWords<E, 2>,
                                                                   scoreWords<E, 3>, scoreWords<E, 4>};
        for (int j = 0; j < kKeyTile; j += kWidth)
            kByRows[rows - 1](keyRows + j, q, headDim, scores + j);
    }

    static bool scoreFew(KvElement element, const std::uint8_t* const* keyRows, const float* q,
                         std::int64_t rows, std::int64_t headDim, float* scores)
    {
        if (headDim % (kWidth * Base::wordElements(element)) != 0)
            return false;
        if (element == KvElement::BF16)
            scoreFewOf<KvElement::BF16>(keyRows, q, rows, headDim, scores);
        else if (element == KvElement::Int8)
            scoreFewOf<KvElement::Int8>(keyRows, q, rows, headDim, scores);
        else
            return false;
        return true;
    }

    template<KvElement E, int R>
    static void accumulateRowsFrom(const std::uint8_t* const* keyRows, std::size_t offset,
                                   const float* weights, const float* factors, std::int64_t keys,
                                   std::int64_t headDim, std::int64_t first, float* out)
    {
        const std::int64_t stride = paddedDim(headDim);
        Vector sums[R][kFewVectors];
        for (int r = 0; r < R; ++r)
            for (int i = 0; i < kFewVectors; ++i)
                sums[r][i] = S::multiply(S::load(out + r * stride + first + i * kWidth), S::set(factors[r]));
        for (std::int64_t j = 0; j < keys; ++j) {
            Vector value[kFewVectors];
            for (int i = 0; i < kFewVectors; ++i)
                value[i] = keyRows[j] != nullptr
                               ? Base::template loadElements<E>(keyRows[j] + offset, headDim,
                                                                first + i * kWidth, kWidth)
                               : S::set(0);
            for (int r = 0; r < R; ++r)
                for (int i = 0; i < kFewVectors; ++i)
                    sums[r][i] = S::multiplyAdd(S::set(weights[r * kKeyTile + j]), value[i], sums[r][i]);
        }
        for (int r = 0; r < R; ++r)
            for (int i = 0; i < kFewVectors; ++i)
                S::store(out + r * stride + first + i * kWidth, sums[r][i]);
    }

    template<KvElement E>
    static void accumulateFewOf(const std::uint8_t* const* keyRows, std::size_t offset, const float* weights,
                                const float* factors, std::int64_t rows, std::int64_t keys,
                                std::int64_t headDim, float* out)
    {
        constexpr decltype(&accumulateRowsFrom<E, 1>) kByRows[kFewRows] = {
            accumulateRowsFrom<E, 1>, accumulateRowsFrom<E, 2>, accumulateRowsFrom<E, 3>,
            accumulateRowsFrom<E, 4>};
        for (std::int64_t d = 0; d < headDim; d += kFewVectors * kWidth)
            kByRows[rows - 1](keyRows, offset, weights, factors, keys, headDim, d, out);
    }

    static bool accumulateFew(KvElement element, const std::uint8_t* const* keyRows, std::size_t offset,
                              const float* weights, const float* factors, std::int64_t rows,
                              std::int64_t keys, std::int64_t headDim, float* out)
    {
        if (headDim % (kFewVectors * kWidth) != 0)
            return false;
        if (element == KvElement::BF16)
            accumulateFewOf<KvElement::BF16>(keyRows, offset, weights, factors, rows, keys, headDim, out);
        else if (element == KvElement::Int8)
            accumulateFewOf<KvElement::Int8>(keyRows, offset, weights, factors, rows, keys, headDim, out);
        else
            return false;
        return true;
    }

    static constexpr AttentionOperations table(Isa isa)
    {
        return {isa,           Base::storeRow,   Base::loadKeys, Base::loadValues, Base::score,
                Base::softmax, Base::accumulate, scoreFew,       accumulateFew,    Base::blend};
    }
};

} // namespace vitrine::kernels::cpu
