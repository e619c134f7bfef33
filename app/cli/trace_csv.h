// SPDX-License-Identifier: GPL-3.0-or-later
// A replay as two tables: steps in FILE.csv, requests in FILE.requests.csv. Times are seconds, those of steps
// from the start of the first one.
#pragma once

#include <fstream>
#include <string>

#include "app/cli/replay_runner.h"

namespace vitrine::cli {

class TraceCsv
{
public:
    /// OutOfResources when a file cannot be written.
    static engine::Result<TraceCsv> open(const std::string& path);

    void add(const engine::StepRecord& step);
    void add(const ReplayOutcome& outcome);
    /// Flushes; OutOfResources when something was not written.
    engine::Result<void> close();

private:
    TraceCsv() = default;

    std::string m_path;
    std::ofstream m_steps, m_requests;
    std::int64_t m_startNs = 0;
};

} // namespace vitrine::cli
