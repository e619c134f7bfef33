// SPDX-License-Identifier: GPL-3.0-or-later
// A combo box whose arrow is our chevron in the theme's colour. UI thread; the Theme outlives it.
#pragma once

#include <QComboBox>
#include <QPainter>
#include <QWheelEvent>

#include "ui/theme/theme.h"

namespace vitrine::ui {

class ComboBox : public QComboBox
{
    Q_OBJECT

public:
    explicit ComboBox(const Theme& theme, QWidget* parent = nullptr) : QComboBox(parent), m_theme(theme) {}

protected:
    /// The wheel scrolls what is around it and changes nothing by the way.
    void wheelEvent(QWheelEvent* event) override { event->ignore(); }
    void paintEvent(QPaintEvent* event) override
    {
        QComboBox::paintEvent(event);
        QPainter painter(this);
        const int side = m_theme.scaled(kIconSize);
        const QPixmap chevron =
            iconPixmap(QStringLiteral("down"), m_theme.tokens().secondary, side, devicePixelRatioF());
        painter.drawPixmap(width() - kSpace2 - side, (height() - side) / 2, chevron);
    }

private:
    const Theme& m_theme;
};

} // namespace vitrine::ui
