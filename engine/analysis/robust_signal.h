// SPDX-License-Identifier: GPL-3.0-or-later
// Is this value unlike those before it? A sliding window of usual values gives median and spread (MAD), which
// odd ones among them cannot move; one value far outside is odd at once, several that lie a little outside
// add up (CUSUM, both sides). Odd values do not enter the window, but what stays becomes the usual: a new
// level is odd for a while only. Nothing is learned beforehand. Bounded memory; any thread, one owner.
#pragma once

#include <cstddef>
#include <vector>

namespace vitrine::engine {

struct SignalOptions
{
    double floor = 0.05;           ///< the spread is never thought to be smaller
    double spike = 8.0;            ///< spreads from the median: odd at once
    double slack = 1.0;            ///< spreads that do not add up to anything
    double limit = 12.0;           ///< of what adds up
    bool high = true, low = false; ///< which side is of interest
    std::size_t window = 128, warmUp = 32;
    std::size_t adoptAfter = 192; ///< odd values: they are the usual from then on
};

class RobustSignal
{
public:
    struct Verdict
    {
        bool odd = false;
        bool began = false;    ///< the first odd one
        bool ended = false;    ///< the usual again, or the new usual
        double excess = 0.0;   ///< spreads from the median to a side that is watched; 0 on the other
        std::size_t since = 0; ///< values before this one that belong to it, when it began
    };

    explicit RobustSignal(const SignalOptions& options) : m_options(options) {}

    Verdict push(double value);
    double usual() const { return m_median; }
    bool ready() const { return m_values.size() >= m_options.warmUp; }

private:
    void keep(double value);
    void measure();
    void forget();

    SignalOptions m_options;
    std::vector<double> m_values; ///< the window, as a ring once it is full
    std::vector<double> m_scratch;
    std::size_t m_next = 0, m_sinceMeasured = 0;
    double m_median = 0.0, m_spread = 0.0;
    double m_up = 0.0, m_down = 0.0;            ///< sums of what lies outside
    std::size_t m_upSince = 0, m_downSince = 0; ///< values in them
    std::size_t m_odd = 0, m_quiet = 0;         ///< values in a row
    bool m_isOdd = false;
};

} // namespace vitrine::engine
