// SPDX-License-Identifier: GPL-3.0-or-later
// How the requests look.
#include <algorithm>
#include <cmath>

#include <QPainter>

#include "ui/profiler/timeline/phase_look.h"
#include "ui/profiler/timeline/request_panel.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr int kHueWidth = 3;
constexpr int kHueHeight = 14;
constexpr int kTick = 4;         // height of a token's tick
constexpr double kSeparable = 3; // width below which bars touch
constexpr double kMarkDistance = 110;
constexpr int kStepEdge = 2; // around what the picked step computed
constexpr int kHandleWidth = 5, kHandleHeight = 10;

} // namespace

void RequestPanel::paintPlot(QPainter& painter)
{
    m_outlined = 0;
    paintRuler(painter);
    if (!picture())
        return;
    painter.save();
    painter.setClipRect(plotRect());
    const double rowHeight = theme().scaled(kRowHeight);
    for (qsizetype i = 0; i < picture()->requests.size(); ++i) {
        const double top = rowTop(picture()->query.firstRow + i);
        if (top + rowHeight < topMargin() || top > height())
            continue;
        const RequestRow& row = picture()->requests[i];
        if (row.name.request == m_picked)
            painter.fillRect(QRectF(0, top, width(), rowHeight), theme().tokens().select);
        paintRow(painter, row, top);
    }
    painter.restore();
}

/// Times along the top, and the ends of the selection as handles.
void RequestPanel::paintRuler(QPainter& painter)
{
    const TimeScale time = scale();
    if (time.range.isEmpty())
        return;
    const double step = markStep(time.nsPerPixel(), theme().scaled(int(kMarkDistance)));
    const double start = double(time.range.startNs - view().bounds().startNs);
    const QFont font = theme().font(TextSize::Small);
    for (double mark = std::ceil(start / step) * step; mark < start + double(time.range.length());
         mark += step) {
        const double x = time.left + (mark - start) / time.nsPerPixel();
        const QString said = placeText(qint64(mark), step);
        const double half = QFontMetricsF(font).horizontalAdvance(said) / 2 + 1;
        const double centre = // the first and the last one stay in view
            std::max(std::min(x, plotRect().right() - half), plotRect().left() + half);
        paintLabel(painter, QRectF(centre - half, 0, 2 * half + 1, topMargin() - kSpace1), said,
                   theme().tokens().secondary, Qt::AlignHCenter | Qt::AlignVCenter);
    }
    if (!view().hasSelection())
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().tokens().accent);
    for (const qint64 ns : {view().selection().startNs, view().selection().endNs}) {
        const double x = std::round(time.x(ns)) + 0.5;
        if (x < -kHandleWidth || x > width() + kHandleWidth)
            continue;
        painter.drawRoundedRect(
            QRectF(x - kHandleWidth / 2.0, topMargin() - kHandleHeight / 2.0, kHandleWidth, kHandleHeight), 2,
            2);
    }
    painter.restore();
}

void RequestPanel::paintRow(QPainter& painter, const RequestRow& row, double top)
{
    const TimeRange& seen = view().visible();
    const auto first =
        std::partition_point(row.bars.cbegin(), row.bars.cend(),
                             [&](const engine::LaneBar& bar) { return bar.endNs < seen.startNs; });
    for (auto bar = first; bar != row.bars.cend() && bar->startNs < seen.endNs; ++bar)
        paintBar(painter, *bar, top);
    paintTokens(painter, row, top);
    if (m_ofStep.contains(row.name.request))
        paintStep(painter, top);
}

void RequestPanel::paintStep(QPainter& painter, double top)
{
    if (!view().visible().touches(m_step))
        return;
    const TimeScale time = scale();
    const double height = theme().scaled(kBarHeight) + 2 * kStepEdge;
    const double left = std::clamp(time.x(m_step.startNs), plotRect().left(), plotRect().right());
    const double right = std::clamp(time.x(m_step.endNs), left + kSeparable, plotRect().right() + kSeparable);
    const double above = std::round(top + (theme().scaled(kRowHeight) - height) / 2);
    painter.setPen(QPen(theme().tokens().accent, kStepEdge));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRectF(std::round(left), above, std::round(right - left), height));
    count();
    ++m_outlined;
}

