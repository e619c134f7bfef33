// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/metrics_file.h"

#include <ostream>

#include "engine/telemetry/metrics_text.h"
#include "engine/trace/whole_file.h"

namespace vitrine::cli {

using engine::Result;

Result<void> writeMetricsFile(const engine::Metrics& metrics, const std::string& path)
{
    return engine::writeWholeStream(
        path, [&](std::ostream& out) { engine::writeMetrics(metrics.families(), out); });
}

} // namespace vitrine::cli
