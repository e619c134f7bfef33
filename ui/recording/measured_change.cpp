// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recording/measured_change.h"

#include <algorithm>
#include <span>
#include <unordered_map>
#include <variant>
#include <vector>

#include "engine/analysis/bootstrap.h"
#include "engine/analysis/run_series.h"

namespace vitrine::ui {

using engine::GainMetric;
using engine::RecordedStep;

namespace {

using Steps = std::span<const RecordedStep>;

constexpr std::size_t kMostRuns = 64;     // that the steps of a side are cut into
constexpr std::size_t kFewestRuns = 8;    // on each side, for an interval
constexpr std::size_t kFewestValues = 20; // likewise
constexpr std::size_t kResamples = 1000;
constexpr std::uint64_t kSeed = 1;

/// What people waited, in the order in which it ended: for the next token, or for the first one.
std::vector<double> waitsOf(Steps steps, bool first)
{
    std::vector<double> waits;
    std::unordered_map<engine::RequestId, qint64> since;
    for (const RecordedStep& step : steps) {
        for (const engine::RecordedEvent& event : step.events) {
            if (const auto* arrival = std::get_if<engine::RecordedArrival>(&event);
                arrival != nullptr && first)
                since[arrival->request] = engine::saneNs(arrival->timeNs);
            const auto* token = std::get_if<engine::RecordedToken>(&event);
            if (token == nullptr)
                continue;
            const qint64 now = engine::saneNs(step.record.endNs);
            if (const auto known = since.find(token->request); known != since.end())
                waits.push_back(double(std::max<qint64>(now - known->second, 0)));
            if (first)
                since.erase(token->request);
            else
                since[token->request] = now;
        }
    }
    return waits;
}

/// Few points, each the worst of its part.
QList<double> thinned(const std::vector<double>& values, qsizetype most)
{
    QList<double> points;
    const std::size_t each = (values.size() + std::size_t(most) - 1) / std::size_t(most);
    for (std::size_t i = 0; i < values.size(); i += each)
        points.append(*std::max_element(values.begin() + std::ptrdiff_t(i),
                                        values.begin() + std::ptrdiff_t(std::min(i + each, values.size()))));
    return points;
}

QList<double> seriesOf(Steps steps, GainMetric metric)
{
    constexpr qsizetype kMost = kMostPoints / 2;
    switch (metric) {
    case GainMetric::TokensPerSecond:
    case GainMetric::Preemptions: {
        QList<double> points;
        for (const engine::SeriesBin& bin : engine::runSeries(steps, kMost).bins)
            points.append(metric == GainMetric::Preemptions ? bin.preemptions : bin.tokensPerSecond);
        return points;
    }
    case GainMetric::FirstTokenP95:
    case GainMetric::WholeMean:
        return thinned(waitsOf(steps, true), kMost);
    default:
        return thinned(waitsOf(steps, false), kMost);
    }
}

/// Replies that ran already when the part began count as well: most do, right after a change.
engine::RunMetrics metricsOf(Steps steps)
{
    engine::RunMetrics metrics = engine::measureRun(steps);
    std::vector<double> between = waitsOf(steps, false);
    metrics.betweenP50 = engine::quantile(between, 0.5);
    metrics.betweenP95 = engine::quantile(between, 0.95);
    metrics.betweenWorst = engine::quantile(between, 0.995);
    return metrics;
}

using Clusters = std::vector<engine::Cluster>;

/// Neighbours hang together: they are drawn as one.
Clusters runsOf(const std::vector<engine::Cluster>& each)
{
    Clusters runs(std::min(each.size(), kMostRuns));
    for (std::size_t i = 0; i < each.size(); ++i) {
        engine::Cluster& run = runs[i * runs.size() / each.size()];
        run.values.insert(run.values.end(), each[i].values.begin(), each[i].values.end());
        run.part += each[i].part;
        run.whole += each[i].whole;
    }
    return runs;
}

/// What steps bring to a rate: tokens over time, or preemptions over steps.
Clusters rateOf(Steps steps, bool tokens)
{
    Clusters each;
    qint64 before = 0;
    for (const RecordedStep& step : steps) {
        if (step.record.step == 0)
            continue;
        const qint64 start = engine::saneNs(step.record.startNs);
        if (!each.empty() && tokens)
            each.back().whole = double(std::max<qint64>(start - before, 0));
        before = start;
        each.push_back(
            {{}, 0, tokens ? double(std::max<qint64>(engine::saneNs(step.record.endNs) - start, 0)) : 1});
        for (const engine::RecordedEvent& event : step.events)
            if (tokens ? std::holds_alternative<engine::RecordedToken>(event)
                       : std::holds_alternative<engine::PreemptionEvent>(event))
                ++each.back().part;
    }
    return each;
}

struct Asked
{
    Clusters clusters;
    engine::Statistic statistic = engine::Statistic::P95;
    std::size_t values = 0;
};

Asked askedOf(Steps steps, GainMetric metric)
{
    if (metric == GainMetric::TokensPerSecond || metric == GainMetric::Preemptions) {
        const Clusters each = rateOf(steps, metric == GainMetric::TokensPerSecond);
        return {runsOf(each), engine::Statistic::Ratio, each.size()};
    }
    const bool first = metric == GainMetric::FirstTokenP95;
    if (!first && metric != GainMetric::BetweenTokensP95)
        return {}; // of the very worst, and of whole replies, too few are there
    Clusters each;
    for (const double wait : waitsOf(steps, first))
        each.push_back({{wait}, 0, 0});
    return {first ? each : runsOf(each), engine::Statistic::P95, each.size()};
}

std::optional<GainInterval> intervalOf(Steps before, Steps after, GainMetric metric)
{
    const Asked a = askedOf(before, metric), b = askedOf(after, metric);
    for (const Asked* side : {&a, &b})
        if (side->clusters.size() < kFewestRuns || side->values < kFewestValues)
            return std::nullopt;
    if (!(engine::statisticOf(a.clusters, a.statistic) > 0))
        return std::nullopt;
    const engine::DifferenceIntervals found =
        engine::bootstrapDifference(a.clusters, b.clusters, false, a.statistic, kResamples, kSeed);
    return GainInterval{found.relative.low, found.relative.high};
}

quint64 working(Steps steps)
{
    return quint64(std::count_if(steps.begin(), steps.end(), [](const RecordedStep& step) {
        return step.record.step != 0 && !step.rows.empty();
    }));
}

} // namespace

MeasuredChange measureChange(std::span<const engine::RecordedStep> all, const MeasureQuery& query)
{
    const auto at = std::find_if(all.begin(), all.end(), [&](const RecordedStep& step) {
        return step.record.step != 0 && step.record.startNs >= query.atNs;
    });
    const auto split = std::size_t(at - all.begin());
    const Steps before = all.first(split), after = all.subspan(split);
    MeasuredChange change;
    change.query = query;
    change.before = metricsOf(before);
    change.after = metricsOf(after);
    change.stepsBefore = working(before);
    change.stepsAfter = working(after);
    change.interval = intervalOf(before, after, query.metric);
    change.seriesBefore = seriesOf(before, query.metric);
    change.seriesAfter = seriesOf(after, query.metric);
    return change;
}

} // namespace vitrine::ui
