// SPDX-License-Identifier: GPL-3.0-or-later
// Gives a model's memory back when nobody has used it for a while, and asks for it again at the first sign of
// use. Replies, loads and notes of use start the time anew. Thread: UI.
#pragma once

#include <functional>

#include <QObject>
#include <QTimer>

#include "ui/bridge/engine_bridge.h"

namespace vitrine::ui {

class IdleUnloader : public QObject
{
    Q_OBJECT

public:
    using Clock = std::function<qint64()>; ///< milliseconds, from any start

    /// The bridge outlives it. Without a clock: the machine's steady one.
    explicit IdleUnloader(EngineBridge& bridge, Clock clock = {}, QObject* parent = nullptr);

    void setMinutes(int minutes); ///< 0: never
    void setKeepLoaded(bool keep);

    /// Somebody turns to the model: wakes it where it sleeps.
    void noteUse();
    /// Unloads when it is time. Called by its timer; by itself in tests.
    void check();

signals:
    void wakeRequested(const QString& path);

private:
    bool isBusy() const;

    EngineBridge& m_bridge;
    Clock m_clock;
    QTimer m_timer;
    qint64 m_lastUse = 0;
    int m_minutes = 0;
    bool m_keep = false;
};

} // namespace vitrine::ui
