// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/tokens/uncertain_row.h"

#include <cmath>

#include <QPainter>

#include "ui/chat/tokens/token_figures.h"
#include "ui/theme/tabular_text.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kHeight = 26;
constexpr int kEdge = 6;

} // namespace

UncertainRow::UncertainRow(const Theme& theme, QWidget* parent) : QAbstractButton(parent), m_theme(theme)
{
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, &QWidget::updateGeometry);
}

void UncertainRow::setToken(int token, const QString& before, const QString& text, const QString& after,
                            float probability)
{
    m_token = token;
    m_before = before;
    m_text = text;
    m_after = after;
    m_probability = probability;
    setAccessibleName(tr("%1, probability %2").arg(text.trimmed(), percentText(double(probability), 0)));
    update();
}

QSize UncertainRow::sizeHint() const
{
    return {0, m_theme.scaled(kHeight)};
}

void UncertainRow::paintEvent(QPaintEvent*)
{
    const Tokens& colours = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (underMouse() || isDown() || hasFocus()) {
        painter.setPen(hasFocus() ? QPen(colours.accent, 2) : QPen(Qt::NoPen));
        painter.setBrush(underMouse() || isDown() ? colours.hover : QColor(Qt::transparent));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), kRadiusChip, kRadiusChip);
    }
    const QFont plain = m_theme.font(TextSize::Small),
                strong = m_theme.font(TextSize::Small, QFont::DemiBold);
    const qreal baseline = (height() + QFontMetricsF(plain).capHeight()) / 2;
    const QString figure = percentText(double(m_probability), m_probability < 0.1F ? 1 : 0);
    const qreal figureLeft = width() - kEdge - tabularWidth(plain, figure);
    painter.setPen(colours.text);
    drawTabular(painter, plain, figureLeft, baseline, figure);
    painter.setClipRect(QRectF(kEdge, 0, figureLeft - kSpace2 - kEdge, height()));
    qreal x = kEdge;
    const auto draw = [&](const QString& text, const QFont& font, const QColor& colour) {
        painter.setFont(font);
        painter.setPen(colour);
        painter.drawText(QPointF(x, baseline), text);
        x += QFontMetricsF(font).horizontalAdvance(text);
    };
    draw(m_before, plain, colours.secondary);
    draw(m_text, strong, colours.text);
    draw(m_after, plain, colours.secondary);
}

} // namespace vitrine::ui
