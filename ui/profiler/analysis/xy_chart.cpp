// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/analysis/xy_chart.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include "ui/theme/keyboard_focus.h"
#include "ui/theme/tabular_text.h"

namespace vitrine::ui {
namespace {

constexpr int kBottom = 24;    // for the labels
constexpr int kTop = 10;       // half a label
constexpr int kMarkRoom = 20;  // above the plot, for what marks are called
constexpr int kLabelRoom = 44; // left of the plot, at least
constexpr double kDot = 3;

} // namespace

double ChartAxis::share(double value) const
{
    if (logarithmic) {
        if (value <= 0 || from <= 0 || to <= from)
            return 0;
        return std::log(value / from) / std::log(to / from);
    }
    return to > from ? (value - from) / (to - from) : 0;
}

double ChartAxis::value(double share) const
{
    if (logarithmic)
        return from > 0 && to > from ? from * std::pow(to / from, share) : from;
    return from + share * (to - from);
}

QList<double> roundMarks(double from, double to, int count)
{
    QList<double> marks;
    if (!(to > from) || count < 1)
        return {from};
    const double least = (to - from) / count;
    double step = std::pow(10.0, std::floor(std::log10(least)));
    for (const double times : {2.0, 5.0, 10.0}) {
        if (step >= least * 0.999)
            break;
        step = std::pow(10.0, std::floor(std::log10(least))) * times;
    }
    for (double mark = std::ceil(from / step - 1e-9) * step; mark <= to + step * 1e-6; mark += step)
        marks.append(mark);
    return marks;
}

QList<double> logMarks(double from, double to)
{
    QList<double> marks;
    if (!(from > 0) || !(to > from))
        return marks;
    const bool few = std::log10(to / from) < 2.5;
    for (int power = int(std::floor(std::log10(from))); power <= int(std::ceil(std::log10(to))); ++power) {
        for (const double times : {1.0, 2.0, 5.0}) {
            const double mark = std::pow(10.0, power) * times;
            if ((times == 1.0 || few) && mark >= from * 0.999 && mark <= to * 1.001)
                marks.append(mark);
        }
    }
    return marks;
}

XyChart::XyChart(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    theme.follow(this, [this] {
        setMinimumHeight(m_theme.scaled(120));
        update();
    });
}

QSize XyChart::sizeHint() const
{
    return {m_theme.scaled(260), minimumHeight()};
}

void XyChart::setPicture(ChartPicture picture)
{
    m_picture = std::move(picture);
    m_reading.reset();
    setAccessibleName(m_picture.x.title);
    setAccessibleDescription(isEmpty() ? m_picture.empty : m_picture.said);
    update();
}

bool XyChart::isEmpty() const
{
    return std::all_of(m_picture.series.begin(), m_picture.series.end(),
                       [](const ChartSeries& series) { return series.points.isEmpty(); });
}

QRectF XyChart::plotRect() const
{
    double left = m_theme.scaled(kLabelRoom);
    if (m_picture.y.text) {
        left = 0;
        for (const double mark : m_picture.y.marks)
            left = std::max(left, tabularWidth(m_theme.font(TextSize::Small), m_picture.y.text(mark)));
        left = std::ceil(left) + kSpace2;
    }
    const bool named = std::any_of(m_picture.marks.begin(), m_picture.marks.end(),
                                   [](const ChartMark& mark) { return !mark.text.isEmpty(); });
    const double top = m_theme.scaled(named ? kMarkRoom : kTop);
    return QRectF(left, top, std::max(width() - left - kSpace2, 1.0),
                  std::max(height() - top - m_theme.scaled(kBottom), 1.0));
}

QPointF XyChart::place(const QPointF& value) const
{
    const QRectF plot = plotRect();
    const auto within = [](double share) {
        return std::isfinite(share) ? std::clamp(share, -0.01, 1.01) : 0;
    };
    return {plot.left() + within(m_picture.x.share(value.x())) * plot.width(),
            plot.bottom() - within(m_picture.y.share(value.y())) * plot.height()};
}

void XyChart::paintAxes(QPainter& painter) const
{
    const QRectF plot = plotRect();
    const Tokens& tokens = m_theme.tokens();
    const QFont font = m_theme.font(TextSize::Small);
    painter.setFont(font);
    for (const double mark : m_picture.y.marks) {
        const double y = std::round(plot.bottom() - m_picture.y.share(mark) * plot.height()) - 0.5;
        painter.setPen(QPen(tokens.grid, 1));
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
        if (!m_picture.y.text)
            continue;
        painter.setPen(tokens.secondary);
        painter.drawText(QRectF(0, y - 10, plot.left() - kSpace2, 20), Qt::AlignRight | Qt::AlignVCenter,
                         m_picture.y.text(mark));
    }
    if (!m_picture.x.text)
        return;
    painter.setPen(tokens.secondary);
    double free = -1; // right end of the label before
    for (const double mark : m_picture.x.marks) {
        const QString text = m_picture.x.text(mark);
        const double wide = QFontMetricsF(font).horizontalAdvance(text);
        double left = plot.left() + m_picture.x.share(mark) * plot.width() - wide / 2;
        left = std::clamp(left, 0.0, std::max(width() - wide, 0.0));
        if (left < free)
            continue;
        painter.drawText(QRectF(left, plot.bottom() + kSpace1, wide + 1, m_theme.scaled(18)),
                         Qt::AlignLeft | Qt::AlignVCenter, text);
        free = left + wide + kSpace2;
    }
}

void XyChart::paintBars(QPainter& painter, const ChartSeries& series)
{
    const double floor = plotRect().bottom();
    const QColor& colour = m_theme.tokens().*series.colour;
    for (qsizetype i = 0; i + 1 < series.points.size(); ++i) {
        if (series.points[i].y() <= 0)
            continue;
        const QPointF from = place(series.points[i]), to = place(series.points[i + 1]);
        const double left = std::round(from.x()), right = std::max(std::round(to.x()) - 1, left + 1);
        const double top = std::min(std::floor(from.y()), floor - 2); // few are not none
        painter.fillRect(QRectF(left, top, right - left, floor - top), colour);
        ++m_items;
    }
}

void XyChart::paintSeries(QPainter& painter, const ChartSeries& series)
{
    if (series.form == ChartSeries::Form::Bars)
        return paintBars(painter, series);
    const QColor& colour = m_theme.tokens().*series.colour;
    if (series.form == ChartSeries::Form::Dots) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        for (const QPointF& point : series.points)
            painter.drawEllipse(place(point), kDot, kDot);
        m_items += int(series.points.size());
        return;
    }
    QPolygonF line;
    for (const QPointF& point : series.points)
        line.append(place(point));
    m_items += int(line.size());
    if (line.isEmpty())
        return;
    if (series.form == ChartSeries::Form::Area) {
        const double floor = plotRect().bottom();
        QPolygonF area = line;
        area.prepend(QPointF(line.first().x(), floor));
        area.append(QPointF(line.last().x(), floor));
        painter.setPen(Qt::NoPen);
        QColor ground = m_theme.tokens().*(series.fill != nullptr ? series.fill : series.colour);
        ground.setAlphaF(float(series.opacity));
        painter.setBrush(ground);
        painter.drawPolygon(area);
    }
    QPen pen(colour, 1);
    if (series.dashed)
        pen.setDashPattern({4, 3});
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(line);
}

