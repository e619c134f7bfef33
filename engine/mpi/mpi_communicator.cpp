// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/mpi/mpi_communicator.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"

namespace vitrine::engine {

namespace {

constexpr int kCollectiveTag = 1, kMessageTag = 2;
constexpr std::size_t kAtOnceValues = 8192;               // shorter sums: one exchange less
constexpr std::size_t kMostBytes = std::size_t{1} << 28U; // of one message; MPI counts in int

std::span<std::byte> bytesOf(std::span<float> values)
{
    return std::as_writable_bytes(values);
}

void addTo(std::span<float> sums, const float* values)
{
    for (std::size_t i = 0; i < sums.size(); ++i)
        sums[i] += values[i];
}

} // namespace

MpiCommunicator::MpiCommunicator(MPI_Comm group, std::vector<int> members, std::uint32_t rank)
    : m_group(group), m_members(std::move(members)), m_rank(rank)
{}

const char* MpiCommunicator::nameOf(Call call)
{
    constexpr const char* kNames[] = {"a message", "a barrier", "an all-reduce", "an all-gather",
                                      "a broadcast"};
    return kNames[static_cast<std::size_t>(call)];
}

std::uint32_t MpiCommunicator::rankOf(int member) const
{
    return static_cast<std::uint32_t>(std::find(m_members.begin(), m_members.end(), member) -
                                      m_members.begin());
}

Result<void> MpiCommunicator::fail(const std::string& message, std::uint32_t culprit)
{
    m_culprit = culprit;
    m_failure = internalError("rank " + std::to_string(m_rank) + ": " + message);
    return *m_failure;
}

/// The others are told nothing; this rank does not come to its next call.
void MpiCommunicator::abort(std::string_view reason)
{
    const std::lock_guard lock(m_lock);
    if (m_abortedFor.empty())
        m_abortedFor = reason;
}

Result<void> MpiCommunicator::going()
{
    const std::lock_guard lock(m_lock);
    if (!m_failure && !m_abortedFor.empty())
        m_failure = internalError(m_abortedFor);
    return m_failure ? Result<void>(*m_failure) : Result<void>();
}

Result<void> MpiCommunicator::finish(MpiExchange& exchange, Call call, Deadline deadline)
{
    const MpiExchange::Outcome outcome = exchange.wait(deadline);
    if (outcome == MpiExchange::Outcome::Done)
        return {};
    const std::uint32_t peer = rankOf(exchange.peer());
    return fail("rank " + std::to_string(peer) +
                    (outcome == MpiExchange::Outcome::Late ? " did not come to " : " failed at ") +
                    nameOf(call) +
                    (outcome == MpiExchange::Outcome::Late ? " in time" : ", or is at something longer"),
                peer);
}

Result<void> MpiCommunicator::check(const MpiExchange& exchange, std::size_t receive, std::uint32_t from,
                                    const MpiHeader& wanted, std::size_t bytes)
{
    if (exchange.header(receive) == wanted && exchange.bytes(receive) == bytes)
        return {};
    return fail("rank " + std::to_string(from) + " is at something else than " +
                    nameOf(static_cast<Call>(wanted.call)) + " of " + std::to_string(wanted.bytes) + " bytes",
                from);
}

Result<void> MpiCommunicator::meet(Call call, std::uint64_t bytes, const std::vector<Traffic>& traffic,
                                   Deadline deadline)
{
    if (Result<void> alive = going(); !alive)
        return alive;
    const MpiHeader header{static_cast<std::uint64_t>(call), bytes};
    MpiExchange exchange(m_group);
    for (std::uint32_t step = 1; step < ranks(); ++step) {
        const std::uint32_t other = (m_rank + step) % ranks();
        exchange.receive(m_members[other], kCollectiveTag, traffic[other].in.size());
        exchange.send(m_members[other], kCollectiveTag, header, traffic[other].out.data(),
                      traffic[other].out.size());
    }
    if (Result<void> finished = finish(exchange, call, deadline); !finished)
        return finished;
    for (std::uint32_t step = 1; step < ranks(); ++step) {
        const std::uint32_t other = (m_rank + step) % ranks();
        if (Result<void> same = check(exchange, step - 1, other, header, traffic[other].in.size()); !same)
            return same;
        std::copy_n(exchange.data(step - 1), traffic[other].in.size(), traffic[other].in.data());
    }
    return {};
}

Result<void> MpiCommunicator::barrier(Deadline deadline)
{
    return meet(Call::Barrier, 0, std::vector<Traffic>(ranks()), deadline);
}

Result<void> MpiCommunicator::reduceAtOnce(std::span<float> values, Deadline deadline)
{
    std::vector<std::vector<float>> all(ranks(), std::vector<float>(values.size()));
    std::vector<Traffic> traffic(ranks());
    for (std::uint32_t rank = 0; rank < ranks(); ++rank)
        traffic[rank] = {std::as_bytes(values), bytesOf(all[rank])};
    if (Result<void> met = meet(Call::AllReduce, values.size_bytes(), traffic, deadline); !met)
        return met;
    std::copy(values.begin(), values.end(), all[m_rank].begin());
    std::copy(all[0].begin(), all[0].end(), values.begin());
    for (std::uint32_t rank = 1; rank < ranks(); ++rank)
        addTo(values, all[rank].data());
    return {};
}

/// Each rank adds up a slice of everybody's, then all take the slices of the others.
Result<void> MpiCommunicator::reduceInSlices(std::span<float> values, Deadline deadline)
{
    const auto slice = [&](std::uint32_t rank) {
        const std::size_t begin = values.size() * rank / ranks();
        return values.subspan(begin, values.size() * (rank + 1) / ranks() - begin);
    };
    const std::span<float> own = slice(m_rank);
    std::vector<std::vector<float>> all(ranks(), std::vector<float>(own.size()));
    std::vector<Traffic> traffic(ranks());
    for (std::uint32_t rank = 0; rank < ranks(); ++rank)
        traffic[rank] = {std::as_bytes(slice(rank)), bytesOf(all[rank])};
    if (Result<void> met = meet(Call::AllReduce, values.size_bytes(), traffic, deadline); !met)
        return met;
    std::copy(own.begin(), own.end(), all[m_rank].begin());
    std::copy(all[0].begin(), all[0].end(), own.begin());
    for (std::uint32_t rank = 1; rank < ranks(); ++rank)
        addTo(own, all[rank].data());
    for (std::uint32_t rank = 0; rank < ranks(); ++rank)
        traffic[rank] = {std::as_bytes(own), bytesOf(slice(rank))};
    return meet(Call::AllReduce, values.size_bytes(), traffic, deadline);
}

Result<void> MpiCommunicator::allReduce(std::span<float> values, Deadline deadline)
{
    constexpr std::size_t kMostValues = kMostBytes / sizeof(float);
    for (std::size_t first = 0; first < values.size(); first += kMostValues) {
        const std::span<float> part = values.subspan(first, std::min(kMostValues, values.size() - first));
        Result<void> reduced =
            part.size() <= kAtOnceValues ? reduceAtOnce(part, deadline) : reduceInSlices(part, deadline);
        if (!reduced)
            return reduced;
    }
    return going();
}

Result<void> MpiCommunicator::allGather(std::span<const std::byte> mine, std::span<const std::size_t> sizes,
                                        std::span<std::byte> all, Deadline deadline)
{
    VT_CHECK(sizes.size() == ranks() && sizes[m_rank] == mine.size());
    const std::size_t longest = *std::max_element(sizes.begin(), sizes.end());
    for (std::size_t first = 0; first < longest; first += kMostBytes) {
        std::vector<Traffic> traffic(ranks());
        std::size_t begin = 0;
        for (std::uint32_t rank = 0; rank < ranks(); begin += sizes[rank++]) {
            const auto piece = [&](std::size_t size) {
                return std::min(kMostBytes, size - std::min(size, first));
            };
            traffic[rank] = {mine.subspan(std::min(first, mine.size()), piece(mine.size())),
                             all.subspan(begin + std::min(first, sizes[rank]), piece(sizes[rank]))};
        }
        const std::span<std::byte> own = traffic[m_rank].in;
        std::copy(traffic[m_rank].out.begin(), traffic[m_rank].out.end(), own.begin());
        if (Result<void> met = meet(Call::AllGather, all.size(), traffic, deadline); !met)
            return met;
    }
    return going();
}

Result<void> MpiCommunicator::broadcast(std::span<std::byte> bytes, std::uint32_t root, Deadline deadline)
{
    VT_CHECK(root < ranks());
    for (std::size_t first = 0; first < bytes.size(); first += kMostBytes) {
        const std::span<std::byte> part = bytes.subspan(first, std::min(kMostBytes, bytes.size() - first));
        std::vector<Traffic> traffic(ranks());
        for (std::uint32_t rank = 0; rank < ranks(); ++rank) {
            if (m_rank == root)
                traffic[rank].out = part;
            else if (rank == root)
                traffic[rank].in = part;
        }
        if (Result<void> met = meet(Call::Broadcast, bytes.size(), traffic, deadline); !met)
            return met;
    }
    return going();
}

Result<void> MpiCommunicator::send(std::span<const std::byte> bytes, std::uint32_t to, Deadline deadline)
{
    VT_CHECK(to < ranks() && to != m_rank);
    for (std::size_t first = 0; first < bytes.size(); first += kMostBytes) {
        if (Result<void> alive = going(); !alive)
            return alive;
        MpiExchange exchange(m_group);
        exchange.send(m_members[to], kMessageTag, {static_cast<std::uint64_t>(Call::Message), bytes.size()},
                      bytes.data() + first, std::min(kMostBytes, bytes.size() - first));
        if (Result<void> finished = finish(exchange, Call::Message, deadline); !finished)
            return finished;
    }
    return going();
}

Result<void> MpiCommunicator::receive(std::span<std::byte> bytes, std::uint32_t from, Deadline deadline)
{
    VT_CHECK(from < ranks() && from != m_rank);
    for (std::size_t first = 0; first < bytes.size(); first += kMostBytes) {
        if (Result<void> alive = going(); !alive)
            return alive;
        const std::size_t piece = std::min(kMostBytes, bytes.size() - first);
        MpiExchange exchange(m_group);
        exchange.receive(m_members[from], kMessageTag, piece);
        if (Result<void> finished = finish(exchange, Call::Message, deadline); !finished)
            return finished;
        const MpiHeader wanted{static_cast<std::uint64_t>(Call::Message), bytes.size()};
        if (Result<void> same = check(exchange, 0, from, wanted, piece); !same)
            return same;
        std::copy_n(exchange.data(0), piece, bytes.data() + first);
    }
    return going();
}

} // namespace vitrine::engine
