// SPDX-License-Identifier: GPL-3.0-or-later
// What is counted as steps come, and told when something is new.
#include "ui/recording/analysis_maker.h"
#include "ui/recording/details_maker.h"
#include "ui/recording/session_worker.h"

namespace vitrine::ui {

namespace {

constexpr int kAnomaliesMs = 1'000; // between two times that they are told

} // namespace

/// Of the whole they are counted as steps come; of a part from its steps.
void SessionWorker::findMetrics(const AnalysisQuery& query)
{
    if (query.range.isEmpty()) {
        emit metricsReady(std::make_shared<const MetricsPicture>(metricsOf(m_running.metrics(), query)));
        return;
    }
    m_analyst->metrics(query);
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
