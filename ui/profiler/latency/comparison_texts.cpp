// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/latency/comparison_texts.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <QCoreApplication>
#include <QLocale>

#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

using engine::CompareCurves;
using engine::CompareRow;
using engine::Comparison;
using engine::Metric;
using engine::MetricUnit;
using engine::RunSeries;
using engine::SeriesBin;
using engine::Statistic;

constexpr double kNs = 1e9;

QString text(const char* source)
{
    return QCoreApplication::translate("ComparisonTexts", source);
}

QString nameOf(Metric metric)
{
    switch (metric) {
    case Metric::FirstToken:
        return text(QT_TRANSLATE_NOOP("ComparisonTexts", "First token"));
    case Metric::Between:
        return text(QT_TRANSLATE_NOOP("ComparisonTexts", "Between"));
    case Metric::Queue:
        return text(QT_TRANSLATE_NOOP("ComparisonTexts", "Queue"));
    case Metric::Total:
        return text(QT_TRANSLATE_NOOP("ComparisonTexts", "Whole reply"));
    case Metric::StepTime:
        return text(QT_TRANSLATE_NOOP("ComparisonTexts", "Step"));
    case Metric::Throughput:
        return text(QT_TRANSLATE_NOOP("ComparisonTexts", "Tokens/s"));
    case Metric::PrefixHits:
        return text(QT_TRANSLATE_NOOP("ComparisonTexts", "Prefix hits"));
    case Metric::KvUse:
        return text(QT_TRANSLATE_NOOP("ComparisonTexts", "KV in use"));
    case Metric::Preemptions:
        return text(QT_TRANSLATE_NOOP("ComparisonTexts", "Preemptions"));
    }
    return {};
}

QString statisticOf(Statistic statistic)
{
    switch (statistic) {
    case Statistic::Median:
        return text(QT_TRANSLATE_NOOP("ComparisonTexts", "p50"));
    case Statistic::P95:
        return text(QT_TRANSLATE_NOOP("ComparisonTexts", "p95"));
    case Statistic::Mean:
        return text(QT_TRANSLATE_NOOP("ComparisonTexts", "mean"));
    default:
        return {};
    }
}

QString signedText(double value, int places)
{
    const double step = std::pow(10.0, places), rounded = std::round(value * step) / step;
    const QString sign = rounded < 0 ? QString(QChar(0x2212)) : rounded > 0 ? QStringLiteral("+") : QString();
    return sign + QLocale().toString(std::abs(rounded), 'f', places);
}

/// How a difference is said: times what, in which unit.
struct Saying
{
    double value = 0, low = 0, high = 0;
    QString unit;
};

Saying sayingOf(const CompareRow& row)
{
    if (row.unit == MetricUnit::Share)
        return {row.change * 100, row.low * 100, row.high * 100,
                text(QT_TRANSLATE_NOOP("ComparisonTexts", " pt"))};
    if (row.unit == MetricUnit::Count)
        return {row.change, row.low, row.high, QString()};
    return {row.relative * 100, row.relativeLow * 100, row.relativeHigh * 100,
            text(QT_TRANSLATE_NOOP("ComparisonTexts", " %"))};
}

const CompareRow* rowOf(const Comparison& comparison, Metric metric, Statistic statistic)
{
    for (const CompareRow& row : comparison.rows)
        if (row.metric == metric && (row.statistic == statistic || row.unit == MetricUnit::Share))
            return &row;
    return nullptr;
}

void addFigures(ComparedLines& lines, const CompareRow* row)
{
    if (row == nullptr)
        return;
    lines.before = ComparisonTexts::value(*row, row->a);
    lines.after = ComparisonTexts::value(*row, row->b);
    const QString statistic = statisticOf(row->statistic);
    if (!statistic.isEmpty())
        lines.unit = text(QT_TRANSLATE_NOOP("ComparisonTexts", ", %1")).arg(statistic);
}

/// The last few values of a long tail would make all others a wall: cut where nine of ten of both are.
double reachOf(const CompareCurves& curves)
{
    double reach = 0;
    for (const auto* curve : {&curves.ecdfA, &curves.ecdfB})
        for (const engine::CurvePoint& point : *curve)
            if (point.y <= 0.98)
                reach = std::max(reach, point.x);
    return reach;
}

ComparedLines distribution(const CompareCurves& curves)
{
    ComparedLines lines;
    lines.stepped = true;
    for (const engine::CurvePoint& point : curves.ecdfA)
        lines.a.append({point.x, point.y});
    for (const engine::CurvePoint& point : curves.ecdfB)
        lines.b.append({point.x, point.y});
    lines.mostX = std::max(reachOf(curves), 1e-6);
    lines.markX = durationText(lines.mostX * kNs);
    lines.markY = text(QT_TRANSLATE_NOOP("ComparisonTexts", "100 %"));
    return lines;
}

ComparedLines density(const CompareCurves& curves)
{
    ComparedLines lines;
    lines.filled = true;
    double most = 0;
    const auto add = [&](QList<QPointF>& points, const std::vector<double>& bins) {
        for (std::size_t i = 0; i < bins.size(); ++i) {
            points.append({(double(i) + 0.5) * curves.binWidth, bins[i]});
            most = std::max(most, bins[i]);
        }
    };
    add(lines.a, curves.densityA);
    add(lines.b, curves.densityB);
    const double all = curves.binWidth * double(std::max(curves.densityA.size(), curves.densityB.size()));
    lines.mostX = std::max(all, 1e-6);
    lines.mostY = std::max(most, 1e-6);
    lines.markX = durationText((curves.binStart + lines.mostX) * kNs);
    lines.markY =
        text(QT_TRANSLATE_NOOP("ComparisonTexts", "%1 %")).arg(QLocale().toString(std::round(most * 100)));
    return lines;
}

