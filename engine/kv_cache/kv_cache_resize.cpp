// SPDX-License-Identifier: GPL-3.0-or-later
// A pool that grows and shrinks while requests run: who lies in the part that goes moves into the rest.
#include <algorithm>

#include "engine/base/check.h"
#include "engine/kv_cache/block_pool.h"
#include "engine/kv_cache/kv_cache.h"
#include "engine/kv_cache/page_pool.h"

namespace vitrine::engine {

bool KvCache::resize(std::uint32_t blocks)
{
    const std::uint32_t pages = blocks * m_options.shape.blockPages();
    if (totalPages() - available() > pages || blocks == 0)
        return false;
    cancelPlans();
    if (m_pages != nullptr && pages < m_pages->pages())
        shrinkPages(pages);
    const std::uint32_t numbers = pages / m_options.shape.fullPages; // of blocks that may hold something
    const std::vector<BlockId> moves = chooseMoves(m_pages == nullptr ? blocks : numbers);
    rebuild(m_pages == nullptr ? blocks : numbers, moves);
    if (m_pages != nullptr)
        m_pages->renumber(pages, moves);
    m_options.blocks = blocks;
    log(BlockEventKind::Resize, {}, kNullBlock, blocks);
    return true;
}

void KvCache::shrinkPages(std::uint32_t pages)
{
    const std::uint32_t gone = m_pages->pages() - pages;
    makeRoom(gone);
    for (const PagePool::Move& move : m_pages->shrink(pages))
        m_transfers.push_back({KvTransfer::Kind::Copy, move.from, move.to});
}

/// Where each block goes, by its number; kNullBlock: nowhere, it held nothing that is kept. Referenced blocks
/// of the tail find room first, at the cost of cached ones if need be; then the cached ones used last.
std::vector<BlockId> KvCache::chooseMoves(std::uint32_t blocks)
{
    const std::uint32_t before = m_pool->blocks();
    std::vector<BlockId> moves(before, kNullBlock), places, cached = m_pool->cachedBlocks(), tail;
    for (std::uint32_t i = 0; i < before; ++i) {
        const BlockId block{static_cast<std::int32_t>(i)};
        const BlockState state = m_pool->state(block);
        if (i >= blocks && state == BlockState::Referenced)
            tail.push_back(block);
        else if (i < blocks && state == BlockState::Free)
            places.push_back(block);
        else if (i < blocks)
            moves[i] = block;
    }
    std::reverse(places.begin(), places.end()); // taken from the back
    for (const BlockId victim : cached) {       // least recently used first
        if (places.size() >= tail.size())
            break;
        if (static_cast<std::uint32_t>(victim.value) >= blocks)
            continue;
        evict(victim);
        moves[static_cast<std::size_t>(victim.value)] = kNullBlock;
        places.insert(places.begin(), victim);
    }
    for (auto block = cached.rbegin(); block != cached.rend(); ++block)
        if (static_cast<std::uint32_t>(block->value) >= blocks)
            tail.push_back(*block);
    for (const BlockId block : tail) {
        if (places.empty()) { // only cached ones are left
            evict(block);
            continue;
        }
        const BlockId place = places.back();
        places.pop_back();
        moves[static_cast<std::size_t>(block.value)] = place;
        if (m_pages == nullptr) // else pages have moved, and blocks change their numbers only
            copyPages(block, place, false);
        log(BlockEventKind::Move, {}, block, 0, place.value);
    }
    return moves;
}

void KvCache::rebuild(std::uint32_t blocks, const std::vector<BlockId>& moves)
{
    const auto target = [&](BlockId block) { return moves[static_cast<std::size_t>(block.value)]; };
    std::vector<std::uint32_t> references(blocks, 0);
    std::vector<std::uint64_t> generations(blocks, 0);
    auto index = std::make_unique<PrefixIndex>(m_options.prefixCache ? blocks : 0, m_options.blockSize);
    for (std::uint32_t i = 0; i < m_pool->blocks(); ++i) {
        const BlockId block{static_cast<std::int32_t>(i)}, to = target(block);
        if (to == kNullBlock)
            continue;
        const auto at = static_cast<std::size_t>(to.value);
        references[at] = m_pool->references(block);
        generations[at] = to == block ? m_generations[i] : ++m_takings;
        if (m_options.prefixCache && m_index->presence(block) != Presence::None)
            index->insert(to, m_index->entry(block), m_index->presence(block));
    }
    std::vector<BlockId> cached;
    for (const BlockId block : m_pool->cachedBlocks())
        if (target(block) != kNullBlock)
            cached.push_back(target(block));
    for (const auto& [request, table] : m_tables)
        for (BlockId& block : table->blocks)
            block = block == kNullBlock ? kNullBlock : target(block);
    m_pool = std::make_unique<BlockPool>(std::move(references), cached);
    m_index = std::move(index);
    m_generations = std::move(generations);
}

} // namespace vitrine::engine
