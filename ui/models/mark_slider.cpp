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
    theme.follow(this, [this] {
        setFixedHeight(m_theme.scaled(kHeight));
        update();
    });
}

QSize MarkSlider::sizeHint() const
{
    return {200, m_theme.scaled(kHeight)};
}

void MarkSlider::setMark(int value)
{
    m_mark = value;
    update();
}

qreal MarkSlider::knobRadius() const
{
    return kKnob * m_theme.factor();
}

qreal MarkSlider::xOf(int value) const
{
    const double span = std::max(1, maximum() - minimum());
    return knobRadius() + (width() - 2 * knobRadius()) * (value - minimum()) / span;
}

void MarkSlider::moveTo(qreal x)
{
    const double part = std::clamp((x - knobRadius()) / std::max(1.0, width() - 2 * knobRadius()), 0.0, 1.0);
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
    const qreal thick = kGroove * m_theme.factor();
    const QRectF groove(0, middle - thick / 2, width(), thick);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.borderStrong);
    painter.drawRoundedRect(groove, thick / 2, thick / 2);
    painter.setBrush(isEnabled() ? tokens.accent : tokens.queued);
    painter.drawRoundedRect(QRectF(groove.topLeft(), QSizeF(knob, thick)), thick / 2, thick / 2);
    if (m_mark >= minimum() && m_mark <= maximum())
        painter.fillRect(QRectF(xOf(m_mark) - 0.75, middle - knobRadius() + 1, 1.5, 2 * knobRadius() - 2),
                         tokens.ok);
    painter.setPen(QPen(isEnabled() ? tokens.accent : tokens.queued, hasFocus() ? 3 : 2));
    painter.setBrush(tokens.raised);
    painter.drawEllipse(QPointF(knob, middle), knobRadius() - 1, knobRadius() - 1);
}

} // namespace vitrine::ui
