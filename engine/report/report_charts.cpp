// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/report/report_charts.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/analysis/step_moments.h"
#include "engine/report/report_plot.h"
#include "engine/report/report_words.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kBins = 48;

ReportPlot::Words secondsWords(double range)
{
    const int digits = range < 0.1 ? 3 : range < 1.0 ? 2 : range < 10.0 ? 1 : 0;
    return [digits](double value) { return decimals(value, digits) + " s"; };
}

ReportPlot overTime(const RunSeries& series, double yHigh, ReportPlot::Words words)
{
    const double length = series.binSeconds * static_cast<double>(series.bins.size());
    ReportPlot::Axes axes;
    axes.xHigh = length;
    axes.yHigh = yHigh;
    axes.xWords = secondsWords(length);
    axes.yWords = std::move(words);
    return ReportPlot(std::move(axes));
}

/// A value of each bin, at the bin's middle.
template<class Of>
std::vector<ReportPoint> pointsOf(const RunSeries& series, Of of)
{
    std::vector<ReportPoint> points;
    for (std::size_t i = 0; i < series.bins.size(); ++i)
        points.push_back({(static_cast<double>(i) + 0.5) * series.binSeconds, of(series.bins[i])});
    return points;
}

double highest(std::span<const ReportPoint> points)
{
    double high = 0.0;
    for (const ReportPoint& point : points)
        high = std::max(high, point.y);
    return high;
}

std::string whole(double value)
{
    return decimals(value, value < 10.0 && value != std::floor(value) ? 1 : 0);
}

/// Bars of a bin: decode below, prefill on top of it.
void drawBatches(ReportPlot& plot, const RunSeries& series)
{
    for (std::size_t i = 0; i < series.bins.size(); ++i) {
        const SeriesBin& bin = series.bins[i];
        const double from = static_cast<double>(i) * series.binSeconds;
        const double to = from + series.binSeconds * 0.92;
        if (bin.decodeTokens > 0.0)
            plot.bar(from, to, 0.0, bin.decodeTokens, ReportColour::Decode);
        if (bin.prefillTokens > 0.0)
            plot.bar(from, to, bin.decodeTokens, bin.decodeTokens + bin.prefillTokens, ReportColour::Prefill);
    }
}

ReportColour colourOf(LifePhase phase)
{
    constexpr std::array kColours = {ReportColour::Queued, ReportColour::Prefill, ReportColour::Decode,
                                     ReportColour::Preempted, ReportColour::Prefill};
    return kColours[static_cast<std::size_t>(phase)];
}

bool isHatched(LifePhase phase)
{
    return phase == LifePhase::Queued || phase == LifePhase::Preempted || phase == LifePhase::Recompute;
}

/// Spans that follow each other closely become one rectangle: a prompt of a thousand chunks is a bar.
void drawLife(std::vector<ReportShape>& shapes, const ReportPlot& plot, const RunFigures& run,
              const RequestLife& life, double y)
{
    constexpr double kHeight = 12.0, kClose = 0.6;
    double end = -1.0;
    LifePhase last = LifePhase::Queued;
    for (const LifeSpan& span : life.spans) {
        const double from = plot.xAt(secondsBetween(run.startNs, span.startNs));
        const double to = plot.xAt(secondsBetween(run.startNs, span.endNs));
        if ((to - from < 0.05 && span.phase == LifePhase::Queued) || to < end)
            continue; // nothing to see, or under the one before
        if (end >= 0.0 && span.phase == last && from - end < kClose) {
            ReportRect& rect = std::get<ReportRect>(shapes.back());
            rect.width = std::max(rect.width, to - rect.x);
        } else {
            const double left = std::max(from, end); // narrow ones side by side
            shapes.emplace_back(ReportRect{left, y, std::max(to - left, 0.8), kHeight, colourOf(span.phase),
                                           isHatched(span.phase)});
        }
        last = span.phase;
        const ReportRect& drawn = std::get<ReportRect>(shapes.back());
        end = drawn.x + drawn.width;
    }
}

} // namespace

ReportChart throughputChart(const RunFigures& run, const RunSeries& series)
{
    const auto points = pointsOf(series, [](const SeriesBin& bin) { return bin.tokensPerSecond; });
    ReportPlot plot = overTime(series, highest(points), whole);
    auto base = points;
    for (ReportPoint& point : base)
        point.y = 0.0;
    plot.band(base, points, ReportColour::Accent, 0.16);
    plot.line(points, ReportColour::Accent);
    return plot.finish("Tokens per second", rateText(run.tokensPerSecond()) + " on average");
}

