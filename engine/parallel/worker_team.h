// SPDX-License-Identifier: GPL-3.0-or-later
// The processes of ranks 1 and up. They and this process are a group for the steps; for commands each of them
// has a group with this process alone, so that what one of them leaves behind concerns no other. A thread
// watches them: one that ends without having been told to, is stopped or shows no sign of life for most of a
// second has failed, and ends the group of the steps at once, with its name. Who has failed can be replaced.
//
// Made and destroyed by one owner, who also replaces; the groups are used from the threads that compute.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/result.h"
#include "engine/parallel/rank_group.h"
#include "engine/parallel/team_member.h"

namespace vitrine::engine {

class WorkerTeam
{
public:
    /// Starts `ranks` - 1 processes of `program`, each with `arguments` behind those of its own. `weights`: a
    /// descriptor for each of them of memory to pack to (WeightShare::memoryOf), or none; they outlive the
    /// team.
    static Result<std::shared_ptr<WorkerTeam>> start(const std::string& program,
                                                     const std::vector<std::string>& arguments,
                                                     std::uint32_t ranks,
                                                     const std::vector<int>& weights = {});
    ~WorkerTeam(); ///< ends what is still going on
    WorkerTeam(const WorkerTeam&) = delete;
    WorkerTeam& operator=(const WorkerTeam&) = delete;

    std::uint32_t ranks() const { return static_cast<std::uint32_t>(m_members.size()) + 1; }
    /// Rank 0's; the same one as long as the team.
    const std::shared_ptr<Communicator>& steps() const { return m_steps; }
    /// Rank 0's end of the group with that rank, until it is replaced. REQUIRES: 1 ≤ rank < ranks().
    std::shared_ptr<Communicator> control(std::uint32_t rank) const { return m_members[rank - 1]->control; }

    /// The group of the steps has ended, or a rank has failed.
    bool isBroken() const;
    std::string reason() const; ///< why, of the first failure
    /// The rank has failed, as others have found.
    void blame(std::uint32_t rank, const std::string& reason);
    std::vector<std::uint32_t> failed() const; ///< ranks, in order
    /// What every rank was at, for a person who looks for the cause.
    std::string stateText() const;
    /// New processes in place of those that failed, which are killed; renews the group of the steps and
    /// restarts rank 0's end. REQUIRES: nobody is in a step. The others have to restart theirs.
    Result<void> replaceFailed();
    /// Ends all processes; the groups stay, ended, as long as somebody has them.
    void dismiss();

private:
    WorkerTeam() = default;
    Result<void> open(std::uint32_t ranks);
    Result<std::unique_ptr<TeamMember>> startMember(std::uint32_t rank) const;
    void endProcesses();
    void beginWatch();
    void endWatch();
    void watch();
    /// False: the watch is over.
    bool watchOnce();
    void noteFailure(TeamMember& member, const std::string& reason);

    std::string m_program;
    std::vector<std::string> m_arguments;
    std::vector<int> m_weights; ///< by rank - 1, or none
    std::shared_ptr<RankGroup> m_stepGroup;
    std::shared_ptr<Communicator> m_steps;
    int m_life[2] = {-1, -1};   ///< a pipe nobody writes to: workers end when the writing end is gone
    int m_quit = -1;            ///< readable once the watching thread has to end
    mutable std::mutex m_mutex; ///< of what members say of their failure
    std::vector<std::unique_ptr<TeamMember>> m_members; ///< rank 1 first
    std::thread m_watch;
};

} // namespace vitrine::engine