void XyChart::paintMarks(QPainter& painter) const
{
    const QRectF plot = plotRect();
    const QFont font = m_theme.font(TextSize::Small);
    painter.setFont(font);
    double free = 0;
    for (const ChartMark& mark : m_picture.marks) {
        const double share = m_picture.x.share(mark.at);
        if (!(share >= -0.001) || share > 1.001)
            continue;
        const double x = std::floor(plot.left() + share * plot.width()) + 0.5;
        QPen pen(m_theme.tokens().*mark.colour, 1);
        pen.setDashPattern({3, 3});
        painter.setPen(pen);
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
        const double wide = std::ceil(QFontMetricsF(font).horizontalAdvance(mark.text)) + 1;
        const double left = std::clamp(x - wide / 2, free, std::max(double(width()) - wide, free));
        painter.setPen(m_theme.tokens().*mark.colour);
        painter.drawText(QRectF(left, 0, wide, plot.top() - 2), Qt::AlignLeft | Qt::AlignVCenter, mark.text);
        free = left + wide + kSpace2;
    }
}

void XyChart::paintReading(QPainter& painter) const
{
    if (!m_reading || !m_picture.tip)
        return;
    const QRectF plot = plotRect();
    const double x = std::floor(plot.left() + m_picture.x.share(*m_reading) * plot.width()) + 0.5;
    painter.setPen(QPen(m_theme.tokens().borderStrong, 1));
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
}

