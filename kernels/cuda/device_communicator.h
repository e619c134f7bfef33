// SPDX-License-Identifier: GPL-3.0-or-later
// One rank of a group of GPUs that sum and send device memory (NCCL). Calls are put on a stream, like
// kernels, and may be recorded into graphs, by all ranks or none. All ranks of a group make the same
// collective calls in the same order with the same sizes. One owner; one thread at a time.
//
// No call waits for other ranks on the host but create(), and that until its deadline. Waits on the device
// have none: whoever waits for the stream looks at failure() and ends them by abort().
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "kernels/cuda/nccl_library.h"
#include "kernels/cuda/number.h"
#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

/// What the ranks of one group share, made by one of them: bytes to be handed on.
using GroupId = nccl::UniqueId;

Status makeGroupId(const NcclLibrary& library, GroupId& id);

class DeviceCommunicator
{
public:
    using Clock = std::chrono::steady_clock;

    DeviceCommunicator() = default;
    ~DeviceCommunicator() { abort(); }
    DeviceCommunicator(DeviceCommunicator&& other) noexcept { swap(other); }
    DeviceCommunicator& operator=(DeviceCommunicator&& other) noexcept
    {
        swap(other);
        return *this;
    }

    /// Joins the group with the calling thread's device. Waits for the other ranks; kNcclLate: not all of
    /// them came.
    Status create(const NcclLibrary& library, const GroupId& id, int rank, int ranks,
                  Clock::time_point deadline);
    explicit operator bool() const { return m_comm != nullptr; }
    int rank() const { return m_rank; }
    int ranks() const { return m_ranks; }

    /// values[i] becomes the sum over the ranks, the same bits for all of them.
    Status allReduce(void* values, std::size_t count, Number number, Stream stream);
    /// `bytes` become what rank `root` has there.
    Status broadcast(void* at, std::size_t bytes, int root, Stream stream);
    /// Calls of send() and receive() until exchange() ends go on beside each other.
    template<class Calls>
    Status exchange(Calls&& calls)
    {
        Status status = beginGroup();
        if (status)
            status = calls();
        const Status ended = endGroup(); // also after a failure
        return status ? ended : status;
    }
    Status send(const void* from, std::size_t bytes, int to, Stream stream);
    Status receive(void* to, std::size_t bytes, int from, Stream stream);

    /// What went wrong since, as the library noticed it. Cheap: for whoever polls a stream.
    Status failure() const;
    /// Work that waits for others ends, with what it has; nothing more can be done with the group.
    void abort();

private:
    void swap(DeviceCommunicator& other)
    {
        std::swap(m_calls, other.m_calls);
        std::swap(m_comm, other.m_comm);
        std::swap(m_rank, other.m_rank);
        std::swap(m_ranks, other.m_ranks);
        std::swap(m_grouping, other.m_grouping);
    }
    Status beginGroup();
    Status endGroup();
    /// A call that has begun is over once the library says so.
    Status settled(int result, Clock::time_point deadline) const;
    Status settled(int result) const;

    nccl::Functions m_calls;
    nccl::Comm m_comm = nullptr;
    int m_rank = 0, m_ranks = 1;
    bool m_grouping = false;
};

} // namespace vitrine::kernels::cuda
