// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/linear_tile_256.h"

namespace vitrine::kernels::cpu::avx2 {

namespace {

/// vpmaddubsw adds pairs of products in 16 bits and saturates. Levels below 32 stay far from that: the sum of
/// four pairs is at most 4 * 2 * 31 * 127 = 31,496. Bytes are made signed, then |w| <= 128 and |q| <= 127
/// keep a single pair within 32,512.
struct PairDot
{
    struct Levels
    {
        __m256i magnitude;
        __m256i sign; ///< signed bytes only
    };

    static __m256i start(std::int32_t) { return _mm256_setzero_si256(); } // signed levels need no offset

    [[gnu::always_inline]] static inline Levels ofSmall(__m256i levels) { return {levels, levels}; }
    [[gnu::always_inline]] static inline Levels ofBytes(__m256i levels)
    {
        const __m256i centred = _mm256_xor_si256(levels, _mm256_set1_epi8(-128));
        return {_mm256_abs_epi8(centred), centred};
    }

    template<bool kSmall>
    [[gnu::always_inline]] static inline __m256i add(__m256i sum, const Levels* levels, const std::int8_t* q)
    {
        const __m256i one = _mm256_set1_epi16(1);
        if constexpr (kSmall) {
            __m256i pairs = _mm256_maddubs_epi16(levels[0].magnitude, broadcast4(q));
#pragma GCC unroll 16
            for (int j = 1; j < 4; ++j)
                pairs =
                    _mm256_add_epi16(pairs, _mm256_maddubs_epi16(levels[j].magnitude, broadcast4(q + 4 * j)));
            return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, one));
        }
#pragma GCC unroll 16
        for (int j = 0; j < 4; ++j) {
            const __m256i signedQ = _mm256_sign_epi8(broadcast4(q + 4 * j), levels[j].sign);
            const __m256i pairs = _mm256_maddubs_epi16(levels[j].magnitude, signedQ);
            sum = _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, one));
        }
        return sum;
    }
};

} // namespace

void multiply(const PackedMatrix& w, const ActivationRows& x, std::int64_t firstRow, std::int64_t count,
              std::int64_t firstPanel, std::int64_t endPanel, float* y, std::int64_t stride, bool accumulate)
{
    multiplyWith<PairDot>(w, x, firstRow, count, firstPanel, endPanel, y, stride, accumulate);
}

} // namespace vitrine::kernels::cpu::avx2
