// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/device_group.h"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "engine/cuda/cuda_status.h"
#include "engine/parallel/group_layout.h"
#include "kernels/cuda/buffer.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;
using cuda::Status;

namespace {

constexpr std::int64_t kLoadMilliseconds = 3'600'000; // others may still be loading a large model
constexpr std::size_t kFewValues = 64, kManyValues = std::size_t{1} << 20U; // NCCL takes other ways for each

std::size_t floatBytes(std::int64_t count)
{
    return static_cast<std::size_t>(count) * sizeof(float);
}

} // namespace

Result<std::unique_ptr<DeviceGroup>> DeviceGroup::join(std::shared_ptr<Communicator> hosts,
                                                       const TensorShard& shard,
                                                       std::chrono::milliseconds patience)
{
    std::unique_ptr<DeviceGroup> group(new DeviceGroup(std::move(hosts), shard, patience));
    Result<void> joined = group->connect();
    if (joined)
        joined = group->tryOut();
    if (joined)
        return group;
    group->end(joined.error().message);
    return joined.error();
}

/// The id comes from rank 0: an empty one says that it has none, and why it says itself.
Result<void> DeviceGroup::connect()
{
    const cuda::NcclLibrary library = cuda::openNccl();
    if (!library)
        return outOfResources(library.reason);
    cuda::GroupId id;
    Result<void> made;
    if (m_shard.rank == 0)
        made = resultOf(cuda::makeGroupId(library, id), "starting NCCL");
    const Deadline loaded = Deadline::inMilliseconds(kLoadMilliseconds);
    if (made)
        made = m_hosts->broadcast(std::as_writable_bytes(std::span(id.internal)), 0, loaded);
    if (!made)
        return made;
    const auto until = cuda::DeviceCommunicator::Clock::now() + m_patience;
    const Status joined =
        m_devices.create(library, id, static_cast<int>(m_shard.rank), static_cast<int>(m_shard.ranks), until);
    if (joined)
        return {};
    return outOfResources("joining the GPUs failed: " + std::string(cuda::describe(joined)));
}

/// The first exchanges set up the ways between the GPUs, which waits on the host: not while a step is being
/// recorded. What comes of them must be right before anybody computes with it.
Result<void> DeviceGroup::tryOut()
{
    cuda::OwnedStream stream;
    cuda::OwnedEvent done;
    cuda::DeviceBuffer values;
    const std::vector<float> ones(kManyValues, 1.0F);
    std::vector<float> found(kManyValues);
    const std::size_t bytes = kManyValues * sizeof(float);
    Status status = stream.create();
    for (const Status& next : {done.create(), values.allocate(bytes)})
        status = status ? next : status;
    if (status)
        status = cuda::copyBytes(values.data(), ones.data(), bytes, stream.get());
    for (const std::size_t count : {kFewValues, kManyValues})
        if (status)
            status = m_devices.allReduce(values.data(), count, cuda::Number::F32, stream.get());
    if (status)
        status = m_devices.broadcast(values.data(), bytes, 0, stream.get());
    if (status)
        status = gatherFirsts(values.as<float>(), stream.get());
    if (status)
        status = cuda::copyBytes(found.data(), values.data(), bytes, stream.get());
    if (status)
        status = done.record(stream.get());
    if (!status)
        return resultOf(status, "trying out the GPUs' exchanges");
    if (Result<void> waited = wait(done); !waited)
        return waited;
    const auto ranks = static_cast<float>(m_shard.ranks);
    const bool right =
        std::all_of(found.begin(), found.begin() + kFewValues,
                    [&](float value) { return value == ranks * ranks; }) &&
        std::all_of(found.begin() + kFewValues, found.end(), [&](float value) { return value == ranks; });
    return right ? Result<void>{} : internalError("sums over these GPUs come out wrong; compute on one");
}

/// Rank 0 gets everybody's first value, at the places of their ranks.
Status DeviceGroup::gatherFirsts(float* values, cuda::Stream stream)
{
    static_assert(kFewValues >= kMostRanks);
    if (m_shard.rank != 0)
        return m_devices.send(values, sizeof *values, 0, stream);
    return m_devices.exchange([&] {
        Status received;
        for (std::uint32_t rank = 1; rank < m_shard.ranks && received; ++rank)
            received = m_devices.receive(values + rank, sizeof *values, static_cast<int>(rank), stream);
        return received;
    });
}

