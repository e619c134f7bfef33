// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/desktop_notes.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QMenu>
#include <QSystemTrayIcon>

#include "ui/shell/session_bus.h"

namespace vitrine::ui {
namespace {

const QString kService = QStringLiteral("org.freedesktop.Notifications");
const QString kPath = QStringLiteral("/org/freedesktop/Notifications");
const QString kAction = QStringLiteral("default"); // a click on the note itself
constexpr qsizetype kLongestText = 400;
constexpr int kDesktopDecides = -1; // how long it stays

} // namespace

DesktopNotes::DesktopNotes(QObject* parent) : QObject(parent)
{
    if (QSystemTrayIcon::isSystemTrayAvailable())
        makeTray();
}

DesktopNotes::~DesktopNotes()
{
    delete m_menu;
}

void DesktopNotes::makeTray()
{
    m_tray = new QSystemTrayIcon(QApplication::windowIcon(), this);
    m_tray->setToolTip(QStringLiteral("Vitrine"));
    m_menu = new QMenu;
    m_tray->setContextMenu(m_menu);
    // Made when it opens, so that it speaks the language in force.
    connect(m_menu, &QMenu::aboutToShow, this, [this] {
        m_menu->clear();
        m_menu->addAction(tr("Show the window"), this, &DesktopNotes::windowRequested);
        m_menu->addAction(tr("Quit"), this, &DesktopNotes::quitRequested);
    });
    connect(m_tray, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger)
            emit windowRequested();
    });
    connect(m_tray, &QSystemTrayIcon::messageClicked, this, [this] { emit noteClicked(m_trayTag); });
    m_tray->show();
}

bool DesktopNotes::connectBus()
{
    if (m_connected || !sessionBusIsThere())
        return m_connected;
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return false;
    bus.connect(kService, kPath, kService, QStringLiteral("ActionInvoked"), this,
                SLOT(onActionInvoked(uint, QString)));
    bus.connect(kService, kPath, kService, QStringLiteral("NotificationClosed"), this,
                SLOT(onNotificationClosed(uint, uint)));
    m_connected = true;
    return true;
}

void DesktopNotes::show(quint64 tag, const QString& title, const QString& text)
{
    if (!connectBus()) {
        showByTray(tag, title, text);
        return;
    }
    // The text may be shown as markup: nothing of it is meant so.
    const QString body = text.left(kLongestText).toHtmlEscaped();
    QDBusMessage call = QDBusMessage::createMethodCall(kService, kPath, kService, QStringLiteral("Notify"));
    call << QStringLiteral("Vitrine") << m_tags.key(tag, 0) << QStringLiteral("vitrine") << title << body
         << QStringList{kAction, tr("Show")} << QVariantMap() << kDesktopDecides;
    auto* watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, tag, title, text] {
        const QDBusPendingReply<uint> id = *watcher;
        if (id.isValid())
            m_tags.insert(id.value(), tag);
        else
            showByTray(tag, title, text);
        watcher->deleteLater();
    });
}

void DesktopNotes::showByTray(quint64 tag, const QString& title, const QString& text)
{
    if (!m_tray)
        return;
    m_trayTag = tag;
    m_tray->showMessage(title, text.left(kLongestText));
}

void DesktopNotes::onActionInvoked(uint id, const QString& action)
{
    if (action == kAction && m_tags.contains(id))
        emit noteClicked(m_tags.value(id));
}

void DesktopNotes::onNotificationClosed(uint id, uint)
{
    m_tags.remove(id);
}

} // namespace vitrine::ui
