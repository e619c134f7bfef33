// SPDX-License-Identifier: GPL-3.0-or-later
// Two recordings beside each other: what the A/B panel shows of them, and the report of it. Asks both for
// their newest steps and works beside the window. Thread: the window's; the sessions may go at any time.
#pragma once

#include <functional>
#include <memory>

#include <QObject>
#include <QPointer>
#include <QThreadPool>

#include "engine/analysis/compare.h"
#include "ui/recording/latency.h"
#include "ui/recording/recording_session.h"

namespace vitrine::ui {

struct ComparedRuns
{
    engine::Comparison comparison;
    quint64 stepsA = 0, stepsB = 0; ///< looked at: the newest ones
    quint64 allA = 0, allB = 0;     ///< that there were when it was asked for
};
using SharedComparison = std::shared_ptr<const ComparedRuns>;

/// The newest steps of both, as soon as both have answered. Of several questions the last one is answered.
class TracePair : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Nothing comes when one of them goes, cannot be read, or both are one.
    void ask(RecordingSession* a, RecordingSession* b);
    void cancel();
    bool isBusy() const { return m_busy; }

signals:
    void ready(const vitrine::ui::SharedTrace& a, const vitrine::ui::SharedTrace& b);

private:
    void listen(RecordingSession* session, SharedTrace TracePair::*trace);

    SharedTrace m_a, m_b;
    bool m_busy = false;
    QList<QMetaObject::Connection> m_connections;
};

class RunComparer : public QObject
{
    Q_OBJECT

public:
    explicit RunComparer(QObject* parent = nullptr);
    ~RunComparer() override;

    /// ready() follows, unless another pair is asked for meanwhile, one of them goes or both are one.
    void compare(RecordingSession* a, RecordingSession* b);
    void cancel();
    bool isBusy() const { return m_traces.isBusy() || m_working != 0; }

signals:
    void ready(const vitrine::ui::SharedComparison& comparison);

private:
    void work(const SharedTrace& a, const SharedTrace& b);

    quint64 m_serial = 0, m_working = 0; // 0: nothing
    quint64 m_allA = 0, m_allB = 0;
    TracePair m_traces;
    QThreadPool m_pool;
};

/// Writes the report of B with a part that compares it with A.
class ComparisonReport : public QObject
{
    Q_OBJECT

public:
    explicit ComparisonReport(QObject* parent = nullptr);
    ~ComparisonReport() override;

    /// `path` ends in .html or .pdf; saved() follows, with the reason where it did not work out.
    void save(RecordingSession* a, RecordingSession* b, const QString& nameA, const QString& nameB,
              const QString& path);
    bool isBusy() const { return m_traces.isBusy() || m_writing; }

signals:
    void saved(const QString& path, const QString& error);

private:
    void write(const SharedTrace& a, const SharedTrace& b);

    QString m_nameA, m_nameB, m_path;
    bool m_writing = false;
    TracePair m_traces;
    QThreadPool m_pool;
};

} // namespace vitrine::ui

Q_DECLARE_METATYPE(vitrine::ui::SharedComparison)
