// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/compare.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <tuple>
#include <utility>

#include "engine/analysis/alignment.h"
#include "engine/analysis/bootstrap.h"
#include "engine/analysis/run_figures.h"
#include "engine/analysis/step_moments.h"

namespace vitrine::engine {

namespace {

// More of either would cost time and tell nothing more.
constexpr std::size_t kMostClusters = 1500;
constexpr std::size_t kMostValues = 12'000;
constexpr std::size_t kStepRuns = 64; // that the steps of a recording are cut into

constexpr std::size_t kFewestClusters = 5; // for an interval
constexpr std::size_t kFewestForP95 = 20;  // values

struct Units
{
    std::vector<Cluster> clusters;
    std::size_t count = 0;  // requests or steps in them
    std::size_t values = 0; // before they were thinned
};

struct Sides
{
    Units a, b;
    bool paired = false;
};

void merge(Cluster& into, const Cluster& from)
{
    into.values.insert(into.values.end(), from.values.begin(), from.values.end());
    into.part += from.part;
    into.whole += from.whole;
}

/// Neighbours together when there are too many; of too many values every so-many-th in ascending order.
void bound(Units& units)
{
    const std::size_t together = (units.clusters.size() + kMostClusters - 1) / kMostClusters;
    if (together > 1) {
        std::vector<Cluster> merged((units.clusters.size() + together - 1) / together);
        for (std::size_t i = 0; i < units.clusters.size(); ++i)
            merge(merged[i / together], units.clusters[i]);
        units.clusters = std::move(merged);
    }
    const std::size_t stride = (units.values + kMostValues - 1) / kMostValues;
    for (Cluster& cluster : units.clusters) {
        if (stride <= 1 || cluster.values.size() <= stride)
            continue;
        std::sort(cluster.values.begin(), cluster.values.end());
        std::size_t kept = 0;
        for (std::size_t i = stride / 2; i < cluster.values.size(); i += stride)
            cluster.values[kept++] = cluster.values[i];
        cluster.values.resize(kept);
    }
}

void put(Units& units, Cluster cluster)
{
    units.values += cluster.values.size();
    ++units.count;
    units.clusters.push_back(std::move(cluster));
}

bool says(const Cluster& cluster)
{
    return !cluster.values.empty() || cluster.whole > 0.0;
}

using OfRequest = std::function<Cluster(const RequestFigures&)>;

Sides sidesOf(const RunFigures& a, const RunFigures& b, const Alignment& alignment, const OfRequest& of)
{
    Sides sides;
    sides.paired = alignment.pairing != Pairing::None;
    for (const auto& [i, j] : alignment.pairs) {
        Cluster x = of(a.requests[i]), y = of(b.requests[j]);
        if (!says(x) || !says(y))
            continue;
        put(sides.a, std::move(x));
        put(sides.b, std::move(y));
    }
    if (!sides.paired) {
        for (const auto& [run, units] : {std::pair(&a, &sides.a), std::pair(&b, &sides.b)})
            for (const RequestFigures& request : run->requests)
                if (Cluster cluster = of(request); says(cluster))
                    put(*units, std::move(cluster));
    }
    bound(sides.a);
    bound(sides.b);
    return sides;
}

Cluster valueOf(const std::optional<double>& value)
{
    return value ? Cluster{{*value}, 0.0, 0.0} : Cluster{};
}

/// What a recorded step brings to the figures of steps.
struct StepUnit
{
    double seconds = 0.0, wallSeconds = 0.0; ///< the latter: until the next step begins
    double tokens = 0.0, used = 0.0;
};

std::vector<StepUnit> unitsOf(std::span<const RecordedStep> steps)
{
    std::vector<StepUnit> units;
    StepMoments clock;
    std::int64_t startedNs = 0;
    for (const RecordedStep& step : steps) {
        clock.enter(step);
        if (step.record.step != 0) {
            if (!units.empty())
                units.back().wallSeconds = secondsBetween(startedNs, clock.startNs());
            startedNs = clock.startNs();
            units.push_back({clock.seconds(), clock.seconds(), 0.0,
                             poolShare(step.record.blocksReferenced, step.record)});
        }
        if (!units.empty())
            for (const RecordedEvent& event : step.events)
                units.back().tokens += std::holds_alternative<RecordedToken>(event) ? 1.0 : 0.0;
    }
    return units;
}

using OfStep = std::function<Cluster(const StepUnit&)>;

/// Steps in runs of neighbours.
Units runsOf(std::span<const StepUnit> steps, std::size_t count, const OfStep& of)
{
    Units units;
    const std::size_t runs = std::min(count, kStepRuns);
    units.clusters.resize(runs);
    for (std::size_t i = 0; i < count; ++i)
        merge(units.clusters[i * runs / count], of(steps[i]));
    units.count = count;
    for (const Cluster& cluster : units.clusters)
        units.values += cluster.values.size();
    bound(units);
    return units;
}

Sides sidesOf(std::span<const StepUnit> a, std::span<const StepUnit> b, bool paired, const OfStep& of)
{
    const std::size_t both = std::min(a.size(), b.size());
    return {runsOf(a, paired ? both : a.size(), of), runsOf(b, paired ? both : b.size(), of), paired};
}

MetricUnit unitOf(Metric metric)
{
    switch (metric) {
    case Metric::Throughput:
        return MetricUnit::PerSecond;
    case Metric::PrefixHits:
    case Metric::KvUse:
        return MetricUnit::Share;
    case Metric::Preemptions:
        return MetricUnit::Count;
    default:
        return MetricUnit::Seconds;
    }
}

Verdict verdictOf(const CompareRow& row)
{
    if (row.low <= 0.0 && row.high >= 0.0)
        return Verdict::NoDifference;
    const bool moreIsBetter = row.metric == Metric::Throughput || row.metric == Metric::PrefixHits;
    return (row.low > 0.0) == moreIsBetter ? Verdict::Better : Verdict::Worse;
}

bool enough(const Units& units, Statistic statistic)
{
    return units.clusters.size() >= kFewestClusters &&
           (statistic != Statistic::P95 || units.values >= kFewestForP95);
}

class Comparer
{
public:
    Comparer(std::span<const RecordedStep> a, std::span<const RecordedStep> b, const CompareOptions& options)
        : m_options(options), m_a(runFigures(a)), m_b(runFigures(b)), m_stepsA(unitsOf(a)),
          m_stepsB(unitsOf(b))
    {
        m_result.seriesA = runSeries(a, options.bins);
        m_result.seriesB = runSeries(b, options.bins);
    }

