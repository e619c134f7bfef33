// SPDX-License-Identifier: GPL-3.0-or-later
// One process of a WorkerTeam, and what the watching thread knows of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/parallel/rank_group.h"
#include "engine/parallel/worker_process.h"

namespace vitrine::engine {

struct TeamMember
{
    static constexpr std::uint32_t kOwn = 0, kWorker = 1; ///< ranks in controlGroup
    /// A step of 256 sequences of some thousand tokens is one message: nobody waits for the other's reading.
    static constexpr GroupShape kControl{
        .ranks = 2, .collectiveBytes = 64, .messageBytes = std::size_t{1} << 20U};

    std::uint32_t rank;
    WorkerProcess process;
    std::shared_ptr<RankGroup> controlGroup;
    std::shared_ptr<Communicator> control; ///< this process's end
    std::uint32_t beatsSeen = 0;
    std::uint32_t silentLooks = 0; ///< since the last sign of life
    std::uint64_t layersSeen = 0;
    std::uint32_t stillLooks = 0; ///< since it was seen in that layer first
    std::string failure = {};     ///< empty: none

    /// One look of the watching thread, ten a second. Empty, or what is wrong with it.
    std::string look();
    /// Likewise, at what it computes. `longestLayerNs`: of a process that computes the same tokens.
    std::string lookAtWork(std::int64_t longestLayerNs, std::int64_t patienceNs);
};

} // namespace vitrine::engine
