// SPDX-License-Identifier: GPL-3.0-or-later
// The library that lets ranks on several machines talk over MPI (https://www.mpi-forum.org/docs/), loaded
// when it is asked for: it needs an MPI library, which most machines do not have. The ranks are started by a
// launcher (mpirun, Slurm's srun), all with the same command line. Any thread, one call at a time.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/base/result.h"
#include "engine/parallel/communicator.h"

namespace vitrine::engine {

/// Nobody can be replaced there: a pause of the network must not end everything.
inline constexpr std::uint32_t kMpiPatienceMs = 30'000;

struct MpiWorld
{
    std::uint32_t rank = 0, ranks = 1;
};

struct MpiPluginEntry
{
    std::uint32_t version = 1;
    /// Once a process; later calls give the same.
    Result<MpiWorld> (*begin)() = nullptr;
    /// Of all ranks, for the steps.
    std::shared_ptr<Communicator> (*steps)() = nullptr;
    /// Of rank 0 and this worker, for commands; in it they are 0 and 1. On rank 0 or on that worker.
    std::shared_ptr<Communicator> (*control)(std::uint32_t worker) = nullptr;
    /// The process has no more to say. `failed`: nor have the others, whom the launcher ends.
    void (*end)(bool failed) = nullptr;
};

inline constexpr const char* kMpiPluginSymbol = "vitrineMpiPlugin"; ///< const MpiPluginEntry* ()

/// The library once it is loaded; it stays. The error says why there is none.
Result<const MpiPluginEntry*> openMpiPlugin();

} // namespace vitrine::engine
