// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/timeline/batch_panel.h"

#include <algorithm>
#include <cmath>

#include <QEvent>
#include <QPainter>

#include "ui/profiler/timeline/phase_look.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr int kPrefill = 60, kDecode = 30, kGap = 18; // heights
constexpr double kSeparable = 4;

quint32 ceilingOf(quint32 most)
{
    quint32 ceiling = 1;
    while (ceiling < most && ceiling < (1U << 30U))
        ceiling *= 2;
    return std::max(ceiling, most);
}

} // namespace

BatchPanel::BatchPanel(TimeView& view, const Theme& theme, QWidget* parent)
    : TimelinePanel(view, theme, parent)
{
    setAccessibleName(tr("Batch"));
}

QSize BatchPanel::sizeHint() const
{
    return {300, theme().scaled(kSpace3 + kPrefill + kGap + kDecode + kSpace3)};
}

QRectF BatchPanel::prefillRect() const
{
    const QRectF plot = plotRect();
    return {plot.left(), double(theme().scaled(kSpace3)), plot.width(), double(theme().scaled(kPrefill))};
}

QRectF BatchPanel::decodeRect() const
{
    const QRectF above = prefillRect();
    return {above.left(), above.bottom() + theme().scaled(kGap), above.width(),
            double(theme().scaled(kDecode))};
}

std::pair<quint32, quint32> BatchPanel::budget() const
{
    quint32 least = 0, most = 0;
    const auto [first, last] = columnsInView();
    for (qsizetype i = first; i < last; ++i) {
        const quint32 budget = picture()->steps[i].digest.mostBudget;
        least = budget > 0 && (least == 0 || budget < least) ? budget : least;
        most = std::max(most, budget);
    }
    return {least, most};
}

/// A budget that is far above what was used for a few steps does not flatten all others.
quint32 BatchPanel::mostPrefill() const
{
    quint32 most = budget().first;
    const auto [first, last] = columnsInView();
    for (qsizetype i = first; i < last; ++i)
        most = std::max(most, picture()->steps[i].digest.mostPrefill);
    return std::max(most, 1U);
}

quint32 BatchPanel::mostDecode() const
{
    quint32 most = 1;
    const auto [first, last] = columnsInView();
    for (qsizetype i = first; i < last; ++i)
        most = std::max(most, picture()->steps[i].digest.mostDecode);
    return ceilingOf(most);
}

void BatchPanel::paintPlot(QPainter& painter)
{
    const auto [first, last] = columnsInView();
    m_mostPrefill = mostPrefill();
    m_mostDecode = mostDecode();
    for (qsizetype i = first; i < last; ++i)
        paintColumn(painter, picture()->steps[i]);
    if (first < last)
        paintBudget(painter);
    for (const QRectF& plot : {prefillRect(), decodeRect()})
        painter.fillRect(QRectF(plot.left(), plot.bottom(), plot.width(), 1), theme().tokens().borderStrong);
}

void BatchPanel::paintColumn(QPainter& painter, const StepColumn& column)
{
    const TimeScale time = scale();
    const double ratio = painter.device()->devicePixelRatioF(), limit = plotRect().right() + 2;
    const double from = std::clamp(time.x(column.startNs), plotRect().left() - 2, limit);
    const double left = std::round(from * ratio) / ratio;
    double right = std::round(std::clamp(time.x(column.endNs), from, limit) * ratio) / ratio;
    right = std::max(right, left + 1 / ratio);
    if (right - left > kSeparable)
        right -= 1;
    const auto bar = [&](const QRectF& plot, quint32 value, quint32 most) {
        const double height = plot.height() * std::min(1.0, double(value) / most);
        return QRectF(QPointF(left, std::round(plot.bottom() - height)), QPointF(right, plot.bottom()));
    };
    const auto paint = [&](const QRectF& rect, engine::LifePhase phase) {
        paintPhase(painter, theme(), rect, phase);
        count();
    };
    if (column.digest.mostPrefill > 0)
        paint(bar(prefillRect(), column.digest.mostPrefill, m_mostPrefill), engine::LifePhase::Prefill);
    if (column.digest.mostRecomputed > 0)
        paint(bar(prefillRect(), column.digest.mostRecomputed, m_mostPrefill), engine::LifePhase::Recompute);
    if (column.digest.mostDecode > 0)
        paint(bar(decodeRect(), column.digest.mostDecode, m_mostDecode), engine::LifePhase::Decode);
}

