// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/lab/lab_runner.h"

#include <algorithm>

#include <QRandomGenerator>

namespace vitrine::ui {

namespace {

constexpr double kTelling = 0.02; // of the plan: less says nothing of how long the rest takes

quint64 newSalt()
{
    return std::max<quint64>(1, QRandomGenerator::global()->generate64()); // 0 is the chats'
}

} // namespace

LabRunner::LabRunner(EngineBridge& bridge, QObject* parent) : QObject(parent), m_bridge(bridge)
{
    connect(&bridge, &EngineBridge::labEnded, this, &LabRunner::take);
    connect(&bridge, &EngineBridge::labProgress, this, [this](const LabProgress& progress) {
        if (progress.run != m_run)
            return;
        m_progress = progress;
        emit progressed();
    });
    connect(&bridge, &EngineBridge::modelReady, this, [this] { endEarly(tr("Another model was opened.")); });
    connect(&bridge, &EngineBridge::modelGone, this, [this] { endEarly(tr("The model was closed.")); });
}

LabRunner::~LabRunner()
{
    if (isRunning())
        m_bridge.stopLab();
}

void LabRunner::start(const LabPlan& plan)
{
    m_plan = plan;
    m_rows.assign(std::size_t(plan.rows.size()), {});
    m_order.clear();
    for (int round = 0; round < plan.repeats; ++round)
        for (int i = 0; i < plan.rows.size(); ++i) // back and forth: a drift favours nobody
            m_order.append(round % 2 == 0 ? i : int(plan.rows.size()) - 1 - i);
    m_at = 0;
    m_salt = newSalt();
    m_failure.clear();
    m_stopped = false;
    m_clock.start();
    next();
}

void LabRunner::stop()
{
    if (!isRunning())
        return;
    m_stopped = true;
    m_bridge.stopLab();
}

/// What failed once for a row does so again.
void LabRunner::next()
{
    while (m_at < m_order.size() && !m_rows[std::size_t(row())].error.isEmpty())
        ++m_at;
    if (m_at >= m_order.size() || m_stopped || !m_failure.isEmpty()) {
        finish();
        return;
    }
    LabJob job;
    job.load = m_plan.load;
    job.settings = m_plan.rows[row()];
    job.pace = m_plan.pace;
    if (m_plan.cache != LabCache::Chats)
        job.pace.cacheSalt = m_plan.cache == LabCache::Kept ? m_salt : newSalt();
    m_progress = {};
    m_run = m_bridge.runLab(std::move(job));
    emit turned();
}

void LabRunner::take(const LabEnd& end)
{
    if (end.run != m_run)
        return;
    Row& row = m_rows[std::size_t(this->row())];
    if (end.outcome == LabEnd::Outcome::Done)
        row.runs.push_back(end);
    else if (end.outcome == LabEnd::Outcome::Failed)
        row.error = end.error;
    ++m_at;
    m_run = 0;
    next();
}

void LabRunner::endEarly(const QString& why)
{
    if (!isRunning())
        return;
    m_failure = why;
    m_bridge.stopLab();
}

void LabRunner::finish()
{
    m_at = 0;
    m_order.clear();
    m_took = double(m_clock.elapsed()) * 1e-3;
    emit turned();
}

int LabRunner::repeat() const
{
    return m_plan.rows.isEmpty() ? 0 : m_at / int(m_plan.rows.size());
}

double LabRunner::fraction() const
{
    if (m_order.isEmpty())
        return 1;
    const double here = m_progress.total > 0 ? double(m_progress.finished) / double(m_progress.total) : 0;
    return (m_at + here) / double(m_order.size());
}

double LabRunner::secondsPassed() const
{
    return isRunning() ? double(m_clock.elapsed()) * 1e-3 : m_took;
}

double LabRunner::secondsLeft() const
{
    const double done = fraction();
    return done >= kTelling ? secondsPassed() * (1 - done) / done : -1;
}

} // namespace vitrine::ui
