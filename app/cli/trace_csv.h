// SPDX-License-Identifier: GPL-3.0-or-later
// A replay as two tables: steps in FILE.csv, requests in FILE.requests.csv. Times are seconds, those of steps
// from the start of the first one.
#pragma once

#include <fstream>
#include <string>

#include "app/cli/replay_runner.h"
#include "engine/trace/trace.h"

namespace vitrine::cli {

class TraceCsv
{
public:
    /// OutOfResources when a file cannot be written.
    static engine::Result<TraceCsv> open(const std::string& path);

    void add(const engine::StepFigures& step);
    void add(const ReplayOutcome& outcome);
    /// All of a recording; its requests have their labels as ids.
    void add(const engine::Trace& trace);
    /// Flushes; OutOfResources when something was not written.
    engine::Result<void> close();

private:
    /// A line of the second table; times in seconds from the arrival, null: it did not come so far.
    struct Row
    {
        Json id;
        std::uint32_t sample = 0;
        std::string client;
        std::uint32_t promptTokens = 0, cachedTokens = 0, preemptions = 0;
        std::size_t tokens = 0;
        engine::FinishReason reason = engine::FinishReason::None;
        double arrival = 0.0;
        Json queue, firstToken, endToEnd;
    };

    TraceCsv() = default;
    void add(const Row& row);

    std::string m_path;
    std::ofstream m_steps, m_requests;
    std::int64_t m_startNs = 0;
};

} // namespace vitrine::cli
