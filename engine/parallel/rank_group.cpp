// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/rank_group.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <thread>
#include <utility>

#include "engine/base/check.h"
#include "engine/parallel/group_call.h"
#include "engine/parallel/group_communicator.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kMostPlaceBytes = std::size_t{1} << 30U;

bool isPlace(std::size_t bytes)
{
    return bytes >= kAlignment && bytes <= kMostPlaceBytes && bytes % kAlignment == 0;
}

} // namespace

Result<void> GroupShape::validate() const
{
    if (ranks < 1 || ranks > kMostRanks)
        return invalidArgument("a group has 1 to " + std::to_string(kMostRanks) + " ranks, not " +
                               std::to_string(ranks));
    if (!isPlace(collectiveBytes) || !isPlace(messageBytes))
        return invalidArgument("places of a group have a multiple of 64 bytes, up to 1 GiB");
    return {};
}

Result<std::shared_ptr<RankGroup>> RankGroup::create(const GroupShape& shape)
{
    if (Result<void> valid = shape.validate(); !valid)
        return valid.error();
    Result<SharedMemory> memory = SharedMemory::create("group", shape.totalBytes());
    if (!memory)
        return memory.error();
    std::shared_ptr<RankGroup> group(new RankGroup(std::move(*memory), shape));
    group->renew();
    group->m_self = group;
    return group;
}

void RankGroup::renew()
{
    for (std::uint32_t rank = 0; rank < m_shape.ranks; ++rank) {
        new (&line(rank)) RankLine;
        for (std::uint32_t to = 0; to < m_shape.ranks; ++to)
            new (&pair(rank, to)) PairLine;
    }
    auto* header = new (m_memory.data()) GroupHeader;
    header->ranks = m_shape.ranks;
    header->collectiveBytes = m_shape.collectiveBytes;
    header->messageBytes = m_shape.messageBytes;
    header->reason.fill(0);
}

Result<std::shared_ptr<RankGroup>> RankGroup::join(int descriptor)
{
    Result<SharedMemory> memory = SharedMemory::adopt(descriptor);
    if (!memory)
        return memory.error();
    const Error foreign = badInput("descriptor " + std::to_string(descriptor) + " is no group of ranks");
    if (memory->size() < sizeof(GroupHeader))
        return foreign;
    GroupHeader header;
    std::memcpy(static_cast<void*>(&header), memory->data(), offsetof(GroupHeader, ending));
    const GroupShape shape{static_cast<std::uint32_t>(std::min<std::uint64_t>(header.ranks, kMostRanks + 1)),
                           header.collectiveBytes, header.messageBytes};
    if (header.magic != GroupHeader::kMagic || !shape.validate() || shape.totalBytes() != memory->size())
        return foreign;
    std::shared_ptr<RankGroup> group(new RankGroup(std::move(*memory), shape));
    group->m_self = group;
    return group;
}

std::unique_ptr<Communicator> RankGroup::communicator(std::uint32_t rank)
{
    VT_CHECK(rank < m_shape.ranks);
    return std::make_unique<GroupCommunicator>(m_self.lock(), rank);
}

RankLine& RankGroup::line(std::uint32_t rank) const
{
    return reinterpret_cast<RankLine*>(m_memory.data() + sizeof(GroupHeader))[rank];
}

PairLine& RankGroup::pair(std::uint32_t from, std::uint32_t to) const
{
    std::byte* pairs = m_memory.data() + sizeof(GroupHeader) + m_shape.ranks * sizeof(RankLine);
    return reinterpret_cast<PairLine*>(pairs)[from * m_shape.ranks + to];
}

std::byte* RankGroup::place(std::uint32_t rank, std::uint32_t stage) const
{
    return m_memory.data() + m_shape.dataOffset() + (rank * 2 + stage % 2) * m_shape.collectiveBytes;
}

std::byte* RankGroup::pairPlace(std::uint32_t from, std::uint32_t to, std::uint32_t piece) const
{
    const std::size_t number = (std::size_t{from} * m_shape.ranks + to) * 2 + piece % 2;
    return m_memory.data() + m_shape.pairDataOffset() + number * m_shape.messageBytes;
}

void RankGroup::end(std::string_view reason, std::uint32_t culprit)
{
    std::uint32_t going = GroupHeader::Going;
    if (!header().ending.compare_exchange_strong(going, GroupHeader::BeingEnded))
        return;
    const std::size_t length = std::min(reason.size(), GroupHeader::kReasonBytes - 1);
    std::copy_n(reason.data(), length, header().reason.data());
    header().culprit.store(culprit, std::memory_order_relaxed);
    header().ending.store(GroupHeader::Ended, std::memory_order_release);
    for (std::uint32_t rank = 0; rank < m_shape.ranks; ++rank) {
        line(rank).arrived.wake();
        line(rank).pieces.wake();
        for (std::uint32_t to = 0; to < m_shape.ranks; ++to) {
            pair(rank, to).written.wake();
            pair(rank, to).read.wake();
        }
    }
}

std::optional<std::uint32_t> RankGroup::culprit() const
{
    const std::uint32_t culprit = header().culprit.load(std::memory_order_relaxed);
    return hasEnded() && culprit < m_shape.ranks ? std::optional(culprit) : std::nullopt;
}

std::string RankGroup::stateText(std::uint32_t rank) const
{
    const std::uint32_t stage = line(rank).arrived.value.load(std::memory_order_acquire);
    const Announcement& said = line(rank).said[stage % 2];
    if (stage == 0)
        return "at no meeting yet";
    return "at meeting " + std::to_string(stage) + ", " +
           nameOfCall(said.call.load(std::memory_order_relaxed), said.bytes.load(std::memory_order_relaxed));
}

std::string RankGroup::reason() const
{
    const auto isKnown = [this] {
        return header().ending.load(std::memory_order_acquire) == GroupHeader::Ended;
    };
    const Deadline patience = Deadline::inMilliseconds(100); // who writes it may have been killed
    while (!isKnown() && !patience.passed())
        std::this_thread::yield();
    if (!isKnown())
        return "another rank ended the group";
    const char* text = header().reason.data();
    return {text, strnlen(text, GroupHeader::kReasonBytes)};
}

} // namespace vitrine::engine