ReportChart kvChart(const RunFigures& run, const RunSeries& series)
{
    ReportPlot plot = overTime(series, 1.0, [](double value) { return decimals(value * 100.0, 0) + " %"; });
    const auto held = pointsOf(series, [](const SeriesBin& bin) { return bin.referenced; });
    const auto used = pointsOf(series, [](const SeriesBin& bin) { return bin.referenced + bin.cached; });
    auto base = held;
    for (ReportPoint& point : base)
        point.y = 0.0;
    plot.band(base, held, ReportColour::Decode, 0.7);
    plot.band(held, used, ReportColour::Cached, 0.35);
    plot.line(held, ReportColour::Decode);
    return plot.finish(
        "KV blocks", percentText(run.kvMean) + " in use on average, " + percentText(run.kvPeak) + " at most",
        {{"in use", ReportColour::Decode, false}, {"cached", ReportColour::Cached, false}});
}

ReportChart batchChart(const RunFigures& run, const RunSeries& series)
{
    const auto points = pointsOf(series, [](const SeriesBin& b) { return b.prefillTokens + b.decodeTokens; });
    ReportPlot plot = overTime(series, highest(points), whole);
    drawBatches(plot, series);
    return plot.finish("Tokens in a step",
                       decimals(run.batchTokens.mean(), 1) + " on average, of " +
                           decimals(run.batchRequests.mean(), 1) + " requests",
                       {{"prompt", ReportColour::Prefill, false}, {"reply", ReportColour::Decode, false}});
}

ReportChart distributionChart(const std::string& title, const Samples& samples)
{
    const double high = std::max(samples.percentile(0.99), samples.percentile(0.5) * 1.5);
    const double width = high > 0.0 ? high / kBins : 1.0;
    std::array<std::size_t, kBins> counts{};
    for (const double value : samples.sorted())
        ++counts[static_cast<std::size_t>(std::clamp(value / width, 0.0, kBins - 1.0))];
    ReportPlot::Axes axes;
    axes.xHigh = width * kBins;
    axes.yHigh = static_cast<double>(*std::max_element(counts.begin(), counts.end()));
    axes.height = 140.0;
    axes.top = 16.0;
    axes.xWords = axisTimeWords(axes.xHigh);
    axes.yWords = whole;
    ReportPlot plot(std::move(axes));
    for (std::size_t i = 0; i < kBins; ++i)
        if (counts[i] > 0)
            plot.bar(static_cast<double>(i) * width, (static_cast<double>(i) + 0.9) * width, 0.0,
                     static_cast<double>(counts[i]), ReportColour::Accent);
    const double median = samples.median(), p95 = samples.percentile(0.95);
    plot.mark(median, p95 - median < high * 0.1 ? "" : "p50", ReportColour::Secondary);
    plot.mark(p95, p95 - median < high * 0.1 ? "p50, p95" : "p95", ReportColour::Secondary);
    return plot.finish(title, "p50 " + durationText(median) + ", p95 " + durationText(p95) + ", " +
                                  countText(samples.size()) + (samples.size() == 1 ? " value" : " values"));
}

ReportChart timelineChart(const RunFigures& run, std::span<const RequestLife* const> lives,
                          const TitleOf& titleOf)
{
    constexpr double kRow = 20.0;
    constexpr std::size_t kTitle = 24;
    ReportPlot::Axes axes;
    axes.xHigh = run.seconds;
    axes.left = 168.0;
    axes.right = 12.0;
    axes.bottom = 24.0;
    axes.height = axes.top + axes.bottom + kRow * static_cast<double>(lives.size());
    axes.xWords = secondsWords(run.seconds);
    const double top = axes.top;
    ReportPlot plot(std::move(axes));
    std::vector<ReportShape>& shapes = plot.shapes();
    double y = top;
    for (const RequestLife* life : lives) {
        shapes.emplace_back(ReportLabel{0.0, y + 12.0,
                                        shortened(cleanReportText(titleOf(life->request)), kTitle),
                                        ReportColour::Text, ReportAnchor::Start});
        drawLife(shapes, plot, run, *life, y + 2.0);
        y += kRow;
    }
    return plot.finish("Slowest requests", "from arrival to end",
                       {{"queued", ReportColour::Queued, true},
                        {"prompt", ReportColour::Prefill, false},
                        {"reply", ReportColour::Decode, false},
                        {"preempted", ReportColour::Preempted, true},
                        {"computed again", ReportColour::Prefill, true}});
}

} // namespace vitrine::engine
