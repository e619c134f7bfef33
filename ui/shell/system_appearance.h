// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the desktop wants dark windows and little motion, now and when it changes its mind: asked from the
// desktop portal (org.freedesktop.appearance; GNOME's own switch for animations too), without ever waiting
// for it. Where there is none, the palette that the platform gave at start decides about the first. Create it
// before the Theme changes the palette. Thread: UI.
#pragma once

#include <QDBusVariant>
#include <QObject>

namespace vitrine::ui {

class SystemAppearance : public QObject
{
    Q_OBJECT

public:
    explicit SystemAppearance(QObject* parent = nullptr);
    bool isDark() const { return m_dark; }
    bool reducesMotion() const { return m_reducedMotion || m_animationsOff; }

signals:
    void changed(bool dark);
    void motionChanged(bool reduced);

private slots:
    void onSettingChanged(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void askPortal();
    void ask(const QString& group, const QString& key);
    void take(const QString& group, const QString& key, QVariant value);
    void takeColours(uint scheme);

    bool m_dark = false;
    bool m_reducedMotion = false;
    bool m_animationsOff = false;
};

} // namespace vitrine::ui
