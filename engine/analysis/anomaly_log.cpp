// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/anomaly_log.h"

#include <algorithm>
#include <utility>

namespace vitrine::engine {

namespace {

bool earlier(const Anomaly& a, const Anomaly& b)
{
    return a.startNs < b.startNs;
}

} // namespace

void AnomalyLog::add(const RecordedStep& step)
{
    std::vector<Anomaly> over = m_watch.add(step);
    if (m_watch.news() != m_news)
        ++m_changes;
    m_count += over.size();
    m_news = m_watch.news();
    for (Anomaly& anomaly : over)
        m_over.push_back(std::move(anomaly));
    while (m_over.size() > kMost)
        m_over.pop_front();
}

AnomalyLog::Found AnomalyLog::found() const
{
    Found found;
    found.all.assign(m_over.begin(), m_over.end());
    std::stable_sort(found.all.begin(), found.all.end(), earlier);
    found.firstOpen = found.all.size();
    for (Anomaly& anomaly : m_watch.open())
        found.all.push_back(std::move(anomaly));
    std::stable_sort(found.all.begin() + static_cast<std::ptrdiff_t>(found.firstOpen), found.all.end(),
                     earlier);
    found.count = m_count + (found.all.size() - found.firstOpen);
    return found;
}

void AnomalyLog::forgetBefore(std::int64_t ns)
{
    const auto gone = std::erase_if(m_over, [ns](const Anomaly& anomaly) { return anomaly.endNs < ns; });
    m_changes += gone > 0 ? 1 : 0;
}

} // namespace vitrine::engine
