// SPDX-License-Identifier: GPL-3.0-or-later
// Measured values, sorted once and asked for their percentiles. Values that are not finite are left out, and
// of no values every figure is 0, so that nothing that is shown is ever NaN. Any thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace vitrine::engine {

/// Of values in ascending order, the one below which `share` (0 … 1) of them lie: linear between the two
/// closest ranks, the first value being share 0 and the last one share 1. 0 when there are none.
double percentileOf(std::span<const double> sorted, double share);

class Samples
{
public:
    Samples() = default;
    explicit Samples(std::vector<double> values);

    bool empty() const { return m_sorted.empty(); }
    std::size_t size() const { return m_sorted.size(); }
    std::span<const double> sorted() const { return m_sorted; }

    double percentile(double share) const { return percentileOf(m_sorted, share); }
    double median() const { return percentile(0.5); }
    double mean() const { return m_mean; }
    double least() const { return m_sorted.empty() ? 0.0 : m_sorted.front(); }
    double most() const { return m_sorted.empty() ? 0.0 : m_sorted.back(); }

private:
    std::vector<double> m_sorted;
    double m_mean = 0.0;
};

} // namespace vitrine::engine
