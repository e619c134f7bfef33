// SPDX-License-Identifier: GPL-3.0-or-later
// What the window remembers from one start to the next. Values out of range fall back to the default.
// Thread: UI.
#pragma once

#include <QByteArray>
#include <QList>
#include <QSettings>
#include <QString>

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

private:
    int choice(const char* key, int last) const;

    QSettings m_settings;
};

} // namespace vitrine::ui
