// SPDX-License-Identifier: GPL-3.0-or-later
#include <immintrin.h>
#include <time.h>

#include "kernels/cpu/isa.h"
#include "tests/benchmarks/machine_roof.h"

namespace vitrine::benchmarks {

double vnniPeak()
{
    if (!kernels::cpu::supports(kernels::cpu::Isa::Avx512Vnni))
        return 0.0;
    constexpr int kChains = 12;
    constexpr long kSteps = 4'000'000;
    __m512i sums[kChains];
    for (__m512i& sum : sums)
        sum = _mm512_setzero_si512();
    const __m512i a = _mm512_set1_epi8(3);
    const __m512i b = _mm512_set1_epi8(5);
    double best = 0.0;
    for (int pass = 0; pass < 7; ++pass) {
        timespec start{};
        timespec end{};
        clock_gettime(CLOCK_MONOTONIC, &start);
        for (long i = 0; i < kSteps; ++i)
            for (__m512i& sum : sums)
                sum = _mm512_dpbusd_epi32(sum, a, b);
        clock_gettime(CLOCK_MONOTONIC, &end);
        __m512i all = sums[0];
        for (const __m512i& sum : sums)
            all = _mm512_xor_si512(all, sum);
        volatile int sink = _mm512_cvtsi512_si32(all);
        (void)sink;
        const double seconds = static_cast<double>(end.tv_sec - start.tv_sec) +
                               1e-9 * static_cast<double>(end.tv_nsec - start.tv_nsec);
        const double rate = 64.0 * kChains * static_cast<double>(kSteps) / seconds;
        best = rate > best ? rate : best;
    }
    return best;
}

} // namespace vitrine::benchmarks
