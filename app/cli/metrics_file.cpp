// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/metrics_file.h"

#include <fstream>

#include "engine/telemetry/metrics_text.h"

namespace vitrine::cli {

using engine::Result;

Result<void> writeMetricsFile(const engine::Metrics& metrics, const std::string& path)
{
    std::ofstream file(path);
    engine::writeMetrics(metrics.families(), file);
    file.close();
    return file ? Result<void>() : engine::outOfResources("cannot write the metrics to \"" + path + "\"");
}

Result<void> writeMetricsFile(const engine::Trace& trace, const std::string& path)
{
    engine::Metrics metrics(trace.origin.model);
    for (const engine::RecordedStep& step : trace.steps)
        metrics.add(step);
    return writeMetricsFile(metrics, path);
}

} // namespace vitrine::cli
