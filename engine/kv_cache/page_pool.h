// SPDX-License-Identifier: GPL-3.0-or-later
// The pages of memory behind KV blocks, for models that mix full and sliding-window layers (kv_shape.h).
// A block that holds anything has its full pages. Its window pages are exactly one of
//   none      given back,
//   looked at by the tables whose window reaches them,
//   idle      nobody looks, but who shares the prefix may: kept until the memory is needed.
// Owned by KvCache; engine thread only.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/ids.h"
#include "engine/execution/kv_shape.h"
#include "engine/kv_cache/block_pool.h"

namespace vitrine::engine {

class PagePool
{
public:
    struct Move
    {
        std::int32_t from = 0, to = 0; ///< pages
    };

    PagePool(const KvShape& shape, std::uint32_t pages);

    /// Blocks that may hold something at once: each needs its full pages.
    std::uint32_t blocks() const { return m_windows.blocks(); }
    std::uint32_t pages() const { return m_pages; }
    std::uint32_t free() const { return static_cast<std::uint32_t>(m_free.size()); }

    /// REQUIRES: free() has as many; the block has none of the kind.
    void takeFull(BlockId block);
    void takeWindow(BlockId block); ///< idle at first
    /// REQUIRES: they are there, and nobody looks at them.
    void giveWindow(BlockId block);
    void giveFull(BlockId block);

    bool hasWindow(BlockId block) const { return m_windows.state(block) != BlockState::Free; }
    /// Its pages by column; -1 where there is none.
    std::span<const std::int32_t> of(BlockId block) const;

    void look(BlockId block); ///< one more table. REQUIRES: hasWindow()
    void leave(BlockId block);
    std::uint32_t looks(BlockId block) const { return m_windows.references(block); }
    std::uint32_t idle() const { return m_windows.cached(); } ///< blocks with idle window pages
    BlockId oldestIdle() const { return m_windows.oldestCached(); }

    /// When the block was last let go of, on a clock that ticks with every noteUse: for one order of eviction
    /// over blocks and window pages.
    void noteCached(BlockId block) { m_cachedAt[at(block)] = ++m_clock; }
    std::uint64_t cachedAt(BlockId block) const { return m_cachedAt[at(block)]; }
    std::uint64_t idleAt(BlockId block) const { return m_idleAt[at(block)]; }

    /// Pages from `pages` on move down. REQUIRES: no more are in use.
    std::vector<Move> shrink(std::uint32_t pages);
    /// Numbers of blocks change: `to` by their old number, kNullBlock for those that hold nothing.
    void renumber(std::uint32_t pages, std::span<const BlockId> to);

    /// Empty when all invariants hold, else a description.
    std::string checkInvariants() const;

private:
    std::size_t at(BlockId block) const { return static_cast<std::size_t>(block.value); }
    std::span<std::int32_t> places(BlockId block);
    void take(std::span<std::int32_t> places);
    void give(std::span<std::int32_t> places);

    KvShape m_shape;
    std::uint32_t m_pages;
    std::vector<std::int32_t> m_free;                ///< used as a stack
    std::vector<std::int32_t> m_of;                  ///< [blocks, blockPages]
    BlockPool m_windows;                             ///< a reference: a table that looks; cached: idle
    std::vector<std::uint64_t> m_cachedAt, m_idleAt; ///< [blocks]
    std::uint64_t m_clock = 0;
};

} // namespace vitrine::engine
