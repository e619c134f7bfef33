// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/group_communicator.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "kernels/cpu/cpu_topology.h"
#include "kernels/cpu/isa.h"
#include "kernels/cpu/vector_operations.h"

namespace vitrine::engine {

namespace {

/// Shorter sums are cheaper whole on every rank than in slices with a second stage.
constexpr std::size_t kAtOnceValues = 8192;
/// What of a sum stays in the first-level cache while everybody's is added to it.
constexpr std::size_t kSumValues = 2048;
/// However often a wake-up was missed by what ends a group, nobody sleeps longer than this.
constexpr std::int64_t kLongestSleepNs = 50'000'000;

void pause()
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

} // namespace

GroupCommunicator::GroupCommunicator(std::shared_ptr<RankGroup> group, std::uint32_t rank)
    : m_group(std::move(group)), m_rank(rank), m_ranks(m_group->shape().ranks)
{
    constexpr std::uint32_t kLong = 2000, kShort = 20; // tens of microseconds; where others need this core
    m_spins = kernels::cpu::CpuTopology::ofThisProcess().bestThreads() >= m_ranks ? kLong : kShort;
}

std::string GroupCommunicator::nameOf(std::uint32_t call, std::uint64_t bytes)
{
    const std::string size = " of " + std::to_string(bytes) + " bytes";
    switch (static_cast<Call>(call)) {
    case Call::Barrier:
        return "a barrier";
    case Call::AllReduce:
        return "an all-reduce" + size;
    case Call::AllGather:
        return "an all-gather" + size;
    case Call::Broadcast:
        return "a broadcast" + size;
    }
    return "no call there is";
}

Result<void> GroupCommunicator::going()
{
    if (m_failure)
        return *m_failure;
    return m_group->hasEnded() ? endedElsewhere() : Result<void>();
}

Result<void> GroupCommunicator::fail(const std::string& message, std::uint32_t culprit)
{
    m_culprit = culprit;
    m_failure = internalError("rank " + std::to_string(m_rank) + ": " + message);
    m_group->end(m_failure->message, culprit);
    return *m_failure;
}

void GroupCommunicator::restart()
{
    m_stage = 0;
    m_sent.fill(0);
    m_received.fill(0);
    m_failure.reset();
    m_culprit.reset();
}

Result<void> GroupCommunicator::endedElsewhere()
{
    m_failure = internalError(m_group->reason());
    m_culprit = m_group->culprit();
    return *m_failure;
}

/// What is there already costs no look at the clock.
GroupCommunicator::Wait GroupCommunicator::waitFor(SharedCounter& counter, std::uint32_t wanted,
                                                   Deadline deadline)
{
    if (counter.reached(wanted))
        return Wait::Reached;
    const std::int64_t start = nowNs();
    const Wait wait = sleepUntil(counter, wanted, deadline);
    m_times.waitNs += nowNs() - start;
    return wait;
}

GroupCommunicator::Wait GroupCommunicator::sleepUntil(SharedCounter& counter, std::uint32_t wanted,
                                                      Deadline deadline) const
{
    for (std::uint32_t spin = 0; spin < m_spins; ++spin) {
        if (counter.reached(wanted))
            return Wait::Reached;
        pause();
    }
    std::int64_t left = deadline.leftNs();
    while (true) {
        const std::uint32_t seen = counter.value.load(std::memory_order_acquire);
        if (counter.reached(wanted))
            return Wait::Reached;
        if (m_group->hasEnded())
            return Wait::Ended;
        if (left <= 0)
            return Wait::Late;
        const std::int64_t before = nowNs(), sleep = std::min(left, kLongestSleepNs);
        counter.sleepWhile(seen, sleep);
        left -= std::min(nowNs() - before, 2 * sleep); // not what this process was stopped for
    }
}

Result<void> GroupCommunicator::checkSaid(std::uint32_t other, Call call, std::uint64_t bytes)
{
    const Announcement& said = m_group->line(other).said[m_stage % 2];
    const std::uint32_t theirs = said.call.load(std::memory_order_relaxed);
    const std::uint64_t theirBytes = said.bytes.load(std::memory_order_relaxed);
    if (theirs == static_cast<std::uint32_t>(call) && theirBytes == bytes)
        return {};
    return fail("rank " + std::to_string(other) + " is at " + nameOf(theirs, theirBytes) + " instead of " +
                    nameOf(static_cast<std::uint32_t>(call), bytes),
                other);
}

Result<void> GroupCommunicator::meet(Call call, std::uint64_t bytes, Deadline deadline)
{
    if (Result<void> alive = going(); !alive)
        return alive;
    ++m_stage;
    RankLine& own = m_group->line(m_rank);
    own.said[m_stage % 2].call.store(static_cast<std::uint32_t>(call), std::memory_order_relaxed);
    own.said[m_stage % 2].bytes.store(bytes, std::memory_order_relaxed);
    own.arrived.publish(m_stage);
    for (std::uint32_t step = 1; step < m_ranks; ++step) {
        const std::uint32_t other = (m_rank + step) % m_ranks;
        const Wait wait = waitFor(m_group->line(other).arrived, m_stage, deadline);
        if (wait == Wait::Ended)
            return endedElsewhere();
        if (wait == Wait::Late)
            return fail("rank " + std::to_string(other) + " did not come to " +
                            nameOf(static_cast<std::uint32_t>(call), bytes) + " in time",
                        other);
        if (Result<void> same = checkSaid(other, call, bytes); !same)
            return same;
    }
    return {};
}

Result<void> GroupCommunicator::barrier(Deadline deadline)
{
    return meet(Call::Barrier, 0, deadline);
}

void GroupCommunicator::put(std::byte* to, std::span<const std::byte> bytes)
{
    const std::int64_t start = nowNs();
    std::memcpy(to, bytes.data(), bytes.size());
    m_times.sumNs += nowNs() - start;
    m_times.bytes += bytes.size();
}

void GroupCommunicator::take(std::span<std::byte> to, const std::byte* from)
{
    const std::int64_t start = nowNs();
    std::memcpy(to.data(), from, to.size());
    m_times.sumNs += nowNs() - start;
}

void GroupCommunicator::sum(std::size_t first, std::span<float> out)
{
    const std::int64_t start = nowNs();
    const auto& vector = kernels::cpu::vectorOperations(kernels::cpu::selectedIsa());
    for (std::size_t begin = 0; begin < out.size(); begin += kSumValues) {
        const std::size_t count = std::min(kSumValues, out.size() - begin);
        float* to = out.data() + begin;
        const auto from = [&](std::uint32_t rank) {
            return reinterpret_cast<const float*>(of(rank)) + first + begin;
        };
        std::copy_n(from(0), count, to);
        for (std::uint32_t rank = 1; rank < m_ranks; ++rank)
            vector.add(to, from(rank), static_cast<std::int64_t>(count));
    }
    m_times.sumNs += nowNs() - start;
}

Result<void> GroupCommunicator::reduceAtOnce(std::span<float> values, Deadline deadline)
{
    if (Result<void> alive = going(); !alive) // else others may still read what lies there
        return alive;
    put(mine(), std::as_bytes(values));
    Result<void> met = meet(Call::AllReduce, values.size_bytes(), deadline);
    if (met)
        sum(0, values);
    return met;
}

/// Each rank adds up a slice of everybody's, then all take the slices of the others.
Result<void> GroupCommunicator::reduceInSlices(std::span<float> values, Deadline deadline)
{
    const auto begin = [&](std::uint32_t rank) { return values.size() * rank / m_ranks; };
    if (Result<void> alive = going(); !alive)
        return alive;
    put(mine(), std::as_bytes(values));
    if (Result<void> met = meet(Call::AllReduce, values.size_bytes(), deadline); !met)
        return met;
    auto* slices = reinterpret_cast<float*>(mine());
    const std::span<float> own(slices + begin(m_rank), begin(m_rank + 1) - begin(m_rank));
    sum(begin(m_rank), own);
    m_times.bytes += own.size_bytes();
    if (Result<void> met = meet(Call::AllReduce, values.size_bytes(), deadline); !met)
        return met;
    for (std::uint32_t rank = 0; rank < m_ranks; ++rank)
        take(std::as_writable_bytes(values.subspan(begin(rank), begin(rank + 1) - begin(rank))),
             of(rank) + begin(rank) * sizeof(float));
    return {};
}

Result<void> GroupCommunicator::allReduce(std::span<float> values, Deadline deadline)
{
    if (m_ranks == 1)
        return going();
    const std::size_t most = m_group->shape().collectiveBytes / sizeof(float);
    for (std::size_t first = 0; first < values.size(); first += most) {
        const std::span<float> part = values.subspan(first, std::min(most, values.size() - first));
        Result<void> reduced =
            part.size() <= kAtOnceValues ? reduceAtOnce(part, deadline) : reduceInSlices(part, deadline);
        if (!reduced)
            return reduced;
    }
    return going();
}

Result<void> GroupCommunicator::allGather(std::span<const std::byte> mineBytes,
                                          std::span<const std::size_t> sizes, std::span<std::byte> all,
                                          Deadline deadline)
{
    VT_CHECK(sizes.size() == m_ranks && sizes[m_rank] == mineBytes.size());
    const std::size_t most = m_group->shape().collectiveBytes;
    const std::size_t longest = *std::max_element(sizes.begin(), sizes.end());
    const auto piece = [&](std::uint32_t rank, std::size_t first) {
        return std::min(most, sizes[rank] - std::min(sizes[rank], first));
    };
    for (std::size_t first = 0; first < longest; first += most) {
        if (Result<void> alive = going(); !alive)
            return alive;
        if (piece(m_rank, first) > 0)
            put(mine(), mineBytes.subspan(first, piece(m_rank, first)));
        if (Result<void> met = meet(Call::AllGather, all.size(), deadline); !met)
            return met;
        std::size_t begin = 0;
        for (std::uint32_t rank = 0; rank < m_ranks; begin += sizes[rank++])
            if (piece(rank, first) > 0) {
                VT_CHECK(begin + first + piece(rank, first) <= all.size());
                take(all.subspan(begin + first, piece(rank, first)), of(rank));
            }
    }
    return going();
}

Result<void> GroupCommunicator::broadcast(std::span<std::byte> bytes, std::uint32_t root, Deadline deadline)
{
    VT_CHECK(root < m_ranks);
    const std::size_t most = m_group->shape().collectiveBytes;
    for (std::size_t first = 0; first < bytes.size(); first += most) {
        const std::span<std::byte> part = bytes.subspan(first, std::min(most, bytes.size() - first));
        if (Result<void> alive = going(); !alive)
            return alive;
        if (m_rank == root)
            put(mine(), part);
        if (Result<void> met = meet(Call::Broadcast, bytes.size(), deadline); !met)
            return met;
        if (m_rank != root)
            take(part, of(root));
    }
    return going();
}

Result<void> GroupCommunicator::send(std::span<const std::byte> bytes, std::uint32_t to, Deadline deadline)
{
    VT_CHECK(to < m_ranks && to != m_rank);
    if (Result<void> alive = going(); !alive)
        return alive;
    PairLine& pair = m_group->pair(m_rank, to);
    const std::size_t most = m_group->shape().messageBytes;
    for (std::size_t first = 0; first < bytes.size(); first += most) {
        const std::uint32_t piece = m_sent[to]++;
        const Wait wait = waitFor(pair.read, piece - 1, deadline); // of two places one is free
        if (wait == Wait::Ended)
            return endedElsewhere();
        if (wait == Wait::Late)
            return fail("rank " + std::to_string(to) + " did not take a message in time", to);
        pair.messageBytes[piece % 2].store(bytes.size(), std::memory_order_relaxed);
        put(m_group->pairPlace(m_rank, to, piece),
            bytes.subspan(first, std::min(most, bytes.size() - first)));
        pair.written.publish(piece + 1);
    }
    return {};
}

Result<void> GroupCommunicator::receive(std::span<std::byte> bytes, std::uint32_t from, Deadline deadline)
{
    VT_CHECK(from < m_ranks && from != m_rank);
    if (m_failure) // what was sent before the group ended may still be received
        return *m_failure;
    PairLine& pair = m_group->pair(from, m_rank);
    const std::size_t most = m_group->shape().messageBytes;
    for (std::size_t first = 0; first < bytes.size(); first += most) {
        const std::uint32_t piece = m_received[from]++;
        const Wait wait = waitFor(pair.written, piece + 1, deadline);
        if (wait == Wait::Ended)
            return endedElsewhere();
        if (wait == Wait::Late)
            return fail("rank " + std::to_string(from) + " sent nothing in time", from);
        const std::uint64_t theirs = pair.messageBytes[piece % 2].load(std::memory_order_relaxed);
        if (theirs != bytes.size())
            return fail("rank " + std::to_string(from) + " sent " + std::to_string(theirs) +
                            " bytes instead of " + std::to_string(bytes.size()),
                        from);
        take(bytes.subspan(first, std::min(most, bytes.size() - first)),
             m_group->pairPlace(from, m_rank, piece));
        pair.read.publish(piece + 1);
    }
    return {};
}

} // namespace vitrine::engine