void XyChart::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    m_items = 0;
    const Tokens& tokens = m_theme.tokens();
    if (isEmpty()) {
        painter.setPen(tokens.secondary);
        painter.setFont(m_theme.font(TextSize::Small));
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, m_picture.empty);
    } else {
        paintAxes(painter);
        painter.setRenderHint(QPainter::Antialiasing);
        if (m_picture.diagonal) {
            painter.setPen(QPen(tokens.borderStrong, 1));
            const double from = std::max(m_picture.x.from, m_picture.y.from),
                         to = std::min(m_picture.x.to, m_picture.y.to);
            painter.drawLine(place({from, from}), place({to, to}));
        }
        for (const ChartSeries& series : m_picture.series)
            paintSeries(painter, series);
        painter.setRenderHint(QPainter::Antialiasing, false);
        paintReading(painter);
        paintMarks(painter);
    }
    if (m_ring) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(tokens.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), kRadiusChip, kRadiusChip);
    }
}

bool XyChart::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QRectF plot = plotRect();
    const double share = (help->pos().x() - plot.left()) / plot.width();
    if (isEmpty() || !m_picture.tip || share < 0 || share > 1)
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), m_picture.tip(m_picture.x.value(share)), this);
    return true;
}

void XyChart::mouseMoveEvent(QMouseEvent* event)
{
    const QRectF plot = plotRect();
    const double share = (event->position().x() - plot.left()) / plot.width();
    m_reading.reset();
    if (share >= 0 && share <= 1 && !isEmpty())
        m_reading = m_picture.x.value(share);
    update();
}

void XyChart::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && m_reading && rect().contains(event->pos()))
        emit picked(*m_reading);
}

void XyChart::leaveEvent(QEvent* event)
{
    m_reading.reset();
    update();
    QWidget::leaveEvent(event);
}

void XyChart::focusInEvent(QFocusEvent* event)
{
    m_ring = isByKeyboard(*event);
    QWidget::focusInEvent(event);
}

void XyChart::focusOutEvent(QFocusEvent* event)
{
    m_ring = false;
    m_reading.reset();
    QToolTip::hideText();
    QWidget::focusOutEvent(event);
}

void XyChart::keyPressEvent(QKeyEvent* event)
{
    const QList<double>& stops = m_picture.stops;
    const int direction = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    if (m_reading && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
        emit picked(*m_reading);
        return;
    }
    if (direction == 0 || stops.isEmpty() || isEmpty()) {
        QWidget::keyPressEvent(event);
        return;
    }
    qsizetype next = direction > 0 ? 0 : stops.size() - 1;
    if (m_reading && direction > 0)
        next = std::upper_bound(stops.begin(), stops.end(), *m_reading) - stops.begin();
    else if (m_reading)
        next = std::lower_bound(stops.begin(), stops.end(), *m_reading) - stops.begin() - 1;
    m_ring = true;
    m_reading = stops[std::clamp<qsizetype>(next, 0, stops.size() - 1)];
    update();
    const QPointF at = place({*m_reading, m_picture.y.from});
    if (m_picture.tip) {
        const QString text = m_picture.tip(*m_reading);
        setAccessibleDescription(text);
        QToolTip::showText(mapToGlobal(QPoint(int(at.x()), int(plotRect().top()))), text, this);
    }
}

} // namespace vitrine::ui
