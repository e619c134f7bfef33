// SPDX-License-Identifier: GPL-3.0-or-later
// A Communicator over MPI's messages between two ranks, of which its collectives are made here: so that sums
// have the order of the ranks, and who is late has a name. A failure cannot be told to the others: they come
// to their own deadlines, and the launcher ends them with this process.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/ordered_mutex.h"
#include "engine/mpi/mpi_exchange.h"
#include "engine/parallel/communicator.h"

namespace vitrine::engine {

class MpiCommunicator final : public Communicator
{
public:
    /// members[i]: who is rank i here, by their rank in `group`.
    MpiCommunicator(MPI_Comm group, std::vector<int> members, std::uint32_t rank);

    std::uint32_t rank() const override { return m_rank; }
    std::uint32_t ranks() const override { return static_cast<std::uint32_t>(m_members.size()); }

    Result<void> allReduce(std::span<float> values, Deadline deadline) override;
    Result<void> allGather(std::span<const std::byte> mine, std::span<const std::size_t> sizes,
                           std::span<std::byte> all, Deadline deadline) override;
    Result<void> broadcast(std::span<std::byte> bytes, std::uint32_t root, Deadline deadline) override;
    Result<void> send(std::span<const std::byte> bytes, std::uint32_t to, Deadline deadline) override;
    Result<void> receive(std::span<std::byte> bytes, std::uint32_t from, Deadline deadline) override;
    Result<void> barrier(Deadline deadline) override;
    void abort(std::string_view reason) override;
    bool ended() const override { return m_failure.has_value(); } ///< as far as it has met the others
    std::optional<std::uint32_t> culprit() const override { return m_culprit; }
    void restart() override {} // the process ends with its first failure

private:
    enum class Call : std::uint8_t { Message, Barrier, AllReduce, AllGather, Broadcast };
    static const char* nameOf(Call call);

    /// What goes to a rank, and what comes from it.
    struct Traffic
    {
        std::span<const std::byte> out;
        std::span<std::byte> in;
    };
    /// With everybody else; [ranks()], this rank's own is not looked at.
    Result<void> meet(Call call, std::uint64_t bytes, const std::vector<Traffic>& traffic, Deadline deadline);
    Result<void> finish(MpiExchange& exchange, Call call, Deadline deadline);
    Result<void> check(const MpiExchange& exchange, std::size_t receive, std::uint32_t from,
                       const MpiHeader& wanted, std::size_t bytes);
    Result<void> fail(const std::string& message, std::uint32_t culprit);
    std::uint32_t rankOf(int member) const;
    Result<void> reduceAtOnce(std::span<float> values, Deadline deadline);
    Result<void> reduceInSlices(std::span<float> values, Deadline deadline);

    MPI_Comm m_group;
    std::vector<int> m_members;
    std::uint32_t m_rank;
    Result<void> going(); ///< an error after the first failure, or after abort()

    OrderedMutex m_lock{LockOrder::MpiAbort}; // of m_abortedFor, which any thread may write
    std::string m_abortedFor;
    std::optional<Error> m_failure;
    std::optional<std::uint32_t> m_culprit;
};

} // namespace vitrine::engine
