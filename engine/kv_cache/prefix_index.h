// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the KV blocks that already hold a given prefix, or soon will. A chained hash table threaded through
// arrays with one place per block of the pool: nothing is allocated after construction. Blocks with equal
// contents are all indexed, so that evicting one leaves the others findable. A hit compares the contents, not
// only the key. Owned by KvCache (device) and HostTier; engine thread only.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/ids.h"
#include "engine/kv_cache/prefix_key.h"

namespace vitrine::engine {

enum class Presence : std::uint8_t {
    None,
    Promised, ///< a running request is going to fill the block
    Landing,  ///< in the step being planned
    Full
};

class PrefixIndex
{
public:
    /// One full block: `tokens` has blockSize entries; `key` was made of the other three.
    struct Entry
    {
        PrefixKey key;
        PrefixKey parent; ///< key of the block before it
        CacheScope scope;
        std::span<const TokenId> tokens;
    };

    PrefixIndex(std::uint32_t blocks, std::uint32_t blockSize);

    /// REQUIRES: the block is not indexed; presence is not None.
    void insert(BlockId block, const Entry& entry, Presence presence = Presence::Full);
    /// REQUIRES: the block is indexed.
    void erase(BlockId block);
    void setPresence(BlockId block, Presence presence);
    Presence presence(BlockId block) const { return m_presence[at(block)]; }
    bool isFull(BlockId block) const { return presence(block) == Presence::Full; }

    /// A full block with these contents, the last one inserted first; else kNullBlock. `findNext` goes on
    /// behind one that was found.
    BlockId find(const Entry& entry) const;
    BlockId findNext(BlockId block) const;
    /// Another full block with the contents of an indexed one, else kNullBlock.
    BlockId findCopy(BlockId block) const;
    /// The block that is furthest: full before landing before promised; else kNullBlock.
    BlockId findBest(const Entry& entry) const;

    Entry entry(BlockId block) const;             ///< of an indexed block; valid until it is erased
    std::uint32_t size() const { return m_size; } ///< blocks indexed, whatever their presence

    /// Empty when all invariants hold, else a description.
    std::string checkInvariants(const PrefixHasher& hasher) const;

private:
    static constexpr std::int32_t kEnd = -1;

    std::size_t at(BlockId block) const { return static_cast<std::size_t>(block.value); }
    std::size_t bucket(const PrefixKey& key) const { return key.low & (m_heads.size() - 1); }
    bool matches(std::int32_t block, const Entry& wanted) const;
    BlockId findFrom(std::int32_t block, const Entry& entry) const;

    std::uint32_t m_blockSize;
    std::uint32_t m_size = 0;
    std::vector<std::int32_t> m_heads;        // [power of two ≥ blocks]
    std::vector<std::int32_t> m_next, m_prev; // [blocks]
    std::vector<Presence> m_presence;         // [blocks]
    std::vector<PrefixKey> m_keys, m_parents; // [blocks]
    std::vector<CacheScope> m_scopes;         // [blocks]
    std::vector<TokenId> m_tokens;            // [blocks, blockSize]
};

} // namespace vitrine::engine
