// SPDX-License-Identifier: GPL-3.0-or-later
#include <immintrin.h>

#include "kernels/cpu/linear_variants.h"

namespace vitrine::kernels::cpu::avx512 {

namespace {

/// Sums of the first and of the last sixteen of 32 bytes.
void sumsOf(__m256i bytes, int* sums)
{
    const __m256i above = _mm256_xor_si256(bytes, _mm256_set1_epi8(-128)); // by 128 more, unsigned
    const __m256i eights = _mm256_sad_epu8(above, _mm256_setzero_si256());
    const __m256i sixteens = _mm256_add_epi64(eights, _mm256_unpackhi_epi64(eights, eights));
    sums[0] = _mm_cvtsi128_si32(_mm256_castsi256_si128(sixteens)) - 16 * 128;
    sums[1] = _mm_cvtsi128_si32(_mm256_extracti128_si256(sixteens, 1)) - 16 * 128;
}

void writeGroup(__m512 first, __m512 second, float inverse, float scale, ActivationGroup* group)
{
    const __m512i low = _mm512_set1_epi32(-127);
    const __m512 by = _mm512_set1_ps(inverse);
    const __m512i a = _mm512_max_epi32(_mm512_cvtps_epi32(_mm512_mul_ps(first, by)), low);
    const __m512i b = _mm512_max_epi32(_mm512_cvtps_epi32(_mm512_mul_ps(second, by)), low);
    const __m256i bytes = _mm256_set_m128i(_mm512_cvtsepi32_epi8(b), _mm512_cvtsepi32_epi8(a));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(group->q), bytes);
    int sums[2];
    sumsOf(bytes, sums);
    group->scale = scale;
    group->weightedSum = scale * static_cast<float>(sums[0] + sums[1]);
    group->offsets[0] = -128 * sums[0];
    group->offsets[1] = -128 * sums[1];
}

/// max(x, zero) returns zero for a NaN in x, as the scalar comparison does.
__m512 magnitudes(__m512 first, __m512 second)
{
    const __m512 one = _mm512_max_ps(_mm512_abs_ps(first), _mm512_setzero_ps());
    return _mm512_max_ps(_mm512_abs_ps(second), one);
}

void quantizeGroup(__m512 first, __m512 second, ActivationGroup* group)
{
    const float largest = _mm512_reduce_max_ps(magnitudes(first, second));
    const bool counts = largest > 1e-30F;
    writeGroup(first, second, counts ? 127.0F / largest : 0.0F, counts ? largest / 127.0F : 0.0F, group);
}

constexpr int kTogether = 4; // groups whose scales are found in one go

/// The largest of each of four vectors.
__m128 largestOf(const __m512 (&v)[kTogether])
{
    __m128 four[kTogether];
    for (int g = 0; g < kTogether; ++g) {
        const __m256 eight = _mm256_max_ps(_mm512_castps512_ps256(v[g]), _mm512_extractf32x8_ps(v[g], 1));
        four[g] = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    }
    const __m128 a = _mm_max_ps(_mm_unpacklo_ps(four[0], four[1]), _mm_unpackhi_ps(four[0], four[1]));
    const __m128 b = _mm_max_ps(_mm_unpacklo_ps(four[2], four[3]), _mm_unpackhi_ps(four[2], four[3]));
    return _mm_max_ps(_mm_movelh_ps(a, b), _mm_movehl_ps(b, a));
}

void quantizeGroups(const float* x, ActivationGroup* groups)
{
    __m512 top[kTogether];
    for (int g = 0; g < kTogether; ++g)
        top[g] = magnitudes(_mm512_loadu_ps(x + 32 * g), _mm512_loadu_ps(x + 32 * g + 16));
    const __m128 largest = largestOf(top);
    const __m128 full = _mm_set1_ps(127.0F);
    const __mmask8 counts = _mm_cmp_ps_mask(largest, _mm_set1_ps(1e-30F), _CMP_GT_OQ);
    float inverses[kTogether], scales[kTogether];
    _mm_storeu_ps(inverses, _mm_maskz_div_ps(counts, full, largest));
    _mm_storeu_ps(scales, _mm_maskz_div_ps(counts, largest, full));
    for (int g = 0; g < kTogether; ++g)
        writeGroup(_mm512_loadu_ps(x + 32 * g), _mm512_loadu_ps(x + 32 * g + 16), inverses[g], scales[g],
                   groups + g);
}

} // namespace

void quantize(const float* x, std::int64_t row, std::int64_t firstColumn, std::int64_t endColumn,
              const ActivationRows& rows)
{
    ActivationGroup* group = rows.groups + (row * rows.columns + firstColumn) / kActivationGroup;
    std::int64_t k = firstColumn;
    for (; k + kTogether * kActivationGroup <= endColumn;
         k += kTogether * kActivationGroup, group += kTogether)
        quantizeGroups(x + k, group);
    for (; k < endColumn; k += kActivationGroup, ++group)
        quantizeGroup(_mm512_loadu_ps(x + k), _mm512_loadu_ps(x + k + 16), group);
}

} // namespace vitrine::kernels::cpu::avx512
