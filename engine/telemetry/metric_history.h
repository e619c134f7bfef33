// SPDX-License-Identifier: GPL-3.0-or-later
// The metrics of a recording and how their numbers came about: each counter and gauge at up to kMost moments
// when a step ended, spread over what was recorded so far. Bounded memory; times of a recording may be
// anything. Any thread, one owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/telemetry/metrics.h"

namespace vitrine::engine {

/// A family's values over time, summed over its labels. Of counters they only grow.
struct MetricCourse
{
    std::string name;
    MetricKind kind = MetricKind::Gauge;
    std::vector<double> values; ///< at the moments that the list comes with
};

class MetricHistory
{
public:
    static constexpr std::size_t kMost = 240;

    explicit MetricHistory(std::string model = {});

    /// In the order of the recording.
    void add(const RecordedStep& step);

    void setModel(std::string model) { m_metrics.setModel(std::move(model)); }
    const Metrics& metrics() const { return m_metrics; }
    const std::vector<std::int64_t>& times() const { return m_times; }     ///< ns, ascending
    const std::vector<MetricCourse>& courses() const { return m_courses; } ///< values at times()

    /// Values at `count` moments from the first of times() to the last, all equally far apart, for those who
    /// draw: a gauge holds until its next value, a counter grows evenly until then. None of fewer than two.
    std::vector<MetricCourse> evenCourses(std::size_t count) const;

private:
    void note(std::int64_t ns);
    void thin();

    Metrics m_metrics;
    std::int64_t m_everyNs;
    std::vector<std::int64_t> m_times;
    std::vector<MetricCourse> m_courses; ///< of counters and gauges
};

} // namespace vitrine::engine
