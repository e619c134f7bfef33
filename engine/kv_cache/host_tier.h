// SPDX-License-Identifier: GPL-3.0-or-later
// Host memory below the device's KV pool. A slot is exactly one of
//   free,
//   pinned   holds a block of a request that was preempted by a swap,
//   prefix   holds a prefix that was evicted from the device; the least recently used one makes room.
// Bookkeeping only. Owned by KvCache; engine thread only.
#pragma once

#include <cstdint>
#include <string>

#include "engine/kv_cache/block_pool.h"
#include "engine/kv_cache/prefix_index.h"

namespace vitrine::engine {

/// Index into host memory, in units of a block; not a block of the device.
using HostSlot = BlockId;

class HostTier
{
public:
    HostTier(std::uint32_t size, std::uint32_t blockSize) : m_pool(size), m_index(size, blockSize) {}

    /// A pinned slot. REQUIRES: room() > 0.
    HostSlot pin();
    void unpin(HostSlot slot) { m_pool.release(slot, false); }

    /// A slot for an evicted prefix; kNullBlock when it is here already or every slot is pinned.
    HostSlot keep(const PrefixIndex::Entry& entry);
    /// The slot with these contents, now used most recently; else kNullBlock.
    HostSlot find(const PrefixIndex::Entry& entry) { return use(m_index.find(entry)); }
    /// As find(), which only looks.
    HostSlot peek(const PrefixIndex::Entry& entry) const { return m_index.find(entry); }
    /// Forgets them all; returns which slots they lay in.
    std::vector<HostSlot> dropPrefixes();

    std::uint32_t size() const { return m_pool.blocks(); }
    std::uint32_t room() const { return m_pool.available(); } ///< slots that pin() could hand out
    std::uint32_t pinned() const { return size() - room(); }
    std::uint32_t prefixes() const { return m_pool.cached(); }
    bool isPinned(HostSlot slot) const { return m_pool.references(slot) > 0; }

    std::string checkInvariants(const PrefixHasher& hasher) const;

private:
    HostSlot take();
    HostSlot use(HostSlot slot);

    BlockPool m_pool;
    PrefixIndex m_index;
};

} // namespace vitrine::engine
