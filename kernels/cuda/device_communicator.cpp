// SPDX-License-Identifier: GPL-3.0-or-later
// Communicators that do not block: a call that has to wait for something says that it is in progress, and
// nothing else may be given to the stream until it is through.
#include "kernels/cuda/device_communicator.h"

#include <thread>

namespace vitrine::kernels::cuda {

namespace {

/// For the host's part of a call, which waits for others at a group's first calls only.
constexpr std::chrono::seconds kPatience{30};
constexpr std::chrono::microseconds kPause{20};

Status statusOf(int result)
{
    return {result == nccl::Success ? 0 : kNcclStatus + result};
}

int typeOf(Number number)
{
    return number == Number::BF16 ? nccl::BFloat16 : nccl::Float32;
}

} // namespace

Status makeGroupId(const NcclLibrary& library, GroupId& id)
{
    return statusOf(library.calls.getUniqueId(&id));
}

Status DeviceCommunicator::create(const NcclLibrary& library, const GroupId& id, int rank, int ranks,
                                  Clock::time_point deadline)
{
    abort();
    m_calls = library.calls;
    m_rank = rank;
    m_ranks = ranks;
    nccl::Config config;
    config.blocking = 0;
    const int begun = m_calls.commInitRankConfig(&m_comm, ranks, id, rank, &config);
    const Status created = m_comm == nullptr ? statusOf(begun) : settled(begun, deadline);
    if (!created)
        abort();
    return created;
}

Status DeviceCommunicator::allReduce(void* values, std::size_t count, Number number, Stream stream)
{
    return settled(m_calls.allReduce(values, values, count, typeOf(number), nccl::Sum, m_comm, stream));
}

Status DeviceCommunicator::broadcast(void* at, std::size_t bytes, int root, Stream stream)
{
    return settled(m_calls.broadcast(at, at, bytes, nccl::Int8, root, m_comm, stream));
}

Status DeviceCommunicator::send(const void* from, std::size_t bytes, int to, Stream stream)
{
    return settled(m_calls.send(from, bytes, nccl::Int8, to, m_comm, stream));
}

Status DeviceCommunicator::receive(void* to, std::size_t bytes, int from, Stream stream)
{
    return settled(m_calls.recv(to, bytes, nccl::Int8, from, m_comm, stream));
}

Status DeviceCommunicator::beginGroup()
{
    const Status begun = statusOf(m_calls.groupStart());
    m_grouping = bool(begun);
    return begun;
}

Status DeviceCommunicator::endGroup()
{
    m_grouping = false;
    return settled(m_calls.groupEnd());
}

Status DeviceCommunicator::settled(int result) const
{
    if (result != nccl::InProgress)
        return statusOf(result);
    return m_grouping ? Status{} : settled(result, Clock::now() + kPatience);
}

Status DeviceCommunicator::settled(int result, Clock::time_point deadline) const
{
    while (result == nccl::InProgress) {
        if (Clock::now() > deadline)
            return {kNcclLate};
        if (const int asked = m_calls.commGetAsyncError(m_comm, &result); asked != nccl::Success)
            return statusOf(asked);
        if (result == nccl::InProgress)
            std::this_thread::sleep_for(kPause);
    }
    return statusOf(result);
}

Status DeviceCommunicator::failure() const
{
    int error = nccl::Success;
    if (m_comm == nullptr)
        return statusOf(nccl::InvalidUsage);
    const int asked = m_calls.commGetAsyncError(m_comm, &error);
    if (asked != nccl::Success)
        return statusOf(asked);
    return error == nccl::InProgress ? Status{} : statusOf(error);
}

void DeviceCommunicator::abort()
{
    if (m_comm != nullptr)
        (void)m_calls.commAbort(std::exchange(m_comm, nullptr));
}

} // namespace vitrine::kernels::cuda
