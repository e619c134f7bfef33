// SPDX-License-Identifier: GPL-3.0-or-later
// A model whose tensors several ranks of this process share.
#pragma once

#include <memory>
#include <vector>

#include "engine/base/check.h"
#include "engine/execution/rank_executor.h"
#include "engine/parallel/rank_group.h"

namespace vitrine::engine::test {

inline Result<std::unique_ptr<Executor>> rankedExecutor(const std::shared_ptr<const Model>& model,
                                                        ExecutorOptions options, std::uint32_t ranks,
                                                        std::size_t placeBytes = 1U << 16U)
{
    Result<std::shared_ptr<RankGroup>> group = RankGroup::create({ranks, placeBytes, 1U << 16U});
    VT_CHECK(group.has_value());
    if (options.threads == 0)
        options.threads = 1;
    options.rankPatienceMs = 20'000; // nobody would take the place of one that waits for a core
    std::vector<std::unique_ptr<Executor>> executors;
    std::shared_ptr<Communicator> first;
    for (std::uint32_t rank = 0; rank < ranks; ++rank) {
        options.ranks = (*group)->communicator(rank);
        first = rank == 0 ? options.ranks : first;
        Result<std::unique_ptr<Executor>> executor = makeCpuExecutor(model, options);
        if (!executor)
            return executor.error();
        executors.push_back(std::move(*executor));
    }
    return makeRankExecutor(std::move(executors), first);
}

} // namespace vitrine::engine::test
