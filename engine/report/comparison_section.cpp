// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/report/comparison_section.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "engine/report/report_plot.h"
#include "engine/report/report_words.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kNameWidth = 60;
constexpr double kMostShown = 0.98; // of both distributions: the last few would make a wall of all others
constexpr double kChartHeight = 140.0;

std::string capitalised(std::string text)
{
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

std::string valueText(const CompareRow& row, double value)
{
    switch (row.unit) {
    case MetricUnit::Seconds:
        return durationText(value);
    case MetricUnit::PerSecond:
        return rateText(value);
    case MetricUnit::Share:
        return percentText(value);
    case MetricUnit::Count:
        return decimals(value, 0);
    }
    return {};
}

/// A difference: per cent, of shares points, of counts how many.
struct Saying
{
    double value = 0.0, low = 0.0, high = 0.0;
    const char* unit = "";
};

Saying sayingOf(const CompareRow& row)
{
    if (row.unit == MetricUnit::Share)
        return {row.change * 100.0, row.low * 100.0, row.high * 100.0, " points"};
    if (row.unit == MetricUnit::Count)
        return {row.change, row.low, row.high, ""};
    return {row.relative * 100.0, row.relativeLow * 100.0, row.relativeHigh * 100.0, " %"};
}

std::string signedNumber(double value, int digits)
{
    const double step = std::pow(10.0, digits), rounded = std::round(value * step) / step;
    return rounded == 0.0 ? decimals(0.0, digits) : signedText(rounded, decimals(std::abs(rounded), digits));
}

int digitsOf(const CompareRow& row, const Saying& saying)
{
    return row.unit != MetricUnit::Count && std::max(std::abs(saying.low), std::abs(saying.high)) < 9.95 ? 1
                                                                                                         : 0;
}

std::string verdictText(Verdict verdict)
{
    switch (verdict) {
    case Verdict::NoDifference:
        return "no difference seen";
    case Verdict::Better:
        return "better";
    case Verdict::Worse:
        return "worse";
    case Verdict::TooFew:
        return "too few to tell";
    }
    return {};
}

ReportColour colourOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Better:
        return ReportColour::Good;
    case Verdict::Worse:
        return ReportColour::Bad;
    case Verdict::NoDifference:
    case Verdict::TooFew:
        break;
    }
    return ReportColour::Secondary;
}

ReportTable tableOf(const Comparison& comparison)
{
    ReportTable table;
    table.columns = {{"", 2.2, false},
                     {"A", 1.1, true},
                     {"B", 1.1, true},
                     {"Change", 1.3, true},
                     {"95 % interval", 2.2, true},
                     {"", 1.9, false}};
    for (const CompareRow& row : comparison.rows) {
        const Saying saying = sayingOf(row);
        const int digits = digitsOf(row, saying);
        const std::string statistic(statisticName(row.statistic));
        const bool known = row.verdict != Verdict::TooFew;
        table.rows.push_back(
            {capitalised(std::string(metricName(row.metric))) + (statistic.empty() ? "" : ", " + statistic),
             valueText(row, row.a), valueText(row, row.b), signedNumber(saying.value, digits) + saying.unit,
             known
                 ? signedNumber(saying.low, digits) + " to " + signedNumber(saying.high, digits) + saying.unit
                 : "–",
             verdictText(row.verdict)});
        table.verdicts.push_back(colourOf(row.verdict));
    }
    table.note = "Intervals by bootstrap over requests and runs of steps, each for itself: of twenty rows "
                 "without any difference about one claims one.";
    return table;
}

std::vector<ReportKey> keys()
{
    return {{"A", ReportColour::Muted, false}, {"B", ReportColour::Accent, false}};
}

std::vector<ReportPoint> pointsOf(const std::vector<CurvePoint>& curve)
{
    std::vector<ReportPoint> points;
    for (const CurvePoint& point : curve)
        points.push_back({point.x, point.y});
    return points;
}

double reachOf(const CompareCurves& curves)
{
    double reach = 0.0;
    for (const auto* curve : {&curves.ecdfA, &curves.ecdfB})
        for (const CurvePoint& point : *curve)
            if (point.y <= kMostShown)
                reach = std::max(reach, point.x);
    return reach;
}

