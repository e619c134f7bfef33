// SPDX-License-Identifier: GPL-3.0-or-later
// Values that are shown to people and to monitoring systems: a family is what has one name, with a value for
// each set of labels. Any thread, one owner.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace vitrine::engine {

enum class MetricKind : std::uint8_t {
    Counter, ///< only ever grows
    Gauge,   ///< is as it is now
    Histogram
};

class Histogram
{
public:
    /// Upper ends of the buckets, which belong to them, ascending; what is above them has a bucket of its
    /// own.
    explicit Histogram(std::span<const double> bounds)
        : m_bounds(bounds.begin(), bounds.end()), m_counts(bounds.size() + 1)
    {}

    /// What is no number is left out.
    void observe(double value);

    const std::vector<double>& bounds() const { return m_bounds; }
    const std::vector<std::uint64_t>& counts() const { return m_counts; } ///< [bounds + 1], each by itself
    std::uint64_t count() const { return m_count; }
    double sum() const { return m_sum; }
    /// The value below which this share (0 … 1) of them lies, interpolated in its bucket; 0 without any.
    double quantile(double share) const;

private:
    std::vector<double> m_bounds;
    std::vector<std::uint64_t> m_counts;
    std::uint64_t m_count = 0;
    double m_sum = 0.0;
};

struct MetricValue
{
    std::vector<std::pair<std::string, std::string>> labels;
    double value = 0.0;                    ///< of a counter or gauge
    std::vector<Histogram> histogram = {}; ///< one, of a histogram
};

struct MetricFamily
{
    std::string name; ///< "vitrine:num_requests_running"
    std::string help;
    MetricKind kind = MetricKind::Gauge;
    std::vector<MetricValue> values;
};

} // namespace vitrine::engine
