// SPDX-License-Identifier: GPL-3.0-or-later
// The engine thread's part in the load lab: one run at a time, between the steps.
#include <algorithm>

#include "engine/base/clock.h"
#include "ui/bridge/engine_worker.h"

namespace vitrine::ui {

namespace {

constexpr std::chrono::milliseconds kTellEvery{250}; // painting takes its time from the engine

} // namespace

void EngineWorker::handle(LabCommand& command)
{
    LabEnd end;
    end.run = command.job.run;
    if (!m_engine->hasModel())
        end.error = EngineWorker::tr("No model is loaded.");
    else if (m_lab != nullptr)
        end.error = EngineWorker::tr("Another run is under way.");
    if (!end.error.isEmpty()) {
        m_labUpdate.ends.append(end);
        return;
    }
    const bool deterministic = m_scheduling ? m_scheduling->deterministic : m_deterministic;
    m_lab = std::make_unique<LabRun>(*m_engine, std::move(command.job), deterministic);
}

void EngineWorker::handle(StopLabCommand&)
{
    if (m_lab != nullptr)
        guarded([this] { m_lab->cancel(); });
}

bool EngineWorker::mayRest() const
{
    return !m_engine->hasWork() && (m_lab == nullptr || !m_lab->isDue());
}

/// For its next request, and to tell how far it is.
EngineWorker::Clock::time_point EngineWorker::labWakes(Clock::time_point otherwise) const
{
    const std::optional<qint64> next = m_lab != nullptr ? m_lab->nextArrivalNs() : std::nullopt;
    if (!next)
        return otherwise;
    const Clock::time_point arrival{std::chrono::nanoseconds(*next)}; // nowNs() is this clock's
    return std::min({otherwise, arrival, Clock::now() + kTellEvery});
}

void EngineWorker::advanceLab()
{
    if (m_lab == nullptr)
        return;
    bool changed = false;
    guarded([&] { changed = m_lab->advance(engine::nowNs()); });
    if (m_lab == nullptr)
        return; // the engine failed, and it was told
    if (changed)
        tellSource();
    if (m_lab->isOver()) {
        LabEnd end;
        guarded([&] { end = m_lab->finish(engine::nowNs()); });
        if (m_lab != nullptr)
            closeLab(end);
        return;
    }
    tellLab();
}

void EngineWorker::tellLab()
{
    if (const QList<engine::RequestId> requests = m_lab->takeSubmitted(); !requests.isEmpty())
        m_labUpdate.submitted.append({m_lab->id(), requests});
    const auto now = Clock::now();
    if (now < m_nextLab)
        return;
    m_nextLab = now + kTellEvery;
    m_labUpdate.progress = m_lab->progress(engine::nowNs());
}

/// Its engine or its model goes: there is nothing to put back.
void EngineWorker::abandonLab(const QString& why)
{
    if (m_lab != nullptr)
        closeLab(m_lab->abandon(why, engine::nowNs()));
}

void EngineWorker::closeLab(const LabEnd& end)
{
    tellLab();
    m_labUpdate.ends.append(end);
    m_lab.reset();
    if (std::exchange(m_chosenInLab, false))
        applyScheduling();
    tellSource();
}

} // namespace vitrine::ui
