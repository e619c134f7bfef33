// SPDX-License-Identifier: GPL-3.0-or-later
// Floating-point intrinsics of device code, and the same for half and bf16 where CUDA's headers give them to
// devices alone. The fast ones are as exact as the host's library: a device may differ by a few units in the
// last place.
#pragma once

#include "cuda_emulator/qualifiers.h"

#include <limits>

// glibc declares some of these names itself, for its own use.
extern "C" {
inline float __expf(float x) noexcept
{
    return std::exp(x);
}
inline float __exp10f(float x) noexcept
{
    return std::pow(10.0F, x);
}
inline float __logf(float x) noexcept
{
    return std::log(x);
}
inline float __log2f(float x) noexcept
{
    return std::log2(x);
}
inline float __log10f(float x) noexcept
{
    return std::log10(x);
}
inline float __powf(float x, float y) noexcept
{
    return std::pow(x, y);
}
inline float __sinf(float x) noexcept
{
    return std::sin(x);
}
inline float __cosf(float x) noexcept
{
    return std::cos(x);
}
inline float __tanf(float x) noexcept
{
    return std::tan(x);
}
inline void __sincosf(float x, float* sine, float* cosine) noexcept
{
    *sine = std::sin(x);
    *cosine = std::cos(x);
}
}

inline float rsqrtf(float x)
{
    return 1.0F / std::sqrt(x);
}

inline double rsqrt(double x)
{
    return 1.0 / std::sqrt(x);
}

inline float rsqrt(float x)
{
    return rsqrtf(x);
}

inline float __fdividef(float a, float b)
{
    return a / b;
}

inline float fdividef(float a, float b)
{
    return a / b;
}

inline float __saturatef(float x)
{
    return x > 0 ? (x < 1 ? x : 1.0F) : 0.0F;
}

inline float __frcp_rn(float x)
{
    return 1.0F / x;
}

inline float __fsqrt_rn(float x)
{
    return std::sqrt(x);
}

inline float __frsqrt_rn(float x)
{
    return float(1.0 / std::sqrt(double(x)));
}

inline float __fmaf_rn(float a, float b, float c)
{
    return std::fma(a, b, c);
}

inline float __fadd_rn(float a, float b)
{
    volatile float sum = a + b; // kept apart from a multiplication beside it
    return sum;
}

inline float __fsub_rn(float a, float b)
{
    return __fadd_rn(a, -b);
}

inline float __fmul_rn(float a, float b)
{
    volatile float product = a * b;
    return product;
}

inline float __fdiv_rn(float a, float b)
{
    return a / b;
}

inline float normcdff(float x)
{
    return 0.5F * std::erfc(-x * 0.70710678118654752F);
}

inline int __float_as_int(float x)
{
    return std::bit_cast<int>(x);
}

inline unsigned __float_as_uint(float x)
{
    return std::bit_cast<unsigned>(x);
}

inline float __int_as_float(int x)
{
    return std::bit_cast<float>(x);
}

inline float __uint_as_float(unsigned x)
{
    return std::bit_cast<float>(x);
}

inline float __int2float_rn(int x)
{
    return float(x);
}

inline float __uint2float_rn(unsigned x)
{
    return float(x);
}

namespace vitrine::cuda_emulator {

// To an integer that lies in range, as the device rounds: what is too large becomes the largest, NaN zero.
template<typename Integer>
Integer toInteger(double rounded)
{
    if (std::isnan(rounded))
        return 0;
    constexpr double kLeast = double(std::numeric_limits<Integer>::min());
    constexpr double kMost = double(std::numeric_limits<Integer>::max());
    return rounded <= kLeast  ? std::numeric_limits<Integer>::min()
           : rounded >= kMost ? std::numeric_limits<Integer>::max()
                              : Integer(rounded);
}

} // namespace vitrine::cuda_emulator

inline int __float2int_rn(float x)
{
    return vitrine::cuda_emulator::toInteger<int>(std::nearbyint(x));
}

inline int __float2int_rz(float x)
{
    return vitrine::cuda_emulator::toInteger<int>(std::trunc(x));
}

inline int __float2int_rd(float x)
{
    return vitrine::cuda_emulator::toInteger<int>(std::floor(x));
}

inline int __float2int_ru(float x)
{
    return vitrine::cuda_emulator::toInteger<int>(std::ceil(x));
}

inline unsigned __float2uint_rn(float x)
{
    return vitrine::cuda_emulator::toInteger<unsigned>(std::nearbyint(x));
}

inline unsigned __float2uint_rz(float x)
{
    return vitrine::cuda_emulator::toInteger<unsigned>(std::trunc(x));
}

// The value once rounded from a product and a sum in double: exact enough, as no double rounding can show in
// 11 bits.
inline __half __hfma(__half a, __half b, __half c)
{
    return __double2half(std::fma(double(__half2float(a)), double(__half2float(b)), double(__half2float(c))));
}

inline __half2 __hfma2(__half2 a, __half2 b, __half2 c)
{
    return {__hfma(a.x, b.x, c.x), __hfma(a.y, b.y, c.y)};
}

inline __nv_bfloat16 __hfma(__nv_bfloat16 a, __nv_bfloat16 b, __nv_bfloat16 c)
{
    return __double2bfloat16(
        std::fma(double(__bfloat162float(a)), double(__bfloat162float(b)), double(__bfloat162float(c))));
}

inline __nv_bfloat162 __hfma2(__nv_bfloat162 a, __nv_bfloat162 b, __nv_bfloat162 c)
{
    return {__hfma(a.x, b.x, c.x), __hfma(a.y, b.y, c.y)};
}

#define VT_EMULATED_HALF(suffix, expression)                                                                 \
    inline __half h##suffix(__half value)                                                                    \
    {                                                                                                        \
        const float x = __half2float(value);                                                                 \
        return __float2half(expression);                                                                     \
    }                                                                                                        \
    inline __nv_bfloat16 h##suffix(__nv_bfloat16 value)                                                      \
    {                                                                                                        \
        const float x = __bfloat162float(value);                                                             \
        return __float2bfloat16(expression);                                                                 \
    }                                                                                                        \
    inline __half2 h2##suffix(__half2 value)                                                                 \
    {                                                                                                        \
        return {h##suffix(value.x), h##suffix(value.y)};                                                     \
    }                                                                                                        \
    inline __nv_bfloat162 h2##suffix(__nv_bfloat162 value)                                                   \
    {                                                                                                        \
        return {h##suffix(value.x), h##suffix(value.y)};                                                     \
    }
VT_EMULATED_HALF(exp, std::exp(x))
VT_EMULATED_HALF(exp2, std::exp2(x))
VT_EMULATED_HALF(log, std::log(x))
VT_EMULATED_HALF(log2, std::log2(x))
VT_EMULATED_HALF(sqrt, std::sqrt(x))
VT_EMULATED_HALF(rsqrt, 1.0F / std::sqrt(x))
VT_EMULATED_HALF(rcp, 1.0F / x)
VT_EMULATED_HALF(sin, std::sin(x))
VT_EMULATED_HALF(cos, std::cos(x))
VT_EMULATED_HALF(tanh, std::tanh(x))
VT_EMULATED_HALF(floor, std::floor(x))
VT_EMULATED_HALF(ceil, std::ceil(x))
VT_EMULATED_HALF(trunc, std::trunc(x))
VT_EMULATED_HALF(rint, std::nearbyint(x))
#undef VT_EMULATED_HALF
