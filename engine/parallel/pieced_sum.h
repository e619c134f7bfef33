// SPDX-License-Identifier: GPL-3.0-or-later
// A sum over the ranks of a group in pieces: each is told to the others as soon as it has been computed, and
// added up while the next one is. A rank's threads write their values where all ranks can read them, so that
// nothing is copied on the way; each thread adds up what it needs, in the order of the ranks: the bits are
// those of Communicator::allReduce().
//
// begin(), restart() and takeTimes(): one thread, while no other of this rank is in a call. The others: the
// `threads` compute threads of this rank, all at the same time. In the shared memory a sum is one stage, with
// the same two places in turn: a rank tells of a piece only when its threads have read all of the stage
// before.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/parallel/deadline.h"
#include "engine/parallel/rank_group.h"
#include "engine/parallel/rank_times.h"

namespace vitrine::engine {

class PiecedSum
{
public:
    PiecedSum(std::shared_ptr<RankGroup> group, std::uint32_t rank);

    /// REQUIRES: fits(values, pieceValues).
    void begin(std::uint32_t stage, std::size_t values, std::size_t pieceValues, std::uint32_t threads);
    bool fits(std::size_t values, std::size_t pieceValues) const;
    void restart();
    /// Of the slowest thread, since the last time; computeNs stays 0.
    RankTimes takeTimes();

    std::uint32_t pieces() const { return m_pieces; }
    /// [values]: what this rank adds.
    float* room() const { return m_room; }
    /// This thread has written its part of the piece. Each thread once a piece, in order.
    void filled(std::uint32_t piece);
    /// Whether everybody's piece is there; returns at once. Also false where ranks do different things: who
    /// waits then is told.
    bool isThere(std::uint32_t piece) const;
    /// Waits for that. False: the group has ended.
    bool await(std::uint32_t piece, std::uint32_t thread, Deadline deadline);
    /// out[i] = the sum over the ranks of their value first + i. REQUIRES: these are in `piece`, which is
    /// there.
    void add(std::uint32_t piece, std::size_t first, std::span<float> out, std::uint32_t thread);
    /// Somebody waited in vain since restart(). All threads see the same after their next barrier.
    bool stopped() const { return m_stopped.load(std::memory_order_acquire); }

private:
    struct alignas(64) ThreadTimes
    {
        std::int64_t waitNs = 0, sumNs = 0, hiddenNs = 0;
        std::int64_t neededNs = 0;  ///< when the thread began to wait for the coming piece; 0: it did not
        std::int64_t countedNs = 0; ///< time until then is hidden or waited already
    };
    std::uint32_t ranks() const { return m_group->shape().ranks; }
    /// Number of the piece among all that there were.
    std::uint32_t number(std::uint32_t piece) const { return m_told + piece + 1; }
    bool awaitRank(std::uint32_t other, std::uint32_t piece, Deadline deadline);
    bool saysTheSame(std::uint32_t other) const;
    bool stop(const std::string& message, std::uint32_t culprit);
    /// Between this rank's telling of the piece and the need for it others were late. Pieces that are on
    /// their way at the same time count once.
    void countHidden(std::uint32_t piece, ThreadTimes& times, std::int64_t neededNs) const;

    std::shared_ptr<RankGroup> m_group;
    std::uint32_t m_rank, m_spins;
    std::uint32_t m_stage = 0, m_pieces = 0, m_threads = 1;
    std::uint32_t m_told = 0; ///< pieces before this sum
    std::size_t m_bytes = 0;  ///< of a rank's values
    std::uint64_t m_given = 0;
    float* m_room = nullptr;
    std::atomic<bool> m_stopped{false};
    std::array<std::atomic<std::uint32_t>, kMostPieces> m_filled{}; ///< by so many threads
    std::array<std::int64_t, kMostPieces> m_toldNs{};               ///< as in RankLine, of this rank
    std::vector<ThreadTimes> m_times;
};

} // namespace vitrine::engine
