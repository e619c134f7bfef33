// SPDX-License-Identifier: GPL-3.0-or-later
// What libvitrine_mpi.so gives: the launcher's world of processes as Communicators.
#include <memory>
#include <numeric>
#include <vector>

#include "engine/mpi/mpi_communicator.h"
#include "engine/parallel/group_layout.h"
#include "engine/parallel/mpi_plugin.h"

namespace vitrine::engine {

namespace {

struct Session
{
    MpiWorld world;
    MPI_Comm steps = MPI_COMM_NULL, control = MPI_COMM_NULL;
};

Session& session()
{
    static Session one;
    return one;
}

Result<MpiWorld> begin()
{
    int begun = 0, threads = 0, rank = 0, ranks = 0;
    MPI_Initialized(&begun);
    if (begun != 0)
        return session().world;
    if (MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &threads) != MPI_SUCCESS ||
        threads < MPI_THREAD_SERIALIZED)
        return outOfResources("MPI cannot be used from the threads of one process here");
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    if (static_cast<std::uint32_t>(ranks) > kMostRanks)
        return invalidArgument("a model is shared by " + std::to_string(kMostRanks) + " ranks at most, not " +
                               std::to_string(ranks));
    MPI_Comm_dup(MPI_COMM_WORLD, &session().steps);
    MPI_Comm_dup(MPI_COMM_WORLD, &session().control);
    for (const MPI_Comm group : {session().steps, session().control})
        MPI_Comm_set_errhandler(group, MPI_ERRORS_RETURN);
    session().world = {static_cast<std::uint32_t>(rank), static_cast<std::uint32_t>(ranks)};
    return session().world;
}

std::shared_ptr<Communicator> steps()
{
    std::vector<int> members(session().world.ranks);
    std::iota(members.begin(), members.end(), 0);
    return std::make_shared<MpiCommunicator>(session().steps, std::move(members), session().world.rank);
}

std::shared_ptr<Communicator> control(std::uint32_t worker)
{
    return std::make_shared<MpiCommunicator>(session().control, std::vector<int>{0, static_cast<int>(worker)},
                                             session().world.rank == 0 ? 0 : 1);
}

void end(bool failed)
{
    const std::lock_guard lock(mpiLock());
    if (failed)
        MPI_Abort(MPI_COMM_WORLD, 5);
    else
        MPI_Finalize();
}

} // namespace

extern "C" __attribute__((visibility("default"))) const MpiPluginEntry* vitrineMpiPlugin()
{
    static const MpiPluginEntry entry{1, begin, steps, control, end};
    return &entry;
}

} // namespace vitrine::engine
