// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/value_slider.h"

#include <algorithm>

#include <QPainter>
#include <QStyleOptionSlider>

#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr qreal kGroove = 4;
constexpr qreal kKnob = 7; // its radius
constexpr int kHeight = 22;

} // namespace

ValueSlider::ValueSlider(const Theme& theme, QWidget* parent)
    : QSlider(Qt::Horizontal, parent), m_theme(theme)
{
    theme.follow(this, [this] {
        setFixedHeight(m_theme.scaled(kHeight));
        update();
    });
}

void ValueSlider::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = m_theme.tokens();
    const qreal radius = m_theme.factor() * kKnob, thick = m_theme.factor() * kGroove;
    QStyleOptionSlider option;
    initStyleOption(&option);
    const QRectF handle = style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, this);
    const QPointF knob(std::clamp(handle.center().x(), radius + 1, width() - radius - 1), height() / 2.0);
    QRectF groove(1, (height() - thick) / 2, width() - 2, thick);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.freeLine);
    painter.drawRoundedRect(groove, thick / 2, thick / 2);
    groove.setRight(knob.x());
    painter.setBrush(tokens.accent);
    painter.drawRoundedRect(groove, thick / 2, thick / 2);
    painter.setPen(QPen(tokens.accent, hasFocus() ? 3 : 1.5));
    painter.setBrush(isSliderDown() ? tokens.select : tokens.raised);
    painter.drawEllipse(knob, radius - 1, radius - 1);
}

} // namespace vitrine::ui
