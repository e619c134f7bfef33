// SPDX-License-Identifier: GPL-3.0-or-later
// What memory holds before anything is written to it: not a number in float, half and bf16, −1 in integers.
#pragma once

#include <cstddef>
#include <cstring>

namespace vitrine::cuda_emulator {

constexpr unsigned char kPoison = 0xFF;

inline void poison(void* place, std::size_t bytes)
{
    std::memset(place, kPoison, bytes);
}

} // namespace vitrine::cuda_emulator
