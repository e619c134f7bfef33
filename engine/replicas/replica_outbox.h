// SPDX-License-Identifier: GPL-3.0-or-later
// What the engines of several replicas have to tell, on its way to the one who has the front. Grows until it
// is taken. Any thread puts in, one takes out.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/ordered_mutex.h"
#include "engine/events.h"
#include "engine/execution/rank_recovery.h"
#include "engine/request_door.h"
#include "engine/telemetry/step_record.h"

namespace vitrine::engine {

/// One replica's, since it last told something.
struct ReplicaNews
{
    std::uint32_t replica = 0;
    std::vector<EngineEvent> events; ///< with the front's ids
    std::vector<StepFigures> steps;
    PredictionErrors errors;
    std::vector<RankRecovery> recoveries; ///< processes of it that were replaced
    bool failed = false;                  ///< not a request was wrong, but its engine
};

class ReplicaOutbox
{
public:
    void put(ReplicaNews news)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_news.push_back(std::move(news));
        }
        m_arrived.notify_one();
    }

    /// In order of arrival; waits up to `nanoseconds` for the first.
    std::vector<ReplicaNews> take(std::int64_t nanoseconds)
    {
        std::unique_lock lock(m_mutex);
        m_arrived.wait_for(lock, std::chrono::nanoseconds(nanoseconds), [this] { return !m_news.empty(); });
        return std::exchange(m_news, {});
    }

private:
    OrderedMutex m_mutex{LockOrder::ReplicaOutbox};
    std::condition_variable_any m_arrived;
    std::vector<ReplicaNews> m_news;
};

} // namespace vitrine::engine
