// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kv_cache/host_tier.h"

namespace vitrine::engine {

HostSlot HostTier::take()
{
    const HostSlot slot = m_pool.take();
    if (m_index.presence(slot) != Presence::None)
        m_index.erase(slot);
    return slot;
}

HostSlot HostTier::pin()
{
    return take();
}

HostSlot HostTier::keep(const PrefixIndex::Entry& entry)
{
    if (const HostSlot there = m_index.find(entry); there != kNullBlock) {
        use(there);
        return kNullBlock;
    }
    if (room() == 0)
        return kNullBlock;
    const HostSlot slot = take();
    m_index.insert(slot, entry);
    m_pool.release(slot, true);
    return slot;
}

HostSlot HostTier::use(HostSlot slot)
{
    if (slot != kNullBlock)
        m_pool.touch(slot);
    return slot;
}

std::vector<HostSlot> HostTier::dropPrefixes()
{
    std::vector<HostSlot> dropped = m_pool.cachedBlocks();
    for (const HostSlot slot : dropped) {
        m_index.erase(slot);
        m_pool.forget(slot);
    }
    return dropped;
}

std::string HostTier::checkInvariants(const PrefixHasher& hasher) const
{
    for (std::uint32_t i = 0; i < size(); ++i) {
        const HostSlot slot{static_cast<std::int32_t>(i)};
        if ((m_pool.state(slot) == BlockState::Cached) != (m_index.presence(slot) != Presence::None))
            return "host slot " + std::to_string(i) + " is a prefix but not indexed, or reverse";
    }
    if (std::string fault = m_pool.checkInvariants(); !fault.empty())
        return "host tier: " + fault;
    return m_index.checkInvariants(hasher);
}

} // namespace vitrine::engine
