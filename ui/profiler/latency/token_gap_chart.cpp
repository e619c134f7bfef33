// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/latency/token_gap_chart.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include "ui/profiler/latency/latency_look.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr int kHeight = 148;
constexpr double kMarkApart = 110, kRowApart = 30; // pixels
constexpr double kMostOfP95 = 6;                   // what is longer is cut
constexpr double kHeadroom = 1.15;
constexpr qsizetype kMostLabels = 6;

using engine::TokenGap;

double lengthOf(const TokenGap& gap)
{
    return double(gap.endNs - gap.startNs);
}

} // namespace

TokenGapChart::TokenGapChart(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setMouseTracking(true);
    theme.follow(this, [this] {
        updateGeometry();
        update();
    });
    retranslate();
}

void TokenGapChart::retranslate()
{
    setAccessibleName(tr("Time between tokens"));
}

QSize TokenGapChart::sizeHint() const
{
    return {640, m_theme.scaled(kHeight)};
}

/// One very long gap must not make all others flat.
void TokenGapChart::setPicture(const SharedLatency& picture)
{
    m_picture = picture;
    double longest = 1e6;
    if (picture) {
        for (const TokenGap& gap : picture->gaps)
            longest = std::max(longest, lengthOf(gap));
        const double target = picture->targetNs.value_or(0);
        longest = std::min(longest, std::max(picture->p95Ns * kMostOfP95, target));
        m_mostNs = std::max(std::max(longest, target) * kHeadroom, 1e6);
        setAccessibleDescription(
            tr("%1: half of the tokens came within %2, 95 of 100 within %3")
                .arg(picture->chosen.title, durationText(picture->p50Ns), durationText(picture->p95Ns)));
    }
    update();
}

QRectF TokenGapChart::plotRect() const
{
    const double left = m_theme.scaled(kGutter), top = m_theme.scaled(kTop);
    return {left, top, std::max(1.0, width() - left), std::max(1.0, height() - top - m_theme.scaled(kAxis))};
}

double TokenGapChart::xOf(qint64 ns) const
{
    const QRectF plot = plotRect();
    const qint64 start = m_picture->gaps.first().startNs, end = m_picture->gaps.last().endNs;
    return plot.left() + double(ns - start) / double(std::max<qint64>(end - start, 1)) * plot.width();
}

double TokenGapChart::yOf(double ns) const
{
    const QRectF plot = plotRect();
    return std::round(plot.bottom() - std::clamp(ns / m_mostNs, 0.0, 1.0) * plot.height());
}

const TokenGap* TokenGapChart::gapAt(double x) const
{
    if (!m_picture || m_picture->gaps.isEmpty() || x < plotRect().left())
        return nullptr;
    const auto& gaps = m_picture->gaps;
    const auto found = std::lower_bound(
        gaps.begin(), gaps.end(), x, [this](const TokenGap& gap, double at) { return xOf(gap.endNs) < at; });
    return found == gaps.end() ? nullptr : &*found;
}

QString TokenGapChart::nameOf(engine::RequestId request) const
{
    for (const NeighbourSpan& span : m_picture->neighbours)
        if (span.name.request == request)
            return span.name.title;
    return tr("Request %1").arg(request.value);
}

// Painting

std::vector<TokenGapChart::Column> TokenGapChart::columns() const
{
    const QRectF plot = plotRect();
    std::vector<Column> columns(std::size_t(plot.width()) + 1);
    for (const TokenGap& gap : m_picture->gaps) {
        const Column one{double(gap.ownNs), double(gap.interferenceNs),
                         double(gap.waitingNs) + double(gap.overheadNs)};
        const auto last = std::ptrdiff_t(columns.size()) - 1;
        const auto from = std::clamp<std::ptrdiff_t>(std::ptrdiff_t(xOf(gap.startNs) - plot.left()), 0, last);
        const auto to = std::clamp<std::ptrdiff_t>(std::ptrdiff_t(xOf(gap.endNs) - plot.left()), from, last);
        for (auto i = from; i <= to; ++i)
            if (columns[std::size_t(i)].total() < one.total())
                columns[std::size_t(i)] = one;
    }
    return columns;
}

