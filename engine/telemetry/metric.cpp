// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/metric.h"

#include <algorithm>
#include <cmath>

namespace vitrine::engine {

void Histogram::observe(double value)
{
    if (!std::isfinite(value))
        return;
    const auto bucket = std::lower_bound(m_bounds.begin(), m_bounds.end(), value) - m_bounds.begin();
    ++m_counts[static_cast<std::size_t>(bucket)];
    ++m_count;
    m_sum += value;
}

double Histogram::quantile(double share) const
{
    const double wanted = std::clamp(share, 0.0, 1.0) * static_cast<double>(m_count);
    double below = 0.0;
    for (std::size_t i = 0; i < m_bounds.size(); ++i) {
        const auto here = static_cast<double>(m_counts[i]);
        const double from = i == 0 ? 0.0 : m_bounds[i - 1];
        if (here > 0.0 && below + here >= wanted)
            return from + (m_bounds[i] - from) * (wanted - below) / here;
        below += here;
    }
    return m_count == 0 || m_bounds.empty() ? 0.0 : m_bounds.back();
}

} // namespace vitrine::engine
