// SPDX-License-Identifier: GPL-3.0-or-later
// How far a statistic would move if other requests had come: bootstrap over clusters of values (all gaps of
// one request, all times of some neighbouring steps), since values within one hang together. Deterministic.
//
// Paper: Efron, "Bootstrap Methods: Another Look at the Jackknife" (1979); percentile intervals, widened for
// small samples as in Hesterberg, "What Teachers Should Know about the Bootstrap" (2015).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/analysis/compare.h"

namespace vitrine::engine {

/// Values that belong together; for Statistic::Ratio the sums of both parts instead.
struct Cluster
{
    std::vector<double> values;
    double part = 0.0, whole = 0.0;
};

/// Of the values of the chosen clusters. Mean, Median, P95 and Sum are of the values.
double statisticOf(std::span<const Cluster> clusters, std::span<const std::uint32_t> chosen,
                   Statistic statistic);
double statisticOf(std::span<const Cluster> clusters, Statistic statistic);

struct Interval
{
    double low = 0.0, high = 0.0;
};

struct DifferenceIntervals
{
    Interval change, relative;
};

/// 95 % intervals of statistic(B) - statistic(A) and of that divided by statistic(A). When paired, A and B
/// have equally many clusters and are drawn together. REQUIRES: neither is empty.
DifferenceIntervals bootstrapDifference(std::span<const Cluster> a, std::span<const Cluster> b, bool paired,
                                        Statistic statistic, std::size_t resamples, std::uint64_t seed);

} // namespace vitrine::engine
