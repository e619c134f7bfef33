// SPDX-License-Identifier: GPL-3.0-or-later
// Lanes of counters that were told to NVTX: a step line over its area, and where several samples lie in one
// column how far they went.
#include <algorithm>
#include <cmath>

#include <QLocale>
#include <QPainter>

#include "ui/profiler/timeline/thread_panel.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {

using engine::CounterColumn;

namespace {

constexpr float kArea = 0.25F;

QString valueText(double value)
{
    constexpr double kExact = 1e12; // whole numbers below are written out
    return value == std::round(value) && std::abs(value) < kExact ? QLocale().toString(qint64(value))
                                                                  : QLocale().toString(value, 'g', 6);
}

QString withUnit(const QString& value, const NvtxLaneName& lane)
{
    return lane.unit.isEmpty() ? value : value + QLatin1Char(' ') + lane.unit;
}

/// From the least to the most that is drawn, zero among them.
std::pair<double, double> boundsOf(const std::vector<CounterColumn>& columns)
{
    double least = 0, most = 0;
    for (const CounterColumn& column : columns) {
        least = std::min(least, column.least);
        most = std::max(most, column.most);
    }
    return {least, most > least ? most : least + 1};
}

} // namespace

void ThreadPanel::paintCounter(QPainter& painter, const Place& place, const NvtxLaneRow& row)
{
    const QColor line = domainColour(theme().tokens(), picture()->nvtx.lanes[row.lane].hue);
    QColor area = line;
    area.setAlphaF(kArea);
    const QRectF plot = plotRect();
    const double top = topOf(place) + theme().scaled(kMargin);
    const double bottom = topOf(place) + place.height - theme().scaled(kMargin);
    const auto [least, most] = boundsOf(row.samples);
    // Halves first: the distance of two numbers may be beyond all numbers.
    const double low = least / 2, range = most / 2 - low;
    const auto yOf = [&, low = low](double value) {
        return std::round(bottom - std::clamp((value / 2 - low) / range, 0.0, 1.0) * (bottom - top));
    };
    const double zero = yOf(0);
    const TimeScale time = scale();
    const double end = std::min(plot.right() + 1, time.x(view().bounds().endNs));
    for (std::size_t i = 0; i < row.samples.size(); ++i) {
        const CounterColumn& column = row.samples[i];
        // Whole pixels: where areas meet between two, both would tint the pixel.
        const double left = std::round(std::clamp(time.x(column.startNs), plot.left(), plot.right()));
        const double until = i + 1 < row.samples.size() ? time.x(row.samples[i + 1].startNs) : end;
        const double right = std::round(std::clamp(until, left, plot.right() + 1));
        const double y = yOf(column.last);
        const double before = i > 0 ? yOf(row.samples[i - 1].last) : y;
        painter.fillRect(QRectF(QPointF(left, std::min(y, zero)), QPointF(right, std::max(y, zero))), area);
        painter.fillRect(QRectF(left, y, std::max(1.0, right - left), 1), line);
        const double high = std::min(yOf(column.most), before), deep = std::max(yOf(column.least), before);
        painter.fillRect(QRectF(left, high, 1, std::max(1.0, deep - high)), line);
        count();
    }
}

const CounterColumn* ThreadPanel::columnOf(const NvtxLaneRow& row, qint64 ns)
{
    const auto next = std::partition_point(row.samples.cbegin(), row.samples.cend(),
                                           [ns](const CounterColumn& one) { return one.startNs <= ns; });
    return next == row.samples.cbegin() ? nullptr : &*(next - 1);
}

QString ThreadPanel::lastValue(const NvtxLaneName& lane, const NvtxLaneRow& row)
{
    return row.samples.empty() ? QString() : withUnit(valueText(row.samples.back().last), lane);
}

QString ThreadPanel::counterTip(const NvtxLaneName& lane, const NvtxLaneRow* row,
                                const QPointF& position) const
{
    const QString domain = lane.domain.isEmpty() ? tr("Default domain") : tr("Domain %1").arg(lane.domain);
    if (position.x() < gutter())
        return laneTitle(lane) + QLatin1Char('\n') + domain + QLatin1Char('\n') +
               tr("A counter: the number is its last value in the time shown.");
    const CounterColumn* column = row != nullptr ? columnOf(*row, scale().ns(position.x())) : nullptr;
    if (column == nullptr)
        return {};
    QString said = tr("%1: %2").arg(laneTitle(lane), withUnit(valueText(column->last), lane));
    if (column->samples > 1)
        said += QLatin1Char('\n') +
                tr("%n samples, from %1 to %2", nullptr, int(std::min(column->samples, 2'000'000'000U)))
                    .arg(valueText(column->least), valueText(column->most));
    return said + QLatin1Char('\n') + domain;
}

} // namespace vitrine::ui
