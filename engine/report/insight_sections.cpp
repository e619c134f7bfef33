// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/report/insight_sections.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>
#include <utility>

#include "engine/analysis/step_moments.h"
#include "engine/report/report_plot.h"
#include "engine/report/report_words.h"

namespace vitrine::engine {

namespace {

constexpr double kMostScore = 1000.0; // more is no more telling

std::string capitalised(std::string text)
{
    if (!text.empty())
        text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
    return text;
}

std::string numberText(double value)
{
    return std::isfinite(value) && value >= 0.0 && value < 1e15
               ? countText(static_cast<std::uint64_t>(std::llround(value)))
               : decimals(value, 0);
}

bool endsWith(const std::string& text, const char* end)
{
    return text.ends_with(end);
}

std::string metricText(const std::string& name, double value)
{
    return endsWith(name, "_seconds") ? durationText(value)
           : endsWith(name, "_perc")  ? percentText(value)
                                      : numberText(value);
}

std::string nameOf(const MetricFamily& family, const MetricValue& value)
{
    std::string name = family.name;
    for (const auto& [label, said] : value.labels)
        if (label != "model_name")
            name += " " + label + "=" + said;
    return name;
}

/// Sizes are told apart by how many times one is the other: the axis counts them.
ReportChart rateChart(const WhatIf& whatIf, const std::vector<WhatIfPoint>& points)
{
    ReportPlot::Axes axes;
    axes.xLow = -0.5;
    axes.xHigh = static_cast<double>(points.size()) - 0.5;
    axes.yHigh = 1.0;
    axes.yWords = [](double share) { return decimals(share * 100.0, 0) + " %"; };
    const double bottom = axes.height - axes.bottom;
    const double height = axes.height;
    ReportPlot plot(std::move(axes));
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double at = static_cast<double>(i), rate = std::clamp(whatIf.rate(points[i]), 0.0, 1.0);
        const bool recorded = points[i].blocks == whatIf.recordedBlocks;
        plot.bar(at - 0.3, at + 0.3, 0.0, rate, recorded ? ReportColour::Accent : ReportColour::Muted);
        plot.shapes().emplace_back(ReportLabel{plot.xAt(at), std::max(plot.yAt(rate) - 4.0, 12.0),
                                               percentText(rate), ReportColour::Text, ReportAnchor::Middle});
        plot.shapes().emplace_back(ReportLabel{plot.xAt(at), height - 5.0, countText(points[i].blocks),
                                               ReportColour::Secondary, ReportAnchor::Middle});
    }
    plot.shapes().emplace_back(
        ReportLine{{{plot.xAt(-0.5), bottom}, {plot.xAt(1e9), bottom}}, ReportColour::Grid, 1.0, false});
    return plot.finish(
        "Prefix hits by size of the pool", "share of prompt tokens found, over blocks in the pool",
        {{"as recorded", ReportColour::Accent, false}, {"played again", ReportColour::Muted, false}});
}

} // namespace

ReportSection anomalySection(const AnomalyLog::Found& found, std::int64_t startNs, std::size_t mostRows)
{
    std::vector<const Anomaly*> shown;
    for (const Anomaly& anomaly : found.all)
        shown.push_back(&anomaly);
    if (shown.size() > mostRows) {
        std::stable_sort(shown.begin(), shown.end(),
                         [](const Anomaly* a, const Anomaly* b) { return a->score > b->score; });
        shown.resize(mostRows);
    }
    std::stable_sort(shown.begin(), shown.end(),
                     [](const Anomaly* a, const Anomaly* b) { return a->startNs < b->startNs; });
    ReportSection section;
    section.title = "Unusual";
    ReportTable table;
    table.columns = {{"Time", 1.0, true},
                     {"For", 1.0, true},
                     {"What", 1.7, false},
                     {"How", 5.0, false},
                     {"Spreads", 1.0, true}};
    for (const Anomaly* anomaly : shown)
        table.rows.push_back(
            {durationText(secondsBetween(startNs, anomaly->startNs)),
             durationText(secondsBetween(anomaly->startNs, anomaly->endNs)),
             capitalised(anomalyName(anomaly->kind)), anomaly->sentence.english(),
             std::isfinite(anomaly->score) ? numberText(std::min(anomaly->score, kMostScore)) : "–"});
    if (found.count > shown.size())
        table.note = countText(found.count - shown.size()) + " more are not shown. ";
    table.note += "Spreads: how far from the usual, in units of how much it usually varies.";
    section.blocks.emplace_back(std::move(table));
    return section;
}

