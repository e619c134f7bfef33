// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recording/comparison.h"

#include <utility>

namespace vitrine::ui {

RunComparer::RunComparer(QObject* parent) : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
}

RunComparer::~RunComparer()
{
    m_pool.clear();
    m_pool.waitForDone();
}

void RunComparer::cancel()
{
    for (const QMetaObject::Connection& connection : std::as_const(m_connections))
        disconnect(connection);
    m_connections.clear();
    m_a.reset();
    m_b.reset();
    m_asked = 0;
}

void RunComparer::compare(RecordingSession* a, RecordingSession* b)
{
    cancel();
    if (a == nullptr || b == nullptr || a == b)
        return;
    m_asked = ++m_serial;
    ask(a, &RunComparer::m_a);
    ask(b, &RunComparer::m_b);
    a->askTrace();
    b->askTrace();
}

/// A recording that goes away ends it: nobody will show this pair.
void RunComparer::ask(RecordingSession* session, SharedTrace RunComparer::*trace)
{
    m_connections << connect(session, &RecordingSession::traceReady, this,
                             [this, trace](const SharedTrace& steps) {
                                 if (m_asked == 0 || this->*trace)
                                     return;
                                 this->*trace = steps;
                                 compareTaken();
                             });
    m_connections << connect(session, &QObject::destroyed, this, &RunComparer::cancel);
    m_connections << connect(session, &RecordingSession::openFailed, this, &RunComparer::cancel);
}

void RunComparer::compareTaken()
{
    if (!m_a || !m_b)
        return;
    const quint64 serial = m_asked;
    const SharedTrace a = std::exchange(m_a, nullptr), b = std::exchange(m_b, nullptr);
    for (const QMetaObject::Connection& connection : std::as_const(m_connections))
        disconnect(connection);
    m_connections.clear();
    m_pool.start([this, serial, a, b] {
        auto result = std::make_shared<ComparedRuns>();
        result->comparison = engine::compareRuns(a->steps, b->steps);
        result->stepsA = a->steps.size();
        result->stepsB = b->steps.size();
        QMetaObject::invokeMethod(
            this,
            [this, serial, shared = SharedComparison(result)] {
                if (serial != m_asked)
                    return;
                m_asked = 0;
                emit ready(shared);
            },
            Qt::QueuedConnection);
    });
}

} // namespace vitrine::ui
