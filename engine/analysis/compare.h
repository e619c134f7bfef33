// SPDX-License-Identifier: GPL-3.0-or-later
// Two recordings beside each other: what changed from A to B, how sure that is, and the curves to draw it.
//
// Intervals come from a bootstrap: requests (or runs of neighbouring steps, whose times hang together) are
// drawn with replacement, both of a pair together, and the statistic is taken anew. Each interval holds the
// truth with 95 % for itself; of twenty rows without any difference about one will claim one. Seeded: the
// same recordings give the same answer. Any thread; cost is bounded by the options.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/analysis/run_series.h"
#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

enum class AlignBy : std::uint8_t { Request, Step };

struct CompareOptions
{
    AlignBy align = AlignBy::Request;
    std::uint64_t seed = 1;
    std::size_t resamples = 1000;
    std::size_t curvePoints = 200;
    std::size_t bins = 60; ///< of densities and series
};

/// How pairs were found.
enum class Pairing : std::uint8_t {
    None,       ///< nothing to pair
    SamePrompt, ///< requests with the same prompt, in their order
    Arrival,    ///< the first request with the first one and so on: fewer than half have a prompt in common
    Step        ///< likewise the steps
};

enum class Metric : std::uint8_t {
    FirstToken, ///< seconds
    Between,    ///< seconds
    Queue,      ///< seconds
    Total,      ///< seconds, arrival to end
    StepTime,   ///< seconds
    Throughput, ///< reply tokens a second, waits included
    PrefixHits, ///< share of prompt tokens
    KvUse,      ///< share of the pool
    Preemptions ///< count
};
std::string_view metricName(Metric metric); ///< "first token"

enum class Statistic : std::uint8_t { Median, P95, Mean, Ratio, Sum };
std::string_view statisticName(Statistic statistic); ///< "p50"; of ratios and sums empty

enum class MetricUnit : std::uint8_t { Seconds, PerSecond, Share, Count };

enum class Verdict : std::uint8_t {
    NoDifference, ///< none is shown: the interval has both signs
    Better,
    Worse,
    TooFew ///< values for an interval
};

struct CompareRow
{
    Metric metric = Metric::FirstToken;
    Statistic statistic = Statistic::Median;
    MetricUnit unit = MetricUnit::Seconds;
    double a = 0.0, b = 0.0;
    double change = 0.0, low = 0.0, high = 0.0; ///< B - A and its interval, in the unit
    /// (B - A) / A and its interval; of shares and counts it is not what a person wants to hear.
    double relative = 0.0, relativeLow = 0.0, relativeHigh = 0.0;
    Verdict verdict = Verdict::TooFew;
    bool paired = false;
    std::size_t nA = 0, nB = 0; ///< requests or steps behind the figures; the pairs when paired
};

struct CurvePoint
{
    double x = 0.0, y = 0.0;
};

/// Distributions of one metric. Densities: share of the values in each bin, the last bin takes what is above.
struct CompareCurves
{
    Metric metric = Metric::FirstToken;
    std::vector<CurvePoint> ecdfA, ecdfB; ///< x ascending, y 0 … 1
    double binStart = 0.0, binWidth = 0.0;
    std::vector<double> densityA, densityB;
};

struct Comparison
{
    Pairing pairing = Pairing::None;
    std::size_t pairs = 0; ///< of `unitsA` and `unitsB` requests or steps
    std::size_t unitsA = 0, unitsB = 0;
    std::vector<CompareRow> rows; ///< only of what was recorded
    std::vector<CompareCurves> curves;
    RunSeries seriesA, seriesB;
};

Comparison compareRuns(std::span<const RecordedStep> a, std::span<const RecordedStep> b,
                       const CompareOptions& options = {});

} // namespace vitrine::engine
