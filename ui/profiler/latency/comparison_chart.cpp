// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/latency/comparison_chart.h"

#include <algorithm>
#include <cmath>

#include <QPainter>
#include <QPainterPath>

namespace vitrine::ui {
namespace {

constexpr float kFill = 0.14F;
constexpr double kLine = 1.5;

} // namespace

ComparisonChart::ComparisonChart(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    theme.follow(this, [this] {
        updateGeometry();
        update();
    });
}

void ComparisonChart::setLines(const ComparedLines& lines)
{
    m_lines = lines;
    setAccessibleName(tr("%1: %2 → %3 %4").arg(lines.title, lines.before, lines.after, lines.unit));
    update();
}

QSize ComparisonChart::sizeHint() const
{
    return {210, m_theme.scaled(212)};
}

QSize ComparisonChart::minimumSizeHint() const
{
    return {120, m_theme.scaled(150)};
}

QRectF ComparisonChart::plotRect() const
{
    const double left = m_theme.scaled(kGutter), top = m_theme.scaled(kHead);
    return {left, top, std::max(1.0, width() - left - kSpace2),
            std::max(1.0, height() - top - m_theme.scaled(kAxis))};
}

void ComparisonChart::paintHead(QPainter& painter) const
{
    const Tokens& t = m_theme.tokens();
    const double line = m_theme.scaled(kHead - kSpace1) / 2.0;
    painter.setFont(m_theme.font(TextSize::Body, QFont::Medium));
    painter.setPen(t.text);
    painter.drawText(QRectF(0, 0, width(), line), Qt::AlignLeft | Qt::AlignVCenter, m_lines.title);
    double x = 0;
    const auto say = [&](const QString& text, const QColor& colour, QFont::Weight weight) {
        painter.setFont(m_theme.font(TextSize::Small, weight));
        painter.setPen(colour);
        painter.drawText(QRectF(x, line, width() - x, line), Qt::AlignLeft | Qt::AlignVCenter, text);
        x += painter.fontMetrics().horizontalAdvance(text);
    };
    say(m_lines.before + QString::fromUtf8(" \xE2\x86\x92 "), t.secondary, QFont::Normal);
    say(m_lines.after, t.accentText, QFont::DemiBold);
    say(m_lines.unit, t.secondary, QFont::Normal);
}

void ComparisonChart::paintAxes(QPainter& painter) const
{
    const Tokens& t = m_theme.tokens();
    const QRectF plot = plotRect();
    const double line = m_theme.scaled(kSpace4);
    painter.setFont(m_theme.font(TextSize::Small));
    for (const double share : {0.0, 0.5, 1.0}) {
        const double y = std::round(plot.bottom() - share * plot.height());
        painter.fillRect(QRectF(plot.left(), y, plot.width(), 1), share > 0 ? t.grid : t.borderStrong);
    }
    painter.setPen(t.secondary);
    const QRectF mark(0, plot.top() - line / 2, plot.left() - kSpace1, line);
    painter.drawText(mark, Qt::AlignRight | Qt::AlignVCenter, m_lines.markY);
    painter.drawText(mark.translated(0, plot.height()), Qt::AlignRight | Qt::AlignVCenter,
                     QStringLiteral("0"));
    const QRectF below(plot.left(), plot.bottom(), plot.width(), m_theme.scaled(kAxis));
    painter.drawText(below, Qt::AlignLeft | Qt::AlignBottom, QStringLiteral("0"));
    painter.drawText(below, Qt::AlignRight | Qt::AlignBottom, m_lines.markX);
}

void ComparisonChart::paintLine(QPainter& painter, const QList<QPointF>& points, const QColor& colour) const
{
    if (points.isEmpty())
        return;
    const QRectF plot = plotRect();
    const auto place = [&](const QPointF& point) {
        return QPointF(plot.left() + std::clamp(point.x() / m_lines.mostX, 0.0, 1.0) * plot.width(),
                       plot.bottom() - std::clamp(point.y() / m_lines.mostY, 0.0, 1.0) * plot.height());
    };
    QPainterPath path(place(points.first()));
    for (const QPointF& point : points) {
        const QPointF next = place(point);
        if (m_lines.stepped)
            path.lineTo(next.x(), path.currentPosition().y());
        path.lineTo(next);
    }
    if (m_lines.stepped)
        path.lineTo(plot.right(), path.currentPosition().y());
    if (m_lines.filled) {
        QPainterPath area = path;
        area.lineTo(area.currentPosition().x(), plot.bottom());
        area.lineTo(place(points.first()).x(), plot.bottom());
        QColor fill = colour;
        fill.setAlphaF(kFill);
        painter.fillPath(area, fill);
    }
    painter.strokePath(path, QPen(colour, kLine));
}

void ComparisonChart::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintHead(painter);
    paintAxes(painter);
    painter.setClipRect(plotRect().adjusted(0, -2, 1, 2));
    paintLine(painter, m_lines.a, m_theme.tokens().secondary);
    paintLine(painter, m_lines.b, m_theme.tokens().accent);
}

} // namespace vitrine::ui