ComparedLines course(const Comparison& comparison, const std::function<double(const SeriesBin&)>& value)
{
    ComparedLines lines;
    double most = 0;
    const auto add = [&](QList<QPointF>& points, const RunSeries& series) {
        for (std::size_t i = 0; i < series.bins.size(); ++i) {
            points.append({(double(i) + 0.5) * series.binSeconds, value(series.bins[i])});
            most = std::max(most, points.last().y());
        }
        lines.mostX = std::max(lines.mostX, series.binSeconds * double(series.bins.size()));
    };
    lines.mostX = 1e-6;
    add(lines.a, comparison.seriesA);
    add(lines.b, comparison.seriesB);
    lines.mostY = std::max(most * 1.05, 1e-6);
    lines.markX = durationText(lines.mostX * kNs);
    return lines;
}

} // namespace

QString ComparisonTexts::metric(const CompareRow& row)
{
    const QString statistic = statisticOf(row.statistic);
    return statistic.isEmpty()
               ? nameOf(row.metric)
               : text(QT_TRANSLATE_NOOP("ComparisonTexts", "%1, %2")).arg(nameOf(row.metric), statistic);
}

QString ComparisonTexts::value(const CompareRow& row, double value)
{
    switch (row.unit) {
    case MetricUnit::Seconds:
        return durationText(value * kNs);
    case MetricUnit::PerSecond:
        return QLocale().toString(value, 'f', value < 99.95 ? 1 : 0);
    case MetricUnit::Share:
        return text(QT_TRANSLATE_NOOP("ComparisonTexts", "%1 %"))
            .arg(QLocale().toString(std::round(value * 100)));
    case MetricUnit::Count:
        return QLocale().toString(std::round(value));
    }
    return {};
}

QString ComparisonTexts::change(const CompareRow& row)
{
    const Saying saying = sayingOf(row);
    return signedText(saying.value, std::abs(saying.value) < 9.95 && row.unit != MetricUnit::Count ? 1 : 0) +
           saying.unit;
}

QString ComparisonTexts::interval(const CompareRow& row)
{
    if (row.verdict == engine::Verdict::TooFew)
        return text(QT_TRANSLATE_NOOP("ComparisonTexts", "too few to tell"));
    const Saying saying = sayingOf(row);
    const bool small = std::max(std::abs(saying.low), std::abs(saying.high)) < 9.95;
    const int places = small && row.unit != MetricUnit::Count ? 1 : 0;
    return text(QT_TRANSLATE_NOOP("ComparisonTexts", "%1 … %2%3"))
        .arg(signedText(saying.low, places), signedText(saying.high, places), saying.unit);
}

QString ComparisonTexts::pairing(const Comparison& comparison)
{
    const QLocale locale;
    const QString pairs = locale.toString(qulonglong(comparison.pairs));
    const QString all = locale.toString(qulonglong(std::max(comparison.unitsA, comparison.unitsB)));
    switch (comparison.pairing) {
    case engine::Pairing::SamePrompt:
        return text(QT_TRANSLATE_NOOP("ComparisonTexts", "aligned by request, %1 of %2")).arg(pairs, all);
    case engine::Pairing::Arrival:
        return text(QT_TRANSLATE_NOOP("ComparisonTexts", "different prompts: aligned in order, %1 of %2"))
            .arg(pairs, all);
    case engine::Pairing::Step:
        return text(QT_TRANSLATE_NOOP("ComparisonTexts", "aligned by step, %1 of %2")).arg(pairs, all);
    case engine::Pairing::None:
        return text(QT_TRANSLATE_NOOP("ComparisonTexts", "nothing in common"));
    }
    return {};
}

std::array<ComparedLines, ComparisonTexts::kCharts> ComparisonTexts::charts(const Comparison& comparison)
{
    std::array<ComparedLines, kCharts> charts;
    for (const CompareCurves& curves : comparison.curves) {
        if (curves.metric == Metric::FirstToken)
            charts[0] = distribution(curves);
        if (curves.metric == Metric::Between)
            charts[1] = density(curves);
    }
    charts[2] = course(comparison, [](const SeriesBin& bin) { return bin.tokensPerSecond; });
    charts[2].markY = QLocale().toString(std::ceil(charts[2].mostY));
    charts[3] = course(comparison, [](const SeriesBin& bin) { return bin.referenced; });
    charts[3].mostY = 1;
    charts[3].markY = text(QT_TRANSLATE_NOOP("ComparisonTexts", "100 %"));
    charts[0].title = text(QT_TRANSLATE_NOOP("ComparisonTexts", "Time to first token"));
    charts[1].title = text(QT_TRANSLATE_NOOP("ComparisonTexts", "Between tokens"));
    charts[2].title = text(QT_TRANSLATE_NOOP("ComparisonTexts", "Throughput"));
    charts[3].title = text(QT_TRANSLATE_NOOP("ComparisonTexts", "KV blocks in use"));
    addFigures(charts[0], rowOf(comparison, Metric::FirstToken, Statistic::P95));
    addFigures(charts[1], rowOf(comparison, Metric::Between, Statistic::P95));
    addFigures(charts[2], rowOf(comparison, Metric::Throughput, Statistic::Ratio));
    charts[2].unit = text(QT_TRANSLATE_NOOP("ComparisonTexts", " tokens/s"));
    addFigures(charts[3], rowOf(comparison, Metric::KvUse, Statistic::Mean));
    return charts;
}

} // namespace vitrine::ui
