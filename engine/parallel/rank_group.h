// SPDX-License-Identifier: GPL-3.0-or-later
// A group of ranks on one machine, threads or processes, over memory that all of them map. Sums read the
// others' places directly; nothing is copied on the way. Waits spin for some microseconds, then sleep.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/parallel/communicator.h"
#include "engine/parallel/group_layout.h"
#include "engine/parallel/shared_memory.h"

namespace vitrine::engine {

class RankGroup
{
public:
    /// OutOfResources, InvalidArgument.
    static Result<std::shared_ptr<RankGroup>> create(const GroupShape& shape);
    /// In another process, of the descriptor of memory(). BadInput: it is no group's.
    static Result<std::shared_ptr<RankGroup>> join(int descriptor);

    const GroupShape& shape() const { return m_shape; }
    const SharedMemory& memory() const { return m_memory; }
    /// Each rank once, in one process. REQUIRES: rank is below shape().ranks.
    std::unique_ptr<Communicator> communicator(std::uint32_t rank);

    GroupHeader& header() const { return *reinterpret_cast<GroupHeader*>(m_memory.data()); }
    RankLine& line(std::uint32_t rank) const;
    PairLine& pair(std::uint32_t from, std::uint32_t to) const;
    std::byte* place(std::uint32_t rank, std::uint32_t stage) const;
    std::byte* pairPlace(std::uint32_t from, std::uint32_t to, std::uint32_t piece) const;

    /// The first one counts. Wakes everybody.
    void end(std::string_view reason, std::uint32_t culprit = GroupHeader::kNobody);
    bool hasEnded() const { return header().ending.load(std::memory_order_acquire) != GroupHeader::Going; }
    std::string reason() const;                      ///< why it ended
    std::optional<std::uint32_t> culprit() const;    ///< whose fault that was, as far as is known
    std::string stateText(std::uint32_t rank) const; ///< "at meeting 17, an all-reduce of 2304 bytes"
    /// As it was created, whatever others have written. REQUIRES: no rank is in a call, and all restart().
    void renew();

    /// A sign of life of this rank's process, and how many there have been. Any thread.
    void beat(std::uint32_t rank) const { line(rank).beats.fetch_add(1, std::memory_order_relaxed); }
    std::uint32_t beats(std::uint32_t rank) const { return line(rank).beats.load(std::memory_order_relaxed); }

private:
    RankGroup(SharedMemory memory, const GroupShape& shape) : m_memory(std::move(memory)), m_shape(shape) {}

    SharedMemory m_memory;
    GroupShape m_shape;
    std::weak_ptr<RankGroup> m_self;
};

} // namespace vitrine::engine
