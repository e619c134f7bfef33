// SPDX-License-Identifier: GPL-3.0-or-later
// Random blocks of weights as they lie in GGUF files. Any thread.
#pragma once

#include <cstdint>
#include <span>

#include "kernels/quant_type.h"

namespace vitrine::engine {

/// A short random sequence (SplitMix64), the same for the same seed on every machine.
class SyntheticRandom
{
public:
    explicit SyntheticRandom(std::uint64_t seed) : m_state(seed) {}
    std::uint64_t next()
    {
        std::uint64_t z = (m_state += 0x9E3779B97F4A7C15U);
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }

private:
    std::uint64_t m_state;
};

/// Whole blocks of BF16, Q8_0 or Q4_K whose values have mean 0 and standard deviation `size`.
/// REQUIRES: one of these types, out a multiple of its blocks and of 8 bytes where the type is BF16.
void fillSyntheticBlocks(kernels::QuantType type, float size, SyntheticRandom& random,
                         std::span<std::uint8_t> out);

} // namespace vitrine::engine
