// SPDX-License-Identifier: GPL-3.0-or-later
#include <immintrin.h>

#include "kernels/cpu/linear_variants.h"

namespace vitrine::kernels::cpu::avx2 {

namespace {

float largestOf(__m256 v)
{
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    four = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(four, _mm_shuffle_ps(four, four, 1)));
}

int sumOf(__m256i v)
{
    __m128i four = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    return _mm_cvtsi128_si32(_mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1)));
}

void quantizeGroup(const float* x, ActivationGroup* group)
{
    const __m256 sign = _mm256_set1_ps(-0.0F);
    __m256 largest4 = _mm256_setzero_ps();
    for (int i = 0; i < 4; ++i) // max(x, y) is y for a NaN in x, as in the scalar comparison
        largest4 = _mm256_max_ps(_mm256_andnot_ps(sign, _mm256_loadu_ps(x + 8 * i)), largest4);
    const float largest = largestOf(largest4);
    const __m256 inverse = _mm256_set1_ps(largest > 1e-30F ? 127.0F / largest : 0.0F);
    __m256i q[4];
    for (int i = 0; i < 4; ++i)
        q[i] = _mm256_max_epi32(_mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(x + 8 * i), inverse)),
                                _mm256_set1_epi32(-127));
    const __m256i bytes = _mm256_packs_epi16(_mm256_packs_epi32(q[0], q[1]), _mm256_packs_epi32(q[2], q[3]));
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(group->q), _mm256_permutevar8x32_epi32(bytes, order));
    const int first = sumOf(_mm256_add_epi32(q[0], q[1]));
    const int second = sumOf(_mm256_add_epi32(q[2], q[3]));
    group->scale = largest > 1e-30F ? largest / 127.0F : 0.0F;
    group->weightedSum = group->scale * static_cast<float>(first + second);
    group->offsets[0] = -128 * first;
    group->offsets[1] = -128 * second;
}

} // namespace

void quantize(const float* x, std::int64_t row, std::int64_t firstColumn, std::int64_t endColumn,
              const ActivationRows& rows)
{
    ActivationGroup* group = rows.groups + (row * rows.columns + firstColumn) / kActivationGroup;
    for (std::int64_t k = firstColumn; k < endColumn; k += kActivationGroup, ++group)
        quantizeGroup(x + k, group);
}

} // namespace vitrine::kernels::cpu::avx2
