// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/drop_zone.h"

#include <algorithm>

#include <QPainter>

#include "ui/theme/theme.h"

namespace vitrine::ui {
namespace {

constexpr int kHeight = 64;

} // namespace

DropZone::DropZone(const Theme& theme, QWidget* parent) : QAbstractButton(parent), m_theme(theme)
{
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    theme.follow(this, [this] {
        setFixedHeight(m_theme.scaled(kHeight));
        update();
    });
}

QSize DropZone::sizeHint() const
{
    return {200, m_theme.scaled(kHeight)};
}

void DropZone::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool focused = hasFocus();
    QPen pen(focused || underMouse() ? tokens.accent : tokens.borderStrong, focused ? 2 : 1);
    pen.setDashPattern({4, 3});
    painter.setPen(pen);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), kRadius, kRadius);
    const QFont font = m_theme.font(TextSize::Body);
    const int side = m_theme.scaled(kIconSize);
    const int room = width() - 2 * kSpace3 - side - kSpace2;
    const int wide = side + kSpace2 + std::min(room, QFontMetrics(font).horizontalAdvance(text()));
    const int left = (width() - wide) / 2;
    painter.drawPixmap(left, (height() - side) / 2,
                       iconPixmap(QStringLiteral("drop"), tokens.secondary, side, devicePixelRatioF()));
    painter.setFont(font);
    painter.setPen(tokens.secondary);
    painter.drawText(QRect(left + side + kSpace2, 0, room, height()), Qt::AlignVCenter | Qt::TextWordWrap,
                     text());
}

} // namespace vitrine::ui
