// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recording/recording_session.h"

#include "ui/recording/session_worker.h"

namespace vitrine::ui {

RecordingSession::RecordingSession(std::shared_ptr<RecordingFeed> feed, QObject* parent)
    : QObject(parent), m_live(true)
{
    start(new SessionWorker(std::move(feed)));
}

RecordingSession::RecordingSession(const QString& file, QObject* parent) : QObject(parent)
{
    start(new SessionWorker(file));
}

RecordingSession::~RecordingSession()
{
    m_thread.quit();
    m_thread.wait();
}

void RecordingSession::start(SessionWorker* worker)
{
    m_worker = worker;
    worker->moveToThread(&m_thread);
    m_thread.setObjectName(QStringLiteral("recording"));
    connect(&m_thread, &QThread::started, worker, &SessionWorker::begin);
    connect(&m_thread, &QThread::finished, worker, &QObject::deleteLater);
    connect(worker, &SessionWorker::changed, this, [this](const RecordingSummary& summary) {
        m_summary = summary;
        emit changed(summary);
    });
    connect(worker, &SessionWorker::fileRecordingChanged, this, [this](const FileRecording& state) {
        m_fileRecording = state;
        emit fileRecordingChanged(state);
    });
    connect(worker, &SessionWorker::exported, this, &RecordingSession::exported);
    connect(worker, &SessionWorker::openFailed, this, &RecordingSession::openFailed);
    connect(worker, &SessionWorker::timelineReady, this, &RecordingSession::timelineReady);
    connect(worker, &SessionWorker::overviewReady, this, &RecordingSession::overviewReady);
    connect(worker, &SessionWorker::blocksReady, this, &RecordingSession::blocksReady);
    connect(worker, &SessionWorker::blockReady, this, &RecordingSession::blockReady);
    connect(worker, &SessionWorker::preemptionReady, this, &RecordingSession::preemptionReady);
    connect(worker, &SessionWorker::requestReady, this, &RecordingSession::requestReady);
    connect(worker, &SessionWorker::stepReady, this, &RecordingSession::stepReady);
    connect(worker, &SessionWorker::anomaliesReady, this, &RecordingSession::anomaliesReady);
    connect(worker, &SessionWorker::metricsReady, this, &RecordingSession::metricsReady);
    connect(worker, &SessionWorker::prefixesReady, this, &RecordingSession::prefixesReady);
    connect(worker, &SessionWorker::blockLifeReady, this, &RecordingSession::blockLifeReady);
    connect(worker, &SessionWorker::stepsReady, this, &RecordingSession::stepsReady);
    connect(worker, &SessionWorker::latencyReady, this, &RecordingSession::latencyReady);
    connect(worker, &SessionWorker::adviceReady, this, &RecordingSession::adviceReady);
    connect(worker, &SessionWorker::measured, this, &RecordingSession::measured);
    connect(worker, &SessionWorker::traceReady, this, &RecordingSession::traceReady);
    m_thread.start();
}

template<class Value>
void RecordingSession::ask(std::optional<Value> SessionQuestions::*question, Value value)
{
    if (m_worker->inbox().put(question, std::move(value)))
        QMetaObject::invokeMethod(m_worker, &SessionWorker::serve, Qt::QueuedConnection);
}

void RecordingSession::name(quint64 conversation, const QString& title, std::size_t hue)
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, conversation, title, hue] { worker->name(conversation, title, hue); },
        Qt::QueuedConnection);
}

void RecordingSession::label(engine::RequestId request, quint64 conversation, quint64 message)
{
    QMetaObject::invokeMethod(
        m_worker,
        [worker = m_worker, request, conversation, message] {
            worker->label(request, conversation, message);
        },
        Qt::QueuedConnection);
}

void RecordingSession::startRecording(const QString& path)
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, path] { worker->startRecording(path); }, Qt::QueuedConnection);
}

void RecordingSession::stopRecording()
{
    QMetaObject::invokeMethod(m_worker, &SessionWorker::stopRecording, Qt::QueuedConnection);
}

void RecordingSession::exportTo(const QString& path, const TimeRange& range)
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, path, range] { worker->exportTo(path, range); }, Qt::QueuedConnection);
}

void RecordingSession::saveText(const QString& path, const QString& text)
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, path, text] { worker->saveText(path, text); }, Qt::QueuedConnection);
}

void RecordingSession::askTimeline(const TimelineQuery& query)
{
    ask(&SessionQuestions::timeline, query);
}

void RecordingSession::askOverview(quint32 columns)
{
    ask(&SessionQuestions::overview, columns);
}

void RecordingSession::askBlocks(qint64 ns)
{
    ask(&SessionQuestions::blocks, ns);
}

void RecordingSession::askBlock(quint32 block, qint64 ns)
{
    ask(&SessionQuestions::block, std::pair(block, ns));
}

void RecordingSession::askPreemption(const PreemptionQuery& query)
{
    ask(&SessionQuestions::preemption, query);
}

void RecordingSession::askRequest(engine::RequestId request)
{
    ask(&SessionQuestions::request, request);
}

void RecordingSession::askStep(qint64 ns)
{
    ask(&SessionQuestions::step, ns);
}

void RecordingSession::askStepNumber(quint64 step)
{
    ask(&SessionQuestions::stepNumber, step);
}

void RecordingSession::askPrefixes(const AnalysisQuery& query)
{
    ask(&SessionQuestions::prefixes, query);
}

void RecordingSession::askBlockLife(const AnalysisQuery& query)
{
    ask(&SessionQuestions::blockLife, query);
}

void RecordingSession::askSteps(const AnalysisQuery& query)
{
    ask(&SessionQuestions::steps, query);
}

void RecordingSession::askMetrics(const AnalysisQuery& query)
{
    ask(&SessionQuestions::metrics, query);
}

void RecordingSession::askAnomalies()
{
    ask(&SessionQuestions::anomalies, true);
}

void RecordingSession::askLatency(const LatencyQuery& query)
{
    ask(&SessionQuestions::latency, query);
}

void RecordingSession::askAdvice(const TimeRange& range)
{
    ask(&SessionQuestions::advice, range);
}

void RecordingSession::askMeasure(const MeasureQuery& query)
{
    ask(&SessionQuestions::measure, query);
}

void RecordingSession::askTrace()
{
    ask(&SessionQuestions::trace, true);
}

} // namespace vitrine::ui
