// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/menu_button.h"

#include <QPainter>

#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kChevron = 14;
constexpr int kEdge = 6;

} // namespace

MenuButton::MenuButton(const Theme& theme, QWidget* parent) : QPushButton(parent), m_theme(theme)
{
    setProperty("kind", "ghost");
    setProperty("small", true);
    setStyleSheet("text-align: left");
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize MenuButton::sizeHint() const
{
    return QPushButton::sizeHint() + QSize(m_theme.scaled(kChevron + 4), 0);
}

void MenuButton::paintEvent(QPaintEvent* event)
{
    QPushButton::paintEvent(event);
    QPainter painter(this);
    const QColor colour = underMouse() ? m_theme.tokens().text : m_theme.tokens().secondary;
    const int side = m_theme.scaled(kChevron);
    const QPointF corner(width() - side - kEdge, (height() - side) / 2.0);
    painter.drawPixmap(corner, iconPixmap("down", colour, side, devicePixelRatioF()));
}

} // namespace vitrine::ui
