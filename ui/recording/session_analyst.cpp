// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recording/session_analyst.h"

#include <algorithm>
#include <utility>

#include "engine/analysis/advisor.h"
#include "ui/recording/analysis_maker.h"
#include "ui/recording/latency_maker.h"
#include "ui/recording/measured_change.h"

namespace vitrine::ui {

namespace {

constexpr int kThreads = 3; // so that advice and the play of pools do not hold pictures up

} // namespace

SessionAnalyst::SessionAnalyst(const engine::Session& session, RequestNames& names)
    : m_session(session), m_names(names)
{
    m_pool.setMaxThreadCount(kThreads);
    m_pool.setThreadPriority(QThread::LowPriority);
}

SessionAnalyst::~SessionAnalyst()
{
    m_ended = true;
    m_pool.clear();
    m_pool.waitForDone();
}

// Of a kind

template<class Query>
void SessionAnalyst::start(Kind<Query>& kind, const Query& query, Prepare<Query> prepare)
{
    if (kind.now) {
        if (!(query == *kind.now))
            *kind.stale = true;
        kind.next = query;
        return;
    }
    kind.now = query;
    kind.stale = std::make_shared<std::atomic<bool>>(false);
    m_pool.start([this, &kind, prepare, stale = kind.stale, work = (this->*prepare)(query)]() mutable {
        Tell tell = work([this, stale] { return m_ended || *stale; });
        work = nullptr; // what it read may move again
        QMetaObject::invokeMethod(
            this, [this, &kind, prepare, tell = std::move(tell)] { finish(kind, tell, prepare); },
            Qt::QueuedConnection);
    });
}

template<class Query>
void SessionAnalyst::finish(Kind<Query>& kind, const Tell& tell, Prepare<Query> prepare)
{
    const std::optional<Query> next = std::exchange(kind.next, std::nullopt);
    const bool stale = next && !(*next == *kind.now);
    kind.now.reset();
    if (!stale && tell)
        tell();
    if (next)
        start(kind, *next, prepare);
}

void SessionAnalyst::latency(const LatencyQuery& query)
{
    start(m_latency, query, &SessionAnalyst::prepareLatency);
}

void SessionAnalyst::advice(const TimeRange& range)
{
    start(m_advice, range, &SessionAnalyst::prepareAdvice);
}

void SessionAnalyst::measure(const MeasureQuery& query)
{
    start(m_measure, query, &SessionAnalyst::prepareMeasure);
}

void SessionAnalyst::prefixes(const AnalysisQuery& query)
{
    start(m_prefixes, query, &SessionAnalyst::preparePrefixes);
}

void SessionAnalyst::blockLife(const AnalysisQuery& query)
{
    start(m_blockLife, query, &SessionAnalyst::prepareBlockLife);
}

void SessionAnalyst::steps(const AnalysisQuery& query)
{
    start(m_steps, query, &SessionAnalyst::prepareSteps);
}

void SessionAnalyst::metrics(const AnalysisQuery& query)
{
    start(m_metrics, query, &SessionAnalyst::prepareMetrics);
}

// What they are about

engine::SessionPart SessionAnalyst::partOf(const TimeRange& range) const
{
    const auto [first, last] =
        range.isEmpty() ? std::pair(std::size_t{0}, m_session.steps().size()) : m_session.stepsIn(range);
    return m_session.part(first, last);
}

SharedTrace SessionAnalyst::trace() const
{
    const std::size_t steps = m_session.steps().size();
    return std::make_shared<const engine::Trace>(m_session.cut(steps - std::min(steps, kMostSteps), steps));
}

// The work

SessionAnalyst::Work SessionAnalyst::prepareLatency(const LatencyQuery& query)
{
    const LatencyExtent extent = extentOf(m_session, query, kMostSteps);
    return [this, query, extent, part = m_session.part(extent.first, extent.last)](const Stale&) -> Tell {
        return [this, query, extent, found = attribute(part.steps(), extent.request)] {
            auto picture =
                std::make_shared<LatencyPicture>(latencyOf(m_session, m_names, query, extent, found));
            if (m_facts.scheduler && m_facts.scheduler->itlTarget > 0)
                picture->targetNs = m_facts.scheduler->itlTarget * 1e9;
            emit latencyReady(picture);
        };
    };
}

SessionAnalyst::Work SessionAnalyst::prepareAdvice(const TimeRange& range)
{
    const auto [first, last] =
        range.isEmpty() ? std::pair(std::size_t{0}, m_session.steps().size()) : m_session.stepsIn(range);
    const auto part = m_session.part(std::max(first, last - std::min(last, kMostAdvised)), last);
    const std::size_t steps = std::min(last - first, kMostAdvised), wanted = last - first;
    return [this, range, part, steps, wanted, facts = m_facts](const Stale&) mutable -> Tell {
        facts.vocabulary = part.vocabulary.get();
        auto picture = std::make_shared<AdvicePicture>();
        const auto found = engine::advise(part.steps(), part.pool, facts);
        picture->range = range;
        picture->steps = steps;
        picture->stepsInRange = wanted;
        picture->diagnoses = {found.begin(), found.end()};
        picture->blocks = part.pool.blocks;
        if (facts.kvBytes && picture->blocks > 0)
            picture->blockBytes = *facts.kvBytes / picture->blocks;
        return [this, picture] { emit adviceReady(picture); };
    };
}

SessionAnalyst::Work SessionAnalyst::prepareMeasure(const MeasureQuery& query)
{
    const std::size_t steps = m_session.steps().size();
    const std::size_t split = std::min(steps, m_session.firstAfter(query.atNs));
    const auto part =
        m_session.part(split - std::min(split, kMostMeasured), std::min(steps, split + kMostMeasured));
    return [this, query, part](const Stale&) -> Tell {
        return [this, change = measureChange(part.steps(), query)] { emit measured(change); };
    };
}

SessionAnalyst::Work SessionAnalyst::preparePrefixes(const AnalysisQuery& query)
{
    return [this, query, part = partOf(query.range)](const Stale&) -> Tell {
        return [this, picture = prefixesOf(part, query)] { tellPrefixes(picture); };
    };
}

/// Names are this thread's.
void SessionAnalyst::tellPrefixes(PrefixPicture picture)
{
    for (const engine::PrefixNode& node : picture.tree.nodes)
        for (const engine::RequestId request : node.named)
            if (!picture.names.contains(request.value))
                picture.names.insert(request.value, m_names.of(request, m_session));
    emit prefixesReady(std::make_shared<const PrefixPicture>(std::move(picture)));
}

SessionAnalyst::Work SessionAnalyst::prepareBlockLife(const AnalysisQuery& query)
{
    return [this, query, part = partOf(query.range)](const Stale& stale) -> Tell {
        blockLifeOf(part, query, [&](const BlockLifePicture& picture) {
            if (stale())
                return false;
            emit blockLifeReady(std::make_shared<const BlockLifePicture>(picture));
            return true;
        });
        return {};
    };
}

SessionAnalyst::Work SessionAnalyst::prepareSteps(const AnalysisQuery& query)
{
    return [this, query, part = partOf(query.range)](const Stale&) -> Tell {
        return [this, picture = std::make_shared<const StepsPicture>(stepsOf(part, query))] {
            emit stepsReady(picture);
        };
    };
}

SessionAnalyst::Work SessionAnalyst::prepareMetrics(const AnalysisQuery& query)
{
    return [this, query, part = partOf(query.range)](const Stale&) -> Tell {
        return [this, picture = std::make_shared<const MetricsPicture>(metricsOf(part, query))] {
            emit metricsReady(picture);
        };
    };
}

} // namespace vitrine::ui
