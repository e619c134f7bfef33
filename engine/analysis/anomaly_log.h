// SPDX-License-Identifier: GPL-3.0-or-later
// The anomalies of a recording while it grows: those that are over, and what goes on. Bounded: beyond the
// limit the oldest ones go and are counted. Any thread, one owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "engine/analysis/anomaly.h"

namespace vitrine::engine {

class AnomalyLog
{
public:
    static constexpr std::size_t kMost = 500;

    /// In the order of the recording.
    void add(const RecordedStep& step);

    /// In the order in which they began; those from `firstOpen` on were not over with the last step.
    struct Found
    {
        std::vector<Anomaly> all;
        std::size_t firstOpen = 0;
        std::uint64_t count = 0; ///< of them all, those included that are not kept
    };
    Found found() const;
    /// Another number: one began, went on or ended.
    std::uint64_t changes() const { return m_changes; }
    void forgetBefore(std::int64_t ns);

private:
    AnomalyWatch m_watch;
    std::deque<Anomaly> m_over;
    std::uint64_t m_count = 0, m_changes = 0, m_news = 0;
};

} // namespace vitrine::engine
