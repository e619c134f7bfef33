// SPDX-License-Identifier: GPL-3.0-or-later
// Eight floats at a time, in the words that vector_kernels.h and attention_kernels.h use.
// Included by *_avx2.cpp only.
#pragma once

#include <cstdint>
#include <immintrin.h>

namespace vitrine::kernels::cpu::avx2 {

struct Simd
{
    using Vector = __m256;
    static constexpr int kWidth = 8;

    static __m256i laneNumbers() { return _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7); }
    static __m256i firstLanes(std::int64_t n)
    {
        return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)), laneNumbers());
    }

    static Vector load(const float* p) { return _mm256_loadu_ps(p); }
    static Vector load(const float* p, std::int64_t n) { return _mm256_maskload_ps(p, firstLanes(n)); }
    static void store(float* p, Vector v) { _mm256_storeu_ps(p, v); }
    static void store(float* p, Vector v, std::int64_t n) { _mm256_maskstore_ps(p, firstLanes(n), v); }
    static Vector set(float f) { return _mm256_set1_ps(f); }
    static Vector add(Vector a, Vector b) { return _mm256_add_ps(a, b); }
    static Vector subtract(Vector a, Vector b) { return _mm256_sub_ps(a, b); }
    static Vector multiply(Vector a, Vector b) { return _mm256_mul_ps(a, b); }
    static Vector divide(Vector a, Vector b) { return _mm256_div_ps(a, b); }
    static Vector multiplyAdd(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }
    static Vector maximum(Vector a, Vector b) { return _mm256_max_ps(a, b); }
    static Vector minimum(Vector a, Vector b) { return _mm256_min_ps(a, b); }
    static float sum(Vector v)
    {
        __m128 s = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
        s = _mm_add_ps(s, _mm_movehl_ps(s, s));
        return _mm_cvtss_f32(_mm_add_ss(s, _mm_shuffle_ps(s, s, 1)));
    }
    static float largest(Vector v)
    {
        __m128 s = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
        s = _mm_max_ps(s, _mm_movehl_ps(s, s));
        return _mm_cvtss_f32(_mm_max_ss(s, _mm_shuffle_ps(s, s, 1)));
    }
    static Vector round(Vector v)
    {
        return _mm256_round_ps(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    }
    /// 2^n for whole n in -126 … 127; 0 for -127
    static Vector powerOfTwo(Vector n)
    {
        const __m256i biased = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
        return _mm256_castsi256_ps(_mm256_slli_epi32(biased, 23));
    }
    /// v * 2^n for whole n in -126 … 127
    static Vector scaleByPower(Vector v, Vector n) { return _mm256_mul_ps(v, powerOfTwo(n)); }
    static Vector swapPairs(Vector v) { return _mm256_permute_ps(v, 0xB1); }

    /// Lanes l with first <= l < end keep v, the others become `fill`.
    static Vector keepLanes(Vector v, int first, int end, float fill)
    {
        const __m256i below = _mm256_cmpgt_epi32(_mm256_set1_epi32(first), laneNumbers());
        const __m256i keep = _mm256_andnot_si256(below, firstLanes(end));
        return _mm256_blendv_ps(_mm256_set1_ps(fill), v, _mm256_castsi256_ps(keep));
    }

    static __m128i loadHalves(const std::uint16_t* p, std::int64_t n)
    {
        if (n >= kWidth)
            return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
        alignas(16) std::uint16_t lanes[kWidth] = {};
        for (std::int64_t i = 0; i < n; ++i)
            lanes[i] = p[i];
        return _mm_load_si128(reinterpret_cast<const __m128i*>(lanes));
    }
    static void storeHalves(std::uint16_t* p, __m128i v, std::int64_t n)
    {
        if (n >= kWidth) {
            _mm_storeu_si128(reinterpret_cast<__m128i*>(p), v);
            return;
        }
        alignas(16) std::uint16_t lanes[kWidth];
        _mm_store_si128(reinterpret_cast<__m128i*>(lanes), v);
        for (std::int64_t i = 0; i < n; ++i)
            p[i] = lanes[i];
    }
    static Vector loadInt8(const std::uint8_t* p, std::int64_t n)
    {
        std::uint64_t bytes = 0;
        __builtin_memcpy(&bytes, p, n >= kWidth ? kWidth : static_cast<std::size_t>(n));
        return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_cvtsi64_si128(static_cast<long long>(bytes))));
    }
    /// Rounds to nearest even; the values are within -127 … 127.
    static void storeInt8(std::uint8_t* p, Vector v, std::int64_t n)
    {
        const __m256i wide = _mm256_cvtps_epi32(v);
        const __m128i words =
            _mm_packs_epi32(_mm256_castsi256_si128(wide), _mm256_extracti128_si256(wide, 1));
        const auto bytes = static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_packs_epi16(words, words)));
        __builtin_memcpy(p, &bytes, n >= kWidth ? kWidth : static_cast<std::size_t>(n));
    }
    static Vector loadF16(const std::uint16_t* p, std::int64_t n)
    {
        return _mm256_cvtph_ps(loadHalves(p, n));
    }
    static Vector loadBf16(const std::uint16_t* p, std::int64_t n)
    {
        return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(loadHalves(p, n)), 16));
    }
    static void storeF16(std::uint16_t* p, Vector v, std::int64_t n)
    {
        storeHalves(p, _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT), n);
    }
    /// Rounds to nearest even; the value is finite.
    static void storeBf16(std::uint16_t* p, Vector v, std::int64_t n)
    {
        const __m256i bits = _mm256_castps_si256(v);
        const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
        const __m256i rounded = _mm256_add_epi32(_mm256_add_epi32(bits, _mm256_set1_epi32(0x7FFF)), odd);
        const __m256i high = _mm256_srli_epi32(rounded, 16);
        storeHalves(p, _mm_packus_epi32(_mm256_castsi256_si128(high), _mm256_extracti128_si256(high, 1)), n);
    }

    /// Rows become columns of an 8 × 8 square.
    /// kWidth words of memory as they are; of a word that holds two bfloat16 the first and the second, of one
    /// that holds four int8 the i-th.
    static Vector loadWords(const std::uint8_t* p)
    {
        return _mm256_castsi256_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
    }
    static Vector firstBf16(Vector words)
    {
        return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(words), 16));
    }
    static Vector secondBf16(Vector words)
    {
        return _mm256_castsi256_ps(
            _mm256_and_si256(_mm256_castps_si256(words), _mm256_set1_epi32(static_cast<int>(0xFFFF0000U))));
    }
    static Vector int8OfWord(Vector words, int i)
    {
        const __m256i up = _mm256_slli_epi32(_mm256_castps_si256(words), 24 - 8 * i);
        return _mm256_cvtepi32_ps(_mm256_srai_epi32(up, 24));
    }

    static void transpose(Vector (&r)[8])
    {
        Vector t[8];
        for (int i = 0; i < 8; i += 2) {
            t[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
            t[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
        }
        for (int i = 0; i < 8; i += 4) {
            r[i] = _mm256_shuffle_ps(t[i], t[i + 2], 0x44);
            r[i + 1] = _mm256_shuffle_ps(t[i], t[i + 2], 0xEE);
            r[i + 2] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0x44);
            r[i + 3] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0xEE);
        }
        for (int i = 0; i < 4; ++i) {
            t[i] = _mm256_permute2f128_ps(r[i], r[i + 4], 0x20);
            t[i + 4] = _mm256_permute2f128_ps(r[i], r[i + 4], 0x31);
        }
        for (int i = 0; i < 8; ++i)
            r[i] = t[i];
    }
};

} // namespace vitrine::kernels::cpu::avx2
