// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/linear_tile_256.h"

namespace vitrine::kernels::cpu::avxvnni {

namespace {

struct ByteDot
{
    using Levels = __m256i;

    static __m256i start(std::int32_t offset) { return _mm256_set1_epi32(offset); }

    [[gnu::always_inline]] static inline Levels ofSmall(__m256i levels) { return levels; }
    [[gnu::always_inline]] static inline Levels ofBytes(__m256i levels) { return levels; }

    template<bool kSmall>
    [[gnu::always_inline]] static inline __m256i add(__m256i sum, const Levels* levels, const std::int8_t* q)
    {
#pragma GCC unroll 16
        for (int j = 0; j < 4; ++j)
            sum = _mm256_dpbusd_avx_epi32(sum, levels[j], broadcast4(q + 4 * j));
        return sum;
    }
};

} // namespace

void multiply(const PackedMatrix& w, const ActivationRows& x, std::int64_t firstRow, std::int64_t count,
              std::int64_t firstPanel, std::int64_t endPanel, float* y, std::int64_t stride, bool accumulate)
{
    multiplyWith<ByteDot>(w, x, firstRow, count, firstPanel, endPanel, y, stride, accumulate);
}

} // namespace vitrine::kernels::cpu::avxvnni
