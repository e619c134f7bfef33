// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kv_cache/block_pool.h"

#include "engine/base/check.h"

namespace vitrine::engine {

BlockPool::BlockPool(std::uint32_t blocks)
    : m_references(blocks, 0), m_keep(blocks, 0), m_next(blocks + 1), m_prev(blocks + 1)
{
    m_next[blocks] = m_prev[blocks] = blocks;
    for (std::uint32_t block = 0; block < blocks; ++block)
        link(block, sentinel());
}

BlockPool::BlockPool(std::vector<std::uint32_t> references, std::span<const BlockId> cached)
    : BlockPool(static_cast<std::uint32_t>(references.size()))
{
    for (std::uint32_t block = 0; block < blocks(); ++block)
        if (references[block] > 0)
            unlink(block);
    m_references = std::move(references);
    for (const BlockId block : cached) {
        VT_CHECK(state(block) == BlockState::Free);
        retain(block);
        release(block, true);
    }
}

void BlockPool::link(std::uint32_t block, std::uint32_t before)
{
    m_next[block] = before;
    m_prev[block] = m_prev[before];
    m_next[m_prev[before]] = block;
    m_prev[before] = block;
    ++m_listed;
}

void BlockPool::unlink(std::uint32_t block)
{
    m_next[m_prev[block]] = m_next[block];
    m_prev[m_next[block]] = m_prev[block];
    m_cached -= m_keep[block];
    m_keep[block] = 0;
    --m_listed;
}

BlockId BlockPool::take()
{
    VT_CHECK(m_listed > 0);
    const std::uint32_t block = m_next[sentinel()];
    unlink(block);
    m_references[block] = 1;
    return BlockId{static_cast<std::int32_t>(block)};
}

void BlockPool::retain(BlockId block)
{
    VT_CHECK(index(block) < blocks());
    if (m_references[index(block)]++ == 0)
        unlink(index(block));
}

void BlockPool::release(BlockId block, bool keepCached)
{
    VT_CHECK(index(block) < blocks() && m_references[index(block)] > 0);
    if (--m_references[index(block)] > 0)
        return;
    link(index(block), keepCached ? sentinel() : m_next[sentinel()]);
    m_keep[index(block)] = keepCached ? 1 : 0;
    m_cached += m_keep[index(block)];
}

void BlockPool::forget(BlockId block)
{
    VT_CHECK(state(block) == BlockState::Cached);
    unlink(index(block));
    link(index(block), m_next[sentinel()]);
}

void BlockPool::touch(BlockId block)
{
    VT_CHECK(state(block) == BlockState::Cached);
    retain(block);
    release(block, true);
}

std::vector<BlockId> BlockPool::cachedBlocks() const
{
    std::vector<BlockId> found;
    for (std::uint32_t block = m_next[sentinel()]; block != sentinel(); block = m_next[block])
        if (m_keep[block] != 0)
            found.push_back(BlockId{static_cast<std::int32_t>(block)});
    return found;
}

BlockState BlockPool::state(BlockId block) const
{
    if (m_references[index(block)] > 0)
        return BlockState::Referenced;
    return m_keep[index(block)] != 0 ? BlockState::Cached : BlockState::Free;
}

std::string BlockPool::checkInvariants() const
{
    std::vector<std::uint8_t> listed(blocks(), 0);
    std::uint32_t count = 0, cached = 0, previous = sentinel();
    bool cachedSeen = false;
    for (std::uint32_t block = m_next[sentinel()]; block != sentinel(); block = m_next[block]) {
        if (block > blocks() || listed[block] != 0)
            return "free list: block " + std::to_string(block) + " is listed twice or does not exist";
        if (m_prev[block] != previous)
            return "free list: block " + std::to_string(block) + " does not point back";
        if (cachedSeen && m_keep[block] == 0)
            return "free list: free block " + std::to_string(block) + " stands behind a cached one";
        cachedSeen = m_keep[block] != 0;
        listed[block] = 1;
        cached += m_keep[block];
        ++count;
        previous = block;
    }
    if (m_prev[sentinel()] != previous || count != m_listed || cached != m_cached)
        return "free list: counts or ends are wrong";
    for (std::uint32_t block = 0; block < blocks(); ++block)
        if ((m_references[block] == 0) != (listed[block] != 0))
            return "block " + std::to_string(block) + " is both referenced and listed, or neither";
    return {};
}

} // namespace vitrine::engine
