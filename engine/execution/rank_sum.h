// SPDX-License-Identifier: GPL-3.0-or-later
// What the ranks that share a step's tensors exchange during it. Of one executor; called by its compute
// threads. The first failure is kept: the layers after it are left out, and nobody may use what comes of the
// step.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/execution/workspace.h"
#include "engine/parallel/communicator.h"
#include "engine/parallel/pieced_sum.h"
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
    /// Of any step since the last restart(). Between steps.
    const std::optional<Error>& failure() const { return m_failure; }
    /// Whether the step goes on no further: all threads ask at the same places, behind a barrier that follows
    /// the exchange, and see the same.
    bool stopped() const { return m_stopped.load() || piecesStopped(); }
    /// Ends the group, for a step that this rank does not take part in.
    void abort(const std::string& reason) { m_ranks->abort(reason); }
    /// What failed is forgotten; see Communicator::restart(). Between steps.
    void restart()
    {
        m_failure.reset();
        m_stopped = false;
        m_pieces = nullptr;
        m_ranks->restart();
    }
    void beginStep()
    {
        m_beganNs = nowNs();
        m_sinceNs = m_beganNs;
        m_longestNs = m_longestNs / 2;           // of the last steps, mostly
        static_cast<void>(m_ranks->takeTimes()); // of a step that failed
    }
    /// On one thread, when all have come to the end.
    void endStep()
    {
        if (piecesStopped())
            note(m_ranks->endPieces());
        m_times = m_ranks->takeTimes();
        m_times.computeNs = std::max<std::int64_t>(0, nowNs() - m_beganNs - m_times.waitNs - m_times.sumNs);
    }
    /// Of the last step. Between steps.
    const RankTimes& times() const { return m_times; }

    /// Tokens of a step whose sums are one piece: fewer are not worth the telling.
    static std::int64_t pieceTokens(std::int64_t tokens);
    /// The coming sum over the ranks, of [tokens, hidden], is made in pieces where that is possible. On one
    /// thread; the others see it after the next barrier.
    void prepare(std::int64_t tokens, std::int64_t hidden, std::uint32_t threads);
    /// It; null: sum() makes it.
    PiecedSum* pieces() const { return m_inPieces ? m_pieces.load() : nullptr; }
    /// A thread has computed its part of the sum in pieces, and waits from now on.
    void computed(std::uint32_t thread)
    {
        if (thread == 0)
            noteOwn();
    }
    /// Waits for everybody's; on each thread that needs it. False: the step is stopped.
    bool await(std::uint32_t piece, std::uint32_t thread)
    {
        return m_pieces.load()->await(piece, thread, patience());
    }
    /// A thread has all that it needs of the sum in pieces.
    void leave(std::uint32_t thread)
    {
        if (thread == 0)
            m_sinceNs = nowNs();
    }
    /// values[i] becomes the sum over the ranks. On one thread, with a barrier before and after.
    void sum(std::span<float> values)
    {
        noteOwn();
        note(m_ranks->allReduce(values, patience()));
    }
    /// Likewise. Rank 0 gets everybody's columns of `logits` [rows, vocab], of which each has its own. On one
    /// thread.
    void gatherLogits(float* logits, std::size_t rows, std::size_t vocab);
    /// Likewise. Rank 0 gets the best of everybody's `best` [rows], which have the ids of the whole
    /// vocabulary.
    void gatherBest(std::span<BestLogit> best);

private:
    bool piecesStopped() const
    {
        const PiecedSum* pieces = m_pieces.load();
        return pieces != nullptr && pieces->stopped();
    }
    void take(BestLogit& best, const BestLogit& theirs, std::uint32_t rank);
    /// How long others may be behind at one exchange, however long a step takes: they have about as much to
    /// compute as this rank had since the last one.
    Deadline patience() const
    {
        constexpr std::int64_t kTimesOwn = 8;
        const std::int64_t now = nowNs();
        return {now + m_patienceNs + kTimesOwn * std::max(now - m_sinceNs.load(), m_longestNs.load())};
    }
    void note(const Result<void>& result)
    {
        if (!result && !m_failure) {
            m_failure = result.error();
            m_stopped = true;
        }
        m_sinceNs = nowNs();
    }
    /// Where experts are shared out, one rank may have nothing to compute and another much.
    void noteOwn()
    {
        constexpr std::int64_t kMostNs = 1'000'000'000; // more was no computing
        m_longestNs = std::max(m_longestNs.load(), std::min(nowNs() - m_sinceNs, kMostNs));
    }

    std::shared_ptr<Communicator> m_ranks;
    TensorShard m_shard;
    std::uint32_t m_vocab;
    std::int64_t m_patienceNs;
    std::atomic<std::int64_t> m_longestNs{0};  ///< between two exchanges
    std::atomic<std::int64_t> m_sinceNs{0};    ///< of the step's begin or the last exchange
    std::atomic<bool> m_stopped{false};        ///< with m_failure
    std::atomic<PiecedSum*> m_pieces{nullptr}; ///< the group's, once there was a sum in pieces
    bool m_inPieces = false;                   ///< the coming sum is
    std::int64_t m_beganNs = 0;                ///< the step
    RankTimes m_times;
    std::optional<Error> m_failure;
    std::vector<BestLogit> m_theirs;
};

} // namespace vitrine::engine
