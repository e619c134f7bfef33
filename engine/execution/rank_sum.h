// SPDX-License-Identifier: GPL-3.0-or-later
// What the ranks that share a step's tensors exchange during it. Of one executor; called by its compute
// threads, all of which call each function, with a barrier before and after. The first failure is kept: the
// layers after it are left out, and nobody may use what comes of the step.
#pragma once

#include <algorithm>
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
    /// `vocab`: of the whole model.
    RankSum(std::shared_ptr<Communicator> ranks, const TensorShard& shard, std::uint32_t vocab,
            std::uint32_t patienceMs)
        : m_ranks(std::move(ranks)), m_shard(shard), m_vocab(vocab),
          m_patienceNs(std::int64_t{patienceMs} * 1'000'000)
    {}

    const TensorShard& shard() const { return m_shard; }
    /// Of any step since the last restart(). Written by the thread that exchanges: others look after the next
    /// barrier.
    const std::optional<Error>& failure() const { return m_failure; }
    /// Ends the group, for a step that this rank does not take part in.
    void abort(const std::string& reason) { m_ranks->abort(reason); }
    /// What failed is forgotten; see Communicator::restart(). Between steps.
    void restart()
    {
        m_failure.reset();
        m_ranks->restart();
    }
    void beginStep()
    {
        m_sinceNs = m_beganNs = nowNs();
        m_longestNs /= 2;                        // of the last steps, mostly
        static_cast<void>(m_ranks->takeTimes()); // of a step that failed
    }
    /// On one thread, after its last exchange.
    void endStep()
    {
        m_times = m_ranks->takeTimes();
        m_times.computeNs = nowNs() - m_beganNs - m_times.waitNs - m_times.sumNs;
    }
    /// Of the last step. Between steps.
    const RankTimes& times() const { return m_times; }

    /// values[i] becomes the sum over the ranks. On one thread.
    void sum(std::span<float> values)
    {
        noteOwn();
        note(m_ranks->allReduce(values, patience()));
    }
    /// Rank 0 gets everybody's columns of `logits` [rows, vocab], of which each has its own. On one thread.
    void gatherLogits(float* logits, std::size_t rows, std::size_t vocab);
    /// Rank 0 gets the best of everybody's `best` [rows], which have the ids of the whole vocabulary. On one
    /// thread.
    void gatherBest(std::span<BestLogit> best);

private:
    void take(BestLogit& best, const BestLogit& theirs, std::uint32_t rank);
    /// How long others may be behind at one exchange, however long a step takes: they have about as much to
    /// compute as this rank had since the last one.
    Deadline patience() const
    {
        constexpr std::int64_t kTimesOwn = 8;
        const std::int64_t now = nowNs();
        return {now + m_patienceNs + kTimesOwn * std::max(now - m_sinceNs, m_longestNs)};
    }
    void note(const Result<void>& result)
    {
        if (!result && !m_failure)
            m_failure = result.error();
        m_sinceNs = nowNs();
    }
    /// Where experts are shared out, one rank may have nothing to compute and another much.
    void noteOwn()
    {
        constexpr std::int64_t kMostNs = 1'000'000'000; // more was no computing
        m_longestNs = std::max(m_longestNs, std::min(nowNs() - m_sinceNs, kMostNs));
    }

    std::shared_ptr<Communicator> m_ranks;
    TensorShard m_shard;
    std::uint32_t m_vocab;
    std::int64_t m_patienceNs;
    std::int64_t m_longestNs = 0; ///< between two exchanges
    std::int64_t m_sinceNs = 0;   ///< of the step's begin or the last exchange
    std::int64_t m_beganNs = 0;   ///< the step
    RankTimes m_times;
    std::optional<Error> m_failure;
    std::vector<BestLogit> m_theirs;
};

} // namespace vitrine::engine
