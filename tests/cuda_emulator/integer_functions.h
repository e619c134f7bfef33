// SPDX-License-Identifier: GPL-3.0-or-later
// Integer intrinsics of device code.
#pragma once

#include "cuda_emulator/qualifiers.h"

namespace vitrine::cuda_emulator {

inline int byteOf(unsigned word, int index)
{
    return int((word >> (8 * index)) & 0xFFU);
}

inline int signedByteOf(unsigned word, int index)
{
    return int(static_cast<signed char>(byteOf(word, index)));
}

template<typename Operation>
unsigned forBytes(unsigned a, unsigned b, Operation operation)
{
    unsigned result = 0;
    for (int i = 0; i < 4; ++i)
        result |= (unsigned(operation(a, b, i)) & 0xFFU) << (8 * i);
    return result;
}

} // namespace vitrine::cuda_emulator

inline int __popc(unsigned value)
{
    return std::popcount(value);
}

inline int __popcll(unsigned long long value)
{
    return std::popcount(value);
}

inline int __clz(int value)
{
    return std::countl_zero(unsigned(value));
}

inline int __clzll(long long value)
{
    return std::countl_zero(static_cast<unsigned long long>(value));
}

inline int __ffs(int value)
{
    return __builtin_ffs(value);
}

inline int __ffsll(long long value)
{
    return __builtin_ffsll(value);
}

inline unsigned __brev(unsigned value)
{
    unsigned result = 0;
    for (int i = 0; i < 32; ++i)
        result |= (value >> i & 1U) << (31 - i);
    return result;
}

inline unsigned __byte_perm(unsigned low, unsigned high, unsigned selector)
{
    const std::uint64_t bytes = std::uint64_t(high) << 32 | low;
    unsigned result = 0;
    for (int i = 0; i < 4; ++i) {
        const unsigned choice = selector >> (4 * i) & 0xFU;
        unsigned byte = unsigned(bytes >> (8 * (choice & 7U))) & 0xFFU;
        if ((choice & 8U) != 0)
            byte = (byte & 0x80U) != 0 ? 0xFFU : 0;
        result |= byte << (8 * i);
    }
    return result;
}

inline unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift)
{
    return unsigned((std::uint64_t(high) << 32 | low) << (shift & 31U) >> 32);
}

inline unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift)
{
    return unsigned((std::uint64_t(high) << 32 | low) >> (shift & 31U));
}

inline int __mulhi(int a, int b)
{
    return int((std::int64_t(a) * b) >> 32);
}

inline unsigned __umulhi(unsigned a, unsigned b)
{
    return unsigned((std::uint64_t(a) * b) >> 32);
}

inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b)
{
    __extension__ using Wide = unsigned __int128;
    return static_cast<unsigned long long>((Wide(a) * b) >> 64);
}

inline int __dp4a(int a, int b, int sum)
{
    for (int i = 0; i < 4; ++i) {
        sum = int(unsigned(sum) + unsigned(vitrine::cuda_emulator::signedByteOf(unsigned(a), i) *
                                           vitrine::cuda_emulator::signedByteOf(unsigned(b), i)));
    }
    return sum;
}

inline unsigned __dp4a(unsigned a, unsigned b, unsigned sum)
{
    for (int i = 0; i < 4; ++i)
        sum += unsigned(vitrine::cuda_emulator::byteOf(a, i) * vitrine::cuda_emulator::byteOf(b, i));
    return sum;
}

inline unsigned __vadd4(unsigned a, unsigned b)
{
    namespace emulator = vitrine::cuda_emulator;
    return emulator::forBytes(
        a, b, [](unsigned x, unsigned y, int i) { return emulator::byteOf(x, i) + emulator::byteOf(y, i); });
}

inline unsigned __vsub4(unsigned a, unsigned b)
{
    namespace emulator = vitrine::cuda_emulator;
    return emulator::forBytes(
        a, b, [](unsigned x, unsigned y, int i) { return emulator::byteOf(x, i) - emulator::byteOf(y, i); });
}

inline unsigned __vsubss4(unsigned a, unsigned b)
{
    namespace emulator = vitrine::cuda_emulator;
    return emulator::forBytes(a, b, [](unsigned x, unsigned y, int i) {
        return std::clamp(emulator::signedByteOf(x, i) - emulator::signedByteOf(y, i), -128, 127);
    });
}

inline unsigned __vcmpeq4(unsigned a, unsigned b)
{
    namespace emulator = vitrine::cuda_emulator;
    return emulator::forBytes(a, b, [](unsigned x, unsigned y, int i) {
        return emulator::byteOf(x, i) == emulator::byteOf(y, i) ? 0xFF : 0;
    });
}

// CUDA's min and max, with the types that it lets meet.
#define VT_EMULATED_MIN_MAX(A, B, Result)                                                                    \
    constexpr Result min(A a, B b)                                                                           \
    {                                                                                                        \
        return static_cast<Result>(a) < static_cast<Result>(b) ? static_cast<Result>(a)                      \
                                                               : static_cast<Result>(b);                     \
    }                                                                                                        \
    constexpr Result max(A a, B b)                                                                           \
    {                                                                                                        \
        return static_cast<Result>(a) > static_cast<Result>(b) ? static_cast<Result>(a)                      \
                                                               : static_cast<Result>(b);                     \
    }
VT_EMULATED_MIN_MAX(int, int, int)
VT_EMULATED_MIN_MAX(unsigned, unsigned, unsigned)
VT_EMULATED_MIN_MAX(int, unsigned, unsigned)
VT_EMULATED_MIN_MAX(unsigned, int, unsigned)
VT_EMULATED_MIN_MAX(long, long, long)
VT_EMULATED_MIN_MAX(unsigned long, unsigned long, unsigned long)
VT_EMULATED_MIN_MAX(long, unsigned long, unsigned long)
VT_EMULATED_MIN_MAX(unsigned long, long, unsigned long)
VT_EMULATED_MIN_MAX(long long, long long, long long)
VT_EMULATED_MIN_MAX(unsigned long long, unsigned long long, unsigned long long)
#undef VT_EMULATED_MIN_MAX

// Of floating-point numbers, as fminf and fmaxf: what is not a number loses.
#define VT_EMULATED_MIN_MAX(A, B, Result)                                                                    \
    inline Result min(A a, B b)                                                                              \
    {                                                                                                        \
        return std::fmin(static_cast<Result>(a), static_cast<Result>(b));                                    \
    }                                                                                                        \
    inline Result max(A a, B b)                                                                              \
    {                                                                                                        \
        return std::fmax(static_cast<Result>(a), static_cast<Result>(b));                                    \
    }
VT_EMULATED_MIN_MAX(float, float, float)
VT_EMULATED_MIN_MAX(double, double, double)
VT_EMULATED_MIN_MAX(float, double, double)
VT_EMULATED_MIN_MAX(double, float, double)
#undef VT_EMULATED_MIN_MAX
