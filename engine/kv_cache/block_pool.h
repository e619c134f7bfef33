// SPDX-License-Identifier: GPL-3.0-or-later
// Who holds which KV block. Every block is exactly one of
//   free        nobody holds it and nothing in it can be found again,
//   cached      nobody holds it, but the prefix index still finds its contents,
//   referenced  at least one block table holds it.
// Free and cached blocks stand in one doubly linked list threaded through arrays: free ones at the front,
// then a mark, then cached ones, least recently used first. Taking, reviving and releasing are O(1).
// Owned by KvCache; engine thread only.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/ids.h"

namespace vitrine::engine {

enum class BlockState : std::uint8_t { Free, Cached, Referenced };

class BlockPool
{
public:
    explicit BlockPool(std::uint32_t blocks);
    /// A pool in a given state: `cached` lists blocks without references, least recently used first.
    BlockPool(std::vector<std::uint32_t> references, std::span<const BlockId> cached);

    /// Takes the block at the front of the list; it now has one reference. A cached block is evicted by this:
    /// the caller drops it from the index. REQUIRES: available() > 0.
    BlockId take();
    /// One more reference; a free or cached block leaves the list.
    void retain(BlockId block);
    /// One reference less. The last one puts the block back: as the youngest cached one, or as free.
    void release(BlockId block, bool keepCached);
    /// A cached block becomes free.
    void forget(BlockId block);
    /// A cached block becomes the one used most recently.
    void touch(BlockId block);

    std::uint32_t blocks() const { return static_cast<std::uint32_t>(m_references.size()); }
    std::uint32_t available() const { return m_listed; } ///< free and cached
    std::uint32_t cached() const { return m_cached; }
    std::uint32_t references(BlockId block) const { return m_references[index(block)]; }
    BlockState state(BlockId block) const;
    BlockId oldestCached() const;              ///< least recently used; kNullBlock when none is cached
    std::vector<BlockId> cachedBlocks() const; ///< least recently used first

    /// Empty when all invariants hold, else a description.
    std::string checkInvariants() const;

private:
    std::uint32_t index(BlockId block) const { return static_cast<std::uint32_t>(block.value); }
    std::uint32_t sentinel() const { return blocks(); }
    std::uint32_t mark() const { return blocks() + 1; }
    void link(std::uint32_t block, std::uint32_t before);
    void unlink(std::uint32_t block);

    std::vector<std::uint32_t> m_references;   // [blocks]
    std::vector<std::uint8_t> m_keep;          // [blocks]: 1 for a cached block
    std::vector<std::uint32_t> m_next, m_prev; // [blocks + 2]: then the list's two ends, and the mark
    std::uint32_t m_listed = 0;
    std::uint32_t m_cached = 0;
};

} // namespace vitrine::engine
