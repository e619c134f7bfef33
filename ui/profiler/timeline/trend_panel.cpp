// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/timeline/trend_panel.h"

#include <algorithm>
#include <cmath>

#include <QEvent>
#include <QPainter>

#include "ui/profiler/anomalies/anomaly_text.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

double seconds(const StepColumn& column)
{
    return double(std::max<qint64>(column.endNs - column.startNs, 1)) * 1e-9;
}

double speed(const StepColumn& column)
{
    return double(column.digest.decodeTokens) / seconds(column);
}

double hitRate(const StepColumn& column)
{
    const auto& digest = column.digest;
    return digest.lookedUpTokens == 0
               ? -1
               : std::min(1.0, double(digest.cachedTokens) / double(digest.lookedUpTokens));
}

double referenced(const StepColumn& column)
{
    return column.digest.mostReferenced;
}

double withCached(const StepColumn& column)
{
    return std::min(double(column.digest.mostReferenced) + column.digest.mostCached,
                    double(column.digest.mostTotal));
}

double total(const StepColumn& column)
{
    return column.digest.mostTotal;
}

double running(const StepColumn& column)
{
    return column.digest.mostRunning;
}

double load(const StepColumn& column)
{
    return double(column.digest.mostRunning) + column.digest.mostWaiting;
}

/// The curve that shows it.
int chartOf(engine::AnomalyKind kind)
{
    switch (kind) {
    case engine::AnomalyKind::PrefixHits:
        return TrendPanel::HitRate;
    case engine::AnomalyKind::Queue:
        return TrendPanel::Load;
    case engine::AnomalyKind::Preemptions:
        return TrendPanel::Blocks;
    default:
        return TrendPanel::Speed;
    }
}

QColor paled(QColor colour, float alpha)
{
    colour.setAlphaF(alpha);
    return colour;
}

} // namespace

TrendPanel::TrendPanel(TimeView& view, const Theme& theme, QWidget* parent)
    : TimelinePanel(view, theme, parent)
{
    setAccessibleName(tr("Charts"));
}

QSize TrendPanel::minimumSizeHint() const
{
    return {300, kCharts * theme().scaled(kChartHeight + kSpace3) + kSpace2};
}

QRectF TrendPanel::chartRect(int chart) const
{
    const QRectF plot = plotRect();
    const double height = theme().scaled(kChartHeight), gap = theme().scaled(kSpace3);
    return {plot.left(), gap + chart * (height + gap), plot.width(), height};
}

double TrendPanel::mostOf(const Value& value) const
{
    double most = 1;
    const auto [first, last] = columnsInView();
    for (qsizetype i = first; i < last; ++i)
        most = std::max(most, value(picture()->steps[i]));
    return most;
}

void TrendPanel::paintArea(QPainter& painter, int chart, const Value& value, double most, const QColor& fill,
                           const QColor& line)
{
    const QRectF plot = chartRect(chart);
    const TimeScale time = scale();
    const auto [first, last] = columnsInView();
    double before = plot.bottom();
    for (qsizetype i = first; i < last; ++i) {
        const StepColumn& column = picture()->steps[i];
        const double amount = value(column);
        if (amount < 0)
            continue;
        const double left = std::clamp(time.x(column.startNs), plot.left(), plot.right());
        // Between two steps the state is that of the first.
        const qint64 until = i + 1 < last ? picture()->steps[i + 1].startNs : column.endNs;
        const double right = std::clamp(time.x(std::max(column.endNs, until)), left + 1, plot.right() + 1);
        const double y = std::round(plot.bottom() - plot.height() * std::min(1.0, amount / most));
        painter.fillRect(QRectF(QPointF(left, y), QPointF(right, plot.bottom())), fill);
        painter.fillRect(QRectF(QPointF(left, y), QPointF(right, y + 1)), line);
        if (i > first && std::abs(before - y) > 1)
            painter.fillRect(
                QRectF(QPointF(left, std::min(before, y)), QPointF(left + 1, std::max(before, y))), line);
        before = y;
        count();
    }
}

void TrendPanel::setAnomalies(const SharedAnomalies& anomalies)
{
    m_anomalies = anomalies;
    update();
}

QRectF TrendPanel::bandOf(const AnomalyPicture::Entry& entry) const
{
    const QRectF plot = chartRect(chartOf(entry.anomaly.kind));
    const TimeRange range = AnomalyText::range(entry.anomaly);
    const bool goesOn = entry.open && m_anomalies->live;
    const TimeScale time = scale();
    const double left = std::clamp(time.x(range.startNs), plot.left() - 2, plot.right() + 2);
    const double right =
        goesOn ? plot.right() : std::clamp(time.x(range.endNs), plot.left() - 2, plot.right() + 2);
    return {left, plot.top() - kSpace1, std::max(right - left, 2.0), plot.height() + kSpace1};
}

void TrendPanel::paintAnomalies(QPainter& painter)
{
    if (!m_anomalies)
        return;
    for (const AnomalyPicture::Entry& entry : m_anomalies->entries) {
        const QRectF band = bandOf(entry);
        if (band.right() < plotRect().left() || band.left() > plotRect().right())
            continue;
        painter.fillRect(band, paled(theme().tokens().warning, 0.14F));
        painter.fillRect(QRectF(band.topLeft(), QSizeF(band.width(), 2)), theme().tokens().warning);
        count();
    }
}

