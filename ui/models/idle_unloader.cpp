// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/idle_unloader.h"

#include "engine/base/clock.h"

namespace vitrine::ui {
namespace {

constexpr int kCheckEveryMs = 10'000;
constexpr qint64 kMinuteMs = 60'000;

} // namespace

IdleUnloader::IdleUnloader(EngineBridge& bridge, Clock clock, QObject* parent)
    : QObject(parent), m_bridge(bridge), m_clock(std::move(clock))
{
    if (!m_clock)
        m_clock = [] { return engine::nowNs() / 1'000'000; };
    m_lastUse = m_clock();
    m_timer.setInterval(kCheckEveryMs);
    connect(&m_timer, &QTimer::timeout, this, &IdleUnloader::check);
    const auto used = [this] { m_lastUse = m_clock(); };
    connect(&bridge, &EngineBridge::modelReady, this, used);
    connect(&bridge, &EngineBridge::replyStarted, this, used);
    connect(&bridge, &EngineBridge::replyFinished, this, used);
}

void IdleUnloader::setMinutes(int minutes)
{
    m_minutes = minutes;
    m_lastUse = m_clock();
    if (minutes > 0)
        m_timer.start();
    else
        m_timer.stop();
}

void IdleUnloader::setKeepLoaded(bool keep)
{
    m_keep = keep;
}

void IdleUnloader::noteUse()
{
    m_lastUse = m_clock();
    if (m_bridge.asleepModel() && !m_bridge.isLoading())
        emit wakeRequested(QString::fromStdString(m_bridge.asleepModel()->path));
}

bool IdleUnloader::isBusy() const
{
    return m_bridge.isLoading() || m_bridge.hasRunning();
}

void IdleUnloader::check()
{
    if (isBusy())
        m_lastUse = m_clock();
    const bool due = m_minutes > 0 && m_clock() - m_lastUse >= m_minutes * kMinuteMs;
    if (due && !m_keep && m_bridge.model() && !m_bridge.asleepModel())
        m_bridge.putToSleep();
}

} // namespace vitrine::ui
