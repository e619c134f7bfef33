// SPDX-License-Identifier: GPL-3.0-or-later
// The processes of ranks 1 and up. They and this process are groups for the steps: one a stage, and where
// there are several a pipe between them. For commands each has a group with this process alone, so that what
// one of them leaves behind concerns no other. A thread watches them: one that ends without having been told
// to, is stopped or shows no sign of life for most of a second has failed, and ends all groups of the steps
// at once, with its name. Who has failed can be replaced.
//
// Made and destroyed by one owner, who also replaces; the groups are used from the threads that compute.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/ordered_mutex.h"
#include "engine/base/result.h"
#include "engine/parallel/rank_group.h"
#include "engine/parallel/stage_plan.h"
#include "engine/parallel/team_member.h"

namespace vitrine::engine {

class WorkerTeam
{
public:
    /// Starts all processes of the plan but this one, of `program`, each with `arguments` behind those of its
    /// own. `weights`: a descriptor for each of them of memory to pack to (WeightShare::memoryOf), or none;
    /// they outlive the team. `patienceMs`: that a stage may stand still in a layer,
    /// beyond what layers take. REQUIRES: the plan is valid.
    static Result<std::shared_ptr<WorkerTeam>>
    start(const std::string& program, const std::vector<std::string>& arguments, const StagePlan& plan,
          const std::vector<int>& weights = {}, std::uint32_t patienceMs = 900);
    ~WorkerTeam(); ///< ends what is still going on
    WorkerTeam(const WorkerTeam&) = delete;
    WorkerTeam& operator=(const WorkerTeam&) = delete;

    const StagePlan& plan() const { return m_plan; }
    /// Of this process's own layers, for a team of stages: null where sums tell who is late.
    std::shared_ptr<WorkProgress> ownProgress() const;
    std::uint32_t ranks() const
    {
        return static_cast<std::uint32_t>(m_members.size()) + 1;
    } ///< of all stages
    /// Rank 0's, of the first stage; the same one as long as the team.
    const std::shared_ptr<Communicator>& steps() const { return m_steps; }
    /// Rank 0's two, as StageSeat says; null: there is one stage.
    const std::shared_ptr<Communicator>& pipe() const { return m_pipe; }
    const std::shared_ptr<Communicator>& results() const { return m_results; }
    /// Rank 0's end of the group with that rank, until it is replaced. REQUIRES: 1 ≤ rank < ranks().
    std::shared_ptr<Communicator> control(std::uint32_t rank) const { return m_members[rank - 1]->control; }

    /// A group of the steps has ended, or a rank has failed.
    bool isBroken() const;
    std::string reason() const; ///< why, of the first failure
    /// The rank has failed, as others have found.
    void blame(std::uint32_t rank, const std::string& reason);
    /// So has whoever a group of the steps names.
    void blameCulprits();
    std::vector<std::uint32_t> failed() const; ///< ranks, in order
    /// What every rank was at, for a person who looks for the cause.
    std::string stateText() const;
    /// New processes in place of those that failed, which are killed, and who they were; renews the groups of
    /// the steps and restarts rank 0's ends. REQUIRES: nobody is in a step. The others have to restart
    /// theirs.
    Result<void> replaceFailed(std::vector<std::uint32_t>& replaced);
    /// Ends all processes; the groups stay, ended, as long as somebody has them.
    void dismiss();

private:
    WorkerTeam(const StagePlan& plan, std::uint32_t patienceMs)
        : m_plan(plan), m_patienceNs(std::int64_t{patienceMs} * 1'000'000)
    {}
    Result<void> open();
    Result<std::shared_ptr<RankGroup>> addGroup(const GroupShape& shape);
    Result<std::unique_ptr<TeamMember>> startMember(std::uint32_t rank) const;
    std::string nameOf(const TeamMember& member) const;
    RankGroup& stepsOf(std::uint32_t rank) const { return *m_groups[m_plan.stageOf(rank)]; }
    const RankGroup* ended() const; ///< a group that has; null: none
    void endGroups(const std::string& reason);
    std::string whereIs(std::uint32_t rank) const;
    void endProcesses();
    void beginWatch();
    void endWatch();
    void watch();
    /// False: the watch is over.
    bool watchOnce();
    std::string lookAt(TeamMember& member);
    /// Ranks of one stage tell who is late by their sums, and wait within layers.
    bool looksAtWork() const { return m_plan.stages > 1 && m_plan.ranks == 1; }
    void noteFailure(TeamMember& member, const std::string& reason);

    std::string m_program;
    std::vector<std::string> m_arguments;
    StagePlan m_plan;
    std::int64_t m_patienceNs;
    std::shared_ptr<WorkLine> m_ownWork = std::make_shared<WorkLine>();
    std::vector<int> m_weights;                       ///< by rank - 1, or none
    std::vector<std::shared_ptr<RankGroup>> m_groups; ///< of the steps, by stage; then the pipe, if any
    std::shared_ptr<Communicator> m_steps, m_pipe, m_results;
    int m_life[2] = {-1, -1}; ///< a pipe nobody writes to: workers end when the writing end is gone
    int m_quit = -1;          ///< readable once the watching thread has to end
    mutable OrderedMutex m_mutex{LockOrder::Team};      ///< of what is known of the members' life
    std::vector<std::unique_ptr<TeamMember>> m_members; ///< rank 1 first
    std::thread m_watch;
};

} // namespace vitrine::engine
