// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/drop_zone.h"

#include <QPainter>

#include "ui/theme/theme.h"

namespace vitrine::ui {
namespace {

constexpr int kHeight = 64;

} // namespace

DropZone::DropZone(const Theme& theme, QWidget* parent) : QAbstractButton(parent), m_theme(theme)
{
    setFixedHeight(kHeight);
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize DropZone::sizeHint() const
{
    return {200, kHeight};
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
    const int room = width() - 2 * kSpace3 - kIconSize - kSpace2;
    const QString shown = QFontMetrics(font).elidedText(text(), Qt::ElideRight, room);
    const int wide = kIconSize + kSpace2 + QFontMetrics(font).horizontalAdvance(shown);
    const int left = (width() - wide) / 2;
    painter.drawPixmap(left, (height() - kIconSize) / 2,
                       iconPixmap(QStringLiteral("drop"), tokens.secondary, kIconSize, devicePixelRatioF()));
    painter.setFont(font);
    painter.setPen(tokens.secondary);
    painter.drawText(QRect(left + kIconSize + kSpace2, 0, room, height()), Qt::AlignVCenter, shown);
}

} // namespace vitrine::ui
