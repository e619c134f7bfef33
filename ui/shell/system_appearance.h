// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the desktop wants dark windows, now and when it changes its mind: asked from the desktop portal
// (org.freedesktop.appearance), without ever waiting for it. Where there is none, the palette that the
// platform gave at start decides. Create it before the Theme changes the palette. Thread: UI.
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

signals:
    void changed(bool dark);

private slots:
    void onSettingChanged(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void askPortal();
    void take(const QVariant& colourScheme);

    bool m_dark = false;
};

} // namespace vitrine::ui
