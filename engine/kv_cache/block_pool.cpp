// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kv_cache/block_pool.h"

#include "engine/base/check.h"

namespace vitrine::engine {

BlockPool::BlockPool(std::uint32_t blocks)
    : m_references(blocks, 0), m_keep(blocks, 0), m_next(blocks + 2), m_prev(blocks + 2)
{
    m_next[sentinel()] = m_prev[sentinel()] = mark();
    m_next[mark()] = m_prev[mark()] = sentinel();
    for (std::uint32_t block = 0; block < blocks; ++block)
        link(block, mark());
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
    const std::uint32_t first = m_next[sentinel()];
    const std::uint32_t block = first != mark() ? first : m_next[mark()];
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
    for (std::uint32_t block = m_next[mark()]; block != sentinel(); block = m_next[block])
        found.push_back(BlockId{static_cast<std::int32_t>(block)});
    return found;
}

BlockId BlockPool::oldestCached() const
{
    const std::uint32_t block = m_next[mark()];
    return block == sentinel() ? kNullBlock : BlockId{static_cast<std::int32_t>(block)};
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
    bool marked = false;
    for (std::uint32_t block = m_next[sentinel()]; block != sentinel(); block = m_next[block]) {
        if (block > mark() || (block == mark() ? marked : listed[block] != 0))
            return "free list: block " + std::to_string(block) + " is listed twice or does not exist";
        if (m_prev[block] != previous)
            return "free list: block " + std::to_string(block) + " does not point back";
        previous = block;
        if (block == mark()) {
            marked = true;
            continue;
        }
        if (marked != (m_keep[block] != 0))
            return "free list: block " + std::to_string(block) + " stands on the wrong side of the mark";
        listed[block] = 1;
        cached += m_keep[block];
        ++count;
    }
    if (m_prev[sentinel()] != previous || count != m_listed || cached != m_cached)
        return "free list: counts or ends are wrong";
    for (std::uint32_t block = 0; block < blocks(); ++block)
        if ((m_references[block] == 0) != (listed[block] != 0))
            return "block " + std::to_string(block) + " is both referenced and listed, or neither";
    return {};
}

} // namespace vitrine::engine
