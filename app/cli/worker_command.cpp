// SPDX-License-Identifier: GPL-3.0-or-later
// worker: one rank of a model that several processes compute together. Started by the process that has rank
// 0, which passes on the memory that they share; of no use by hand.
#include <csignal>
#include <memory>
#include <optional>
#include <utility>

#include "app/cli/command.h"
#include "engine/execution/stage_executor.h"
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
    return {static_cast<std::uint32_t>(arguments.integer("--rank", 0)),
            number("--steps-fd"),
            number("--control-fd"),
            number("--life-fd"),
            number("--pipe-fd"),
            number("--weights-fd")};
}

using Group = std::shared_ptr<engine::RankGroup>;

/// The groups of a seat, and the plan that follows from them: nothing is believed before it fits.
struct Groups
{
    Group steps, control, pipe; ///< pipe: null where there is one stage
    engine::StagePlan plan;
};

std::optional<Groups> join(const engine::WorkerSeat& seat)
{
    const auto steps = engine::RankGroup::join(seat.steps), control = engine::RankGroup::join(seat.control);
    if (!steps || !control || seat.life < 0 || (*control)->shape().ranks != 2)
        return std::nullopt;
    Groups groups{*steps, *control, nullptr, {1, (*steps)->shape().ranks}};
    if (seat.pipe >= 0) {
        const auto pipe = engine::RankGroup::join(seat.pipe);
        if (!pipe || ((*pipe)->shape().ranks - 1) % groups.plan.ranks != 0)
            return std::nullopt;
        groups.pipe = *pipe;
        groups.plan.stages = ((*pipe)->shape().ranks - 1) / groups.plan.ranks;
    }
    const bool fits = seat.rank > 0 && seat.rank < groups.plan.processes() &&
                      (groups.plan.stages > 1) == (groups.pipe != nullptr);
    return fits ? std::optional(groups) : std::nullopt;
}

engine::Result<std::unique_ptr<engine::Executor>> makeRank(const Arguments& arguments, const Groups& groups,
                                                           const engine::WorkerSeat& seat)
{
    engine::Result<std::shared_ptr<const engine::Model>> model = modelOfRank(arguments);
    if (!model)
        return model.error();
    engine::ExecutorOptions options = engineOptions(arguments).executor;
    options.precise = arguments.has("--precise");
    options.rankPatienceMs = static_cast<std::uint32_t>(arguments.integer("--patience-ms", 900));
    options.weightsDescriptor = seat.weights;
    if (groups.plan.ranks > 1)
        options.ranks = groups.steps->communicator(groups.plan.rankOf(seat.rank));
    if (groups.plan.stages > 1 && groups.plan.ranks == 1)
        options.progress = std::make_shared<engine::WorkProgress>(
            groups.control->line(engine::TeamMember::kWorker).work, groups.control);
    if (groups.pipe == nullptr)
        return engine::makeCpuExecutor(std::move(*model), options);
    return engine::makeCpuStage(
        *model, options,
        {groups.plan, seat.rank, groups.pipe->communicator(seat.rank), nullptr, options.ranks});
}

int serve(const Arguments& arguments, const Groups& groups, const engine::WorkerSeat& seat)
{
    const std::unique_ptr<engine::Communicator> control =
        groups.control->communicator(engine::TeamMember::kWorker);
    engine::Result<std::unique_ptr<engine::Executor>> executor = makeRank(arguments, groups, seat);
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
         {"--rank", "--steps-fd", "--control-fd", "--life-fd", "--pipe-fd", "--patience-ms", "--weights-fd"})
        command.flags.push_back(integerFlag(name, "N", 0, 1e9, "set by the process that starts it"));
    command.flags.push_back(textFlag("--file-identity", "TEXT", "likewise"));
    command.flags.push_back(switchFlag("--precise", "float32 everywhere"));
    return command;
}

int runWorker(const Arguments& arguments)
{
    // A terminal sends these to all processes of a group: what they mean is rank 0's to say.
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGTERM, SIG_IGN);
    const engine::WorkerSeat seat = seatOf(arguments);
    const std::optional<Groups> groups = join(seat);
    if (!groups) {
        message(
            "worker is started by vitrine-cli or Vitrine themselves (--ranks N, --stages P), not by hand");
        return kExitUsage;
    }
    engine::liveWithParent(seat.life, groups->control);
    return serve(arguments, *groups, seat);
}

} // namespace vitrine::cli
