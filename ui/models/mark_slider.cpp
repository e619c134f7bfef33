// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/mark_slider.h"

#include <algorithm>

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include "ui/theme/theme.h"

namespace vitrine::ui {
namespace {

constexpr qreal kKnob = 8; // its radius
constexpr qreal kGroove = 4;
constexpr int kHeight = 28;

} // namespace

MarkSlider::MarkSlider(const Theme& theme, QWidget* parent) : QSlider(Qt::Horizontal, parent), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setFixedHeight(kHeight);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize MarkSlider::sizeHint() const
{
    return {200, kHeight};
}

void MarkSlider::setMark(int value)
{
    m_mark = value;
    update();
}

qreal MarkSlider::xOf(int value) const
{
    const double span = std::max(1, maximum() - minimum());
    return kKnob + (width() - 2 * kKnob) * (value - minimum()) / span;
}

void MarkSlider::moveTo(qreal x)
{
    const double part = std::clamp((x - kKnob) / std::max(1.0, width() - 2 * kKnob), 0.0, 1.0);
    setValue(qRound(minimum() + part * (maximum() - minimum())));
}

void MarkSlider::wheelEvent(QWheelEvent* event)
{
    event->ignore();
}

void MarkSlider::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    setSliderDown(true);
    moveTo(event->position().x());
}

void MarkSlider::mouseMoveEvent(QMouseEvent* event)
{
    if (isSliderDown())
        moveTo(event->position().x());
}

void MarkSlider::mouseReleaseEvent(QMouseEvent*)
{
    setSliderDown(false);
}

void MarkSlider::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal middle = height() / 2.0, knob = xOf(value());
    const QRectF groove(0, middle - kGroove / 2, width(), kGroove);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.borderStrong);
    painter.drawRoundedRect(groove, kGroove / 2, kGroove / 2);
    painter.setBrush(isEnabled() ? tokens.accent : tokens.queued);
    painter.drawRoundedRect(QRectF(groove.topLeft(), QSizeF(knob, kGroove)), kGroove / 2, kGroove / 2);
    if (m_mark >= minimum() && m_mark <= maximum())
        painter.fillRect(QRectF(xOf(m_mark) - 0.75, middle - 7, 1.5, 14), tokens.ok);
    painter.setPen(QPen(isEnabled() ? tokens.accent : tokens.queued, hasFocus() ? 3 : 2));
    painter.setBrush(tokens.raised);
    painter.drawEllipse(QPointF(knob, middle), kKnob - 1, kKnob - 1);
}

} // namespace vitrine::ui
