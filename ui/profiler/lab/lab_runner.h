// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the same load with several settings, each as often as wanted, one run after the other: round by round,
// so that what changes on the machine meanwhile hits all settings alike. Another model ends it.
// Thread: UI; nothing waits. The bridge outlives it; whoever destroys it ends the run under way, and the
// settings from before are in force again.
#pragma once

#include <vector>

#include <QElapsedTimer>
#include <QObject>

#include "ui/bridge/engine_bridge.h"

namespace vitrine::ui {

/// What a run may find of what was computed before it.
enum class LabCache : quint8 {
    Fresh, ///< nothing
    Kept,  ///< what runs before it computed
    Chats  ///< what anybody computed
};

struct LabPlan
{
    std::shared_ptr<const engine::Workload> load;
    QList<LabSettings> rows; ///< one at least; the first one is what others are compared with
    int repeats = 1;
    engine::WorkloadPace pace; ///< its salt is chosen here
    LabCache cache = LabCache::Fresh;
};

class LabRunner : public QObject
{
    Q_OBJECT

public:
    /// What came of one row of the plan.
    struct Row
    {
        std::vector<LabEnd> runs; ///< that ended by themselves
        QString error;            ///< why there are no more; one sentence
    };

    static constexpr int kMostRepeats = 20; ///< that are offered

    explicit LabRunner(EngineBridge& bridge, QObject* parent = nullptr);
    ~LabRunner() override;

    /// Forgets what came of the plan before. REQUIRES: not isRunning().
    void start(const LabPlan& plan);
    void stop();
    bool isRunning() const { return m_run != 0; }

    const LabPlan& plan() const { return m_plan; }
    const std::vector<Row>& rows() const { return m_rows; }
    /// Of the run under way.
    int row() const { return m_order.isEmpty() ? 0 : m_order[m_at]; }
    int repeat() const; ///< 0, 1, 2 …
    quint64 run() const { return m_run; }
    const LabProgress& progress() const { return m_progress; }
    double fraction() const;                             ///< 0 … 1 of the whole plan
    double secondsPassed() const;                        ///< of the whole plan
    double secondsLeft() const;                          ///< likewise; < 0: it cannot be told yet
    const QString& failure() const { return m_failure; } ///< why the plan ended early; empty: it did not
    bool wasStopped() const { return m_stopped; }

signals:
    /// The run under way has got further.
    void progressed();
    /// A run has begun or the plan is over.
    void turned();

private:
    void next();
    void take(const LabEnd& end);
    void endEarly(const QString& why);
    void finish();

    EngineBridge& m_bridge;
    LabPlan m_plan;
    std::vector<Row> m_rows;
    QList<int> m_order; ///< rows, in the order in which they run
    int m_at = 0;
    quint64 m_run = 0;
    quint64 m_salt = 0;
    LabProgress m_progress;
    QElapsedTimer m_clock;
    double m_took = 0; ///< seconds, when it is over
    QString m_failure;
    bool m_stopped = false;
};

} // namespace vitrine::ui
