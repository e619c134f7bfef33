// SPDX-License-Identifier: GPL-3.0-or-later
// How a recording felt to the people who waited, in a few figures. Any thread; one pass over the steps.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

enum class GainMetric : std::uint8_t; // diagnosis.h

/// Nanoseconds but for rates and counts; 0 where there was nothing to measure.
struct RunMetrics
{
    std::uint64_t requests = 0, tokens = 0, preemptions = 0;
    double firstTokenP50 = 0.0, firstTokenP95 = 0.0; ///< from arrival
    double betweenP50 = 0.0, betweenP95 = 0.0;       ///< from token to token
    double betweenWorst = 0.0;                       ///< likewise, the worst of two hundred
    double wholeMean = 0.0;                          ///< from arrival to the last token, of those that ended
    double tokensPerSecond = 0.0;                    ///< over the time in which there was work
};

RunMetrics measureRun(std::span<const RecordedStep> steps);

/// What of them a gain is told in.
double valueOf(const RunMetrics& metrics, GainMetric metric);

/// The value below which `share` of them lie; 0 of none. Reorders `values`.
double quantile(std::vector<double>& values, double share);

} // namespace vitrine::engine
