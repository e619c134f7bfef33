// SPDX-License-Identifier: GPL-3.0-or-later
// Questions about a recording that take longer than a picture may: answered beside its thread from a copy of
// the steps they are about. Of questions of one kind one is worked on and the newest waits; an answer that a
// newer question has made useless is dropped. What is copied is bounded: the newest steps of the range.
//
// Thread: the recording's, where its signals come from too. The session and the names outlive it.
#pragma once

#include <functional>
#include <optional>

#include <QObject>
#include <QThreadPool>

#include "engine/analysis/analysis_facts.h"
#include "ui/recording/latency.h"
#include "ui/recording/request_names.h"

namespace vitrine::ui {

class SessionAnalyst : public QObject
{
    Q_OBJECT

public:
    static constexpr std::size_t kMostSteps = 20'000;
    static constexpr std::size_t kMostAdvised = 8'000;  ///< replays take their time
    static constexpr std::size_t kMostMeasured = 4'000; ///< on each side of a change

    SessionAnalyst(const engine::Session& session, RequestNames& names) : m_session(session), m_names(names)
    {}
    ~SessionAnalyst() override;

    /// Of the engine that runs; nothing is known of a file's.
    void setFacts(const engine::AnalysisFacts& facts) { m_facts = facts; }

    void latency(const LatencyQuery& query);
    void advice(const TimeRange& range);
    void measure(const MeasureQuery& query);
    /// The newest steps, for whoever compares.
    SharedTrace trace() const;

signals:
    void latencyReady(const vitrine::ui::SharedLatency& picture);
    void adviceReady(const vitrine::ui::SharedAdvice& picture);
    void measured(const vitrine::ui::MeasuredChange& change);

private:
    using Tell = std::function<void()>; ///< on the recording's thread
    using Work = std::function<Tell()>; ///< beside it
    template<class Query>
    struct Kind
    {
        std::optional<Query> now, next;
    };

    template<class Query>
    void start(Kind<Query>& kind, const Query& query, Work (SessionAnalyst::*prepare)(const Query&));
    template<class Query>
    void finish(Kind<Query>& kind, const Tell& tell, Work (SessionAnalyst::*prepare)(const Query&));
    Work prepareLatency(const LatencyQuery& query);
    Work prepareAdvice(const TimeRange& range);
    Work prepareMeasure(const MeasureQuery& query);
    SharedTrace copy(std::size_t first, std::size_t last) const;

    const engine::Session& m_session;
    RequestNames& m_names;
    engine::AnalysisFacts m_facts;
    Kind<LatencyQuery> m_latency;
    Kind<TimeRange> m_advice;
    Kind<MeasureQuery> m_measure;
    QThreadPool m_pool;
};

} // namespace vitrine::ui
