// SPDX-License-Identifier: GPL-3.0-or-later
// One GPU of several that share the tensors of every layer: what it exchanges with the others. Device memory
// goes through NCCL, in the stream, and may be recorded; what the hosts have to agree on through their
// Communicator. Every wait has a deadline, and the first failure ends the group for all. One owner, the
// executor; its thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "engine/base/result.h"
#include "engine/parallel/communicator.h"
#include "engine/parallel/tensor_shard.h"
#include "kernels/cuda/device_communicator.h"
#include "kernels/cuda/number.h"
#include "kernels/cuda/stream.h"

namespace vitrine::engine {

class DeviceGroup
{
public:
    /// Joins with the calling thread's device, together with the other ranks, each with one of its own, and
    /// tries every kind of exchange. `patience`: how long others may be behind. OutOfResources: there is no
    /// NCCL, or it refuses these GPUs.
    static Result<std::unique_ptr<DeviceGroup>>
    join(std::shared_ptr<Communicator> hosts, const TensorShard& shard, std::chrono::milliseconds patience);

    const TensorShard& shard() const { return m_shard; }

    // Queued on the stream; every rank makes the same calls.
    /// values[i] becomes the sum over the ranks, the same bits everywhere.
    kernels::cuda::Status sum(void* values, std::int64_t count, kernels::cuda::Number number,
                              kernels::cuda::Stream stream);
    /// Rank 0's `logits` [rows, vocab] get everybody's columns: it has its own there, the others theirs in
    /// `logits` [rows, their columns]. `gathered`: of rank 0, room for the columns of the others.
    kernels::cuda::Status gatherLogits(float* logits, std::int64_t rows, std::int64_t vocab, float* gathered,
                                       kernels::cuda::Stream stream);
    /// Everybody gets the tokens that rank 0 chose.
    kernels::cuda::Status shareTokens(std::int32_t* tokens, std::int64_t rows, kernels::cuda::Stream stream);

    /// Of the bits that each rank gives, those that all gave. Waits for the other hosts; 0 once the group has
    /// ended.
    std::uint32_t agree(std::uint32_t bits);
    /// What rank 0 has, for all. False once the group has ended.
    bool tell(std::span<std::byte> bytes);
    /// Waits on this thread until the event has happened. An error ends the group.
    Result<void> wait(const kernels::cuda::OwnedEvent& event);
    /// Ends the group for a reason that the other ranks say: nobody waits for this one any more.
    void end(const std::string& reason);
    /// Called before this device leaves the group: recorded steps with exchanges go first, else NCCL waits
    /// for them without end. They may go while one of them is under way.
    void beforeLeaving(std::function<void()> forget) { m_beforeLeaving = std::move(forget); }
    /// Why the group has ended; nothing: it has not.
    Result<void> going();

private:
    kernels::cuda::Status gatherFirsts(float* values, kernels::cuda::Stream stream);
    DeviceGroup(std::shared_ptr<Communicator> hosts, const TensorShard& shard,
                std::chrono::milliseconds patience)
        : m_hosts(std::move(hosts)), m_shard(shard), m_patience(patience)
    {}
    Result<void> connect();
    Result<void> tryOut();
    Deadline deadline() const { return Deadline::inMilliseconds(m_patience.count()); }
    Result<void> note(Result<void> result);

    std::shared_ptr<Communicator> m_hosts;
    TensorShard m_shard;
    std::chrono::milliseconds m_patience;
    kernels::cuda::DeviceCommunicator m_devices;
    std::function<void()> m_beforeLeaving;
    std::optional<Error> m_failure;
};

} // namespace vitrine::engine
