// SPDX-License-Identifier: GPL-3.0-or-later
// What the ranks that share a step's tensors exchange during it. Of one executor; called by its compute
// threads, all of which call each function, with a barrier before and after. The first failure is kept: the
// step is then computed to its end without the others, and nobody may use what comes of it.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/execution/workspace.h"
#include "engine/parallel/communicator.h"
#include "engine/parallel/tensor_shard.h"

namespace vitrine::engine {

class RankSum
{
public:
    RankSum(std::shared_ptr<Communicator> ranks, const TensorShard& shard)
        : m_ranks(std::move(ranks)), m_shard(shard)
    {}

    const TensorShard& shard() const { return m_shard; }
    /// Before a step: how long the others are waited for in all.
    void begin(Deadline deadline) { m_deadline = deadline; }
    const std::optional<Error>& failure() const { return m_failure; } ///< of any step so far
    /// Ends the group, for a step that this rank does not take part in.
    void abort(const std::string& reason) { m_ranks->abort(reason); }

    /// values[i] becomes the sum over the ranks. On one thread.
    void sum(std::span<float> values) { note(m_ranks->allReduce(values, m_deadline)); }
    /// Rank 0 gets everybody's columns of `logits` [rows, vocab], of which each has its own. On one thread.
    void gatherLogits(float* logits, std::size_t rows, std::size_t vocab);
    /// Rank 0 gets the best of everybody's `best` [rows], which have the ids of the whole vocabulary. On one
    /// thread.
    void gatherBest(std::span<BestLogit> best);

private:
    void note(const Result<void>& result)
    {
        if (!result && !m_failure)
            m_failure = result.error();
    }

    std::shared_ptr<Communicator> m_ranks;
    TensorShard m_shard;
    Deadline m_deadline;
    std::optional<Error> m_failure;
    std::vector<BestLogit> m_theirs;
};

} // namespace vitrine::engine
