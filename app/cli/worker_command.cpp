// SPDX-License-Identifier: GPL-3.0-or-later
// worker: one rank of a model that several processes compute together. Started by the process that has rank
// 0, which passes on the memory that they share; of no use by hand.
#include <csignal>
#include <memory>
#include <utility>

#include "app/cli/command.h"
#include "engine/model/model.h"
#include "engine/parallel/rank_group.h"
#include "engine/parallel/team_member.h"
#include "engine/parallel/worker_loop.h"
#include "engine/parallel/worker_seat.h"

namespace vitrine::cli {

namespace {

engine::WorkerSeat seatOf(const Arguments& arguments)
{
    const auto number = [&](const char* flag) { return static_cast<int>(arguments.integer(flag, -1)); };
    return {static_cast<std::uint32_t>(arguments.integer("--rank", 0)), number("--steps-fd"),
            number("--control-fd"), number("--life-fd"), number("--weights-fd")};
}

engine::Result<std::unique_ptr<engine::Executor>> makeRank(const Arguments& arguments,
                                                           const engine::WorkerSeat& seat,
                                                           std::shared_ptr<engine::Communicator> steps)
{
    const engine::Result<std::string> path = modelPath(arguments);
    if (!path)
        return path.error();
    engine::Result<std::shared_ptr<const engine::Model>> model = engine::Model::loadToCompute(*path);
    if (!model)
        return model.error();
    engine::ExecutorOptions options = engineOptions(arguments).executor;
    options.precise = arguments.has("--precise");
    options.ranks = std::move(steps);
    options.rankPatienceMs = static_cast<std::uint32_t>(arguments.integer("--patience-ms", 900));
    options.weightsDescriptor = seat.weights;
    return engine::makeCpuExecutor(std::move(*model), options);
}

int serve(const Arguments& arguments, const engine::WorkerSeat& seat, engine::RankGroup& steps,
          engine::RankGroup& controlGroup)
{
    const std::unique_ptr<engine::Communicator> control =
        controlGroup.communicator(engine::TeamMember::kWorker);
    engine::Result<std::unique_ptr<engine::Executor>> executor =
        makeRank(arguments, seat, steps.communicator(seat.rank));
    if (!executor) {
        engine::answerFailure(*control, executor.error());
        return exitCode(executor.error());
    }
    const engine::Result<void> served = engine::serveRank(**executor, *control);
    return served ? kExitOk : exitCode(served.error());
}

} // namespace

Command workerCommand()
{
    Command command;
    command.name = "worker";
    command.usage = "[flags]";
    command.summary = "internal: one rank of a model that several processes share";
    command.flags = modelFlags();
    for (const char* name :
         {"--rank", "--steps-fd", "--control-fd", "--life-fd", "--patience-ms", "--weights-fd"})
        command.flags.push_back(integerFlag(name, "N", 0, 1e9, "set by the process that starts it"));
    command.flags.push_back(switchFlag("--precise", "float32 everywhere"));
    return command;
}

int runWorker(const Arguments& arguments)
{
    // A terminal sends these to all processes of a group: what they mean is rank 0's to say.
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGTERM, SIG_IGN);
    const engine::WorkerSeat seat = seatOf(arguments);
    const auto steps = engine::RankGroup::join(seat.steps), control = engine::RankGroup::join(seat.control);
    if (!steps || !control || seat.life < 0 || seat.rank == 0 || seat.rank >= (*steps)->shape().ranks ||
        (*control)->shape().ranks != 2) {
        message("worker is started by vitrine-cli or Vitrine themselves (--ranks N), not by hand");
        return kExitUsage;
    }
    engine::liveWithParent(seat.life, *control);
    return serve(arguments, seat, **steps, **control);
}

} // namespace vitrine::cli
