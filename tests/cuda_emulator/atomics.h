// SPDX-License-Identifier: GPL-3.0-or-later
// Atomic operations of device code, true atomics between the OS threads that run blocks.
#pragma once

#include "cuda_emulator/qualifiers.h"

namespace vitrine::cuda_emulator {

// The word that holds a value, changed until nobody came between. Returns the value before.
template<typename T, typename Change>
T changeAtomically(T* place, Change change)
{
    using Word = std::conditional_t<sizeof(T) == 8, std::uint64_t,
                                    std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint16_t>>;
    static_assert(sizeof(T) == sizeof(Word));
    std::atomic_ref<Word> word(*reinterpret_cast<Word*>(place));
    Word before = word.load();
    for (;;) {
        T value;
        std::memcpy(static_cast<void*>(&value), &before, sizeof(T));
        const T changed = change(value);
        Word after = 0;
        std::memcpy(&after, &changed, sizeof(T));
        if (word.compare_exchange_weak(before, after))
            return value;
    }
}

template<typename T>
concept AtomicNumber = std::is_arithmetic_v<T> &&(sizeof(T) == 4 || sizeof(T) == 8);
template<typename T>
concept AtomicInteger = AtomicNumber<T> && std::is_integral_v<T>;

} // namespace vitrine::cuda_emulator

template<::vitrine::cuda_emulator::AtomicNumber T>
T atomicAdd(T* place, std::type_identity_t<T> value)
{
    return ::vitrine::cuda_emulator::changeAtomically(place, [&](T old) -> T {
        if constexpr (std::is_integral_v<T>)
            return T(std::make_unsigned_t<T>(old) + std::make_unsigned_t<T>(value));
        else
            return old + value;
    });
}

inline __half atomicAdd(__half* place, __half value)
{
    return ::vitrine::cuda_emulator::changeAtomically(place, [&](__half old) { return __hadd(old, value); });
}

inline __half2 atomicAdd(__half2* place, __half2 value)
{
    return ::vitrine::cuda_emulator::changeAtomically(place,
                                                      [&](__half2 old) { return __hadd2(old, value); });
}

inline __nv_bfloat16 atomicAdd(__nv_bfloat16* place, __nv_bfloat16 value)
{
    return ::vitrine::cuda_emulator::changeAtomically(place,
                                                      [&](__nv_bfloat16 old) { return __hadd(old, value); });
}

inline __nv_bfloat162 atomicAdd(__nv_bfloat162* place, __nv_bfloat162 value)
{
    return ::vitrine::cuda_emulator::changeAtomically(
        place, [&](__nv_bfloat162 old) { return __hadd2(old, value); });
}

template<::vitrine::cuda_emulator::AtomicInteger T>
T atomicSub(T* place, std::type_identity_t<T> value)
{
    return atomicAdd(place, T(0 - std::make_unsigned_t<T>(value)));
}

template<::vitrine::cuda_emulator::AtomicNumber T>
T atomicExch(T* place, std::type_identity_t<T> value)
{
    return ::vitrine::cuda_emulator::changeAtomically(place, [&](T) { return value; });
}

template<::vitrine::cuda_emulator::AtomicInteger T>
T atomicMin(T* place, std::type_identity_t<T> value)
{
    return ::vitrine::cuda_emulator::changeAtomically(place,
                                                      [&](T old) { return old < value ? old : value; });
}

template<::vitrine::cuda_emulator::AtomicInteger T>
T atomicMax(T* place, std::type_identity_t<T> value)
{
    return ::vitrine::cuda_emulator::changeAtomically(place,
                                                      [&](T old) { return old > value ? old : value; });
}

template<::vitrine::cuda_emulator::AtomicInteger T>
T atomicAnd(T* place, std::type_identity_t<T> value)
{
    return ::vitrine::cuda_emulator::changeAtomically(place, [&](T old) { return T(old & value); });
}

template<::vitrine::cuda_emulator::AtomicInteger T>
T atomicOr(T* place, std::type_identity_t<T> value)
{
    return ::vitrine::cuda_emulator::changeAtomically(place, [&](T old) { return T(old | value); });
}

template<::vitrine::cuda_emulator::AtomicInteger T>
T atomicXor(T* place, std::type_identity_t<T> value)
{
    return ::vitrine::cuda_emulator::changeAtomically(place, [&](T old) { return T(old ^ value); });
}

template<typename T>
requires(std::is_integral_v<T>) T
    atomicCAS(T* place, std::type_identity_t<T> expected, std::type_identity_t<T> value)
{
    return ::vitrine::cuda_emulator::changeAtomically(
        place, [&](T old) { return old == expected ? T(value) : old; });
}

inline unsigned atomicInc(unsigned* place, unsigned last)
{
    return ::vitrine::cuda_emulator::changeAtomically(
        place, [&](unsigned old) { return old >= last ? 0U : old + 1; });
}

inline unsigned atomicDec(unsigned* place, unsigned last)
{
    return ::vitrine::cuda_emulator::changeAtomically(
        place, [&](unsigned old) { return old == 0 || old > last ? last : old - 1; });
}
