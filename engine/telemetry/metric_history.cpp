// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/metric_history.h"

#include <algorithm>

namespace vitrine::engine {

namespace {

constexpr std::int64_t kFirstEveryNs = 100'000; // a recording of a few steps of a small model has a course too
constexpr std::int64_t kMostNs = std::int64_t{1} << 61; // times beyond are brought back: differences fit

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
            m_courses.push_back({family.name, {}});
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

} // namespace vitrine::engine
