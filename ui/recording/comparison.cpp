// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recording/comparison.h"

#include <algorithm>
#include <utility>

#include "engine/trace/trace_export.h"

namespace vitrine::ui {

void TracePair::cancel()
{
    for (const QMetaObject::Connection& connection : std::as_const(m_connections))
        disconnect(connection);
    m_connections.clear();
    m_a.reset();
    m_b.reset();
    m_busy = false;
}

void TracePair::ask(RecordingSession* a, RecordingSession* b)
{
    cancel();
    if (a == nullptr || b == nullptr || a == b)
        return;
    m_busy = true;
    listen(a, &TracePair::m_a);
    listen(b, &TracePair::m_b);
    a->askTrace();
    b->askTrace();
}

/// A recording that goes away ends it: nobody will show this pair.
void TracePair::listen(RecordingSession* session, SharedTrace TracePair::*trace)
{
    m_connections << connect(session, &RecordingSession::traceReady, this,
                             [this, trace](const SharedTrace& steps) {
                                 if (!m_busy || this->*trace)
                                     return;
                                 this->*trace = steps;
                                 if (!m_a || !m_b)
                                     return;
                                 const SharedTrace a = m_a, b = m_b;
                                 cancel();
                                 emit ready(a, b);
                             });
    m_connections << connect(session, &QObject::destroyed, this, &TracePair::cancel);
    m_connections << connect(session, &RecordingSession::openFailed, this, &TracePair::cancel);
}

RunComparer::RunComparer(QObject* parent) : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
    connect(&m_traces, &TracePair::ready, this, &RunComparer::work);
}

RunComparer::~RunComparer()
{
    m_pool.clear();
    m_pool.waitForDone();
}

void RunComparer::cancel()
{
    m_traces.cancel();
    m_working = 0;
}

void RunComparer::compare(RecordingSession* a, RecordingSession* b)
{
    cancel();
    m_allA = a != nullptr ? a->summary().steps : 0;
    m_allB = b != nullptr ? b->summary().steps : 0;
    m_traces.ask(a, b);
}

void RunComparer::work(const SharedTrace& a, const SharedTrace& b)
{
    const quint64 serial = m_working = ++m_serial;
    m_pool.start([this, serial, a, b, allA = m_allA, allB = m_allB] {
        auto result = std::make_shared<ComparedRuns>();
        result->comparison = engine::compareRuns(a->steps, b->steps);
        result->stepsA = a->steps.size();
        result->stepsB = b->steps.size();
        result->allA = std::max<quint64>(allA, result->stepsA);
        result->allB = std::max<quint64>(allB, result->stepsB);
        QMetaObject::invokeMethod(
            this,
            [this, serial, shared = SharedComparison(result)] {
                if (serial != m_working)
                    return;
                m_working = 0;
                emit ready(shared);
            },
            Qt::QueuedConnection);
    });
}

ComparisonReport::ComparisonReport(QObject* parent) : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
    connect(&m_traces, &TracePair::ready, this, &ComparisonReport::write);
}

ComparisonReport::~ComparisonReport()
{
    m_pool.clear();
    m_pool.waitForDone();
}

void ComparisonReport::save(RecordingSession* a, RecordingSession* b, const QString& nameA,
                            const QString& nameB, const QString& path)
{
    m_nameA = nameA;
    m_nameB = nameB;
    m_path = path;
    m_traces.ask(a, b);
}

void ComparisonReport::write(const SharedTrace& a, const SharedTrace& b)
{
    m_writing = true;
    m_pool.start([this, a, b, path = m_path, nameA = m_nameA.toStdString(), nameB = m_nameB.toStdString()] {
        const engine::ReportBaseline baseline{a.get(), nameA, nameB};
        const engine::Result<void> written =
            engine::exportTrace(engine::Timeline(*b), path.toStdString(), {}, baseline);
        const QString error = written ? QString() : QString::fromStdString(written.error().message);
        QMetaObject::invokeMethod(
            this,
            [this, path, error] {
                m_writing = false;
                emit saved(path, error);
            },
            Qt::QueuedConnection);
    });
}

} // namespace vitrine::ui