/// Dashed; it moves where the engine changes it.
void BatchPanel::paintBudget(QPainter& painter)
{
    const auto [first, last] = columnsInView();
    const TimeScale time = scale();
    const QRectF plot = prefillRect();
    QPen pen(theme().tokens().secondary, 1);
    pen.setDashPattern({3, 3});
    QPolygonF line;
    quint32 now = 0;
    const quint32 most = m_mostPrefill;
    double y = 0;
    for (qsizetype i = first; i < last; ++i) {
        const StepColumn& column = picture()->steps[i];
        if (column.digest.mostBudget == now || column.digest.mostBudget == 0)
            continue;
        const double x =
            now == 0 ? plot.left() : std::clamp(time.x(column.startNs), plot.left(), plot.right());
        if (now != 0)
            line << QPointF(x, y);
        now = column.digest.mostBudget;
        y = std::round(plot.bottom() - plot.height() * std::min(1.0, double(now) / most)) + 0.5;
        line << QPointF(x, y);
    }
    if (line.isEmpty())
        return;
    line << QPointF(plot.right(), y);
    painter.setPen(pen);
    painter.drawPolyline(line);
    count(int(line.size()));
}

void BatchPanel::paintAxis(QPainter& painter, const QRectF& plot, const QString& name, quint32 most)
{
    const int right = gutter() - kSpace2, line = theme().scaled(kSpace4);
    const auto label = [&](double y) {
        return QRectF(labelLeft(), y - line / 2.0, right - labelLeft(), line);
    };
    paintLabel(painter, label(plot.top() + kSpace2), name, theme().tokens().secondary);
    paintLabel(painter, label(plot.top()), countText(most), theme().tokens().secondary,
               Qt::AlignRight | Qt::AlignVCenter);
    paintLabel(painter, label(plot.bottom() - kSpace1), countText(0), theme().tokens().secondary,
               Qt::AlignRight | Qt::AlignVCenter);
}

void BatchPanel::paintGutter(QPainter& painter)
{
    paintAxis(painter, prefillRect(), tr("prefill tokens"), m_mostPrefill);
    paintAxis(painter, decodeRect(), tr("decode rows"), m_mostDecode);
}

std::optional<TimeRange> BatchPanel::itemAt(const QPointF& position) const
{
    const StepColumn* column = position.x() >= gutter() ? columnAt(scale().ns(position.x())) : nullptr;
    return column != nullptr ? std::optional(TimeRange{column->startNs, column->endNs}) : std::nullopt;
}

void BatchPanel::clicked(const QPointF& position)
{
    if (position.x() >= gutter())
        emit stepPicked(scale().ns(position.x()));
}

QString BatchPanel::tipAt(const QPointF& position) const
{
    const StepColumn* column = position.x() >= gutter() ? columnAt(scale().ns(position.x())) : nullptr;
    if (column == nullptr)
        return position.x() >= gutter() ? QString()
                                        : tr("Prefill tokens: of prompts, read in this step.\nDecode rows: "
                                             "replies that get a token in it.\n"
                                             "Budget: the most tokens that a step may compute.");
    const engine::StepDigest& digest = column->digest;
    QString text = digest.steps > 1
                       ? tr("%n steps from step %1 on; the fullest has", nullptr, int(digest.steps))
                             .arg(countText(column->step))
                       : tr("Step %1").arg(countText(column->step));
    text += QLatin1Char('\n') + tr("%1 prompt tokens of %2 that fit, %3 replies")
                                    .arg(countText(digest.mostPrefill), countText(digest.mostBudget),
                                         countText(digest.mostDecode));
    if (digest.mostRecomputed > 0)
        text += QLatin1Char('\n') +
                tr("%1 tokens computed again after a preemption").arg(countText(digest.mostRecomputed));
    return text;
}

void BatchPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        setAccessibleName(tr("Batch"));
    TimelinePanel::changeEvent(event);
}

} // namespace vitrine::ui