    Comparison run()
    {
        align();
        addRequestRows();
        addStepRows();
        curve(Metric::FirstToken, m_a.firstToken, m_b.firstToken);
        curve(Metric::Between, m_a.between, m_b.between);
        curve(Metric::Queue, m_a.queue, m_b.queue);
        curve(Metric::StepTime, m_a.step, m_b.step);
        return std::move(m_result);
    }

private:
    void align()
    {
        const bool bySteps = m_options.align == AlignBy::Step;
        if (!bySteps)
            m_alignment = alignRequests(m_a.requests, m_b.requests);
        m_result.unitsA = bySteps ? m_stepsA.size() : m_a.requests.size();
        m_result.unitsB = bySteps ? m_stepsB.size() : m_b.requests.size();
        m_result.pairs = bySteps ? std::min(m_stepsA.size(), m_stepsB.size()) : m_alignment.pairs.size();
        m_result.pairing = !bySteps             ? m_alignment.pairing
                           : m_result.pairs > 0 ? Pairing::Step
                                                : Pairing::None;
    }

    void addRequestRows()
    {
        using enum Statistic;
        const auto requests = [&](const OfRequest& of) { return sidesOf(m_a, m_b, m_alignment, of); };
        add(Metric::FirstToken, requests([](const auto& r) { return valueOf(r.firstToken); }),
            {Median, P95, Mean});
        add(Metric::Between, requests([](const auto& r) {
                return Cluster{r.between, 0.0, 0.0};
            }),
            {Median, P95, Mean});
        add(Metric::Queue, requests([](const auto& r) { return valueOf(r.queue); }), {Median, P95});
        add(Metric::Total, requests([](const auto& r) { return valueOf(r.total); }), {Median, P95});
        add(Metric::PrefixHits, requests([](const RequestFigures& r) {
                return r.lookedUp ? Cluster{{},
                                            static_cast<double>(std::min(r.cachedTokens, r.promptTokens)),
                                            static_cast<double>(r.promptTokens)}
                                  : Cluster{};
            }),
            {Ratio});
        add(Metric::Preemptions, requests([](const RequestFigures& r) {
                return Cluster{{static_cast<double>(r.preemptions)}, 0.0, 0.0};
            }),
            {Sum});
    }

