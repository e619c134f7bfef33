// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/latency/change_line.h"

#include <algorithm>
#include <cmath>

#include <QPainter>
#include <QPainterPath>

namespace vitrine::ui {

ChangeLine::ChangeLine(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    theme.follow(this, [this] {
        updateGeometry();
        update();
    });
}

QSize ChangeLine::sizeHint() const
{
    return {240, m_theme.scaled(kHeight)};
}

void ChangeLine::setValues(const QList<double>& before, const QList<double>& after)
{
    m_before = before;
    m_after = after;
    update();
}

void ChangeLine::paintEvent(QPaintEvent*)
{
    const Tokens& t = m_theme.tokens();
    QPainter painter(this);
    const qsizetype count = m_before.size() + m_after.size();
    if (count == 0)
        return;
    const double split = std::round(width() * double(m_before.size()) / double(count));
    double most = 1e-9;
    for (const QList<double>* values : {&m_before, &m_after})
        for (const double value : *values)
            most = std::max(most, value);
    painter.fillRect(QRectF(0, 0, split, height()), t.panel);
    painter.fillRect(QRectF(split, 0, 1, height()), t.accent);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto draw = [&](const QList<double>& values, double left, double wide, const QColor& colour) {
        QPainterPath path;
        for (qsizetype i = 0; i < values.size(); ++i) {
            const QPointF point(left + wide * (double(i) + 0.5) / double(values.size()),
                                height() - 2 - std::clamp(values[i] / most, 0.0, 1.0) * (height() - 4));
            if (i == 0)
                path.moveTo(point);
            else
                path.lineTo(point);
        }
        painter.strokePath(path, QPen(colour, 1.25));
    };
    draw(m_before, 0, split, t.secondary);
    draw(m_after, split, width() - split, t.accent);
}

} // namespace vitrine::ui
