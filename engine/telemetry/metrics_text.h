// SPDX-License-Identifier: GPL-3.0-or-later
// Metrics as Prometheus reads them: its text exposition format 0.0.4. Any thread.
#pragma once

#include <iosfwd>
#include <span>

#include "engine/telemetry/metric.h"

namespace vitrine::engine {

inline constexpr const char* kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

/// Whoever owns the stream looks whether it took all.
void writeMetrics(std::span<const MetricFamily> families, std::ostream& out);

} // namespace vitrine::engine
