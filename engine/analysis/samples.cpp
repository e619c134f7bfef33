// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/samples.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vitrine::engine {

double percentileOf(std::span<const double> sorted, double share)
{
    if (sorted.empty())
        return 0.0;
    const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

Samples::Samples(std::vector<double> values) : m_sorted(std::move(values))
{
    std::erase_if(m_sorted, [](double value) { return !std::isfinite(value); });
    std::sort(m_sorted.begin(), m_sorted.end());
    std::size_t count = 0;
    for (const double value : m_sorted)
        m_mean += (value - m_mean) / static_cast<double>(++count);
}

} // namespace vitrine::engine
