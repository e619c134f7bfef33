// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/lab_run.h"

#include <QCoreApplication>

#include "ui/bridge/engine_text.h"

namespace vitrine::ui {

LabRun::LabRun(engine::Engine& engine, LabJob job, bool deterministic)
    : m_engine(engine), m_job(std::move(job)), m_settings(engine, deterministic),
      m_run(engine, *m_job.load, m_job.pace, [this](const engine::WorkloadOutcome& outcome) {
          if (m_refusal.isEmpty() && !outcome.error.empty())
              m_refusal = EngineText::translated(outcome.error);
      })
{
    m_run.onSubmitted(
        [this](engine::RequestId request, const engine::WorkloadItem&) { m_submitted.append(request); });
}

/// Less memory would end what others have begun.
bool LabRun::mayBegin() const
{
    return !LabSettingsGuard::takesMemory(m_job.settings) || !m_engine.hasWork();
}

bool LabRun::advance(qint64 nowNs)
{
    bool changed = false;
    if (!m_begun && !isOver() && mayBegin()) {
        changed = true;
        m_begun = true;
        m_run.begin(nowNs);
        if (const engine::Result<void> applied = m_settings.apply(m_job.settings); !applied) {
            m_failure = EngineText::translated(applied.error().message);
            m_run.cancel();
        }
    }
    if (m_begun)
        m_run.submitArrived(nowNs);
    return changed;
}

bool LabRun::take(const engine::EngineEvent& event)
{
    if (m_run.take(event))
        return true;
    m_others = m_others || (m_begun && std::holds_alternative<engine::TokenGenerated>(event));
    return false;
}

void LabRun::take(const engine::StepFigures& step)
{
    if (m_begun)
        m_run.take(step);
}

void LabRun::cancel()
{
    m_run.cancel();
}

std::optional<qint64> LabRun::nextArrivalNs() const
{
    const std::optional<std::int64_t> next = m_begun ? m_run.nextArrivalNs() : std::nullopt;
    return next ? std::optional<qint64>(*next) : std::nullopt;
}

LabProgress LabRun::progress(qint64 nowNs) const
{
    const engine::WorkloadTotals& totals = m_run.totals();
    LabProgress progress;
    progress.run = m_job.run;
    progress.waits = !m_begun;
    progress.finished = m_run.finished();
    progress.total = totals.replies;
    progress.errors = totals.errors;
    progress.tokens = totals.generatedTokens;
    if (m_begun)
        progress.seconds = double(nowNs - totals.startNs) * 1e-9;
    return progress;
}

LabEnd LabRun::finish(qint64 nowNs)
{
    m_settings.restore();
    return end(nowNs);
}

LabEnd LabRun::abandon(const QString& why, qint64 nowNs)
{
    m_failure = why;
    return end(nowNs);
}

LabEnd LabRun::end(qint64 nowNs)
{
    if (m_begun)
        m_run.close(nowNs);
    const engine::WorkloadTotals& totals = m_run.totals();
    LabEnd end;
    end.run = m_job.run;
    end.outcome = !m_failure.isEmpty() ? LabEnd::Outcome::Failed
                  : m_run.cancelled()  ? LabEnd::Outcome::Cancelled
                                       : LabEnd::Outcome::Done;
    end.error = m_failure;
    end.refusal = m_refusal;
    end.figures = engine::figuresOf(totals);
    end.replies = totals.replies;
    end.errors = totals.errors;
    end.tokens = totals.generatedTokens;
    end.seconds = totals.wallSeconds;
    end.peakBlocks = totals.peakBlocks;
    end.blocks = totals.totalBlocks;
    end.startNs = totals.startNs;
    end.endNs = totals.endNs;
    end.disturbed = m_others;
    if (end.outcome == LabEnd::Outcome::Done && totals.replies > 0 && totals.errors == totals.replies) {
        end.outcome = LabEnd::Outcome::Failed;
        end.error = m_refusal;
    }
    return end;
}

} // namespace vitrine::ui
