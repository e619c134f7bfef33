// SPDX-License-Identifier: GPL-3.0-or-later
// The passes over a whole vocabulary that every token costs, with the row operations of the instruction set
// in use; their bits are the same on every machine. NaN counts as -inf throughout.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace vitrine::engine {

/// Largest value, -inf when there is none.
float largest(std::span<const float> values);

/// Index of the largest value, the lowest among equals; size() when all are -inf.
std::size_t indexOfLargest(std::span<const float> values);

/// Sum of exp(value - top) in double; relative error below 1e-6. REQUIRES: top finite and ≥ every value.
double sumExp(std::span<const float> values, float top);

/// What the softmax of a vocabulary is before it is divided by its total.
class ExpWeights
{
public:
    /// weight i = exp((values[i] - top) * scale), exactly 0 below about e^-87.7. REQUIRES: as sumExp; scale >
    /// 0.
    void compute(std::span<const float> values, float top, float scale);

    std::span<const float> values() const { return m_values; }
    double total() const { return m_total; }
    /// The index at which the running sum passes `mass`; the last one with any weight when rounding leaves
    /// the sum below it.
    std::size_t find(double mass) const;

private:
    std::vector<float> m_values;
    std::vector<float> m_sums; // of each stretch, so that find() passes over most of the vocabulary
    double m_total = 0.0;
};

} // namespace vitrine::engine
