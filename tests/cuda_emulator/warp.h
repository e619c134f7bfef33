// SPDX-License-Identifier: GPL-3.0-or-later
// Barriers, shuffles, votes and reductions of device code. An operation of a warp takes place when all lanes
// of the mask have come to it.
#pragma once

#include "cuda_emulator/collective.h"
#include "cuda_emulator/qualifiers.h"

namespace vitrine::cuda_emulator {

enum class ShuffleKind { Index, Up, Down, Xor };

struct ShufflePayload
{
    std::uint64_t value = 0;
    std::uint64_t result = 0;
    int operand = 0;
    int width = 32;
    ShuffleKind kind = ShuffleKind::Index;
};

void combineShuffle(const WarpPayloads& payloads);
unsigned ballot(unsigned mask, bool predicate);
void syncWarp(unsigned mask);
// The lanes of the mask that hold the same value; and whether all do.
unsigned matchAny(unsigned mask, std::uint64_t value);
unsigned matchAll(unsigned mask, std::uint64_t value, int* all);

template<typename T>
T shuffle(ShuffleKind kind, unsigned mask, T value, int operand, int width)
{
    static_assert(sizeof(T) <= 8 && std::is_trivially_copyable_v<T>);
    ShufflePayload payload{0, 0, operand, width, kind};
    std::memcpy(&payload.value, &value, sizeof(T));
    meetWarp(mask, &combineShuffle, &payload);
    std::memcpy(&value, &payload.result, sizeof(T));
    return value;
}

// The operation has no state.
template<typename T, typename Operation>
T reduce(unsigned mask, T value, Operation)
{
    meetWarp(
        mask,
        [](const WarpPayloads& payloads) {
            bool first = true;
            T sum{};
            for (unsigned i = 0; i < 32; ++i) {
                if (payloads.has(i))
                    sum =
                        std::exchange(first, false) ? payloads.of<T>(i) : Operation{}(sum, payloads.of<T>(i));
            }
            for (unsigned i = 0; i < 32; ++i) {
                if (payloads.has(i))
                    payloads.of<T>(i) = sum;
            }
        },
        &value);
    return value;
}

template<typename T>
std::uint64_t bitsOf(T value)
{
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(T));
    return bits;
}

} // namespace vitrine::cuda_emulator

inline void __syncthreads()
{
    ::vitrine::cuda_emulator::meetBlock(::vitrine::cuda_emulator::BlockVote::None, 0);
}

inline int __syncthreads_or(int predicate)
{
    return ::vitrine::cuda_emulator::meetBlock(::vitrine::cuda_emulator::BlockVote::Or, predicate);
}

inline int __syncthreads_and(int predicate)
{
    return ::vitrine::cuda_emulator::meetBlock(::vitrine::cuda_emulator::BlockVote::And, predicate);
}

inline int __syncthreads_count(int predicate)
{
    return ::vitrine::cuda_emulator::meetBlock(::vitrine::cuda_emulator::BlockVote::Count, predicate);
}

inline void __syncwarp(unsigned mask = 0xFFFFFFFFU)
{
    ::vitrine::cuda_emulator::syncWarp(mask);
}

template<typename T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32)
{
    return ::vitrine::cuda_emulator::shuffle(::vitrine::cuda_emulator::ShuffleKind::Index, mask, value,
                                             source, width);
}

template<typename T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32)
{
    return ::vitrine::cuda_emulator::shuffle(::vitrine::cuda_emulator::ShuffleKind::Up, mask, value,
                                             int(delta), width);
}

template<typename T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32)
{
    return ::vitrine::cuda_emulator::shuffle(::vitrine::cuda_emulator::ShuffleKind::Down, mask, value,
                                             int(delta), width);
}

template<typename T>
T __shfl_xor_sync(unsigned mask, T value, int bits, int width = 32)
{
    return ::vitrine::cuda_emulator::shuffle(::vitrine::cuda_emulator::ShuffleKind::Xor, mask, value, bits,
                                             width);
}

inline unsigned __ballot_sync(unsigned mask, int predicate)
{
    return ::vitrine::cuda_emulator::ballot(mask, predicate != 0);
}

inline int __any_sync(unsigned mask, int predicate)
{
    return __ballot_sync(mask, predicate) != 0 ? 1 : 0;
}

inline int __all_sync(unsigned mask, int predicate)
{
    return __ballot_sync(mask, predicate == 0) == 0 ? 1 : 0;
}

template<typename T>
unsigned __match_any_sync(unsigned mask, T value)
{
    return ::vitrine::cuda_emulator::matchAny(mask, ::vitrine::cuda_emulator::bitsOf(value));
}

template<typename T>
unsigned __match_all_sync(unsigned mask, T value, int* all)
{
    return ::vitrine::cuda_emulator::matchAll(mask, ::vitrine::cuda_emulator::bitsOf(value), all);
}

#define VT_EMULATED_REDUCTION(name, Type, expression)                                                        \
    inline Type name(unsigned mask, Type value)                                                              \
    {                                                                                                        \
        return ::vitrine::cuda_emulator::reduce(mask, value,                                                 \
                                                [](Type a, Type b) -> Type { return expression; });          \
    }
VT_EMULATED_REDUCTION(__reduce_add_sync, unsigned, a + b)
VT_EMULATED_REDUCTION(__reduce_add_sync, int, int(unsigned(a) + unsigned(b)))
VT_EMULATED_REDUCTION(__reduce_min_sync, unsigned, a < b ? a : b)
VT_EMULATED_REDUCTION(__reduce_min_sync, int, a < b ? a : b)
VT_EMULATED_REDUCTION(__reduce_max_sync, unsigned, a > b ? a : b)
VT_EMULATED_REDUCTION(__reduce_max_sync, int, a > b ? a : b)
VT_EMULATED_REDUCTION(__reduce_and_sync, unsigned, a& b)
VT_EMULATED_REDUCTION(__reduce_or_sync, unsigned, a | b)
VT_EMULATED_REDUCTION(__reduce_xor_sync, unsigned, a ^ b)
#undef VT_EMULATED_REDUCTION

inline void __threadfence()
{
    std::atomic_thread_fence(std::memory_order_seq_cst);
}

inline void __threadfence_block()
{
    std::atomic_thread_fence(std::memory_order_seq_cst);
}

inline void __threadfence_system()
{
    std::atomic_thread_fence(std::memory_order_seq_cst);
}

inline void __nanosleep(unsigned)
{
    ::vitrine::cuda_emulator::giveWay();
}

[[noreturn]] inline void __trap()
{
    ::vitrine::cuda_emulator::stopKernel("trap");
}
