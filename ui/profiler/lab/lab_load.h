// SPDX-License-Identifier: GPL-3.0-or-later
// The load that a person chose, made beside the window: invented, or read from a recording. Of several wishes
// the newest is answered. Thread: UI.
#pragma once

#include <functional>
#include <memory>

#include <QObject>
#include <QThreadPool>

#include "engine/workload/recorded_workload.h"
#include "engine/workload/workload_maker.h"
#include "engine/workload/workload_run.h"
#include "ui/recording/latency.h"

namespace vitrine::ui {

class RecordingSession;

/// What there is to run, with what is to be said of it.
struct LabLoad
{
    std::shared_ptr<const engine::Workload> items;
    double seconds = 0;                        ///< from the first arrival to the last
    quint64 promptTokens = 0, replyTokens = 0; ///< promptTokens 0: not known before a model has read them
    engine::RecordedWorkload left;             ///< its items are elsewhere: what a recording did not hold
    QString model;                             ///< of a recording: that it was made with
};

class LabLoadMaker : public QObject
{
    Q_OBJECT

public:
    explicit LabLoadMaker(QObject* parent = nullptr);
    ~LabLoadMaker() override;

    /// One ready() follows, unless something else is asked for before.
    void invent(const engine::WorkloadKind& kind, const engine::WorkloadShape& shape, quint64 seed);
    /// The same, or failed().
    void read(RecordingSession& session);
    /// Nobody waits any more.
    void cancel();
    bool isBusy() const { return m_asked != 0; }

signals:
    void ready(const vitrine::ui::LabLoad& load);
    void failed(const QString& why);

private:
    void start(std::function<LabLoad()> make);
    void take(const SharedTrace& trace, const QString& model);

    QThreadPool m_pool;
    QList<QMetaObject::Connection> m_connections;
    quint64 m_serial = 0;
    quint64 m_asked = 0; ///< 0: nothing
};

} // namespace vitrine::ui
