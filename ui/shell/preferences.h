// SPDX-License-Identifier: GPL-3.0-or-later
// What the window remembers from one start to the next. Values out of range fall back to the default.
// Thread: UI.
#pragma once

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QSettings>
#include <QString>
#include <QStringList>

#include "ui/bridge/snapshots.h"
#include "ui/shell/language.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

class Preferences
{
public:
    /// The user's settings file.
    Preferences();
    /// Another file, for tests.
    explicit Preferences(const QString& path);

    ThemeChoice theme() const;
    void setTheme(ThemeChoice choice);
    LanguageChoice language() const;
    void setLanguage(LanguageChoice choice);
    SchedulingChoice scheduling() const;
    void setScheduling(const SchedulingChoice& choice);

    /// Minutes without use after which a model is unloaded; 0: never.
    int idleMinutes() const;
    void setIdleMinutes(int minutes);
    /// For parts of the window with many values of their own.
    QSettings& store() { return m_settings; }

    /// Of models for which none was chosen.
    engine::KvFormat kvFormat() const;
    void setKvFormat(engine::KvFormat format);

    /// The number of the GPU to compute on; kNoGpu: the processor.
    qint32 gpu() const;
    void setGpu(qint32 gpu);
    /// That share a model on the processor.
    quint32 processes() const; ///< 0: as many as are fastest
    void setProcesses(quint32 processes);

    QString lastModel() const;
    void setLastModel(const QString& path);
    QByteArray geometry() const;
    void setGeometry(const QByteArray& geometry);
    bool sidebarShown() const;
    void setSidebarShown(bool shown);
    bool liveShown() const;
    void setLiveShown(bool shown);
    /// The conversations of the panes, left to right.
    QList<quint64> lastConversations() const;
    void setLastConversations(const QList<quint64>& ids);

    int zoomPercent() const;
    void setZoomPercent(int percent);
    /// A note on the desktop when a long reply ends out of sight.
    bool notifiesOfLongReplies() const;
    void setNotifiesOfLongReplies(bool notifies);

    /// Keys that a person gave to commands, by the command's id, as portable text; what is not here has its
    /// default. An empty list: no keys.
    QMap<QString, QStringList> shortcuts() const;
    void setShortcuts(const QMap<QString, QStringList>& shortcuts);

private:
    int choice(const char* key, int last) const;

    QSettings m_settings;
};

} // namespace vitrine::ui
