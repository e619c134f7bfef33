// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/robust_signal.h"

#include <algorithm>
#include <cmath>

namespace vitrine::engine {
namespace {

constexpr double kMadToDeviation = 1.4826; // of a normal distribution
constexpr double kMostSpreads = 8.0;       // that one value adds to a sum
constexpr double kQuiet = 3.0;             // spreads: the usual
constexpr std::size_t kQuietValues = 6;    // in a row: it is over
constexpr std::size_t kMeasureEvery = 8;

double middle(std::vector<double>& values)
{
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

} // namespace

void RobustSignal::keep(double value)
{
    if (m_values.size() < m_options.window) {
        m_values.push_back(value);
    } else {
        m_values[m_next] = value;
        m_next = (m_next + 1) % m_values.size();
    }
    if (++m_sinceMeasured >= kMeasureEvery || m_values.size() <= m_options.warmUp)
        measure();
}

void RobustSignal::measure()
{
    m_sinceMeasured = 0;
    m_scratch = m_values;
    m_median = middle(m_scratch);
    for (double& value : m_scratch)
        value = std::abs(value - m_median);
    m_spread = std::max(kMadToDeviation * middle(m_scratch), m_options.floor);
}

void RobustSignal::forget()
{
    m_values.clear();
    m_next = 0;
    m_up = m_down = 0.0;
    m_upSince = m_downSince = m_odd = m_quiet = 0;
    m_isOdd = false;
}

RobustSignal::Verdict RobustSignal::push(double value)
{
    Verdict verdict;
    if (!std::isfinite(value))
        return verdict;
    if (!ready()) {
        keep(value);
        return verdict;
    }
    const double spreads = std::clamp((value - m_median) / m_spread, -1e6, 1e6);
    const double step = std::clamp(spreads, -kMostSpreads, kMostSpreads);
    m_up = std::max(m_up + step - m_options.slack, 0.0);
    m_down = std::max(m_down - step - m_options.slack, 0.0);
    m_upSince = m_up > 0.0 ? m_upSince + 1 : 0;
    m_downSince = m_down > 0.0 ? m_downSince + 1 : 0;
    const bool high = m_options.high && (spreads > m_options.spike || m_up > m_options.limit);
    const bool low = m_options.low && (spreads < -m_options.spike || m_down > m_options.limit);
    const bool wasOdd = m_isOdd;
    // What went back beyond the usual is over too, if nobody watches that side.
    const double odd = std::max(m_options.high ? spreads : 0.0, m_options.low ? -spreads : 0.0);
    verdict.excess = odd;
    m_quiet = odd < kQuiet ? m_quiet + 1 : 0;
    m_isOdd = high || low || (wasOdd && m_quiet < kQuietValues);
    if (m_quiet >= kQuietValues && wasOdd) {
        m_isOdd = false;
        m_up = m_down = 0.0;
    }
    verdict.odd = m_isOdd;
    verdict.began = m_isOdd && !wasOdd;
    verdict.ended = !m_isOdd && wasOdd;
    if (verdict.began)
        verdict.since = std::max(high ? m_upSince : m_downSince, std::size_t{1}) - 1;
    m_odd = m_isOdd ? m_odd + 1 : 0;
    if (!m_isOdd && std::abs(spreads) < m_options.spike)
        keep(value);
    if (m_odd > m_options.adoptAfter) {
        forget();
        verdict = {.odd = false, .began = false, .ended = true, .excess = odd, .since = 0};
    }
    return verdict;
}

} // namespace vitrine::engine
