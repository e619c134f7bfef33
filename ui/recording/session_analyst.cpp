// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recording/session_analyst.h"

#include <algorithm>
#include <utility>

#include "engine/analysis/advisor.h"
#include "ui/recording/latency_maker.h"
#include "ui/recording/measured_change.h"

namespace vitrine::ui {

namespace {

constexpr int kThreads = 2; // so that advice does not hold pictures up

} // namespace

SessionAnalyst::~SessionAnalyst()
{
    m_pool.clear();
    m_pool.waitForDone();
}

template<class Query>
void SessionAnalyst::start(Kind<Query>& kind, const Query& query,
                           Work (SessionAnalyst::*prepare)(const Query&))
{
    if (kind.now) {
        kind.next = query;
        return;
    }
    kind.now = query;
    m_pool.setMaxThreadCount(kThreads);
    m_pool.start([this, &kind, prepare, work = (this->*prepare)(query)] {
        QMetaObject::invokeMethod(
            this, [this, &kind, prepare, tell = work()] { finish(kind, tell, prepare); },
            Qt::QueuedConnection);
    });
}

template<class Query>
void SessionAnalyst::finish(Kind<Query>& kind, const Tell& tell,
                            Work (SessionAnalyst::*prepare)(const Query&))
{
    const std::optional<Query> next = std::exchange(kind.next, std::nullopt);
    const bool stale = next && !(*next == *kind.now);
    kind.now.reset();
    if (!stale)
        tell();
    if (next)
        start(kind, *next, prepare);
}

SharedTrace SessionAnalyst::copy(std::size_t first, std::size_t last) const
{
    return std::make_shared<const engine::Trace>(m_session.cut(first, last));
}

SharedTrace SessionAnalyst::trace() const
{
    const std::size_t steps = m_session.steps().size();
    return copy(steps - std::min(steps, kMostSteps), steps);
}

void SessionAnalyst::latency(const LatencyQuery& query)
{
    start(m_latency, query, &SessionAnalyst::prepareLatency);
}

SessionAnalyst::Work SessionAnalyst::prepareLatency(const LatencyQuery& query)
{
    const LatencyExtent extent = extentOf(m_session, query, kMostSteps);
    const SharedTrace trace = copy(extent.first, extent.last);
    return [this, query, trace, extent]() -> Tell {
        return [this, query, extent, found = attribute(*trace, extent.request)] {
            auto picture =
                std::make_shared<LatencyPicture>(latencyOf(m_session, m_names, query, extent, found));
            if (m_facts.scheduler && m_facts.scheduler->itlTarget > 0)
                picture->targetNs = m_facts.scheduler->itlTarget * 1e9;
            emit latencyReady(picture);
        };
    };
}

void SessionAnalyst::advice(const TimeRange& range)
{
    start(m_advice, range, &SessionAnalyst::prepareAdvice);
}

SessionAnalyst::Work SessionAnalyst::prepareAdvice(const TimeRange& range)
{
    const auto [first, last] =
        range.isEmpty() ? std::pair(std::size_t{0}, m_session.steps().size()) : m_session.stepsIn(range);
    const SharedTrace trace = copy(std::max(first, last - std::min(last, kMostAdvised)), last);
    const std::size_t steps = std::min(last - first, kMostAdvised), wanted = last - first;
    return [this, range, trace, steps, wanted, facts = m_facts]() mutable -> Tell {
        facts.vocabulary = &trace->vocabulary;
        auto picture = std::make_shared<AdvicePicture>();
        const auto found = engine::advise(trace->steps, trace->origin.pool, facts);
        picture->range = range;
        picture->steps = steps;
        picture->stepsInRange = wanted;
        picture->diagnoses = {found.begin(), found.end()};
        picture->blocks = trace->origin.pool.blocks;
        if (facts.kvBytes && picture->blocks > 0)
            picture->blockBytes = *facts.kvBytes / picture->blocks;
        return [this, picture] { emit adviceReady(picture); };
    };
}

void SessionAnalyst::measure(const MeasureQuery& query)
{
    start(m_measure, query, &SessionAnalyst::prepareMeasure);
}

SessionAnalyst::Work SessionAnalyst::prepareMeasure(const MeasureQuery& query)
{
    const std::size_t steps = m_session.steps().size();
    const std::size_t split = std::min(steps, m_session.firstAfter(query.atNs));
    const SharedTrace trace =
        copy(split - std::min(split, kMostMeasured), std::min(steps, split + kMostMeasured));
    return [this, query, trace]() -> Tell {
        return [this, change = measureChange(*trace, query)] { emit measured(change); };
    };
}

} // namespace vitrine::ui
