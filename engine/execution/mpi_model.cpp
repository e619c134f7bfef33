// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/mpi_model.h"

#include <utility>
#include <vector>

#include "engine/execution/rank_executor.h"
#include "engine/parallel/mpi_plugin.h"
#include "engine/parallel/tensor_shard.h"
#include "engine/parallel/worker_executor.h"

namespace vitrine::engine {

Result<std::unique_ptr<Executor>> makeMpiModel(const std::shared_ptr<const Model>& model,
                                               const ExecutorOptions& options, const LoadProgress& progress)
{
    const Result<const MpiPluginEntry*> mpi = openMpiPlugin();
    if (!mpi)
        return mpi.error();
    const Result<MpiWorld> world = (*mpi)->begin();
    if (!world)
        return world.error();
    if (const auto possible = tensorShard(model->config(), model->weights(), 0, world->ranks); !possible)
        return possible.error();
    ExecutorOptions own = options;
    own.rankPatienceMs = kMpiPatienceMs;
    own.ranks = world->ranks > 1 ? (*mpi)->steps() : nullptr;
    std::vector<std::unique_ptr<Executor>> ranks;
    Result<std::unique_ptr<Executor>> first = makeCpuExecutor(model, own, progress);
    if (!first || world->ranks == 1)
        return first;
    ranks.push_back(std::move(*first));
    for (std::uint32_t rank = 1; rank < world->ranks; ++rank) {
        Result<std::unique_ptr<Executor>> other = makeWorkerExecutor((*mpi)->control(rank));
        if (!other)
            return other.error();
        ranks.push_back(std::move(*other));
    }
    return makeRankExecutor(std::move(ranks), own.ranks);
}

} // namespace vitrine::engine