void RequestPanel::paintBar(QPainter& painter, const engine::LaneBar& bar, double top)
{
    const TimeScale time = scale();
    const double bottomEdge = plotRect().right() + 2;
    const double left = std::clamp(time.x(bar.startNs), plotRect().left() - 2, bottomEdge);
    const double right = std::clamp(time.x(bar.endNs), left, bottomEdge);
    const double ratio = painter.device()->devicePixelRatioF();
    const auto snapped = [ratio](double x) { return std::round(x * ratio) / ratio; };
    const double height = theme().scaled(kBarHeight), rowHeight = theme().scaled(kRowHeight);
    QRectF rect(snapped(left), std::round(top + (rowHeight - height) / 2), 0, height);
    rect.setRight(std::max(snapped(right), rect.left() + 1 / ratio));
    const auto phase =
        static_cast<engine::LifePhase>(std::min<quint64>(bar.tag, quint64(engine::LifePhase::Recompute)));
    const bool chunk = phase == engine::LifePhase::Prefill || phase == engine::LifePhase::Recompute;
    if (chunk && bar.spans <= 1 && rect.width() > kSeparable)
        rect.setRight(rect.right() - 1);
    paintPhase(painter, theme(), rect, phase, bar.coverage);
    count();
    if (phase == engine::LifePhase::Queued || phase == engine::LifePhase::Preempted)
        paintInlineLabel(painter, rect, bar);
}

/// "preempted 0.34 s" in the middle of its bar, where there is room for it.
void RequestPanel::paintInlineLabel(QPainter& painter, const QRectF& bar, const engine::LaneBar& of)
{
    const bool preempted = of.tag == quint64(engine::LifePhase::Preempted);
    const QString length = durationText(double(of.endNs - of.startNs));
    const QString said = preempted ? tr("preempted %1").arg(length) : tr("queued %1").arg(length);
    const QFont font = theme().font(TextSize::Small);
    const double wide = QFontMetricsF(font).horizontalAdvance(said) + 2 * kSpace2;
    const QRectF seen = bar.intersected(plotRect());
    if (seen.width() < wide + 2 * kSpace4)
        return;
    const QRectF room(seen.center().x() - wide / 2, bar.top(), wide, bar.height());
    painter.fillRect(room, theme().tokens().panel);
    const Tokens& tokens = theme().tokens();
    paintLabel(painter, room.adjusted(0, -kSpace1, 0, kSpace1), said,
               preempted ? tokens.preemptedInk : tokens.secondary, Qt::AlignCenter);
}

void RequestPanel::paintTokens(QPainter& painter, const RequestRow& row, double top)
{
    const TimeScale time = scale();
    const double bottom = std::round(top + (theme().scaled(kRowHeight) + theme().scaled(kBarHeight)) / 2.0);
    const auto first = std::lower_bound(row.tokens.cbegin(), row.tokens.cend(), time.range.startNs);
    QColor ink = theme().tokens().window;
    ink.setAlphaF(0.7F);
    double last = -kTick;
    for (auto token = first; token != row.tokens.cend() && *token < time.range.endNs; ++token) {
        const double x = std::round(time.x(*token));
        if (x - last < 2)
            continue; // too close to tell apart after zooming out
        painter.fillRect(QRectF(x, bottom - kTick, 1, kTick), ink);
        last = x;
        count();
    }
}

void RequestPanel::paintGutter(QPainter& painter)
{
    const Tokens& tokens = theme().tokens();
    paintRule(painter, topMargin() - 1);
    if (!picture())
        return;
    const double rowHeight = theme().scaled(kRowHeight), left = gutter();
    for (qsizetype i = 0; i < picture()->requests.size(); ++i) {
        const double top = rowTop(picture()->query.firstRow + i);
        if (top < topMargin() - 1 || top > height())
            continue;
        const RequestRow& row = picture()->requests[i];
        if (row.name.request == m_picked)
            painter.fillRect(QRectF(0, top, left, rowHeight), tokens.select);
        const double hue = theme().scaled(kHueHeight);
        painter.fillRect(QRectF(kSpace4, std::round(top + (rowHeight - hue) / 2), kHueWidth, hue),
                         tokens.conversation(row.name.hue));
        paintLabel(painter, QRectF(labelLeft(), top, left - labelLeft() - kSpace3, rowHeight), row.name.title,
                   tokens.text);
        if (i + 1 < picture()->requests.size())
            paintRule(painter, top + rowHeight - 1);
    }
}

} // namespace vitrine::ui
