// SPDX-License-Identifier: GPL-3.0-or-later
// Host memory below the pool: requests that were preempted by a swap, and prefixes that were evicted.
#include <algorithm>

#include "engine/base/check.h"
#include "engine/kv_cache/block_pool.h"
#include "engine/kv_cache/block_table.h"
#include "engine/kv_cache/host_tier.h"
#include "engine/kv_cache/kv_cache.h"
#include "engine/kv_cache/page_pool.h"

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
    const std::uint32_t written = std::min(table.windowEnd, blocksFor(table.computed));
    for (std::size_t i = 0; i < table.blocks.size(); ++i) {
        const BlockId block = table.blocks[i];
        if (block == kNullBlock)
            continue;
        const HostSlot slot = m_host->pin();
        swapped->places[i] = placeOf(block, slot);
        swapped->places[i].window = looksAt(table, i) && i < written;
        swapOutPages(block, slot, swapped->places[i].window);
        log(BlockEventKind::SwapOut, request, block, i, slot.value);
    }
    BlockTable& record = swapped->table;
    record = table;
    record.planned = record.promisedBlocks = 0;
    record.windowEnd = written;
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
    const SwappedTable& swapped = *m_swapped.at(request);
    const auto held = static_cast<std::uint32_t>(swapped.places.size());
    std::uint32_t blocks = blocksFor(tokens) - std::min(blocksFor(tokens), held);
    std::uint32_t windows = 0;
    if (m_pages != nullptr && held + blocks > swapped.table.windowEnd)
        windows = 1; // that the next token is written to
    for (const SwappedTable::Place& place : swapped.places) {
        if (place.slot == kNullBlock)
            continue;
        const bool there = isRevivable(place);
        blocks += there && m_pool->references(place.block) > 0 ? 0 : 1;
        if (place.window)
            windows += there && m_pages->looks(place.block) > 0 ? 0 : 1;
    }
    return blocks * m_options.shape.fullPages + windows * m_options.shape.windowPages;
}

bool KvCache::swapIn(RequestId request)
{
    const auto found = m_swapped.find(request);
    VT_CHECK(found != m_swapped.end());
    if (swapInDemand(request, 0) > available())
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
        if (place.window && m_pages->hasWindow(place.block))
            lookAt(request, place.block, i);
    }
    for (std::size_t i = 0; i < swapped.places.size(); ++i) {
        const SwappedTable::Place& place = swapped.places[i];
        if (place.slot == kNullBlock)
            continue;
        if (table->blocks[i] == kNullBlock)
            table->blocks[i] = swapBlockIn(request, i, place, table->scope);
        else if (place.window && !m_pages->hasWindow(place.block)) {
            takeWindow(place.block);
            swapInPages(place.slot, place.block, false, true);
            lookAt(request, place.block, i);
        }
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
    if (place.window) {
        takeWindow(block);
        lookAt(request, block, index);
    }
    swapInPages(place.slot, block, true, place.window);
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
BlockId KvCache::bringBack(const PrefixIndex::Entry& entry, bool window)
{
    const std::uint32_t pages = m_options.shape.fullPages + (window ? m_options.shape.windowPages : 0);
    const HostSlot slot = available() >= pages ? m_host->find(entry) : kNullBlock;
    if (slot == kNullBlock)
        return kNullBlock;
    // The slot is used most recently now: the block that is evicted here for room takes another one, unless
    // there is only this one.
    const bool onlySlot = m_host->prefixes() == 1 && m_host->room() == 1;
    if (onlySlot && usage().free < pages)
        return kNullBlock;
    makeRoom(pages); // at once: the second half must not push the slot out either
    const BlockId block = takeBlock();
    if (window)
        takeWindow(block);
    swapInPages(slot, block, true, window);
    m_index->insert(block, entry);
    log(BlockEventKind::SwapIn, {}, block, 0, slot.value);
    log(BlockEventKind::Fill, {}, block);
    return block;
}

std::uint32_t KvCache::prefetch(std::span<const TokenId> tokens, const CacheScope& scope, std::uint32_t most)
{
    const Chain chain = match(tokens, scope);
    const std::uint32_t first = firstLooked(chain.blocks.size() * m_options.blockSize);
    std::uint32_t brought = 0;
    PrefixKey parent;
    for (std::size_t i = 0; i < chain.blocks.size() && brought < most; ++i) {
        const PrefixIndex::Entry entry = nextEntry(parent, scope, tokens, i);
        parent = entry.key;
        if (!chain.blocks[i].onHost)
            continue;
        const bool window = m_pages != nullptr && i >= first;
        if (usage().free < (window ? m_options.shape.blockPages() : m_options.shape.fullPages))
            break; // only memory that holds nothing
        const BlockId block = bringBack(entry, window);
        if (block == kNullBlock)
            break;
        release(block);
        ++brought;
    }
    return brought;
}

} // namespace vitrine::engine
