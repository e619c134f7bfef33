// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/mpi_run.h"

#include <memory>
#include <utility>

#include "app/cli/command.h"
#include "engine/model/model.h"
#include "engine/parallel/mpi_plugin.h"
#include "engine/parallel/worker_loop.h"

namespace vitrine::cli {

namespace {

engine::Result<std::unique_ptr<engine::Executor>> makeRank(const Arguments& arguments,
                                                           std::shared_ptr<engine::Communicator> steps)
{
    engine::Result<std::shared_ptr<const engine::Model>> model = modelOfRank(arguments);
    if (!model)
        return model.error();
    engine::ExecutorOptions options = engineOptions(arguments).executor;
    options.precise = arguments.has("--precise");
    options.ranks = std::move(steps);
    options.rankPatienceMs = engine::kMpiPatienceMs;
    return engine::makeCpuExecutor(std::move(*model), options);
}

/// A rank other than 0.
int serve(const engine::MpiPluginEntry& mpi, const engine::MpiWorld& world, const Arguments& arguments)
{
    const std::shared_ptr<engine::Communicator> control = mpi.control(world.rank);
    engine::Result<std::unique_ptr<engine::Executor>> executor = makeRank(arguments, mpi.steps());
    if (!executor) {
        engine::answerFailure(*control, executor.error());
        return kExitOk; // rank 0 says it
    }
    const engine::Result<void> served = engine::serveRank(**executor, *control);
    return served ? kExitOk : fail(served.error());
}

} // namespace

int runOverMpi(int (*command)(const Arguments&), const Arguments& arguments)
{
    if (arguments.has("--ranks") || arguments.has("--stages") || arguments.has("--gpu") ||
        arguments.has("--synthetic")) {
        message(
            "--mpi takes the number of ranks from its launcher (mpirun -n N), a model file and no GPU: leave "
            "--ranks, --stages, --gpu and --synthetic out");
        return kExitUsage;
    }
    const engine::Result<const engine::MpiPluginEntry*> mpi = engine::openMpiPlugin();
    if (!mpi)
        return fail(mpi.error());
    const engine::Result<engine::MpiWorld> world = (*mpi)->begin();
    if (!world)
        return fail(world.error());
    const int code = world->rank == 0 ? command(arguments) : serve(**mpi, *world, arguments);
    (*mpi)->end(code != kExitOk);
    return code;
}

} // namespace vitrine::cli
