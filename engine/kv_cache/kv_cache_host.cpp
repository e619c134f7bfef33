// SPDX-License-Identifier: GPL-3.0-or-later
// Host memory below the pool: requests that were preempted by a swap, and prefixes that were evicted.
#include <algorithm>

#include "engine/base/check.h"
#include "engine/kv_cache/block_pool.h"
#include "engine/kv_cache/block_table.h"
#include "engine/kv_cache/host_tier.h"
#include "engine/kv_cache/kv_cache.h"

namespace vitrine::engine {

std::uint32_t KvCache::hostRoom() const
{
    return m_host == nullptr ? 0 : m_host->room();
}

bool KvCache::swapOut(RequestId request)
{
    const BlockTable& table = *m_tables.at(request);
    const auto held = static_cast<std::uint32_t>(std::count_if(
        table.blocks.begin(), table.blocks.end(), [](BlockId block) { return block != kNullBlock; }));
    if (held > hostRoom())
        return false;
    auto swapped = std::make_unique<SwappedTable>();
    swapped->places.resize(table.blocks.size());
    for (std::size_t i = 0; i < table.blocks.size(); ++i) {
        const BlockId block = table.blocks[i];
        if (block == kNullBlock)
            continue;
        const HostSlot slot = m_host->pin();
        swapped->places[i] = placeOf(block, slot);
        m_transfers.push_back({KvTransfer::Kind::SwapOut, block.value, slot.value});
        log(BlockEventKind::SwapOut, request, block, i, slot.value);
    }
    BlockTable& record = swapped->table;
    record = table;
    record.planned = record.promisedBlocks = 0;
    close(request);
    m_swapped.emplace(request, std::move(swapped));
    return true;
}

SwappedTable::Place KvCache::placeOf(BlockId block, BlockId slot) const
{
    SwappedTable::Place place;
    place.slot = slot;
    place.block = block;
    place.generation = m_generations[static_cast<std::size_t>(block.value)];
    if (m_options.prefixCache && m_index->isFull(block)) {
        const PrefixIndex::Entry entry = m_index->entry(block);
        place.tokens.assign(entry.tokens.begin(), entry.tokens.end());
        place.key = entry.key;
        place.parent = entry.parent;
    }
    return place;
}

void KvCache::unpin(HostSlot slot)
{
    m_host->unpin(slot);
    log(BlockEventKind::HostFree, {}, kNullBlock, 0, slot.value);
}

/// The block still holds what was swapped out of it: it was full then and is findable since, so that nobody
/// wrote to it. (One that was not full may have been filled by another holder.)
bool KvCache::isRevivable(const SwappedTable::Place& place) const
{
    const auto block = static_cast<std::size_t>(place.block.value);
    return !place.tokens.empty() && block < m_generations.size() &&
           m_generations[block] == place.generation && m_index->isFull(place.block);
}

std::uint32_t KvCache::swapInDemand(RequestId request, std::uint32_t tokens) const
{
    const std::vector<SwappedTable::Place>& places = m_swapped.at(request)->places;
    std::uint32_t blocks =
        blocksFor(tokens) - std::min(blocksFor(tokens), static_cast<std::uint32_t>(places.size()));
    for (const SwappedTable::Place& place : places) {
        if (place.slot == kNullBlock)
            continue;
        const bool shared = isRevivable(place) && m_pool->references(place.block) > 0;
        blocks += shared ? 0 : 1;
    }
    return blocks;
}

bool KvCache::swapIn(RequestId request)
{
    const auto found = m_swapped.find(request);
    VT_CHECK(found != m_swapped.end());
    if (swapInDemand(request, 0) > m_pool->available())
        return false;
    SwappedTable& swapped = *found->second;
    auto table = std::make_unique<BlockTable>(std::move(swapped.table));
    table->blocks.assign(swapped.places.size(), kNullBlock);
    for (std::size_t i = 0; i < swapped.places.size(); ++i) { // first: what is taken must not push them out
        const SwappedTable::Place& place = swapped.places[i];
        if (place.slot == kNullBlock || !isRevivable(place))
            continue;
        m_pool->retain(place.block);
        table->blocks[i] = place.block;
        log(BlockEventKind::Share, request, place.block, i);
    }
    for (std::size_t i = 0; i < swapped.places.size(); ++i) {
        const SwappedTable::Place& place = swapped.places[i];
        if (place.slot == kNullBlock)
            continue;
        if (table->blocks[i] == kNullBlock)
            table->blocks[i] = swapBlockIn(request, i, place, table->scope);
        unpin(place.slot);
    }
    VT_CHECK(m_tables.try_emplace(request, std::move(table)).second);
    m_swapped.erase(found);
    return true;
}

BlockId KvCache::swapBlockIn(RequestId request, std::size_t index, const SwappedTable::Place& place,
                             const CacheScope& scope)
{
    const BlockId block = takeBlock();
    log(BlockEventKind::Take, request, block, index);
    m_transfers.push_back({KvTransfer::Kind::SwapIn, place.slot.value, block.value});
    log(BlockEventKind::SwapIn, request, block, index, place.slot.value);
    if (!place.tokens.empty()) {
        m_index->insert(block, {place.key, place.parent, scope, place.tokens});
        log(BlockEventKind::Fill, {}, block, index);
    }
    return block;
}

void KvCache::dropSwapped(RequestId request)
{
    const auto found = m_swapped.find(request);
    VT_CHECK(found != m_swapped.end());
    for (const SwappedTable::Place& place : found->second->places)
        if (place.slot != kNullBlock)
            unpin(place.slot);
    m_swapped.erase(found);
}

/// The evicted prefix block in a device block of its own, findable again; kNullBlock when the pool is out.
BlockId KvCache::bringBack(const PrefixIndex::Entry& entry)
{
    const HostSlot slot = m_pool->available() > 0 ? m_host->find(entry) : kNullBlock;
    if (slot == kNullBlock)
        return kNullBlock;
    // The slot is used most recently now: the block that is evicted here for room takes another one, unless
    // there is only this one.
    const bool onlySlot = m_host->prefixes() == 1 && m_host->room() == 1;
    if (onlySlot && m_pool->available() == m_pool->cached())
        return kNullBlock;
    const BlockId block = takeBlock();
    m_transfers.push_back({KvTransfer::Kind::SwapIn, slot.value, block.value});
    m_index->insert(block, entry);
    log(BlockEventKind::SwapIn, {}, block, 0, slot.value);
    log(BlockEventKind::Fill, {}, block);
    return block;
}

std::uint32_t KvCache::prefetch(std::span<const TokenId> tokens, const CacheScope& scope, std::uint32_t most)
{
    const Chain chain = match(tokens, scope);
    std::uint32_t brought = 0;
    PrefixKey parent;
    for (std::size_t i = 0; i < chain.blocks.size() && brought < most; ++i) {
        const PrefixIndex::Entry entry = nextEntry(parent, scope, tokens, i);
        parent = entry.key;
        if (!chain.blocks[i].onHost)
            continue;
        if (m_pool->available() == m_pool->cached())
            break; // every block holds something
        const BlockId block = bringBack(entry);
        if (block == kNullBlock)
            break;
        m_pool->release(block, true);
        ++brought;
    }
    return brought;
}

} // namespace vitrine::engine