ReportChart distributionOf(const CompareCurves& curves)
{
    ReportPlot::Axes axes;
    axes.xHigh = reachOf(curves);
    axes.height = kChartHeight;
    axes.xWords = axisTimeWords(axes.xHigh);
    axes.yWords = [](double share) { return decimals(share * 100.0, 0) + " %"; };
    ReportPlot plot(std::move(axes));
    plot.line(pointsOf(curves.ecdfA), ReportColour::Muted, 1.5, true);
    plot.line(pointsOf(curves.ecdfB), ReportColour::Accent);
    return plot.finish(capitalised(std::string(metricName(curves.metric))),
                       "share that took no longer than that", keys());
}

ReportChart courseOf(const Comparison& comparison, const char* title, const char* subtitle,
                     const std::function<double(const SeriesBin&)>& value, ReportPlot::Words words,
                     double high)
{
    const auto course = [&](const RunSeries& series) {
        std::vector<ReportPoint> points;
        for (std::size_t i = 0; i < series.bins.size(); ++i)
            points.push_back({(static_cast<double>(i) + 0.5) * series.binSeconds, value(series.bins[i])});
        return points;
    };
    const std::vector<ReportPoint> a = course(comparison.seriesA), b = course(comparison.seriesB);
    ReportPlot::Axes axes;
    for (const auto* points : {&a, &b})
        for (const ReportPoint& point : *points) {
            axes.xHigh = std::max(axes.xHigh, point.x);
            high = std::max(high, point.y);
        }
    axes.yHigh = high;
    axes.height = kChartHeight;
    axes.xWords = axisTimeWords(axes.xHigh);
    axes.yWords = std::move(words);
    ReportPlot plot(std::move(axes));
    plot.line(a, ReportColour::Muted, 1.5, true);
    plot.line(b, ReportColour::Accent);
    return plot.finish(title, subtitle, keys());
}

std::string pairingText(const Comparison& comparison)
{
    const std::string pairs =
        countText(comparison.pairs) + " of " + countText(std::max(comparison.unitsA, comparison.unitsB));
    switch (comparison.pairing) {
    case Pairing::SamePrompt:
        return "Requests with the same prompt are compared with each other: " + pairs + ".";
    case Pairing::Arrival:
        return "The prompts differ: requests are compared in their order, " + pairs + ".";
    case Pairing::Step:
        return "Steps are compared in their order, " + pairs + ".";
    case Pairing::None:
        return "The two have no requests in common.";
    }
    return {};
}

} // namespace

ReportSection comparisonSection(const Comparison& comparison, const std::string& nameA,
                                const std::string& nameB)
{
    const auto name = [](const std::string& text) { return shortened(cleanReportText(text), kNameWidth); };
    ReportSection section;
    section.title = "A against B";
    section.blocks.emplace_back(ReportParagraph{"A: " + name(nameA), false});
    section.blocks.emplace_back(ReportParagraph{"B: " + name(nameB) + " (this recording)", false});
    section.blocks.emplace_back(ReportParagraph{pairingText(comparison), true});
    if (comparison.rows.empty()) {
        section.blocks.emplace_back(ReportParagraph{"There is nothing in them that can be compared.", true});
        return section;
    }
    section.blocks.emplace_back(tableOf(comparison));
    for (const CompareCurves& curves : comparison.curves)
        if (curves.metric == Metric::FirstToken || curves.metric == Metric::Between)
            section.blocks.emplace_back(distributionOf(curves));
    section.blocks.emplace_back(courseOf(
        comparison, "Throughput", "tokens per second, each from its own beginning",
        [](const SeriesBin& bin) { return bin.tokensPerSecond; },
        [](double value) { return decimals(value, value < 10.0 && value != std::floor(value) ? 1 : 0); },
        0.0));
    section.blocks.emplace_back(courseOf(
        comparison, "KV blocks in use", "share of the pool",
        [](const SeriesBin& bin) { return bin.referenced; },
        [](double value) { return decimals(value * 100.0, 0) + " %"; }, 1.0));
    return section;
}

} // namespace vitrine::engine
