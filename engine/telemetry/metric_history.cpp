// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/metric_history.h"

#include <algorithm>

namespace vitrine::engine {

namespace {

constexpr std::int64_t kFirstEveryNs =
    100'000; // a recording of a few steps of a small model has a course too
constexpr std::int64_t kMostNs = std::int64_t{1} << 61; // times beyond are brought back: differences fit

/// At the value `at` of those that lie around the moment; `share` of the way to the next one is over.
double between(const MetricCourse& course, std::size_t at, double share)
{
    const double value = course.values[at];
    if (course.kind == MetricKind::Gauge || at + 1 == course.values.size())
        return value;
    return value + (course.values[at + 1] - value) * share;
}

} // namespace

MetricHistory::MetricHistory(std::string model) : m_metrics(std::move(model)), m_everyNs(kFirstEveryNs) {}

void MetricHistory::add(const RecordedStep& step)
{
    m_metrics.add(step);
    if (step.record.step == 0)
        return;
    const std::int64_t ns = std::clamp(step.record.endNs, -kMostNs, kMostNs);
    if (m_times.empty() || ns - m_times.back() >= m_everyNs)
        note(ns);
}

void MetricHistory::note(std::int64_t ns)
{
    m_times.push_back(ns);
    std::size_t place = 0;
    for (const MetricFamily& family : m_metrics.families()) {
        if (family.kind == MetricKind::Histogram)
            continue;
        if (place == m_courses.size())
            m_courses.push_back({family.name, family.kind, {}});
        double sum = 0.0;
        for (const MetricValue& value : family.values)
            sum += value.value;
        m_courses[place++].values.push_back(sum);
    }
    if (m_times.size() >= kMost)
        thin();
}

/// Every second one goes, and they are twice as far apart from now on.
void MetricHistory::thin()
{
    const auto halve = [](auto& list) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < list.size(); i += 2)
            list[kept++] = list[i];
        list.resize(kept);
    };
    halve(m_times);
    for (MetricCourse& course : m_courses)
        halve(course.values);
    m_everyNs = std::min(m_everyNs * 2, kMostNs);
}

std::vector<MetricCourse> MetricHistory::evenCourses(std::size_t count) const
{
    std::vector<MetricCourse> even;
    if (m_times.size() < 2 || count < 2)
        return even;
    for (const MetricCourse& course : m_courses)
        even.push_back({course.name, course.kind, {}});
    const double length = static_cast<double>(m_times.back() - m_times.front());
    std::size_t at = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const double since = length * static_cast<double>(i) / static_cast<double>(count - 1);
        const auto place = [this](std::size_t k) {
            return static_cast<double>(m_times[k] - m_times.front());
        };
        while (at + 1 < m_times.size() && place(at + 1) <= since)
            ++at;
        const double gap = at + 1 < m_times.size() ? place(at + 1) - place(at) : 1.0;
        for (std::size_t k = 0; k < even.size(); ++k)
            even[k].values.push_back(between(m_courses[k], at, (since - place(at)) / gap));
    }
    return even;
}

} // namespace vitrine::engine
