// SPDX-License-Identifier: GPL-3.0-or-later
// What a panel's block holds, as vectors of sixteen rows. Included by linear_avx512vnni.cpp and
// linear_amx.cpp, each with its own copy.
#pragma once

#include <immintrin.h>

#include "kernels/cpu/pack.h"

namespace vitrine::kernels::cpu {

namespace {

template<PanelLayout kLayout>
constexpr bool kWide = isWide(kLayout);

[[gnu::always_inline]] inline __m512 loadHalves(const std::uint8_t* from)
{
    return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
}

/// Levels of columns 16 h + 4 j ... of a block, a byte each.
template<PanelLayout kLayout>
[[gnu::always_inline]] inline __m512i loadLevels(const std::uint8_t* from, int h, int j)
{
    if constexpr (hasByteLevels(kLayout))
        return _mm512_loadu_si512(from + 256 * h + 64 * j);
    const __m512i v = _mm512_loadu_si512(from + 64 * j);
    __m512i levels = _mm512_and_si512(h == 0 ? v : _mm512_srli_epi16(v, 4), _mm512_set1_epi8(15));
    if constexpr (hasFifthBits(kLayout)) {
        __mmask64 fifth;
        __builtin_memcpy(&fifth, from + 256 + 32 * h + 8 * j, sizeof fifth);
        levels = _mm512_mask_add_epi8(levels, fifth, levels, _mm512_set1_epi8(16));
    }
    if constexpr (isLookedUp(kLayout)) {
        const auto* steps = reinterpret_cast<const __m128i*>(stepsOf(kLayout).levels);
        levels = _mm512_shuffle_epi8(_mm512_broadcast_i32x4(_mm_load_si128(steps)), levels);
    }
    return levels;
}

} // namespace

} // namespace vitrine::kernels::cpu
