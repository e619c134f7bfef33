// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/analysis/chart_texts.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QLocale>

#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr double kNs = 1e9;
constexpr double kMostCount = 1e15; // beyond: no number of anything

struct ChartTexts
{
    Q_DECLARE_TR_FUNCTIONS(ChartTexts)
};

QList<double> countsOf(const engine::Samples& samples, const ChartAxis& axis, int bins)
{
    QList<double> counts(bins, 0);
    for (const double value : samples.sorted()) {
        const double share = std::clamp(axis.share(value), 0.0, 1.0);
        counts[std::min(int(share * bins), bins - 1)] += 1;
    }
    return counts;
}

using SampleColours = QList<std::pair<const engine::Samples*, QColor Tokens::*>>;

/// Least and most of those above zero: instants have no place on the axis. 0, 0: there are none.
std::pair<double, double> spanOf(const SampleColours& samples)
{
    double least = 0, most = 0;
    for (const auto& [values, colour] : samples) {
        const auto first = std::upper_bound(values->sorted().begin(), values->sorted().end(), 0.0);
        if (first == values->sorted().end())
            continue;
        least = least == 0 ? *first : std::min(least, *first);
        most = std::max(most, values->most());
    }
    return {least, most};
}

std::function<QString(double)> tipOf(const ChartAxis& x, const QList<QList<double>>& all,
                                     const HistogramLook& look)
{
    return [x, all, bins = look.bins, text = look.text](double value) {
        const int bin = std::clamp(int(x.share(value) * bins), 0, bins - 1);
        double count = 0;
        for (const QList<double>& counts : all)
            count += counts[bin];
        return ChartTexts::tr("%1 to %2: %3")
            .arg(text(x.value(double(bin) / bins)), text(x.value(double(bin + 1) / bins)),
                 countText(quint64(count)));
    };
}

} // namespace

QString secondsText(double seconds)
{
    return durationText(seconds * kNs);
}

QString shortSecondsText(double seconds)
{
    const QLocale locale;
    if (seconds >= 0.9995)
        return ChartTexts::tr("%1 s").arg(locale.toString(seconds, 'g', 6));
    if (seconds >= 0.9995e-3)
        return ChartTexts::tr("%1 ms").arg(locale.toString(seconds * 1e3, 'g', 6));
    return ChartTexts::tr("%1 µs").arg(locale.toString(seconds * 1e6, 'g', 6));
}

QString percentText(double share)
{
    const int places = share > 0 && share < 0.0995 ? 1 : 0;
    return ChartTexts::tr("%1 %").arg(QLocale().toString(100 * share, 'f', places));
}

QString percentilesText(const engine::Samples& samples, const std::function<QString(double)>& text)
{
    if (samples.empty())
        return {};
    return ChartTexts::tr("p50 %1, p95 %2, of %3")
        .arg(text(samples.median()), text(samples.percentile(0.95)), countText(samples.size()));
}

ChartAxis countAxis(double most)
{
    ChartAxis axis;
    axis.to = std::clamp(most * 1.05, 1.0, kMostCount);
    for (const double mark : roundMarks(0, axis.to, 3))
        if (mark == std::floor(mark))
            axis.marks.append(mark);
    axis.text = [](double value) { return countText(quint64(std::max(value, 0.0))); };
    return axis;
}

ChartAxis timeAxis(double from, double to)
{
    ChartAxis axis;
    axis.from = from;
    axis.to = std::max(to, from + 1e-6);
    axis.marks = roundMarks(axis.from, axis.to, 6);
    const double step = axis.marks.size() > 1 ? axis.marks[1] - axis.marks[0] : 1;
    axis.text = [step](double seconds) { return placeText(qint64(seconds * kNs), step * kNs); };
    return axis;
}

ChartPicture histogramOf(const QList<std::pair<const engine::Samples*, QColor Tokens::*>>& samples,
                         const HistogramLook& look)
{
    ChartPicture picture;
    picture.empty = look.empty;
    const auto [least, most] = spanOf(samples);
    if (most <= 0)
        return picture;
    const double middle = std::sqrt(least) * std::sqrt(most), half = std::sqrt(look.leastSpan);
    picture.x.logarithmic = true;
    picture.x.from = std::max(std::min(least / 1.1, middle / half), 1e-12);
    picture.x.to = std::max(most * 1.1, middle * half);
    picture.x.marks = logMarks(picture.x.from, picture.x.to);
    picture.x.text = look.mark ? look.mark : look.text;
    double highest = 1;
    QList<QList<double>> all;
    for (const auto& [values, colour] : samples) {
        const QList<double> counts = countsOf(*values, picture.x, look.bins);
        ChartSeries series;
        series.form = ChartSeries::Form::Bars;
        series.colour = colour;
        for (int bin = 0; bin <= look.bins; ++bin) {
            const double count = bin < look.bins ? counts[bin] : 0;
            series.points.append({picture.x.value(double(bin) / look.bins), count});
            highest = std::max(highest, count);
        }
        if (!values->empty())
            picture.series.append(series);
        all.append(counts);
    }
    picture.y = countAxis(highest);
    for (int bin = 0; bin < look.bins; ++bin)
        picture.stops.append(picture.x.value((bin + 0.5) / look.bins));
    picture.tip = tipOf(picture.x, all, look);
    return picture;
}

} // namespace vitrine::ui
