// SPDX-License-Identifier: GPL-3.0-or-later
// How the threads look.
#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>

#include "ui/profiler/timeline/thread_panel.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr int kBar = 13;
constexpr double kSeparable = 3; // width below which bars touch
constexpr double kEdged = 6;
constexpr double kReadable = 28; // width below which no name fits
constexpr int kMarkApart = 8;
constexpr float kLeastAlpha = 0.25F, kMostAlpha = 0.6F;

} // namespace

void ThreadPanel::paintPlot(QPainter& painter)
{
    if (!picture())
        return;
    for (const Place& place : m_places) {
        if (topOf(place) > height())
            break;
        if (topOf(place) + place.height < 0)
            continue;
        const NvtxLaneRow* row = rowOf(place.lane);
        if (row == nullptr)
            continue;
        if (picture()->nvtx.lanes[place.lane].of == engine::NvtxLaneOf::Counter)
            paintCounter(painter, place, *row);
        else
            paintLane(painter, place, *row);
    }
}

void ThreadPanel::paintLane(QPainter& painter, const Place& place, const NvtxLaneRow& row)
{
    const QColor colour = domainColour(theme().tokens(), picture()->nvtx.lanes[row.lane].hue);
    const double top = topOf(place) + theme().scaled(kMargin);
    for (qsizetype level = 0; level < row.levels.size(); ++level) {
        const double y = top + double(level) * theme().scaled(kLevel);
        if (y < height() && y + theme().scaled(kLevel) > 0)
            paintBars(painter, row.levels[level], y, picture()->nvtx.lanes[row.lane]);
    }
    const TimeRange& seen = view().visible();
    double last = -kMarkApart;
    for (const NvtxBar& mark : row.marks) {
        const double x = scale().x(mark.startNs);
        if (mark.endNs < seen.startNs || mark.startNs >= seen.endNs || x - last < theme().scaled(kMarkApart))
            continue; // not one that nobody could tell from the last
        paintMark(painter, mark, top, colour);
        last = x;
    }
}

void ThreadPanel::paintBars(QPainter& painter, const QList<NvtxBar>& bars, double top,
                            const NvtxLaneName& lane)
{
    const TimeRange& seen = view().visible();
    const auto first = std::partition_point(bars.cbegin(), bars.cend(),
                                            [&](const NvtxBar& bar) { return bar.endNs < seen.startNs; });
    for (auto bar = first; bar != bars.cend() && bar->startNs < seen.endNs; ++bar)
        paintBar(painter, *bar, top, lane);
}

/// Pale, so that its name can be read on it in either look; its beginning is the colour itself.
void ThreadPanel::paintBar(QPainter& painter, const NvtxBar& bar, double top, const NvtxLaneName& lane)
{
    const QColor colour = domainColour(theme().tokens(), lane.hue);
    const TimeScale time = scale();
    const double ratio = painter.device()->devicePixelRatioF();
    const double limit = plotRect().right() + 2;
    const auto snapped = [ratio](double x) { return std::round(x * ratio) / ratio; };
    const double left = std::clamp(time.x(bar.startNs), plotRect().left() - 2, limit);
    QRectF rect(snapped(left), top, 0, theme().scaled(kBar));
    rect.setRight(std::max(snapped(std::clamp(time.x(bar.endNs), left, limit)), rect.left() + 1 / ratio));
    if (rect.width() > kSeparable)
        rect.setRight(rect.right() - 1);
    QColor ground = colour;
    const bool single = bar.spans <= 1;
    const float covered = std::isfinite(bar.coverage) ? std::clamp(bar.coverage, 0.0F, 1.0F) : 1.0F;
    ground.setAlphaF(kLeastAlpha + (kMostAlpha - kLeastAlpha) * (single ? 0.5F : covered));
    painter.fillRect(rect, ground);
    count();
    if (!single)
        return;
    if (rect.width() >= kEdged) // of narrower ones the edges alone would be seen
        painter.fillRect(QRectF(rect.left(), rect.top(), 1 / ratio, rect.height()), colour);
    paintBarName(painter, bar, rect, lane);
}

/// Where all of it can be seen. Spans that lie below each other are told apart by their payload.
void ThreadPanel::paintBarName(QPainter& painter, const NvtxBar& bar, const QRectF& rect,
                               const NvtxLaneName& lane)
{
    const QRectF room = rect.intersected(plotRect()).adjusted(kSpace1, 0, -kSpace1 / 2.0, 0);
    const bool whole = rect.top() >= 0 && rect.bottom() <= height();
    if (bar.name == 0 || !whole || room.width() < theme().scaled(int(kReadable)))
        return;
    const QString name = picture()->nvtx.texts.value(qsizetype(bar.name));
    const QString payload = lane.of == engine::NvtxLaneOf::Spans ? payloadText(bar) : QString();
    paintLabel(painter, room, payload.isEmpty() ? name : name + QLatin1Char(' ') + payload,
               theme().tokens().text);
}

/// A wedge that hangs from the top of the lane.
void ThreadPanel::paintMark(QPainter& painter, const NvtxBar& mark, double top, const QColor& colour)
{
    const double x = std::round(scale().x(mark.startNs)) + 0.5, half = theme().scaled(3);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawPolygon(
        QPolygonF{QPointF(x - half, top - 2), QPointF(x + half, top - 2), QPointF(x, top - 2 + 1.5 * half)});
    painter.restore();
    count();
}

double ThreadPanel::widthOf(const QString& figure) const
{
    const double text = QFontMetricsF(theme().font(TextSize::Small)).horizontalAdvance(figure);
    return std::max<double>(text + kSpace2, theme().scaledColumn(44)); // names end below each other
}

QString ThreadPanel::figureOf(const NvtxLaneName& lane, const NvtxLaneRow& row)
{
    switch (lane.of) {
    case engine::NvtxLaneOf::Thread:
        return QLocale().toString(row.busy * 100, 'f', row.busy < 0.0995 ? 1 : 0) + QLatin1Char('%');
    case engine::NvtxLaneOf::Counter:
        return lastValue(lane, row);
    case engine::NvtxLaneOf::Spans:
        break;
    }
    return {};
}

void ThreadPanel::paintGutter(QPainter& painter)
{
    const Tokens& tokens = theme().tokens();
    if (m_places.isEmpty()) {
        paintLabel(painter, QRectF(rect()).adjusted(labelLeft(), 0, -kSpace4, 0), m_empty, tokens.secondary);
        return;
    }
    const int right = gutter() - kSpace4, line = theme().scaled(kLevel);
    for (const Place& place : m_places) {
        const double top = topOf(place);
        if (top > height() || top + place.height < 0)
            continue;
        const NvtxLaneName& lane = picture()->nvtx.lanes[place.lane];
        const QRectF room(labelLeft(), top + theme().scaled(kMargin), right - labelLeft(), line);
        painter.fillRect(QRectF(kSpace4, room.top(), kSpace1 / 2.0, theme().scaled(kBar)),
                         domainColour(tokens, lane.hue));
        const NvtxLaneRow* row = rowOf(place.lane);
        const bool thread = lane.of == engine::NvtxLaneOf::Thread;
        const QString figure = row != nullptr ? figureOf(lane, *row) : QString();
        const double wide = figure.isEmpty() ? 0 : widthOf(figure);
        paintLabel(painter, room.adjusted(0, 0, -wide, 0), laneTitle(lane),
                   thread ? tokens.text : tokens.secondary);
        paintLabel(painter, room, figure, tokens.secondary, Qt::AlignRight | Qt::AlignVCenter);
        paintRule(painter, top + place.height - 1);
    }
}

} // namespace vitrine::ui
