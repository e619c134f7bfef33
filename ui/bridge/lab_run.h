// SPDX-License-Identifier: GPL-3.0-or-later
// One run of the load lab on the engine thread: settings in force, load submitted on its schedule beside
// whatever else the engine does, settings back. Driven by the EngineWorker.
//
// Invariant: settings are in force from the first request's submission to finish() at most; abandon() leaves
// them, for an engine or a model that is gone.
#pragma once

#include <optional>

#include <QList>

#include "ui/bridge/lab_settings.h"

namespace vitrine::ui {

class LabRun
{
public:
    /// `deterministic`: what is in force.
    LabRun(engine::Engine& engine, LabJob job, bool deterministic);

    quint64 id() const { return m_job.run; }
    /// Between two steps: begins when it may, submits those whose time has come. True: settings have changed.
    bool advance(qint64 nowNs);
    /// True: the event was about a request of the load.
    bool take(const engine::EngineEvent& event);
    void take(const engine::StepFigures& step);
    void cancel();
    /// finish() is next.
    bool isOver() const { return m_run.done(); }
    /// There is something to be done at once, without a step.
    bool isDue() const { return isOver() || (!m_begun && mayBegin()); }
    /// When the next request comes; nullopt: none does, or it waits.
    std::optional<qint64> nextArrivalNs() const;

    LabProgress progress(qint64 nowNs) const;
    /// The engine's numbers of requests since the last call.
    QList<engine::RequestId> takeSubmitted() { return std::exchange(m_submitted, {}); }
    /// Puts the settings back.
    LabEnd finish(qint64 nowNs);
    LabEnd abandon(const QString& why, qint64 nowNs);

private:
    bool mayBegin() const;
    LabEnd end(qint64 nowNs);

    engine::Engine& m_engine;
    LabJob m_job;
    LabSettingsGuard m_settings;
    engine::WorkloadRun m_run;
    bool m_begun = false;
    bool m_others = false; ///< had tokens meanwhile
    QString m_failure, m_refusal;
    QList<engine::RequestId> m_submitted;
};

} // namespace vitrine::ui
