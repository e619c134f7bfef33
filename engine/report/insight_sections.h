// SPDX-License-Identifier: GPL-3.0-or-later
// Further parts of a report: what was unusual, what another size of the pool would have done, and the metrics
// as monitoring systems get them. Any thread.
#pragma once

#include <cstdint>
#include <span>

#include "engine/analysis/anomaly_log.h"
#include "engine/analysis/pool_what_if.h"
#include "engine/report/report_document.h"
#include "engine/telemetry/metric.h"

namespace vitrine::engine {

/// Times from `startNs` on. The worst of them, in their order.
ReportSection anomalySection(const AnomalyLog::Found& found, std::int64_t startNs, std::size_t mostRows = 40);

/// Hit rate and preemptions over the size of the pool. REQUIRES: whatIf.lookedUpTokens > 0, a point.
ReportSection whatIfSection(const WhatIf& whatIf);

ReportSection metricsSection(std::span<const MetricFamily> families);

} // namespace vitrine::engine
