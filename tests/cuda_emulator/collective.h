// SPDX-License-Identifier: GPL-3.0-or-later
// What threads do together: a warp's operations by a function over the payloads of its lanes, a block's
// barriers.
#pragma once

#include <array>
#include <cstring>

namespace vitrine::cuda_emulator {

// The payload of every lane that takes part, null for the others. A combination reads and writes them; it
// runs once, when all have come.
struct WarpPayloads
{
    std::array<void*, 32> lane{};
    unsigned mask = 0; // of the lanes that exist and take part

    bool has(unsigned index) const { return index < 32 && (mask >> index & 1U) != 0; }
    template<typename T>
    T& of(unsigned index) const
    {
        return *static_cast<T*>(lane[index]);
    }
};

using Combine = void (*)(const WarpPayloads&);

enum class BlockVote { None, Or, And, Count };

// All threads of the mask call it with the same combination; the payload must live until it returns.
void meetWarp(unsigned mask, Combine combine, void* payload);
int meetBlock(BlockVote vote, int predicate);
unsigned currentLane();
[[noreturn]] void stopKernel(const char* why);
void giveWay();

} // namespace vitrine::cuda_emulator
