// SPDX-License-Identifier: GPL-3.0-or-later
#include <immintrin.h>

#include "kernels/cpu/linear_variants.h"

namespace vitrine::kernels::cpu::avx512 {

namespace {

void quantizeGroup(__m512 first, __m512 second, ActivationGroup* group)
{
    // max(x, zero) returns zero for a NaN in x, as the scalar comparison does.
    const __m512 one = _mm512_max_ps(_mm512_abs_ps(first), _mm512_setzero_ps());
    const float largest = _mm512_reduce_max_ps(_mm512_max_ps(_mm512_abs_ps(second), one));
    const __m512 inverse = _mm512_set1_ps(largest > 1e-30F ? 127.0F / largest : 0.0F);
    const __m512i low = _mm512_set1_epi32(-127);
    const __m512i a = _mm512_max_epi32(_mm512_cvtps_epi32(_mm512_mul_ps(first, inverse)), low);
    const __m512i b = _mm512_max_epi32(_mm512_cvtps_epi32(_mm512_mul_ps(second, inverse)), low);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(group->q), _mm512_cvtsepi32_epi8(a));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(group->q + 16), _mm512_cvtsepi32_epi8(b));
    const int sumA = _mm512_reduce_add_epi32(a);
    const int sumB = _mm512_reduce_add_epi32(b);
    group->scale = largest > 1e-30F ? largest / 127.0F : 0.0F;
    group->weightedSum = group->scale * static_cast<float>(sumA + sumB);
    group->offsets[0] = -128 * sumA;
    group->offsets[1] = -128 * sumB;
}

} // namespace

void quantize(const float* x, std::int64_t row, std::int64_t firstColumn, std::int64_t endColumn,
              const ActivationRows& rows)
{
    ActivationGroup* group = rows.groups + (row * rows.columns + firstColumn) / kActivationGroup;
    for (std::int64_t k = firstColumn; k < endColumn; k += kActivationGroup, ++group)
        quantizeGroup(_mm512_loadu_ps(x + k), _mm512_loadu_ps(x + k + 16), group);
}

} // namespace vitrine::kernels::cpu::avx512
