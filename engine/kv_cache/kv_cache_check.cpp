// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kv_cache/block_pool.h"
#include "engine/kv_cache/host_tier.h"
#include "engine/kv_cache/kv_cache.h"
#include "engine/kv_cache/page_pool.h"

namespace vitrine::engine {

std::string KvCache::checkTable(RequestId request, const BlockTable& table) const
{
    const std::string name = "table of request " + std::to_string(request.value);
    const std::size_t size = m_options.blockSize, full = table.computed / size;
    if (table.computed > table.blocks.size() * size || table.unfilled.size() != table.computed % size)
        return name + " does not cover its tokens";
    if (table.windowFirst > table.windowEnd || table.windowEnd > table.blocks.size() ||
        (m_pages != nullptr &&
         (table.windowEnd < blocksFor(table.computed) || table.windowFirst > firstLooked(table.computed))))
        return name + " looks at the wrong window pages: blocks " + std::to_string(table.windowFirst) +
               " to " + std::to_string(table.windowEnd) + " of " + std::to_string(table.blocks.size()) +
               " at token " + std::to_string(table.computed);
    if (full + table.promisedBlocks > table.blocks.size())
        return name + " promises blocks that it does not have";
    PrefixKey parent;
    const std::size_t exact = table.approximate ? std::min<std::size_t>(full, table.firstApproximate) : full;
    for (std::size_t i = 0; i < table.blocks.size(); ++i) {
        const BlockId block = table.blocks[i];
        const std::string which = name + ": block " + std::to_string(block.value);
        if (block == kNullBlock && i >= full)
            return name + " has a hole where it writes";
        if (block == kNullBlock || !m_options.prefixCache)
            continue;
        const bool promised = i >= full && i < full + table.promisedBlocks;
        const Presence presence = m_index->presence(block);
        if ((presence == Presence::Full) != (i < exact) && !promised)
            return which + " is full but not findable, or reverse";
        if (promised && (presence == Presence::None || presence == Presence::Full))
            return which + " is promised but not known as that";
        if (i >= exact)
            continue;
        const PrefixIndex::Entry entry = m_index->entry(block);
        if (!(entry.scope == table.scope) ||
            (i > 0 && table.blocks[i - 1] != kNullBlock && !(entry.parent == parent)))
            return which + " is indexed under another prefix";
        parent = entry.key;
    }
    const bool lastKnown = exact > 0 && table.blocks[exact - 1] != kNullBlock && m_options.prefixCache;
    return lastKnown && !(parent == table.tail) ? name + " has a wrong last key" : std::string();
}

std::string KvCache::checkReferences() const
{
    std::vector<std::uint32_t> references(m_pool->blocks(), 0);
    for (const auto& [request, table] : m_tables)
        for (const BlockId block : table->blocks)
            if (block != kNullBlock)
                ++references.at(static_cast<std::size_t>(block.value));
    for (std::uint32_t i = 0; i < m_pool->blocks(); ++i) {
        const BlockId block{static_cast<std::int32_t>(i)};
        if (references[i] != m_pool->references(block))
            return "block " + std::to_string(i) + " has a reference count that is not that of the tables";
        const Presence presence = m_options.prefixCache ? m_index->presence(block) : Presence::None;
        if (references[i] == 0 &&
            (presence == Presence::Full) != (m_pool->state(block) == BlockState::Cached))
            return "block " + std::to_string(i) + " is indexed but not cached, or reverse";
        if (references[i] == 0 && presence != Presence::Full && presence != Presence::None)
            return "block " + std::to_string(i) + " is promised by nobody";
    }
    return {};
}

std::string KvCache::checkPages() const
{
    if (m_pages == nullptr)
        return {};
    std::vector<std::uint32_t> looks(m_pages->blocks(), 0);
    for (const auto& [request, table] : m_tables)
        for (std::size_t i = 0; i < table->blocks.size(); ++i)
            looks[looksAt(*table, i) ? static_cast<std::size_t>(table->blocks[i].value) : 0] +=
                looksAt(*table, i) ? 1 : 0;
    for (std::uint32_t i = 0; i < m_pages->blocks(); ++i) {
        const BlockId block{static_cast<std::int32_t>(i)};
        if (looks[i] != m_pages->looks(block))
            return "block " + std::to_string(i) + " is not looked at by as many as its tables say";
        if ((m_pages->of(block)[0] != kNullBlock.value) != (m_pool->state(block) != BlockState::Free))
            return "block " + std::to_string(i) + " is free but has pages, or reverse";
    }
    return m_pages->checkInvariants();
}

std::string KvCache::checkHost() const
{
    if (m_host == nullptr)
        return m_swapped.empty() ? std::string() : "requests are swapped out without a host tier";
    std::vector<std::uint8_t> pinned(m_host->size(), 0);
    std::uint32_t count = 0;
    for (const auto& [request, swapped] : m_swapped) {
        if (m_tables.contains(request))
            return "request " + std::to_string(request.value) + " has a table on both sides";
        for (const SwappedTable::Place& place : swapped->places) {
            if (place.slot == kNullBlock)
                continue;
            std::uint8_t& seen = pinned.at(static_cast<std::size_t>(place.slot.value));
            if (seen != 0 || !m_host->isPinned(place.slot))
                return "host slot " + std::to_string(place.slot.value) + " belongs to two, or is not pinned";
            seen = 1;
            ++count;
        }
    }
    if (count != m_host->pinned())
        return "host slots are pinned for nobody";
    return m_host->checkInvariants(m_hasher);
}

std::string KvCache::checkInvariants() const
{
    for (const auto& [request, table] : m_tables)
        if (std::string fault = checkTable(request, *table); !fault.empty())
            return fault;
    if (std::string fault = checkReferences(); !fault.empty())
        return fault;
    if (std::string fault = checkPages(); !fault.empty())
        return fault;
    if (std::string fault = checkHost(); !fault.empty())
        return fault;
    if (std::string fault = m_pool->checkInvariants(); !fault.empty())
        return fault;
    return m_index->checkInvariants(m_hasher);
}

} // namespace vitrine::engine
