// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/mpi/mpi_exchange.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <limits>
#include <thread>

#include "engine/base/check.h"

namespace vitrine::engine {

OrderedMutex& mpiLock()
{
    static OrderedMutex lock{LockOrder::Mpi};
    return lock;
}

MpiExchange::~MpiExchange()
{
    for (std::unique_ptr<Message>& message : m_all)
        if (!message->done)
            static_cast<void>(message.release());
}

void MpiExchange::send(int to, int tag, const MpiHeader& header, const std::byte* data, std::size_t bytes)
{
    VT_CHECK(bytes + sizeof header <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
    auto message = std::make_unique<Message>();
    message->peer = to;
    message->buffer.resize(sizeof header + bytes);
    std::memcpy(message->buffer.data(), &header, sizeof header);
    std::copy_n(data, bytes, message->buffer.data() + sizeof header);
    const std::lock_guard lock(mpiLock());
    MPI_Isend(message->buffer.data(), static_cast<int>(message->buffer.size()), MPI_BYTE, to, tag, m_group,
              &message->request);
    m_all.push_back(std::move(message));
}

void MpiExchange::receive(int from, int tag, std::size_t bytes)
{
    auto message = std::make_unique<Message>();
    message->peer = from;
    message->buffer.resize(sizeof(MpiHeader) + bytes);
    const std::lock_guard lock(mpiLock());
    MPI_Irecv(message->buffer.data(), static_cast<int>(message->buffer.size()), MPI_BYTE, from, tag, m_group,
              &message->request);
    m_received.push_back(m_all.size());
    m_all.push_back(std::move(message));
}

/// False: some are still under way, or one has failed.
bool MpiExchange::testAll(Outcome& outcome)
{
    const std::lock_guard lock(mpiLock());
    bool all = true;
    for (const std::unique_ptr<Message>& message : m_all) {
        if (message->done)
            continue;
        int done = 0, came = 0;
        MPI_Status status;
        if (MPI_Test(&message->request, &done, &status) != MPI_SUCCESS) {
            message->done = true;
            m_peer = message->peer;
            outcome = Outcome::Failed;
            return false;
        }
        message->done = done != 0;
        if (message->done && MPI_Get_count(&status, MPI_BYTE, &came) == MPI_SUCCESS && came > 0)
            message->came = static_cast<std::size_t>(came);
        all = all && message->done;
    }
    return all;
}

MpiExchange::Outcome MpiExchange::wait(Deadline deadline)
{
    constexpr int kSpins = 5'000;
    constexpr std::chrono::microseconds kNap(200); // of a rank that nobody has asked anything
    Outcome outcome = Outcome::Done;
    for (int i = 0; !testAll(outcome); ++i) {
        if (outcome == Outcome::Failed)
            return outcome;
        if (deadline.passed()) {
            const auto late =
                std::find_if(m_all.begin(), m_all.end(), [](const auto& one) { return !one->done; });
            m_peer = (*late)->peer;
            return Outcome::Late;
        }
        if (i < kSpins)
            std::this_thread::yield();
        else
            std::this_thread::sleep_for(kNap);
    }
    return outcome;
}

MpiHeader MpiExchange::header(std::size_t receive) const
{
    MpiHeader header;
    const Message& message = *m_all[m_received[receive]];
    if (message.came >= sizeof header)
        std::memcpy(&header, message.buffer.data(), sizeof header);
    return header;
}

const std::byte* MpiExchange::data(std::size_t receive) const
{
    return m_all[m_received[receive]]->buffer.data() + sizeof(MpiHeader);
}

std::size_t MpiExchange::bytes(std::size_t receive) const
{
    return std::max(m_all[m_received[receive]]->came, sizeof(MpiHeader)) - sizeof(MpiHeader);
}

} // namespace vitrine::engine
