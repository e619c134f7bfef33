// SPDX-License-Identifier: GPL-3.0-or-later
// The state of every block that a recording mentions, with the times of its changes, and the counts of the
// pool kept along: for analyses that ask at many moments. Memory follows the blocks that are mentioned, not
// what a recording says of its pool. Any thread, one owner.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>

#include "engine/kv_cache/block_log.h"

namespace vitrine::engine {

struct TrackedBlock
{
    std::uint32_t references = 0;
    bool findable = false;
    RequestId taker;          ///< who got it last to write to
    std::int64_t takenNs = 0; ///< when
    std::int64_t idleNs = 0;  ///< since when nobody holds it; of no meaning while it is held
};

class BlockTracker
{
public:
    /// `blocks`: of the pool.
    explicit BlockTracker(std::uint32_t blocks) : m_pool(blocks) {}

    void apply(const BlockEvent& event, std::int64_t timeNs);

    /// Null when the recording has not mentioned it so far.
    const TrackedBlock* find(BlockId block) const;
    std::uint32_t pool() const { return m_pool; }
    std::uint32_t referenced() const { return m_referenced; } ///< held by somebody
    std::uint32_t shared() const { return m_shared; }         ///< of those: by more than one
    std::uint32_t cached() const { return m_cached; }         ///< held by nobody, findable
    std::uint32_t free() const;
    std::uint64_t references() const { return m_references; } ///< of all tables

private:
    void take(const BlockEvent& event, std::int64_t timeNs);
    void drop(BlockId block, std::int64_t timeNs);
    void move(BlockId from, BlockId to);
    /// The counts without the block, and with it again.
    void count(const TrackedBlock& block, int sign);

    std::uint32_t m_pool;
    std::uint32_t m_referenced = 0, m_shared = 0, m_cached = 0;
    std::uint64_t m_references = 0;
    std::unordered_map<std::int32_t, TrackedBlock> m_blocks;
};

} // namespace vitrine::engine
