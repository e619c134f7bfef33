// SPDX-License-Identifier: GPL-3.0-or-later
// The processes of ranks 1 and up, and the two groups that they and this process have: one for the steps, one
// for commands. A thread watches them: one that ends without having been told to ends both groups at once,
// with its name. Made and destroyed by one owner; the groups are used from the threads that compute.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/result.h"
#include "engine/execution/executor.h"
#include "engine/parallel/rank_group.h"
#include "engine/parallel/worker_process.h"

namespace vitrine::engine {

class WorkerTeam
{
public:
    /// Starts `ranks` - 1 processes of `program`, each with `arguments` behind those of its own.
    static Result<std::shared_ptr<WorkerTeam>>
    start(const std::string& program, const std::vector<std::string>& arguments, std::uint32_t ranks);
    ~WorkerTeam(); ///< ends what is still going on
    WorkerTeam(const WorkerTeam&) = delete;
    WorkerTeam& operator=(const WorkerTeam&) = delete;

    /// Rank 0's.
    const std::shared_ptr<Communicator>& steps() const { return m_steps; }
    const std::shared_ptr<Communicator>& control() const { return m_control; }
    const std::vector<WorkerProcess>& processes() const { return m_processes; } ///< rank 1 first

private:
    WorkerTeam() = default;
    Result<void> open(std::uint32_t ranks);
    void endProcesses();
    void watch();
    /// False: there is nobody left to watch.
    bool watchOnce(std::vector<bool>& ended);

    std::shared_ptr<RankGroup> m_stepGroup, m_controlGroup;
    std::shared_ptr<Communicator> m_steps, m_control;
    int m_life[2] = {-1, -1}; ///< a pipe nobody writes to: workers end when the writing end is gone
    int m_quit = -1;          ///< readable once the watching thread has to end
    std::vector<WorkerProcess> m_processes;
    std::thread m_watch;
};

/// The other side: descriptors of a worker's command line.
struct WorkerSeat
{
    std::uint32_t rank = 0;
    int steps = -1, control = -1, life = -1;
};
/// As arguments, "--rank" first.
std::vector<std::string> seatArguments(const WorkerSeat& seat);
/// This process ends when the one that made the pipe does.
void endWithParent(int life);

} // namespace vitrine::engine
