// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/analysis/samples.h"

namespace vitrine::engine {

namespace {

constexpr double kNormal975 = 1.959963985;

/// The 97.5 % quantile of Student's t (Cornish-Fisher; good from 4 degrees of freedom on).
double student975(double freedom)
{
    const double z = kNormal975, v = std::max(freedom, 1.0);
    const double z3 = z * z * z, z5 = z3 * z * z;
    return z + (z3 + z) / (4.0 * v) + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * v * v);
}

/// The share of resamples that is cut off at each end: less than 2.5 % when there are few clusters, because
/// resamples of few vary too little.
double tailShare(std::size_t clusters)
{
    const auto n = static_cast<double>(std::max<std::size_t>(clusters, 2));
    return 0.5 * std::erfc(std::sqrt(n / (n - 1.0)) * student975(n - 1.0) / std::sqrt(2.0));
}

/// Random numbers of our own, so that every machine draws the same (SplitMix64).
class Draws
{
public:
    explicit Draws(std::uint64_t seed) : m_state(seed) {}
    std::uint32_t below(std::uint32_t bound)
    {
        m_state += 0x9E3779B97F4A7C15U;
        std::uint64_t x = m_state;
        x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
        x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
        x ^= x >> 31U;
        return static_cast<std::uint32_t>(((x >> 32U) * bound) >> 32U);
    }

private:
    std::uint64_t m_state;
};

double percentileUnsorted(std::vector<double>& values, double share)
{
    if (values.empty())
        return 0.0;
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::ptrdiff_t>(place);
    std::nth_element(values.begin(), values.begin() + below, values.end());
    const double low = values[static_cast<std::size_t>(below)];
    if (static_cast<std::size_t>(below) + 1 == values.size())
        return low;
    const double high = *std::min_element(values.begin() + below + 1, values.end());
    return std::lerp(low, high, place - static_cast<double>(below));
}

double ratioOf(std::span<const Cluster> clusters, std::span<const std::uint32_t> chosen)
{
    double part = 0.0, whole = 0.0;
    for (const std::uint32_t i : chosen) {
        part += clusters[i].part;
        whole += clusters[i].whole;
    }
    return whole > 0.0 ? part / whole : 0.0;
}

std::vector<std::uint32_t> everyOne(std::size_t count)
{
    std::vector<std::uint32_t> chosen(count);
    std::iota(chosen.begin(), chosen.end(), 0U);
    return chosen;
}

Interval intervalOf(std::vector<double> values, double tail)
{
    const Samples samples(std::move(values));
    return {samples.percentile(tail), samples.percentile(1.0 - tail)};
}

} // namespace

double statisticOf(std::span<const Cluster> clusters, std::span<const std::uint32_t> chosen,
                   Statistic statistic)
{
    if (statistic == Statistic::Ratio)
        return ratioOf(clusters, chosen);
    static thread_local std::vector<double> values; // drawn a thousand times
    values.clear();
    for (const std::uint32_t i : chosen)
        values.insert(values.end(), clusters[i].values.begin(), clusters[i].values.end());
    if (statistic == Statistic::Median || statistic == Statistic::P95)
        return percentileUnsorted(values, statistic == Statistic::Median ? 0.5 : 0.95);
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    return statistic == Statistic::Sum || values.empty() ? sum : sum / static_cast<double>(values.size());
}

double statisticOf(std::span<const Cluster> clusters, Statistic statistic)
{
    return statisticOf(clusters, everyOne(clusters.size()), statistic);
}

DifferenceIntervals bootstrapDifference(std::span<const Cluster> a, std::span<const Cluster> b, bool paired,
                                        Statistic statistic, std::size_t resamples, std::uint64_t seed)
{
    Draws draws(seed);
    std::vector<std::uint32_t> ofA(a.size()), ofB(b.size());
    std::vector<double> changes, relatives;
    for (std::size_t i = 0; i < resamples; ++i) {
        for (std::uint32_t& one : ofA)
            one = draws.below(static_cast<std::uint32_t>(a.size()));
        for (std::uint32_t& one : ofB)
            one = draws.below(static_cast<std::uint32_t>(b.size()));
        const double x = statisticOf(a, ofA, statistic);
        const double y = statisticOf(b, paired ? ofA : ofB, statistic);
        changes.push_back(y - x);
        if (x != 0.0)
            relatives.push_back((y - x) / x);
    }
    const double tail = tailShare(std::min(a.size(), b.size()));
    return {intervalOf(std::move(changes), tail), intervalOf(std::move(relatives), tail)};
}

} // namespace vitrine::engine
