// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks that several requests hold: promised within a step, forked, copied on write; and blocks that one
// gives back before its end.
#include <algorithm>

#include "engine/base/check.h"
#include "engine/kv_cache/block_pool.h"
#include "engine/kv_cache/block_table.h"
#include "engine/kv_cache/kv_cache.h"

namespace vitrine::engine {

void KvCache::promise(RequestId request, std::span<const TokenId> tokens)
{
    BlockTable& table = *m_tables.at(request);
    VT_CHECK(table.promisedBlocks == 0);
    if (!m_options.prefixCache || table.approximate)
        return;
    std::vector<TokenId> ahead = table.unfilled;
    ahead.insert(ahead.end(), tokens.begin(), tokens.end());
    const std::size_t first = table.computed / m_options.blockSize;
    PrefixKey parent = table.tail;
    for (std::size_t i = 0; i < ahead.size() / m_options.blockSize; ++i) {
        VT_CHECK(first + i < table.blocks.size() && m_pool->references(table.blocks[first + i]) == 1);
        const PrefixIndex::Entry entry = nextEntry(parent, table.scope, ahead, i);
        m_index->insert(table.blocks[first + i], entry, Presence::Promised);
        parent = entry.key;
        ++table.promisedBlocks;
    }
}

void KvCache::plan(RequestId request, std::uint32_t tokens)
{
    BlockTable& table = *m_tables.at(request);
    table.planned = tokens;
    m_planned.push_back(request);
    const std::size_t first = table.computed / m_options.blockSize;
    const std::size_t full = (table.computed + tokens) / m_options.blockSize;
    for (std::size_t i = first; i < std::min<std::size_t>(full, first + table.promisedBlocks); ++i)
        m_index->setPresence(table.blocks[i], Presence::Landing);
    // Those whose step has landed meanwhile need no place in the list.
    if (m_planned.size() >= 64)
        std::erase_if(m_planned, [this](RequestId id) {
            const auto found = m_tables.find(id);
            return found == m_tables.end() || found->second->planned == 0;
        });
}

void KvCache::cancelPlans()
{
    for (const RequestId request : m_planned) {
        const auto found = m_tables.find(request);
        if (found == m_tables.end() || found->second->planned == 0)
            continue;
        BlockTable& table = *found->second;
        table.planned = 0;
        const std::size_t first = table.computed / m_options.blockSize;
        for (std::size_t i = first; i < first + table.promisedBlocks; ++i)
            m_index->setPresence(table.blocks[i], Presence::Promised);
    }
    m_planned.clear();
}

/// What the request was going to fill nobody will, under these names.
void KvCache::forgetPromises(BlockTable& table)
{
    const std::size_t first = table.computed / m_options.blockSize;
    for (std::size_t i = first; i < first + table.promisedBlocks; ++i)
        m_index->erase(table.blocks[i]);
    table.promisedBlocks = 0;
    table.planned = 0;
}

void KvCache::fork(RequestId parent, RequestId child)
{
    const BlockTable& from = *m_tables.at(parent);
    VT_CHECK(from.promisedBlocks == 0 && !m_swapped.contains(child));
    auto table = std::make_unique<BlockTable>(from);
    table->planned = 0;
    for (std::size_t i = 0; i < table->blocks.size(); ++i) {
        if (table->blocks[i] == kNullBlock)
            continue;
        m_pool->retain(table->blocks[i]);
        log(BlockEventKind::Fork, child, table->blocks[i], i);
        if (looksAt(*table, i))
            lookAt(child, table->blocks[i], i);
    }
    VT_CHECK(m_tables.try_emplace(child, std::move(table)).second);
}

void KvCache::copyOnWrite(RequestId request, BlockTable& table, std::size_t index)
{
    const BlockId shared = table.blocks[index];
    const BlockId own = takeBlock();
    const bool window = looksAt(table, index);
    if (window)
        takeWindow(own);
    if (index * m_options.blockSize < table.computed)
        copyPages(shared, own, window);
    if (window)
        leave(request, shared, index);
    release(shared);
    table.blocks[index] = own;
    log(BlockEventKind::CopyOnWrite, request, own, index, shared.value);
    if (window)
        lookAt(request, own, index);
}

std::uint32_t KvCache::trim(RequestId request, std::uint32_t firstNeeded, std::uint32_t sinkTokens,
                            bool exact)
{
    BlockTable& table = *m_tables.at(request);
    const std::uint32_t full = table.computed / m_options.blockSize;
    const std::uint32_t end = std::min(firstNeeded / m_options.blockSize, full);
    std::uint32_t dropped = 0;
    for (std::uint32_t i = std::max(blocksFor(sinkTokens), table.trimmed); i < end; ++i) {
        if (table.blocks[i] == kNullBlock)
            continue;
        dropAt(request, table, i, exact);
        ++dropped;
    }
    table.trimmed = std::max(table.trimmed, end);
    return dropped;
}

bool KvCache::dropBlock(RequestId request, std::uint32_t index)
{
    BlockTable& table = *m_tables.at(request);
    if (index >= table.computed / m_options.blockSize || table.blocks[index] == kNullBlock)
        return false;
    dropAt(request, table, index, false);
    return true;
}

void KvCache::dropAt(RequestId request, BlockTable& table, std::uint32_t index, bool exact)
{
    if (!exact && !table.approximate) {
        forgetPromises(table);
        table.approximate = true;
        table.firstApproximate = table.computed / m_options.blockSize; // the one being filled has seen all
        // so far, but its last tokens will not have: it is not shared either.
    }
    if (looksAt(table, index))
        leave(request, table.blocks[index], index);
    log(BlockEventKind::Drop, request, table.blocks[index], index);
    release(table.blocks[index]);
    table.blocks[index] = kNullBlock;
}

} // namespace vitrine::engine
