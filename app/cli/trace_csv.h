// SPDX-License-Identifier: GPL-3.0-or-later
// A replay as two tables while it runs: steps in FILE.csv, requests in FILE.requests.csv (the columns of
// engine/trace/csv_export.h), with what only the replay knows: ids and arrivals of its load, clients,
// samples.
#pragma once

#include <fstream>
#include <string>

#include "engine/workload/workload_run.h"

namespace vitrine::cli {

class TraceCsv
{
public:
    /// OutOfResources when a file cannot be written.
    static engine::Result<TraceCsv> open(const std::string& path);

    void add(const engine::StepFigures& step);
    void add(const engine::WorkloadOutcome& outcome);
    /// Flushes; OutOfResources when something was not written.
    engine::Result<void> close();

private:
    TraceCsv() = default;

    std::string m_path;
    std::ofstream m_steps, m_requests;
    std::int64_t m_startNs = 0;
};

} // namespace vitrine::cli
