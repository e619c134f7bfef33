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

    /// A hint only: from null it asks for nothing.
    static void askFor(const std::uint8_t* from, std::size_t offset)
    {
        __builtin_prefetch(reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(from) + offset), 0,
                           2);
    }

    /// Scores of kWidth int8 keys: their words are turned round in registers and used there. Rows of `next`
    /// lie beside each other in a block, so that their beginnings and the end of each reach every line.
    template<int R>
    static void scoreInt8(const std::uint8_t* const* rows, const std::uint8_t* const* next, const float* q,
                          std::int64_t headDim, float* scores)
    {
        const std::int64_t stride = paddedDim(headDim);
        const Vector scale = Base::keyScales(rows, headDim);
        Vector sums[R];
        for (Vector& v : sums)
            v = S::set(0);
        for (std::int64_t d = 0; d < headDim; d += kWidth * 4) {
            Vector square[kSquareRows];
            for (int j = 0; j < kSquareRows; ++j)
                square[j] = rows[j] != nullptr ? S::loadWords(rows[j] + d) : S::set(0);
            S::transpose(square);
            for (int word = 0; word < kWidth; ++word) {
                askFor(next[word], static_cast<std::size_t>(d));
                askFor(next[word], static_cast<std::size_t>(d) + kWidth * 4);
                for (int i = 0; i < 4; ++i) {
                    const Vector key = S::multiply(S::int8OfWord(square[word], i), scale);
                    for (int r = 0; r < R; ++r)
                        sums[r] = S::multiplyAdd(S::set(q[r * stride + d + word * 4 + i]), key, sums[r]);
                }
            }
        }
        for (int r = 0; r < R; ++r)
            S::store(scores + r * kKeyTile, sums[r]);
    }

    static bool scoreFew(KvElement element, const std::uint8_t* const* keyRows,
                         const std::uint8_t* const* next, const float* q, std::int64_t rows,
                         std::int64_t headDim, float* scores)
    {
        static_assert(kWidth * 4 == 64);
        if (!scoresFew(element, headDim))
            return false;
        constexpr decltype(&scoreInt8<1>) kByRows[kFewRows] = {scoreInt8<1>, scoreInt8<2>, scoreInt8<3>,
                                                               scoreInt8<4>};
        for (int j = 0; j < kKeyTile; j += kWidth)
            kByRows[rows - 1](keyRows + j, next + j, q, headDim, scores + j);
        return true;
    }

    /// Scores of a tile of bfloat16 keys that stand in units.
    template<int R>
    static void scoreUnits(const std::uint8_t* const* units, const std::uint8_t* const* next, const float* q,
                           std::int64_t headDim, float* scores)
    {
        static_assert(kWidth == static_cast<int>(kKeyUnit));
        const std::int64_t stride = paddedDim(headDim);
        Vector sums[R][kTileUnits];
        for (auto& row : sums)
            for (Vector& v : row)
                v = S::set(0);
        for (std::int64_t pair = 0; pair < headDim / 2; ++pair) {
            Vector words[kTileUnits];
            for (int u = 0; u < kTileUnits; ++u) {
                words[u] = Base::pairOfKeys(units[u], pair, 0);
                askFor(next[u], static_cast<std::size_t>(pair) * kKeyPairStride);
            }
            for (int i = 0; i < 2; ++i)
                for (int r = 0; r < R; ++r) {
                    const Vector x = S::set(q[r * stride + 2 * pair + i]);
                    for (int u = 0; u < kTileUnits; ++u)
                        sums[r][u] = S::multiplyAdd(
                            x, i == 0 ? S::firstBf16(words[u]) : S::secondBf16(words[u]), sums[r][u]);
                }
        }
        for (int r = 0; r < R; ++r)
            for (int u = 0; u < kTileUnits; ++u)
                S::store(scores + r * kKeyTile + u * kWidth, sums[r][u]);
    }

    static bool scoreFewUnits(const std::uint8_t* const* units, const std::uint8_t* const* next,
                              const float* q, std::int64_t rows, std::int64_t headDim, float* scores)
    {
        constexpr decltype(&scoreUnits<1>) kByRows[kFewRows] = {scoreUnits<1>, scoreUnits<2>, scoreUnits<3>,
                                                                scoreUnits<4>};
        kByRows[rows - 1](units, next, q, headDim, scores);
        return true;
    }

    template<KvElement E, int R>
    static void accumulateRowsFrom(const std::uint8_t* const* valueRows, const std::uint8_t* const* next,
                                   const float* weights, const float* factors, std::int64_t keys,
                                   std::int64_t headDim, std::int64_t first, float* out)
    {
        const std::int64_t stride = paddedDim(headDim);
        Vector sums[R][kFewVectors];
        for (int r = 0; r < R; ++r)
            for (int i = 0; i < kFewVectors; ++i)
                sums[r][i] = S::multiply(S::load(out + r * stride + first + i * kWidth), S::set(factors[r]));
        constexpr std::int64_t kElementsOfLine = 64 / static_cast<std::int64_t>(kvElementBytes(E));
        for (std::int64_t j = 0; j < keys; ++j) {
            for (std::int64_t d = 0; d < kFewVectors * kWidth; d += kElementsOfLine)
                askFor(next[j], static_cast<std::size_t>(first + d) * kvElementBytes(E));
            if constexpr (E == KvElement::Int8)
                askFor(next[j], kvScaleOffset(static_cast<std::size_t>(headDim)));
            Vector value[kFewVectors];
            for (int i = 0; i < kFewVectors; ++i)
                value[i] =
                    valueRows[j] != nullptr
                        ? Base::template loadElements<E>(valueRows[j], headDim, first + i * kWidth, kWidth)
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
    static void accumulateFewOf(const std::uint8_t* const* valueRows, const std::uint8_t* const* next,
                                const float* weights, const float* factors, std::int64_t rows,
                                std::int64_t keys, std::int64_t headDim, float* out)
    {
        constexpr decltype(&accumulateRowsFrom<E, 1>) kByRows[kFewRows] = {
            accumulateRowsFrom<E, 1>, accumulateRowsFrom<E, 2>, accumulateRowsFrom<E, 3>,
            accumulateRowsFrom<E, 4>};
        for (std::int64_t d = 0; d < headDim; d += kFewVectors * kWidth)
            kByRows[rows - 1](valueRows, next, weights, factors, keys, headDim, d, out);
    }

    static bool accumulateFew(KvElement element, const std::uint8_t* const* valueRows,
                              const std::uint8_t* const* next, const float* weights, const float* factors,
                              std::int64_t rows, std::int64_t keys, std::int64_t headDim, float* out)
    {
        if (headDim % (kFewVectors * kWidth) != 0)
            return false;
        if (element == KvElement::BF16)
            accumulateFewOf<KvElement::BF16>(valueRows, next, weights, factors, rows, keys, headDim, out);
        else if (element == KvElement::Int8)
            accumulateFewOf<KvElement::Int8>(valueRows, next, weights, factors, rows, keys, headDim, out);
        else
            return false;
        return true;
    }

    static constexpr AttentionOperations table(Isa isa)
    {
        AttentionOperations operations = Base::table(isa);
        operations.scoreFew = scoreFew;
        operations.scoreFewUnits = scoreFewUnits;
        operations.accumulateFew = accumulateFew;
        return operations;
    }
};

} // namespace vitrine::kernels::cpu
