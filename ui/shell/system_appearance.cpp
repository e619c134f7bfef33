// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/system_appearance.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QGuiApplication>
#include <QPalette>

#include "ui/shell/session_bus.h"

namespace vitrine::ui {
namespace {

const QString kService = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kInterface = QStringLiteral("org.freedesktop.portal.Settings");
const QString kGroup = QStringLiteral("org.freedesktop.appearance");
const QString kColours = QStringLiteral("color-scheme");
const QString kMotion = QStringLiteral("reduced-motion");
const QString kGnome = QStringLiteral("org.gnome.desktop.interface");
const QString kAnimations = QStringLiteral("enable-animations");

} // namespace

SystemAppearance::SystemAppearance(QObject* parent) : QObject(parent)
{
    const QPalette palette = QGuiApplication::palette();
    m_dark = palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
    if (sessionBusIsThere())
        askPortal();
}

void SystemAppearance::askPortal()
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(kService, kPath, kInterface, QStringLiteral("SettingChanged"), this,
                SLOT(onSettingChanged(QString, QString, QDBusVariant)));
    ask(kGroup, kColours);
    ask(kGroup, kMotion);
    ask(kGnome, kAnimations);
}

void SystemAppearance::ask(const QString& group, const QString& key)
{
    QDBusMessage call = QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("Read"));
    call << group << key;
    auto* watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, group, key] {
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        if (reply.isValid())
            take(group, key, reply.value().variant());
        watcher->deleteLater();
    });
}

void SystemAppearance::onSettingChanged(const QString& group, const QString& key, const QDBusVariant& value)
{
    take(group, key, value.variant());
}

void SystemAppearance::take(const QString& group, const QString& key, QVariant value)
{
    while (value.canConvert<QDBusVariant>()) // Read() wraps its answer twice
        value = value.value<QDBusVariant>().variant();
    const bool before = reducesMotion();
    if (group == kGroup && key == kColours)
        takeColours(value.toUInt());
    else if (group == kGroup && key == kMotion)
        m_reducedMotion = value.toUInt() == 1;
    else if (group == kGnome && key == kAnimations)
        m_animationsOff = !value.toBool();
    if (reducesMotion() != before)
        emit motionChanged(reducesMotion());
}

/// 0: no preference, 1: dark, 2: light.
void SystemAppearance::takeColours(uint scheme)
{
    const bool dark = scheme == 1;
    if (dark == m_dark || scheme > 2)
        return;
    m_dark = dark;
    emit changed(dark);
}

} // namespace vitrine::ui