ReportSection whatIfSection(const WhatIf& whatIf)
{
    ReportSection section;
    section.title = "Another size of the pool";
    std::vector<WhatIfPoint> points;
    for (const WhatIfPoint& point : whatIf.points)
        if (point.whole)
            points.push_back(point);
    section.blocks.emplace_back(ReportParagraph{
        "The recorded requests, played again with pools of other sizes. " +
            percentText(static_cast<double>(whatIf.recordedHitTokens) /
                        static_cast<double>(std::max<std::uint64_t>(whatIf.lookedUpTokens, 1))) +
            " of prompt tokens were found in the recording itself" +
            (whatIf.approximate
                 ? "; the model's window pages, or a pool that was resized, make this approximate."
                 : "."),
        true});
    if (points.empty())
        return section;
    const bool finds = std::any_of(points.begin(), points.end(),
                                   [](const WhatIfPoint& point) { return point.hitTokens > 0; });
    if (finds)
        section.blocks.emplace_back(rateChart(whatIf, points));
    else
        section.blocks.emplace_back(
            ReportParagraph{"No size finds any: the prompts have no whole block in common in time.", false});
    ReportTable table;
    table.columns = {{"Blocks", 1.0, true},
                     {"Prefix hits", 1.0, true},
                     {"Preemptions", 1.0, true},
                     {"Without room to the end", 1.6, true}};
    for (const WhatIfPoint& point : points)
        table.rows.push_back(
            {countText(point.blocks) + (point.blocks == whatIf.recordedBlocks ? " (as recorded)" : ""),
             percentText(whatIf.rate(point)), countText(point.preemptions), countText(point.unserved)});
    if (points.size() < whatIf.points.size())
        table.note = "Sizes that the load does not fit are left out.";
    section.blocks.emplace_back(std::move(table));
    return section;
}

ReportSection metricsSection(std::span<const MetricFamily> families)
{
    ReportTable numbers, histograms;
    numbers.columns = {{"Metric", 3.0, false}, {"Meaning", 3.4, false}, {"Value", 1.0, true}};
    histograms.columns = {{"Metric", 3.0, false}, {"Meaning", 2.4, false}, {"Count", 0.9, true},
                          {"Mean", 0.9, true},    {"p50", 0.9, true},      {"p99", 0.9, true}};
    for (const MetricFamily& family : families)
        for (const MetricValue& value : family.values) {
            if (value.histogram.empty()) {
                numbers.rows.push_back(
                    {nameOf(family, value), family.help, metricText(family.name, value.value)});
                continue;
            }
            const Histogram& all = value.histogram.front();
            const auto said = [&](double number) {
                return all.count() > 0 ? metricText(family.name, number) : std::string("–");
            };
            histograms.rows.push_back(
                {nameOf(family, value), family.help, countText(all.count()),
                 said(all.sum() / static_cast<double>(std::max<std::uint64_t>(all.count(), 1))),
                 said(all.quantile(0.5)), said(all.quantile(0.99))});
        }
    histograms.note = "p50 and p99 are estimated within the buckets of the histogram, as monitoring systems "
                      "do it: those above are of the single values.";
    ReportSection section;
    section.title = "Metrics";
    section.blocks.emplace_back(ReportHeading{"Counters and gauges", 3});
    section.blocks.emplace_back(std::move(numbers));
    section.blocks.emplace_back(ReportHeading{"Histograms", 3});
    section.blocks.emplace_back(std::move(histograms));
    return section;
}

} // namespace vitrine::engine
