// SPDX-License-Identifier: GPL-3.0-or-later
// Sixteen floats at a time, in the words that vector_kernels.h and attention_kernels.h use.
// Included by *_avx512.cpp and *_amx.cpp only.
#pragma once

#include <cstdint>
#include <immintrin.h>

namespace vitrine::kernels::cpu::avx512 {

/// `File` is a type of the including file's instruction set: its name keeps the copies apart.
template<class File>
struct SimdOf
{
    using Vector = __m512;
    static constexpr int kWidth = 16;

    static __mmask16 firstLanes(std::int64_t n) { return static_cast<__mmask16>((1U << n) - 1U); }

    static Vector load(const float* p) { return _mm512_loadu_ps(p); }
    static Vector load(const float* p, std::int64_t n) { return _mm512_maskz_loadu_ps(firstLanes(n), p); }
    static void store(float* p, Vector v) { _mm512_storeu_ps(p, v); }
    static void store(float* p, Vector v, std::int64_t n) { _mm512_mask_storeu_ps(p, firstLanes(n), v); }
    static Vector set(float f) { return _mm512_set1_ps(f); }
    static Vector add(Vector a, Vector b) { return _mm512_add_ps(a, b); }
    static Vector subtract(Vector a, Vector b) { return _mm512_sub_ps(a, b); }
    static Vector multiply(Vector a, Vector b) { return _mm512_mul_ps(a, b); }
    static Vector divide(Vector a, Vector b) { return _mm512_div_ps(a, b); }
    static Vector multiplyAdd(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }
    static Vector maximum(Vector a, Vector b) { return _mm512_max_ps(a, b); }
    static Vector minimum(Vector a, Vector b) { return _mm512_min_ps(a, b); }
    static float sum(Vector v) { return _mm512_reduce_add_ps(v); }
    static float largest(Vector v) { return _mm512_reduce_max_ps(v); }
    static Vector round(Vector v)
    {
        return _mm512_roundscale_ps(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    }
    /// v * 2^n for whole n in -126 … 127
    static Vector scaleByPower(Vector v, Vector n) { return _mm512_scalef_ps(v, n); }
    /// 2^n for whole n in -126 … 127; 0 for -127
    static Vector powerOfTwo(Vector n)
    {
        const __m512i biased = _mm512_add_epi32(_mm512_cvtps_epi32(n), _mm512_set1_epi32(127));
        return _mm512_castsi512_ps(_mm512_slli_epi32(biased, 23));
    }
    static Vector swapPairs(Vector v) { return _mm512_permute_ps(v, 0xB1); }

    /// Lanes l with first <= l < end keep v, the others become `fill`.
    static Vector keepLanes(Vector v, int first, int end, float fill)
    {
        const int from = first < 0 ? 0 : (first > 16 ? 16 : first);
        const int to = end < from ? from : (end > 16 ? 16 : end);
        const auto lanes = static_cast<__mmask16>(((1U << to) - 1U) & ~((1U << from) - 1U));
        return _mm512_mask_mov_ps(_mm512_set1_ps(fill), lanes, v);
    }

    static Vector loadInt8(const std::uint8_t* p, std::int64_t n)
    {
        return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_maskz_loadu_epi8(firstLanes(n), p)));
    }
    /// Rounds to nearest even; the values are within -127 … 127.
    static void storeInt8(std::uint8_t* p, Vector v, std::int64_t n)
    {
        _mm_mask_storeu_epi8(p, firstLanes(n), _mm512_cvtsepi32_epi8(_mm512_cvtps_epi32(v)));
    }
    static Vector loadF16(const std::uint16_t* p, std::int64_t n)
    {
        return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(firstLanes(n), p));
    }
    static Vector loadBf16(const std::uint16_t* p, std::int64_t n)
    {
        const __m512i wide = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(firstLanes(n), p));
        return _mm512_castsi512_ps(_mm512_slli_epi32(wide, 16));
    }
    static void storeF16(std::uint16_t* p, Vector v, std::int64_t n)
    {
        _mm256_mask_storeu_epi16(p, firstLanes(n), _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
    }
    /// Rounds to nearest even; the value is finite.
    static void storeBf16(std::uint16_t* p, Vector v, std::int64_t n)
    {
        const __m512i bits = _mm512_castps_si512(v);
        const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
        const __m512i rounded = _mm512_add_epi32(_mm512_add_epi32(bits, _mm512_set1_epi32(0x7FFF)), odd);
        _mm256_mask_storeu_epi16(p, firstLanes(n), _mm512_cvtepi32_epi16(_mm512_srli_epi32(rounded, 16)));
    }

    /// kWidth words of memory as they are; of a word that holds two bfloat16 the first and the second, of one
    /// that holds four int8 the i-th.
    static Vector loadWords(const std::uint8_t* p) { return _mm512_loadu_ps(p); }
    static Vector firstBf16(Vector words)
    {
        return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_castps_si512(words), 16));
    }
    static Vector secondBf16(Vector words)
    {
        return _mm512_castsi512_ps(
            _mm512_and_si512(_mm512_castps_si512(words), _mm512_set1_epi32(static_cast<int>(0xFFFF0000U))));
    }
    static Vector int8OfWord(Vector words, int i)
    {
        const __m512i up = _mm512_slli_epi32(_mm512_castps_si512(words), static_cast<unsigned>(24 - 8 * i));
        return _mm512_cvtepi32_ps(_mm512_srai_epi32(up, 24));
    }

    /// Rows become columns of a 16 × 16 square.
    static void transpose(Vector (&r)[16])
    {
        Vector t[16];
        for (int i = 0; i < 16; i += 2) {
            t[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
            t[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
        }
        for (int i = 0; i < 16; i += 4) {
            r[i] = _mm512_shuffle_ps(t[i], t[i + 2], 0x44);
            r[i + 1] = _mm512_shuffle_ps(t[i], t[i + 2], 0xEE);
            r[i + 2] = _mm512_shuffle_ps(t[i + 1], t[i + 3], 0x44);
            r[i + 3] = _mm512_shuffle_ps(t[i + 1], t[i + 3], 0xEE);
        }
        for (int i = 0; i < 4; ++i) {
            t[i] = _mm512_shuffle_f32x4(r[i], r[i + 4], 0x88);
            t[i + 4] = _mm512_shuffle_f32x4(r[i], r[i + 4], 0xDD);
            t[i + 8] = _mm512_shuffle_f32x4(r[i + 8], r[i + 12], 0x88);
            t[i + 12] = _mm512_shuffle_f32x4(r[i + 8], r[i + 12], 0xDD);
        }
        for (int i = 0; i < 4; ++i) {
            r[i] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0x88);
            r[i + 8] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0xDD);
            r[i + 4] = _mm512_shuffle_f32x4(t[i + 4], t[i + 12], 0x88);
            r[i + 12] = _mm512_shuffle_f32x4(t[i + 4], t[i + 12], 0xDD);
        }
    }
};

struct File;
using Simd = SimdOf<File>;

} // namespace vitrine::kernels::cpu::avx512
