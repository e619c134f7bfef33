// SPDX-License-Identifier: GPL-3.0-or-later
// Runs load through an engine of its own in real time. One engine, one thread.
#pragma once

#include <functional>
#include <vector>

#include "app/cli/command.h"
#include "app/cli/load_follower.h"
#include "engine/workload/workload_run.h"

namespace vitrine::cli {

class ReplayRunner
{
public:
    using StepSink = std::function<void(const engine::StepRecord&)>;

    /// `items` outlive the runner; `onFinished` is called in order of finishing. Takes the engine's events.
    ReplayRunner(engine::Engine& engine, const engine::Workload& items, const engine::WorkloadPace& pace,
                 engine::WorkloadRun::Sink onFinished);
    /// Has the number of ranks follow this load; it outlives the runner.
    void followedBy(LoadFollower& follower) { m_follower = &follower; }
    void onStep(StepSink sink) { m_onStep = std::move(sink); }
    /// Called for each sample of an item that the engine took.
    void onSubmitted(engine::WorkloadRun::SubmitSink sink) { m_load.onSubmitted(std::move(sink)); }

    /// Until every request has ended, or Ctrl-C, which cancels what is left. Fails when the engine stops
    /// although there is work.
    engine::Result<void> run();

    const engine::WorkloadTotals& totals() const { return m_load.totals(); }

private:
    void drainSteps();

    engine::Engine& m_engine;
    engine::WorkloadRun m_load;
    LoadFollower* m_follower = nullptr;
    StepSink m_onStep;
    std::vector<engine::StepRecord> m_steps;
};

/// The summary document of the contract.
Json summaryOf(const engine::WorkloadTotals& totals);

} // namespace vitrine::cli
