// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/anomalies/anomaly_bell.h"

namespace vitrine::ui {

bool AnomalyBell::isQuiet(const AnomalyPicture::Entry& entry, qint64 nowNs) const
{
    const auto kind = std::size_t(entry.anomaly.kind);
    if (kind >= m_told.size() || !(entry.anomaly.score >= kLeastScore))
        return true;
    if (!entry.open && nowNs - engine::saneNs(entry.anomaly.endNs) > kFreshNs)
        return true;
    return m_told[kind] && nowNs - *m_told[kind] < kSameKindNs;
}

std::optional<engine::Anomaly> AnomalyBell::ring(const AnomalyPicture& picture, qint64 nowNs)
{
    if (m_last && nowNs - *m_last < kAnyNs)
        return std::nullopt;
    const AnomalyPicture::Entry* worst = nullptr;
    for (const AnomalyPicture::Entry& entry : picture.entries)
        if (!isQuiet(entry, nowNs) && (worst == nullptr || entry.anomaly.score > worst->anomaly.score))
            worst = &entry;
    if (worst == nullptr)
        return std::nullopt;
    m_told[std::size_t(worst->anomaly.kind)] = nowNs;
    m_last = nowNs;
    return worst->anomaly;
}

} // namespace vitrine::ui