void TrendPanel::paintPlot(QPainter& painter)
{
    const Tokens& t = theme().tokens();
    paintAnomalies(painter);
    m_mostBlocks = mostOf(total);
    m_mostSpeed = mostOf(speed);
    m_mostLoad = mostOf(load);
    paintArea(painter, Blocks, total, m_mostBlocks, t.free, t.freeLine);
    paintArea(painter, Blocks, withCached, m_mostBlocks, t.cached, t.cached);
    paintArea(painter, Blocks, referenced, m_mostBlocks, t.accentMuted, t.accent);
    paintArea(painter, HitRate, hitRate, 1, paled(t.cached, 0.25F), t.cached);
    paintArea(painter, Speed, speed, m_mostSpeed, paled(t.decode, 0.2F), t.decode);
    paintArea(painter, Load, load, m_mostLoad, paled(t.queued, 0.35F), t.queued);
    paintArea(painter, Load, running, m_mostLoad, paled(t.accent, 0.35F), t.accent);
    for (int chart = 0; chart < kCharts; ++chart) {
        const QRectF plot = chartRect(chart);
        painter.fillRect(QRectF(plot.left(), plot.bottom(), plot.width(), 1), t.borderStrong);
    }
}

void TrendPanel::paintAxis(QPainter& painter, int chart, const QString& name, const QString& most)
{
    const QRectF plot = chartRect(chart);
    const int right = gutter() - kSpace2, line = theme().scaled(kSpace4);
    const auto label = [&](double y) {
        return QRectF(labelLeft(), y - line / 2.0, right - labelLeft(), line);
    };
    const QColor& colour = theme().tokens().secondary;
    const double wide = QFontMetricsF(theme().font(TextSize::Small)).horizontalAdvance(most) + kSpace2;
    paintLabel(painter, label(plot.top() + kSpace1).adjusted(0, 0, -wide, 0), name, colour);
    paintLabel(painter, label(plot.top() + kSpace1), most, colour, Qt::AlignRight | Qt::AlignVCenter);
    paintLabel(painter, label(plot.bottom() - kSpace1), countText(0), colour,
               Qt::AlignRight | Qt::AlignVCenter);
}

void TrendPanel::paintGutter(QPainter& painter)
{
    paintAxis(painter, Blocks, tr("KV pages"), countText(quint64(m_mostBlocks)));
    paintAxis(painter, HitRate, tr("prefix hits"), tr("100 %"));
    paintAxis(painter, Speed, tr("tokens/s"), countText(quint64(std::ceil(m_mostSpeed))));
    paintAxis(painter, Load, tr("requests"), countText(quint64(m_mostLoad)));
}

void TrendPanel::clicked(const QPointF& position)
{
    if (position.x() >= gutter())
        emit stepPicked(scale().ns(position.x()));
}

QString TrendPanel::tipAt(const QPointF& position) const
{
    const QString figures = figuresAt(position);
    if (m_anomalies && position.x() >= gutter())
        for (const AnomalyPicture::Entry& entry : m_anomalies->entries)
            if (bandOf(entry).adjusted(-2, 0, 2, 0).contains(position))
                return AnomalyText::said(entry.anomaly) + QLatin1String("\n\n") + figures;
    return figures;
}

QString TrendPanel::figuresAt(const QPointF& position) const
{
    int chart = 0;
    while (chart < kCharts - 1 && position.y() > chartRect(chart).bottom() + kSpace2)
        ++chart;
    const bool plot = position.x() >= gutter();
    const StepColumn* column = plot ? columnAt(scale().ns(position.x())) : nullptr;
    if (plot && column == nullptr)
        return {};
    QString figures;
    switch (chart) {
    case Blocks:
        if (column != nullptr)
            figures = tr("%1 in use, %2 cached, of %3")
                          .arg(countText(column->digest.mostReferenced), countText(column->digest.mostCached),
                               countText(column->digest.mostTotal));
        return tr("Pages of the KV cache: in use by requests, kept for prompts that begin alike, free.\n%1")
            .arg(figures)
            .trimmed();
    case HitRate:
        if (column != nullptr && hitRate(*column) >= 0)
            figures =
                tr("%1 of %2 tokens")
                    .arg(countText(column->digest.cachedTokens), countText(column->digest.lookedUpTokens));
        return tr("How much of the prompts that were admitted then the prefix cache had.\n%1")
            .arg(figures)
            .trimmed();
    case Speed:
        if (column != nullptr)
            figures = tr("%1 tokens/s").arg(countText(quint64(speed(*column))));
        return tr("Tokens written a second, all replies together.\n%1").arg(figures).trimmed();
    default:
        if (column != nullptr)
            figures = tr("%1 running, %2 waiting")
                          .arg(countText(column->digest.mostRunning), countText(column->digest.mostWaiting));
        return tr("Requests that run, and above them those that wait.\n%1").arg(figures).trimmed();
    }
}

void TrendPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        setAccessibleName(tr("Charts"));
    TimelinePanel::changeEvent(event);
}

} // namespace vitrine::ui
