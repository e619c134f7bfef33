// SPDX-License-Identifier: GPL-3.0-or-later
// Analyses that run beside the pictures, one after the other: of a kind only the newest is of interest, and
// an older one is told to stop. Whoever starts them outlives this; the destructor waits for the one that
// runs to notice. Owner: a recording's thread.
#pragma once

#include <array>
#include <atomic>
#include <functional>

#include <QThreadPool>

namespace vitrine::ui {

class AnalysisJobs
{
public:
    enum Kind { Prefixes, BlockLife, Steps, Metrics };
    static constexpr std::size_t kKinds = 4;
    /// True: nobody waits for it any more. Any thread.
    using Stale = std::function<bool()>;

    AnalysisJobs()
    {
        m_pool.setMaxThreadCount(1);
        m_pool.setThreadPriority(QThread::LowPriority);
    }
    ~AnalysisJobs()
    {
        m_ended = true;
        m_pool.clear();
        m_pool.waitForDone();
    }
    AnalysisJobs(const AnalysisJobs&) = delete;
    AnalysisJobs& operator=(const AnalysisJobs&) = delete;

    /// `work` holds what it needs; it is let go without being run where it is stale already.
    void start(Kind kind, std::function<void(const Stale&)> work)
    {
        const quint64 number = ++m_newest[kind];
        m_pool.start([this, kind, number, work = std::move(work)] {
            const Stale stale = [this, kind, number] { return m_ended || m_newest[kind] != number; };
            if (!stale())
                work(stale);
        });
    }

private:
    std::array<std::atomic<quint64>, kKinds> m_newest{};
    std::atomic<bool> m_ended = false;
    QThreadPool m_pool;
};

} // namespace vitrine::ui
