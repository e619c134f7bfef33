// SPDX-License-Identifier: GPL-3.0-or-later
// A group of ranks on one machine, threads or processes, over memory that all of them map. Sums read the
// others' places directly; nothing is copied on the way. Waits spin for some microseconds, then sleep.
#pragma once

#include <cstddef>
#include <memory>
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
    void end(std::string_view reason);
    bool hasEnded() const { return header().ending.load(std::memory_order_acquire) != GroupHeader::Going; }
    std::string reason() const; ///< why it ended

private:
    RankGroup(SharedMemory memory, const GroupShape& shape) : m_memory(std::move(memory)), m_shape(shape) {}

    SharedMemory m_memory;
    GroupShape m_shape;
    std::weak_ptr<RankGroup> m_self;
};

} // namespace vitrine::engine
