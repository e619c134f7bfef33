// SPDX-License-Identifier: GPL-3.0-or-later
// Analyses take as long as they take: beside the pictures, from a copy.
#include "ui/recording/analysis_maker.h"
#include "ui/recording/details_maker.h"
#include "ui/recording/session_worker.h"

namespace vitrine::ui {

namespace {

constexpr int kAnomaliesMs = 1'000; // between two times that they are told

} // namespace

std::shared_ptr<const engine::Trace> SessionWorker::copyOf(const TimeRange& range) const
{
    const auto [first, last] =
        range.isEmpty() ? std::pair(std::size_t{0}, m_session.steps().size()) : m_session.stepsIn(range);
    return std::make_shared<const engine::Trace>(m_session.cut(first, last));
}

void SessionWorker::findPrefixes(const AnalysisQuery& query)
{
    m_jobs.start(AnalysisJobs::Prefixes,
                 [this, trace = copyOf(query.range), query](const AnalysisJobs::Stale& stale) {
                     auto picture = std::make_shared<PrefixPicture>(prefixesOf(*trace, query));
                     if (stale())
                         return;
                     QMetaObject::invokeMethod(
                         this, [this, picture] { tellPrefixes(picture); }, Qt::QueuedConnection);
                 });
}

/// Names are this thread's.
void SessionWorker::tellPrefixes(const std::shared_ptr<PrefixPicture>& picture)
{
    for (const engine::PrefixNode& node : picture->tree.nodes)
        for (const engine::RequestId request : node.named)
            if (!picture->names.contains(request.value))
                picture->names.insert(request.value, m_names.of(request, m_session));
    emit prefixesReady(picture);
}

void SessionWorker::findBlockLife(const AnalysisQuery& query)
{
    m_jobs.start(AnalysisJobs::BlockLife,
                 [this, trace = copyOf(query.range), query](const AnalysisJobs::Stale& stale) {
                     blockLifeOf(*trace, query, [&](const BlockLifePicture& picture) {
                         if (stale())
                             return false;
                         emit blockLifeReady(std::make_shared<const BlockLifePicture>(picture));
                         return true;
                     });
                 });
}

void SessionWorker::findSteps(const AnalysisQuery& query)
{
    m_jobs.start(AnalysisJobs::Steps,
                 [this, trace = copyOf(query.range), query](const AnalysisJobs::Stale& stale) {
                     const auto picture = std::make_shared<const StepsPicture>(stepsOf(*trace, query));
                     if (!stale())
                         emit stepsReady(picture);
                 });
}

/// Of the whole they are counted as steps come; of a part from its steps.
void SessionWorker::findMetrics(const AnalysisQuery& query)
{
    if (query.range.isEmpty()) {
        emit metricsReady(std::make_shared<const MetricsPicture>(metricsOf(m_running.metrics(), query)));
        return;
    }
    m_jobs.start(AnalysisJobs::Metrics,
                 [this, trace = copyOf(query.range), query](const AnalysisJobs::Stale& stale) {
                     const auto picture = std::make_shared<const MetricsPicture>(metricsOf(*trace, query));
                     if (!stale())
                         emit metricsReady(picture);
                 });
}

void SessionWorker::follow(std::vector<engine::RecordedStep> steps)
{
    m_running.add(steps);
    m_session.add(std::move(steps));
    m_running.forgetBefore(m_session.range().startNs);
}

SharedAnomalies SessionWorker::anomalies() const
{
    auto picture =
        std::make_shared<AnomalyPicture>(anomaliesOf(m_running.anomalies(), m_session.range().startNs));
    picture->live = m_feed != nullptr;
    return picture;
}

void SessionWorker::tellAnomalies()
{
    const quint64 changes = m_running.anomalies().changes();
    if (changes == m_anomaliesTold ||
        (m_toldAnomalies.isValid() && !m_toldAnomalies.hasExpired(kAnomaliesMs)))
        return;
    m_anomaliesTold = changes;
    m_toldAnomalies.start();
    emit anomaliesReady(anomalies());
}

void SessionWorker::tellPreemption(const PreemptionQuery& query)
{
    PreemptionDetails details = preemptionOf(m_running.preemptions(), m_session, m_names, query);
    details.kvFormat = m_kvFormat;
    emit preemptionReady(details);
}

} // namespace vitrine::ui
