// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/pieced_sum.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/parallel/group_call.h"
#include "engine/parallel/group_wait.h"
#include "engine/parallel/rank_addition.h"

namespace vitrine::engine {

PiecedSum::PiecedSum(std::shared_ptr<RankGroup> group, std::uint32_t rank)
    : m_group(std::move(group)), m_rank(rank), m_spins(spinsFor(m_group->shape().ranks))
{}

bool PiecedSum::fits(std::size_t values, std::size_t pieceValues) const
{
    return values > 0 && values <= m_group->shape().collectiveBytes / sizeof(float) && pieceValues > 0 &&
           (values - 1) / pieceValues < kMostPieces;
}

void PiecedSum::begin(std::uint32_t stage, std::size_t values, std::size_t pieceValues, std::uint32_t threads)
{
    VT_CHECK(fits(values, pieceValues) && threads > 0);
    m_told += m_pieces;
    m_pieces = static_cast<std::uint32_t>((values - 1) / pieceValues + 1);
    m_stage = stage;
    m_threads = threads;
    m_times.resize(std::max<std::size_t>(m_times.size(), threads));
    m_bytes = values * sizeof(float);
    m_given += m_bytes;
    m_room = reinterpret_cast<float*>(m_group->place(m_rank, stage));
    for (std::uint32_t piece = 0; piece < m_pieces; ++piece)
        m_filled[piece].store(0, std::memory_order_relaxed);
    Announcement& said = m_group->line(m_rank).said[stage % 2];
    said.call.store(static_cast<std::uint32_t>(GroupCall::PiecedSum), std::memory_order_relaxed);
    said.bytes.store(m_bytes, std::memory_order_relaxed);
}

void PiecedSum::restart()
{
    m_told = m_pieces = 0;
    m_stopped.store(false, std::memory_order_relaxed);
}

RankTimes PiecedSum::takeTimes()
{
    RankTimes slowest;
    for (ThreadTimes& thread : m_times) {
        slowest.waitNs = std::max(slowest.waitNs, thread.waitNs);
        slowest.sumNs = std::max(slowest.sumNs, thread.sumNs);
        slowest.hiddenNs = std::max(slowest.hiddenNs, thread.hiddenNs);
        thread = {};
    }
    slowest.bytes = std::exchange(m_given, 0);
    return slowest;
}

/// The last thread tells the others. It comes to the next piece only then: they are told of in order.
void PiecedSum::filled(std::uint32_t piece)
{
    if (m_filled[piece].fetch_add(1, std::memory_order_acq_rel) + 1 < m_threads)
        return;
    RankLine& own = m_group->line(m_rank);
    m_toldNs[piece] = nowNs();
    own.toldNs[m_stage % 2][piece].store(m_toldNs[piece], std::memory_order_relaxed);
    own.pieces.publish(number(piece));
    if (piece == 0) // last: others wait for this first, and find the piece then
        own.arrived.publish(m_stage);
}

bool PiecedSum::saysTheSame(std::uint32_t other) const
{
    const Announcement& said = m_group->line(other).said[m_stage % 2];
    return said.call.load(std::memory_order_relaxed) == static_cast<std::uint32_t>(GroupCall::PiecedSum) &&
           said.bytes.load(std::memory_order_relaxed) == m_bytes;
}

bool PiecedSum::isThere(std::uint32_t piece) const
{
    for (std::uint32_t rank = 0; rank < ranks(); ++rank) {
        const RankLine& line = m_group->line(rank);
        if (!line.pieces.reached(number(piece)) || !line.arrived.reached(m_stage) || !saysTheSame(rank))
            return false;
    }
    return true;
}

bool PiecedSum::stop(const std::string& message, std::uint32_t culprit)
{
    m_group->end("rank " + std::to_string(m_rank) + ": " + message, culprit);
    m_stopped.store(true, std::memory_order_release);
    return false;
}

bool PiecedSum::awaitRank(std::uint32_t other, std::uint32_t piece, Deadline deadline)
{
    RankLine& line = m_group->line(other);
    const std::string name = "rank " + std::to_string(other);
    GroupWait wait = waitUntil(*m_group, line.arrived, m_stage, deadline, m_spins);
    if (wait == GroupWait::Reached && !saysTheSame(other)) {
        const Announcement& said = line.said[m_stage % 2];
        return stop(name + " is at " +
                        nameOfCall(said.call.load(std::memory_order_relaxed),
                                   said.bytes.load(std::memory_order_relaxed)) +
                        " instead of " + nameOfCall(GroupCall::PiecedSum, m_bytes),
                    other);
    }
    if (wait == GroupWait::Reached)
        wait = waitUntil(*m_group, line.pieces, number(piece), deadline, m_spins);
    if (wait == GroupWait::Late)
        return stop(name + " did not come to " + nameOfCall(GroupCall::PiecedSum, m_bytes) + " in time",
                    other);
    if (wait == GroupWait::Ended)
        m_stopped.store(true, std::memory_order_release);
    return wait == GroupWait::Reached;
}

bool PiecedSum::await(std::uint32_t piece, std::uint32_t thread, Deadline deadline)
{
    // This rank's other threads first: that is no wait for other ranks.
    if (!awaitRank(m_rank, piece, deadline))
        return false;
    if (isThere(piece))
        return true;
    const std::int64_t start = m_times[thread].neededNs = nowNs();
    bool reached = true;
    for (std::uint32_t step = 1; step < ranks() && reached; ++step)
        reached = awaitRank((m_rank + step) % ranks(), piece, deadline);
    m_times[thread].waitNs += nowNs() - start;
    return reached;
}

/// What others say of their clock is data: it moves these numbers within what this rank has seen itself.
void PiecedSum::countHidden(std::uint32_t piece, ThreadTimes& times, std::int64_t neededNs) const
{
    std::int64_t latest = 0;
    for (std::uint32_t rank = 0; rank < ranks(); ++rank)
        latest =
            std::max(latest, m_group->line(rank).toldNs[m_stage % 2][piece].load(std::memory_order_relaxed));
    const std::int64_t begin = std::max(m_toldNs[piece], times.countedNs), end = std::min(latest, neededNs);
    times.hiddenNs += std::max<std::int64_t>(0, end - begin);
    times.countedNs = std::max(times.countedNs, end);
}

void PiecedSum::add(std::uint32_t piece, std::size_t first, std::span<float> out, std::uint32_t thread)
{
    ThreadTimes& times = m_times[thread];
    const std::int64_t start = nowNs();
    const std::int64_t neededNs = std::exchange(times.neededNs, 0);
    countHidden(piece, times, neededNs != 0 ? neededNs : start);
    if (neededNs != 0)
        times.countedNs = start; // it waited until then
    addInOrder(*m_group, m_stage, first, out);
    times.sumNs += nowNs() - start;
}

} // namespace vitrine::engine
