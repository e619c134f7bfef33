// SPDX-License-Identifier: GPL-3.0-or-later
// Notes on the desktop (org.freedesktop.Notifications) and an icon in the tray, where the desktop has them;
// elsewhere quietly nothing. It never waits for the bus. Thread: UI.
#pragma once

#include <QHash>
#include <QObject>

class QMenu;
class QSystemTrayIcon;

namespace vitrine::ui {

class DesktopNotes : public QObject
{
    Q_OBJECT

public:
    explicit DesktopNotes(QObject* parent = nullptr);
    ~DesktopNotes() override;

    /// `tag` comes back when the note is clicked. A later note with the same tag takes its place.
    void show(quint64 tag, const QString& title, const QString& text);
    bool hasTray() const { return m_tray != nullptr; }

signals:
    void noteClicked(quint64 tag);
    void windowRequested(); ///< the tray icon was clicked
    void quitRequested();

private slots:
    void onActionInvoked(uint id, const QString& action);
    void onNotificationClosed(uint id, uint reason);

private:
    void makeTray();
    bool connectBus();
    void showByTray(quint64 tag, const QString& title, const QString& text);

    QHash<uint, quint64> m_tags; // of notes that are on the desktop
    QSystemTrayIcon* m_tray = nullptr;
    QMenu* m_menu = nullptr;
    quint64 m_trayTag = 0;
    bool m_connected = false;
};

} // namespace vitrine::ui