    void addStepRows()
    {
        using enum Statistic;
        const bool paired = m_result.pairing == Pairing::Step;
        const auto steps = [&](const OfStep& of) { return sidesOf(m_stepsA, m_stepsB, paired, of); };
        add(Metric::StepTime, steps([](const StepUnit& s) {
                return Cluster{{s.seconds}, 0.0, 0.0};
            }),
            {Median, P95});
        add(Metric::Throughput, steps([](const StepUnit& s) {
                return Cluster{{}, s.tokens, s.wallSeconds};
            }),
            {Ratio});
        add(Metric::KvUse, steps([](const StepUnit& s) {
                return Cluster{{}, s.used * s.seconds, s.seconds};
            }),
            {Ratio});
    }

    void add(Metric metric, const Sides& sides, std::initializer_list<Statistic> statistics)
    {
        if (sides.a.clusters.empty() || sides.b.clusters.empty())
            return;
        for (const Statistic statistic : statistics)
            m_result.rows.push_back(row(metric, sides, statistic));
    }

    CompareRow row(Metric metric, const Sides& sides, Statistic statistic) const
    {
        CompareRow row;
        row.metric = metric;
        row.statistic = statistic;
        row.unit = unitOf(metric);
        row.paired = sides.paired;
        row.nA = sides.a.count;
        row.nB = sides.b.count;
        row.a = statisticOf(sides.a.clusters, statistic);
        row.b = statisticOf(sides.b.clusters, statistic);
        row.change = row.b - row.a;
        row.relative = row.a != 0.0 ? row.change / row.a : 0.0;
        row.low = row.high = row.change;
        row.relativeLow = row.relativeHigh = row.relative;
        if (!enough(sides.a, statistic) || !enough(sides.b, statistic))
            return row;
        const DifferenceIntervals found = bootstrapDifference(
            sides.a.clusters, sides.b.clusters, sides.paired, statistic, m_options.resamples,
            m_options.seed * 1000 + static_cast<std::uint64_t>(metric) * 10 +
                static_cast<std::uint64_t>(statistic));
        std::tie(row.low, row.high) = std::pair(found.change.low, found.change.high);
        std::tie(row.relativeLow, row.relativeHigh) = std::pair(found.relative.low, found.relative.high);
        row.verdict = verdictOf(row);
        return row;
    }

    void curve(Metric metric, const Samples& a, const Samples& b)
    {
        if (a.empty() && b.empty())
            return;
        CompareCurves curves;
        curves.metric = metric;
        curves.ecdfA = ecdf(a);
        curves.ecdfB = ecdf(b);
        const double most = std::max(a.percentile(0.99), b.percentile(0.99));
        curves.binWidth = most / static_cast<double>(std::max<std::size_t>(m_options.bins, 1));
        curves.densityA = density(a, curves.binWidth);
        curves.densityB = density(b, curves.binWidth);
        m_result.curves.push_back(std::move(curves));
    }

    std::vector<CurvePoint> ecdf(const Samples& samples) const
    {
        std::vector<CurvePoint> points;
        const std::size_t count = samples.size();
        const std::size_t most = std::min(count, std::max<std::size_t>(m_options.curvePoints, 2));
        for (std::size_t i = 0; i < most; ++i) {
            const std::size_t at = most < 2 ? 0 : i * (count - 1) / (most - 1);
            points.push_back(
                {samples.sorted()[at], static_cast<double>(at + 1) / static_cast<double>(count)});
        }
        return points;
    }

    std::vector<double> density(const Samples& samples, double width) const
    {
        std::vector<double> shares(std::max<std::size_t>(m_options.bins, 1), 0.0);
        for (const double value : samples.sorted()) {
            const double place = width > 0.0 ? value / width : 0.0;
            const double last = static_cast<double>(shares.size() - 1);
            shares[static_cast<std::size_t>(std::clamp(place, 0.0, last))] +=
                1.0 / static_cast<double>(samples.size());
        }
        return shares;
    }

    const CompareOptions& m_options;
    RunFigures m_a, m_b;
    std::vector<StepUnit> m_stepsA, m_stepsB;
    Alignment m_alignment;
    Comparison m_result;
};

} // namespace

std::string_view metricName(Metric metric)
{
    constexpr std::string_view kNames[] = {"first token", "between tokens", "queue",  "whole reply", "step",
                                           "tokens/s",    "prefix hits",    "KV use", "preemptions"};
    return kNames[static_cast<std::size_t>(metric)];
}

std::string_view statisticName(Statistic statistic)
{
    constexpr std::string_view kNames[] = {"p50", "p95", "mean", "", ""};
    return kNames[static_cast<std::size_t>(statistic)];
}

Comparison compareRuns(std::span<const RecordedStep> a, std::span<const RecordedStep> b,
                       const CompareOptions& options)
{
    return Comparer(a, b, options).run();
}

} // namespace vitrine::engine
