// SPDX-License-Identifier: GPL-3.0-or-later
// Runs load through several replicas in real time. One front, one thread.
#pragma once

#include "app/cli/command.h"
#include "engine/replicas/replica_front.h"
#include "engine/workload/workload_run.h"

namespace vitrine::cli {

class ReplicaRunner
{
public:
    /// `items` outlive the runner; `onFinished` is called in order of finishing. Takes the front's events.
    ReplicaRunner(engine::ReplicaFront& front, const engine::Workload& items,
                  const engine::WorkloadPace& pace, engine::WorkloadRun::Sink onFinished);

    /// Until every request has ended, or Ctrl-C, which cancels what is left.
    void run();

    const engine::WorkloadTotals& totals() const { return m_load.totals(); }
    /// The summary document of the contract: peaks and blocks are sums over the replicas, "replicas" has each
    /// of them.
    Json summary() const;

private:
    engine::ReplicaFront& m_front;
    engine::WorkloadRun m_load;
};

} // namespace vitrine::cli
