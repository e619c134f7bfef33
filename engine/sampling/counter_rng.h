// SPDX-License-Identifier: GPL-3.0-or-later
// A random number as a pure function of what it is for: no state, so no order of calls can change it.
#pragma once

#include <cstdint>

namespace vitrine::engine {

/// Finaliser of splitmix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit.
constexpr std::uint64_t mixBits(std::uint64_t x)
{
    x += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

/// Uniform in [0, 1), 53 random bits.
constexpr double uniformAt(std::uint64_t seed, std::uint64_t requestKey, std::uint64_t position)
{
    const std::uint64_t bits = mixBits(mixBits(mixBits(seed) ^ requestKey) ^ position);
    return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

} // namespace vitrine::engine
