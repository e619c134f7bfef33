// SPDX-License-Identifier: GPL-3.0-or-later
// The KV cache as it was at any moment, from its log alone: which blocks each request held at which place,
// who shared them, which were only cached or free, and what lay in host memory. A recording is played through
// it. Any thread, one owner.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "engine/kv_cache/block_log.h"
#include "engine/kv_cache/kv_cache.h"

namespace vitrine::engine {

class BlockHistory
{
public:
    struct Block
    {
        std::uint32_t references = 0;
        bool findable = false;   ///< full, and found by who asks for its prefix
        std::uint32_t looks = 0; ///< tables whose window reaches it, of a mixed model
        bool window = false;     ///< it has window pages
    };
    struct Slot
    {
        RequestId request; ///< of a pinned slot
        bool used = false;
    };

    /// An empty pool of this size (KvCacheOptions).
    BlockHistory(std::uint32_t blocks, std::uint32_t hostBlocks, const KvShape& shape = {})
        : m_shape(shape), m_slots(hostBlocks)
    {
        resize(blocks);
    }

    /// Events of a KvCache in their order. A block or slot outside the pool is ignored, and so are events
    /// beyond what memory and time any engine's log takes.
    void apply(std::span<const BlockEvent> events);

    const std::vector<Block>& blocks() const { return m_blocks; }
    const std::vector<Slot>& hostSlots() const { return m_slots; }
    /// [place in the table], kNullBlock for holes; empty when the request has none.
    std::span<const BlockId> table(RequestId request) const;
    const std::map<RequestId, std::vector<BlockId>>& tables() const { return m_tables; }
    BlockUsage usage() const;

private:
    void apply(const BlockEvent& event);
    bool affords(std::uint64_t touched);
    void resize(std::uint32_t blocks);
    void put(const BlockEvent& event);
    void giveBack(const BlockEvent& event);
    void move(BlockId from, BlockId to);
    Block* at(BlockId block);
    Slot* slotAt(std::int32_t slot);

    KvShape m_shape;
    std::uint32_t m_pages = 0;
    std::vector<Block> m_blocks;
    std::vector<Slot> m_slots;
    std::map<RequestId, std::vector<BlockId>> m_tables;
    std::size_t m_places = 0;    // in all tables
    std::uint64_t m_touched = 0; // by events that touch more than one
};

} // namespace vitrine::engine
