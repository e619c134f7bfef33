// SPDX-License-Identifier: GPL-3.0-or-later
// Metrics as a file that Prometheus reads (.prom).
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/telemetry/metrics.h"

namespace vitrine::cli {

/// OutOfResources when the file cannot be written.
engine::Result<void> writeMetricsFile(const engine::Metrics& metrics, const std::string& path);

} // namespace vitrine::cli
