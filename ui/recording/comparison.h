// SPDX-License-Identifier: GPL-3.0-or-later
// Two recordings beside each other, as the A/B panel shows them: asks both for their newest steps and
// compares beside the window. Thread: the window's; the sessions may go at any time.
#pragma once

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
    quint64 stepsA = 0, stepsB = 0;
};
using SharedComparison = std::shared_ptr<const ComparedRuns>;

class RunComparer : public QObject
{
    Q_OBJECT

public:
    explicit RunComparer(QObject* parent = nullptr);
    ~RunComparer() override;

    /// ready() follows, unless another pair is asked for meanwhile, one of them goes or both are one.
    void compare(RecordingSession* a, RecordingSession* b);
    void cancel();
    bool isBusy() const { return m_asked != 0; }

signals:
    void ready(const vitrine::ui::SharedComparison& comparison);

private:
    void ask(RecordingSession* session, SharedTrace RunComparer::*trace);
    void compareTaken();

    quint64 m_serial = 0, m_asked = 0; // 0: nothing
    SharedTrace m_a, m_b;
    QList<QMetaObject::Connection> m_connections;
    QThreadPool m_pool;
};

} // namespace vitrine::ui

Q_DECLARE_METATYPE(vitrine::ui::SharedComparison)
