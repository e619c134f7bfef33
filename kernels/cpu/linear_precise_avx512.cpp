// SPDX-License-Identifier: GPL-3.0-or-later
// Four vectors of partial sums, in an order fixed by the number of columns alone.
#include <immintrin.h>

#include "kernels/cpu/linear_variants.h"

namespace vitrine::kernels::cpu::avx512 {

namespace {

constexpr int kParts = 4;

float sumOf(const __m512* parts)
{
    const __m512 all = _mm512_add_ps(_mm512_add_ps(parts[0], parts[1]), _mm512_add_ps(parts[2], parts[3]));
    return _mm512_reduce_add_ps(all);
}

float dot(const float* w, const float* x, std::int64_t columns)
{
    __m512 parts[kParts];
    for (__m512& part : parts)
        part = _mm512_setzero_ps();
    std::int64_t k = 0;
    for (; k + 16 * kParts <= columns; k += 16 * kParts)
        for (int i = 0; i < kParts; ++i)
            parts[i] =
                _mm512_fmadd_ps(_mm512_loadu_ps(w + k + 16 * i), _mm512_loadu_ps(x + k + 16 * i), parts[i]);
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

} // namespace vitrine::kernels::cpu::avx512