Status DeviceGroup::sum(void* values, std::int64_t count, cuda::Number number, cuda::Stream stream)
{
    return m_devices.allReduce(values, static_cast<std::size_t>(count), number, stream);
}

Status DeviceGroup::gatherLogits(float* logits, std::int64_t rows, std::int64_t vocab, float* gathered,
                                 cuda::Stream stream)
{
    if (m_shard.rank != 0)
        return m_devices.send(logits, floatBytes(rows * m_shard.vocab.count), 0, stream);
    const auto partOf = [&](std::uint32_t rank) {
        return vocabShard(static_cast<std::uint32_t>(vocab), rank, m_shard.ranks);
    };
    const auto at = [&](const ShardRange& part) {
        return gathered + rows * (part.first - m_shard.vocab.count);
    };
    Status status = m_devices.exchange([&] {
        Status received;
        for (std::uint32_t rank = 1; rank < m_shard.ranks && received; ++rank)
            received = m_devices.receive(at(partOf(rank)), floatBytes(rows * partOf(rank).count),
                                         static_cast<int>(rank), stream);
        return received;
    });
    for (std::uint32_t rank = 1; rank < m_shard.ranks && status; ++rank) {
        const ShardRange part = partOf(rank);
        status = cuda::copyRows(logits + part.first, floatBytes(vocab), at(part), floatBytes(part.count),
                                floatBytes(part.count), static_cast<std::size_t>(rows), stream);
    }
    return status;
}

Status DeviceGroup::shareTokens(std::int32_t* tokens, std::int64_t rows, cuda::Stream stream)
{
    return m_devices.broadcast(tokens, static_cast<std::size_t>(rows) * sizeof(std::int32_t), 0, stream);
}

std::uint32_t DeviceGroup::agree(std::uint32_t bits)
{
    std::vector<std::uint32_t> all(m_shard.ranks);
    const std::vector<std::size_t> sizes(m_shard.ranks, sizeof bits);
    if (!note(m_hosts->allGather(std::as_bytes(std::span(&bits, 1)), sizes,
                                 std::as_writable_bytes(std::span(all)), deadline())))
        return 0;
    for (const std::uint32_t theirs : all)
        bits &= theirs;
    return bits;
}

bool DeviceGroup::tell(std::span<std::byte> bytes)
{
    return bool(note(m_hosts->broadcast(bytes, 0, deadline())));
}

/// The library notices little of what happens to other GPUs of the machine: the clock and what the other
/// hosts say tell the rest.
Result<void> DeviceGroup::wait(const cuda::OwnedEvent& event)
{
    constexpr std::chrono::microseconds kPause{20};
    constexpr std::uint32_t kAsksAtOnce = 16; // some microseconds
    const Deadline until = deadline();
    bool happened = false;
    for (std::uint32_t asked = 0;;) {
        const Result<void> fine = resultOf(event.ask(happened), "a step on the GPU");
        if (!fine || happened)
            return note(fine);
        if (Result<void> others = going(); !others)
            return others;
        if (const Status failed = m_devices.failure(); !failed)
            return note(internalError("the GPUs of the group lost each other: " +
                                      std::string(cuda::describe(failed))));
        if (until.passed())
            return note(internalError("rank " + std::to_string(m_shard.rank) + " waited " +
                                      std::to_string(m_patience.count()) +
                                      " ms for the GPUs of the other ranks"));
        if (++asked % kAsksAtOnce == 0)
            std::this_thread::sleep_for(kPause);
    }
}

void DeviceGroup::end(const std::string& reason)
{
    if (!m_failure)
        m_failure = internalError(reason);
    m_hosts->abort(reason);
    if (m_beforeLeaving)
        m_beforeLeaving();
    m_devices.abort();
}

Result<void> DeviceGroup::going()
{
    if (!m_failure && m_hosts->ended())
        static_cast<void>(note(m_hosts->barrier(deadline()))); // which says why
    return m_failure ? Result<void>(*m_failure) : Result<void>{};
}

Result<void> DeviceGroup::note(Result<void> result)
{
    if (!result && !m_failure) {
        m_failure = result.error();
        end(result.error().message);
    }
    return result;
}

} // namespace vitrine::engine
