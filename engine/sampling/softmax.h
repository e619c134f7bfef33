// SPDX-License-Identifier: GPL-3.0-or-later
// The passes over a whole vocabulary that every token costs, written so that the compiler turns them into
// SIMD on any machine: fixed lanes, no branches. NaN counts as -inf throughout.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace vitrine::engine {

/// Largest value, -inf when there is none.
float largest(std::span<const float> values);

/// In double over short stretches, so that rounding does not add up.
double sum(std::span<const float> values);

/// Index of the largest value, the lowest among equals; size() when all are -inf.
std::size_t indexOfLargest(std::span<const float> values);

/// Sum of exp(value - top) in double; relative error below 1e-6. REQUIRES: top finite and ≥ every value.
double sumExp(std::span<const float> values, float top);

/// weights[i] = exp((values[i] - top) * scale), exactly 0 below e^-88. The sum is returned.
/// REQUIRES: as sumExp; scale > 0; weights as long as values.
double expWeights(std::span<const float> values, float top, float scale, std::span<float> weights);

} // namespace vitrine::engine
