// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/linear_tile_256.h"

namespace vitrine::kernels::cpu::avx2 {

namespace {

/// vpmaddubsw adds pairs of products in 16 bits and saturates. Levels below 32 cannot reach that. Bytes are
/// made signed first; then |w| <= 128 and |q| <= 127 keep a pair within 32,512.
struct PairDot
{
    static __m256i start(std::int32_t) { return _mm256_setzero_si256(); } // signed levels need no offset

    template<bool kByteLevels>
    [[gnu::always_inline]] static inline __m256i add(__m256i sum, __m256i levels, __m256i q)
    {
        if constexpr (kByteLevels) {
            const __m256i signedLevels = _mm256_xor_si256(levels, _mm256_set1_epi8(-128));
            q = _mm256_sign_epi8(q, signedLevels);
            levels = _mm256_abs_epi8(signedLevels);
        }
        const __m256i pairs = _mm256_maddubs_epi16(levels, q);
        return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
    }
};

} // namespace

void multiply(const PackedMatrix& w, const ActivationRows& x, std::int64_t firstRow, std::int64_t count,
              std::int64_t firstPanel, std::int64_t endPanel, float* y, std::int64_t stride, bool accumulate)
{
    multiplyWith<PairDot>(w, x, firstRow, count, firstPanel, endPanel, y, stride, accumulate);
}

} // namespace vitrine::kernels::cpu::avx2