void TokenGapChart::paintColumns(QPainter& painter, const std::vector<Column>& heights) const
{
    const Tokens& t = m_theme.tokens();
    const QRectF plot = plotRect();
    double before = plot.bottom();
    double x = plot.left();
    for (const Column& column : heights) {
        const double own = yOf(column.own), held = yOf(column.own + column.interference);
        const double top = yOf(column.total());
        painter.fillRect(QRectF(QPointF(x, own), QPointF(x + 1, plot.bottom())), t.decode);
        painter.fillRect(QRectF(QPointF(x, held), QPointF(x + 1, own)), t.interference);
        painter.fillRect(QRectF(QPointF(x, top), QPointF(x + 1, held)), t.sampling);
        if (held < own)
            painter.fillRect(QRectF(QPointF(x, std::min(held, std::max(before, held))),
                                    QPointF(x + 1, std::max(held + 1, std::min(before, own)))),
                             t.interferenceLine);
        before = held;
        x += 1;
    }
}

void TokenGapChart::paintAxes(QPainter& painter) const
{
    const Tokens& t = m_theme.tokens();
    const QRectF plot = plotRect();
    const double line = m_theme.scaled(kSpace4);
    const double row = markStep(m_mostNs / plot.height(), kRowApart);
    for (double ns = 0; ns <= m_mostNs; ns += row) {
        painter.fillRect(QRectF(plot.left(), yOf(ns), plot.width(), 1), ns > 0 ? t.grid : t.borderStrong);
        painter.setPen(t.secondary);
        painter.drawText(QRectF(0, yOf(ns) - line / 2, plot.left() - kSpace2, line),
                         Qt::AlignRight | Qt::AlignVCenter, markText(ns, row, ns + row > m_mostNs));
    }
    const qint64 origin = m_picture->all.startNs, start = m_picture->gaps.first().startNs;
    const double perPixel = double(m_picture->gaps.last().endNs - start) / plot.width();
    const double step = markStep(perPixel, kMarkApart);
    for (double ns = std::ceil(double(start - origin) / step) * step;; ns += step) {
        const double x = plot.left() + (ns - double(start - origin)) / std::max(perPixel, 1e-9);
        if (!(x <= plot.right()))
            break;
        const QRectF mark(x - kMarkApart / 2, plot.bottom(), kMarkApart, m_theme.scaled(kAxis));
        painter.drawText(mark.translated(std::min(0.0, width() - mark.right() + kMarkApart / 4), 0),
                         Qt::AlignHCenter | Qt::AlignBottom, placeText(qint64(ns), step));
    }
}

void TokenGapChart::paintTarget(QPainter& painter, const std::vector<Column>& heights)
{
    if (!m_picture->targetNs)
        return;
    const QRectF plot = plotRect();
    const double y = yOf(*m_picture->targetNs) + 0.5;
    painter.setPen(QPen(m_theme.tokens().secondary, 1, Qt::DashLine));
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    const QString label = tr("target %1").arg(durationText(*m_picture->targetNs));
    const double wide = std::ceil(painter.fontMetrics().horizontalAdvance(label)) + kSpace1;
    const QRectF place = placeOfTarget(heights, wide, y);
    if (const double highest = highestOver(heights, place); yOf(highest) < y)
        painter.fillRect(place, m_theme.tokens().raised); // no room without bars
    painter.setPen(m_theme.tokens().secondary);
    painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter, label);
    m_taken << place;
}

/// On the line, as far right as no bar reaches above it.
QRectF TokenGapChart::placeOfTarget(const std::vector<Column>& heights, double wide, double y) const
{
    const QRectF plot = plotRect();
    const double height = m_theme.scaled(kSpace4);
    QRectF place(plot.right() - wide, y - height - 1, wide, height);
    while (place.left() - kSpace2 >= plot.left() && yOf(highestOver(heights, place)) < y)
        place.translate(-kSpace2, 0);
    if (yOf(highestOver(heights, place)) < y)
        place.moveRight(plot.right());
    return place;
}

