// SPDX-License-Identifier: GPL-3.0-or-later
// Four vectors of partial sums, in an order fixed by the number of columns alone.
#include <immintrin.h>

#include "kernels/cpu/linear_variants.h"

namespace vitrine::kernels::cpu::avx2 {

namespace {

constexpr int kParts = 4;

float sumOf(const __m256* parts)
{
    const __m256 all = _mm256_add_ps(_mm256_add_ps(parts[0], parts[1]), _mm256_add_ps(parts[2], parts[3]));
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(all), _mm256_extractf128_ps(all, 1));
    four = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(four, _mm_shuffle_ps(four, four, 1)));
}

float dot(const float* w, const float* x, std::int64_t columns)
{
    __m256 parts[kParts];
    for (__m256& part : parts)
        part = _mm256_setzero_ps();
    std::int64_t k = 0;
    for (; k + 8 * kParts <= columns; k += 8 * kParts)
        for (int i = 0; i < kParts; ++i)
            parts[i] =
                _mm256_fmadd_ps(_mm256_loadu_ps(w + k + 8 * i), _mm256_loadu_ps(x + k + 8 * i), parts[i]);
    float sum = sumOf(parts);
    for (; k < columns; ++k)
        sum += w[k] * x[k];
    return sum;
}

} // namespace

void preciseRow(const float* w, std::int64_t columns, const float* x, std::int64_t count, float* y,
                std::int64_t stride, bool accumulate)
{
    for (std::int64_t m = 0; m < count; ++m) {
        const float sum = dot(w, x + m * columns, columns);
        y[m * stride] = accumulate ? y[m * stride] + sum : sum;
    }
}

} // namespace vitrine::kernels::cpu::avx2
