// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/ranked_model.h"

#include <utility>
#include <vector>

#include <unistd.h>

#include "engine/base/program_library.h"
#include "engine/execution/rank_executor.h"
#include "engine/parallel/tensor_shard.h"
#include "engine/parallel/worker_executor.h"
#include "engine/parallel/worker_team.h"

namespace vitrine::engine {

namespace {

const char* nameOf(KvFormat format)
{
    constexpr const char* kNames[] = {"f32", "f16", "bf16", "int8", "fp8"}; // by KvFormat
    return kNames[static_cast<std::size_t>(format)];
}

/// A path by descriptors of this process, as others find it.
std::string pathForOthers(const std::string& path)
{
    const std::string own = "/proc/" + std::to_string(getpid()) + "/";
    for (const auto& [prefix, there] : {std::pair<std::string, std::string>{"/proc/self/", own},
                                        std::pair<std::string, std::string>{"/dev/fd/", own + "fd/"}})
        if (path.starts_with(prefix))
            return there + path.substr(prefix.size());
    return path;
}

std::vector<std::string> workerArguments(const Model& model, const ExecutorOptions& options)
{
    std::vector<std::string> words{"--model",     pathForOthers(model.path()),
                                   "--threads",   std::to_string(options.threads),
                                   "--kv-format", nameOf(options.kvFormat)};
    if (options.precise)
        words.push_back("--precise");
    if (options.deterministic)
        words.push_back("--deterministic");
    return words;
}

/// Lives as long as the processes' proxies and this rank's executor.
std::shared_ptr<Communicator> ownedBy(const std::shared_ptr<WorkerTeam>& team,
                                      const std::shared_ptr<Communicator>& group)
{
    return {team, group.get()};
}

Result<std::unique_ptr<Executor>> makeRanks(const std::shared_ptr<const Model>& model,
                                            ExecutorOptions options, const std::shared_ptr<WorkerTeam>& team,
                                            const LoadProgress& progress)
{
    options.ranks = ownedBy(team, team->steps());
    std::vector<std::unique_ptr<Executor>> ranks;
    Result<std::unique_ptr<Executor>> own = makeCpuExecutor(model, options, progress);
    if (!own)
        return own.error();
    ranks.push_back(std::move(*own));
    for (std::uint32_t rank = 1; rank < options.rankCount; ++rank) {
        Result<std::unique_ptr<Executor>> other = makeWorkerExecutor(ownedBy(team, team->control()), rank);
        if (!other)
            return other.error();
        ranks.push_back(std::move(*other));
    }
    return makeRankExecutor(std::move(ranks), options.ranks);
}

} // namespace

Result<std::unique_ptr<Executor>> makeRankedModel(const std::shared_ptr<const Model>& model,
                                                  const ExecutorOptions& options,
                                                  const LoadProgress& progress, std::string program)
{
    if (const auto possible = tensorShard(model->config(), model->weights(), 0, options.rankCount); !possible)
        return possible.error();
    if (program.empty())
        program = programFile("vitrine-cli");
    if (program.empty())
        return internalError("vitrine-cli, which computes the other ranks, is not beside this program");
    ExecutorOptions shared = options;
    shared.threads = threadsOfRank(options.threads, options.rankCount);
    const Result<std::shared_ptr<WorkerTeam>> team =
        WorkerTeam::start(program, workerArguments(*model, shared), options.rankCount);
    if (!team)
        return team.error();
    return makeRanks(model, shared, *team, progress);
}

} // namespace vitrine::engine
