// SPDX-License-Identifier: GPL-3.0-or-later
// Ids for records: milliseconds since the epoch and a counter, so that nothing has to be read before the
// first is given, they sort by time, and two starts never give the same. Thread: one.
#pragma once

#include <algorithm>

#include <QDateTime>

namespace vitrine::ui {

class IdSource
{
public:
    qint64 next()
    {
        m_last = std::max(m_last + 1, QDateTime::currentMSecsSinceEpoch() << kCounterBits);
        return m_last;
    }
    /// An id seen elsewhere: the next ones are larger, also when the clock was set back.
    void above(qint64 seen) { m_last = std::max(m_last, seen); }

private:
    static constexpr int kCounterBits = 20; // 2^20 ids a millisecond; 43 bits of time reach the year 2248

    qint64 m_last = 0;
};

} // namespace vitrine::ui
