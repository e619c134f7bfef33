// SPDX-License-Identifier: GPL-3.0-or-later
// Questions about a recording that take longer than a picture may: answered beside its thread. Of questions
// of one kind one is worked on and the newest waits; an answer that a newer question has made useless is
// dropped, and its work told to stop. What is read is shared with the recording where it begins with it, else
// copied when its turn comes: there are never more copies than threads.
//
// Thread: the recording's. Signals come from it, or from beside it where that is said. The session and the
// names outlive it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include <QObject>
#include <QThreadPool>

#include "engine/analysis/analysis_facts.h"
#include "ui/recording/analysis_pictures.h"
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

    SessionAnalyst(const engine::Session& session, RequestNames& names);
    ~SessionAnalyst() override;

    /// Of the engine that runs; nothing is known of a file's.
    void setFacts(const engine::AnalysisFacts& facts) { m_facts = facts; }

    void latency(const LatencyQuery& query);
    void advice(const TimeRange& range);
    void measure(const MeasureQuery& query);
    void prefixes(const AnalysisQuery& query);
    /// Answered several times, with more of the sizes that are tried.
    void blockLife(const AnalysisQuery& query);
    void steps(const AnalysisQuery& query);
    void metrics(const AnalysisQuery& query);
    /// A copy of the newest steps, for whoever compares.
    SharedTrace trace() const;

signals:
    void latencyReady(const vitrine::ui::SharedLatency& picture);
    void adviceReady(const vitrine::ui::SharedAdvice& picture);
    void measured(const vitrine::ui::MeasuredChange& change);
    void prefixesReady(const vitrine::ui::SharedPrefixes& picture);
    void blockLifeReady(const vitrine::ui::SharedBlockLife& picture); ///< from beside the thread
    void stepsReady(const vitrine::ui::SharedSteps& picture);
    void metricsReady(const vitrine::ui::SharedMetrics& picture);

private:
    using Stale = std::function<bool()>;            ///< nobody waits for it any more; any thread
    using Tell = std::function<void()>;             ///< on the recording's thread
    using Work = std::function<Tell(const Stale&)>; ///< beside it
    template<class Query>
    using Prepare = Work (SessionAnalyst::*)(const Query&);
    template<class Query>
    struct Kind
    {
        std::optional<Query> now, next;
        std::shared_ptr<std::atomic<bool>> stale; ///< of the one that is worked on
    };

    template<class Query>
    void start(Kind<Query>& kind, const Query& query, Prepare<Query> prepare);
    template<class Query>
    void finish(Kind<Query>& kind, const Tell& tell, Prepare<Query> prepare);
    Work prepareLatency(const LatencyQuery& query);
    Work prepareAdvice(const TimeRange& range);
    Work prepareMeasure(const MeasureQuery& query);
    Work preparePrefixes(const AnalysisQuery& query);
    Work prepareBlockLife(const AnalysisQuery& query);
    Work prepareSteps(const AnalysisQuery& query);
    Work prepareMetrics(const AnalysisQuery& query);
    /// Empty: all of it.
    engine::SessionPart partOf(const TimeRange& range) const;
    void tellPrefixes(PrefixPicture picture);

    const engine::Session& m_session;
    RequestNames& m_names;
    engine::AnalysisFacts m_facts;
    Kind<LatencyQuery> m_latency;
    Kind<TimeRange> m_advice;
    Kind<MeasureQuery> m_measure;
    Kind<AnalysisQuery> m_prefixes, m_blockLife, m_steps, m_metrics;
    std::atomic<bool> m_ended = false;
    QThreadPool m_pool;
};

} // namespace vitrine::ui
