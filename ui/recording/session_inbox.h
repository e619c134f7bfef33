// SPDX-License-Identifier: GPL-3.0-or-later
// Questions on their way to a recording's thread: of a kind the newest replaces what waits. Any thread.
#pragma once

#include <mutex>
#include <optional>
#include <utility>

#include "engine/base/ordered_mutex.h"
#include "ui/recording/analysis_pictures.h"
#include "ui/recording/latency.h"
#include "ui/recording/pictures.h"

namespace vitrine::ui {

struct SessionQuestions
{
    std::optional<TimelineQuery> timeline;
    std::optional<quint32> overview; ///< columns
    std::optional<qint64> blocks;    ///< ns
    std::optional<std::pair<quint32, qint64>> block;
    std::optional<PreemptionQuery> preemption;
    std::optional<engine::RequestId> request;
    std::optional<qint64> step;
    std::optional<quint64> stepNumber;
    std::optional<AnalysisQuery> prefixes, blockLife, steps, metrics;
    std::optional<LatencyQuery> latency;
    std::optional<TimeRange> advice;
    std::optional<MeasureQuery> measure;
    std::optional<bool> trace, anomalies; ///< always true
};

class SessionInbox
{
public:
    /// True when nothing waited before: somebody has to be woken.
    template<class Value>
    bool put(std::optional<Value> SessionQuestions::*question, Value value)
    {
        const std::lock_guard guard(m_lock);
        m_questions.*question = std::move(value);
        return !std::exchange(m_full, true);
    }

    SessionQuestions take()
    {
        const std::lock_guard guard(m_lock);
        m_full = false;
        return std::exchange(m_questions, {});
    }

private:
    engine::OrderedMutex m_lock{engine::LockOrder::SessionInbox};
    SessionQuestions m_questions;
    bool m_full = false;
};

} // namespace vitrine::ui