/// Of the columns below a text.
double TokenGapChart::highestOver(const std::vector<Column>& heights, const QRectF& place) const
{
    const double left = plotRect().left();
    const auto from = std::size_t(std::max(0.0, place.left() - left));
    const auto to = std::min(heights.size(), std::size_t(std::max(0.0, place.right() - left)));
    double highest = 0;
    for (auto x = from; x < to; ++x)
        highest = std::max(highest, heights[x].total());
    return highest;
}

/// The worst first; a name that would lie on another one's is left out.
void TokenGapChart::paintNeighbours(QPainter& painter, const std::vector<Column>& heights)
{
    const QRectF plot = plotRect();
    for (const NeighbourSpan& span : m_picture->neighbours) {
        const QString label =
            span.gaps > 1 ? tr("%1, %2 tokens").arg(span.name.title).arg(span.gaps) : span.name.title;
        const double wide = painter.fontMetrics().horizontalAdvance(label) + kSpace1;
        const double middle = (xOf(span.startNs) + xOf(span.endNs)) / 2;
        const double height = m_theme.scaled(kSpace4);
        QRectF place(middle - wide / 2, 0, wide, height);
        place.moveLeft(std::clamp(place.left(), plot.left(), std::max(plot.left(), plot.right() - wide)));
        place.moveTop(std::max(0.0, yOf(highestOver(heights, place)) - height - 1));
        const bool free = std::none_of(m_taken.begin(), m_taken.end(), [&](const QRectF& other) {
            return other.adjusted(-kSpace2, -kSpace4, kSpace2, kSpace4).intersects(place);
        });
        if (!free || wide > plot.width() || m_labels.size() >= kMostLabels)
            continue;
        painter.setPen(m_theme.tokens().text);
        painter.drawText(place, Qt::AlignCenter, label);
        m_taken << place;
        m_labels << label;
    }
}

void TokenGapChart::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setFont(m_theme.font(TextSize::Small));
    m_labels.clear();
    m_taken.clear();
    if (!m_picture || m_picture->gaps.isEmpty()) {
        painter.setPen(m_theme.tokens().secondary);
        painter.drawText(rect(), Qt::AlignCenter, tr("A reply of two tokens or more shows its pace here."));
        return;
    }
    paintAxes(painter);
    const std::vector<Column> heights = columns();
    paintColumns(painter, heights);
    paintTarget(painter, heights);
    paintNeighbours(painter, heights);
}

// Input

QString TokenGapChart::tipAt(const QPointF& position) const
{
    const TokenGap* gap = gapAt(position.x());
    if (gap == nullptr)
        return {};
    QStringList lines{
        tr("%1 to the next token, in step %2").arg(durationText(lengthOf(*gap)), countText(gap->step)),
        tr("own decode %1").arg(durationText(double(gap->ownNs)))};
    if (gap->interferenceNs > 0)
        lines << (gap->neighbour.value != 0
                      ? tr("interference %1, most of it by %2")
                            .arg(durationText(double(gap->interferenceNs)), nameOf(gap->neighbour))
                      : tr("interference %1").arg(durationText(double(gap->interferenceNs))));
    if (gap->waitingNs > 0)
        lines << tr("preempted %1").arg(durationText(double(gap->waitingNs)));
    if (gap->overheadNs > 0)
        lines << tr("between steps %1").arg(durationText(double(gap->overheadNs)));
    return lines.join(QLatin1Char('\n'));
}

bool TokenGapChart::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(help->globalPos(), tipAt(help->pos()), this);
    return true;
}

void TokenGapChart::mousePressEvent(QMouseEvent* event)
{
    const TokenGap* gap = event->button() == Qt::LeftButton ? gapAt(event->position().x()) : nullptr;
    if (gap != nullptr)
        emit rangePicked({gap->startNs, std::max(gap->endNs, gap->startNs + 1)});
}

void TokenGapChart::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace vitrine::ui
