// SPDX-License-Identifier: GPL-3.0-or-later
// An icon that only decorates: no focus, no name, the theme's secondary colour. UI thread; the Theme outlives
// it.
#pragma once

#include <QPainter>
#include <QWidget>

#include "ui/theme/theme.h"

namespace vitrine::ui {

class IconLabel : public QWidget
{
    Q_OBJECT

public:
    IconLabel(const Theme& theme, const QString& icon, QWidget* parent = nullptr)
        : QWidget(parent), m_theme(theme), m_icon(icon)
    {
        theme.follow(this, [this] {
            setFixedSize(side(), side());
            update();
        });
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter(this).drawPixmap(
            0, 0, iconPixmap(m_icon, m_theme.tokens().secondary, side(), devicePixelRatioF()));
    }

private:
    int side() const { return m_theme.scaled(kIconSize); }

    const Theme& m_theme;
    QString m_icon;
};

} // namespace vitrine::ui
