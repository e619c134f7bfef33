// SPDX-License-Identifier: GPL-3.0-or-later
// Ids for records: milliseconds since the epoch and a counter, so that nothing has to be read before the
// first is given, they sort by time, and two starts never give the same. Thread: one.
#pragma once

#include <algorithm>
#include <limits>

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
    /// An id seen elsewhere: the next ones are larger, also when the clock was set back. One beyond kLargest
    /// was never given by a program of ours, and none that is given here will meet it.
    void above(qint64 seen)
    {
        if (seen <= kLargest)
            m_last = std::max(m_last, seen);
    }

private:
    static constexpr int kCounterBits = 20; // 2^20 ids a millisecond; 43 bits of time reach the year 2248

    /// Room for more ids than anybody can make.
    static constexpr qint64 kLargest = std::numeric_limits<qint64>::max() - (qint64(1) << 40);

    qint64 m_last = 0;
};

} // namespace vitrine::ui
