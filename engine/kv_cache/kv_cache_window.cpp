// SPDX-License-Identifier: GPL-3.0-or-later
// Pages: of blocks as a whole, and of the layers with a sliding window where a model mixes them with full
// ones.
#include <algorithm>

#include "engine/base/check.h"
#include "engine/kv_cache/block_pool.h"
#include "engine/kv_cache/block_table.h"
#include "engine/kv_cache/host_tier.h"
#include "engine/kv_cache/kv_cache.h"
#include "engine/kv_cache/page_pool.h"

namespace vitrine::engine {
namespace {

/// Blocks with window pages beyond the window itself that a request can count on: one at either end that is
/// only partly inside, and one to write to.
constexpr std::uint32_t kWindowEnds = 3;

} // namespace

/// The block where the window of the token behind `tokens` others begins.
std::uint32_t KvCache::firstLooked(std::uint64_t tokens) const
{
    const std::uint64_t window = m_options.shape.window;
    if (m_pages == nullptr || tokens + 1 <= window)
        return 0;
    return static_cast<std::uint32_t>((tokens + 1 - window) / m_options.blockSize);
}

std::uint32_t KvCache::windowCap() const
{
    return blocksFor(m_options.shape.window) + kWindowEnds;
}

bool KvCache::looksAt(const BlockTable& table, std::size_t index) const
{
    return index >= table.windowFirst && index < table.windowEnd && table.blocks[index] != kNullBlock;
}

void KvCache::lookAt(RequestId request, BlockId block, std::size_t index)
{
    if (m_pages == nullptr)
        return;
    m_pages->look(block);
    log(BlockEventKind::Look, request, block, index);
}

void KvCache::leave(RequestId request, BlockId block, std::size_t index)
{
    if (m_pages == nullptr)
        return;
    m_pages->leave(block);
    log(BlockEventKind::Leave, request, block, index);
}

void KvCache::takeWindow(BlockId block)
{
    makeRoom(m_options.shape.windowPages);
    m_pages->takeWindow(block);
    log(BlockEventKind::WindowTake, {}, block);
}

void KvCache::dropWindow(BlockId block)
{
    m_pages->giveWindow(block);
    log(BlockEventKind::WindowDrop, {}, block);
}

void KvCache::freeBlock(BlockId block)
{
    if (m_pages->hasWindow(block))
        dropWindow(block);
    m_pages->giveFull(block);
}

/// What was let go of first goes first, be it a cached block or window pages alone.
void KvCache::makeRoom(std::uint32_t pages)
{
    while (m_pages != nullptr && m_pages->free() < pages) {
        const BlockId idle = m_pages->oldestIdle(), cached = m_pool->oldestCached();
        VT_CHECK(idle != kNullBlock || cached != kNullBlock);
        if (cached == kNullBlock ||
            (idle != kNullBlock && idle != cached && m_pages->idleAt(idle) < m_pages->cachedAt(cached))) {
            dropWindow(idle);
            continue;
        }
        evict(cached);
        m_pool->forget(cached);
        freeBlock(cached);
    }
}

std::uint32_t KvCache::windowsMissing(const BlockTable& table, std::uint32_t written) const
{
    if (m_pages == nullptr)
        return 0;
    std::uint32_t missing = std::max(blocksFor(written), table.windowEnd) - table.windowEnd;
    for (std::size_t i = table.computed / m_options.blockSize; i < table.windowEnd; ++i)
        missing += m_pool->references(table.blocks[i]) > 1 ? 1 : 0; // copied first
    return missing;
}

/// Of the blocks whose window pages a table with this prefix looks at: how many nobody looks at yet.
std::uint32_t KvCache::matchedWindows(const Chain& chain) const
{
    std::uint32_t missing = 0;
    for (std::size_t i = firstLooked(chain.blocks.size() * m_options.blockSize); i < chain.blocks.size(); ++i)
        missing += chain.blocks[i].onHost || m_pages->looks(chain.blocks[i].block) == 0 ? 1 : 0;
    return missing;
}

std::uint32_t KvCache::writable(RequestId request, std::uint32_t most) const
{
    if (m_pages == nullptr)
        return most;
    const BlockTable& table = *m_tables.at(request);
    const std::uint64_t blocks = table.windowEnd + available() / m_options.shape.windowPages;
    const std::uint64_t end = blocks * m_options.blockSize;
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(most, end - std::min<std::uint64_t>(end, table.computed)));
}

void KvCache::passWindow(RequestId request, std::uint32_t firstNeeded)
{
    if (m_pages == nullptr)
        return;
    BlockTable& table = *m_tables.at(request);
    const std::uint32_t end =
        std::min(firstNeeded / m_options.blockSize, table.computed / m_options.blockSize);
    for (; table.windowFirst < std::min(end, table.windowEnd); ++table.windowFirst)
        if (const BlockId block = table.blocks[table.windowFirst]; block != kNullBlock)
            leave(request, block, table.windowFirst);
}

/// The longest beginning whose last window is there.
void KvCache::shorten(Chain& chain) const
{
    if (m_pages == nullptr)
        return;
    std::size_t fits = 0, gap = 0; // no block before `gap` that lacks window pages may be looked at
    for (std::size_t blocks = 1; blocks <= chain.blocks.size(); ++blocks) {
        if (!chain.blocks[blocks - 1].window)
            gap = blocks;
        if (firstLooked(blocks * m_options.blockSize) >= gap)
            fits = blocks;
    }
    chain.blocks.resize(fits);
}

/// The copy of a full block that has window pages, if there is one.
BlockId KvCache::withWindow(BlockId block) const
{
    if (m_pages == nullptr || block == kNullBlock || !m_index->isFull(block))
        return block;
    for (BlockId copy = m_index->find(m_index->entry(block)); copy != kNullBlock;
         copy = m_index->findNext(copy))
        if (m_pages->hasWindow(copy))
            return copy;
    return block;
}

bool KvCache::hasCopyAsGood(BlockId block) const
{
    const BlockId copy = m_index->findCopy(block);
    if (m_pages == nullptr || copy == kNullBlock || !m_pages->hasWindow(block))
        return copy != kNullBlock;
    for (BlockId other = m_index->find(m_index->entry(block)); other != kNullBlock;
         other = m_index->findNext(other))
        if (other != block && m_pages->hasWindow(other))
            return true;
    return false;
}

/// A prefix of which less was there than was matched.
void KvCache::forgetOpened(RequestId request, BlockTable& table)
{
    for (std::size_t i = table.blocks.size(); i-- > 0;) {
        if (looksAt(table, i))
            leave(request, table.blocks[i], i);
        log(BlockEventKind::Release, request, table.blocks[i], i);
        release(table.blocks[i]);
    }
    log(BlockEventKind::Close, request, kNullBlock);
    table.blocks.clear();
    table.tail = {};
    table.windowFirst = table.windowEnd = 0;
}

void KvCache::copyPages(BlockId from, BlockId to, bool window)
{
    if (m_pages == nullptr) {
        m_transfers.push_back({KvTransfer::Kind::Copy, from.value, to.value});
        return;
    }
    const std::uint32_t columns = window ? m_options.shape.blockPages() : m_options.shape.fullPages;
    for (std::uint32_t c = 0; c < columns; ++c)
        m_transfers.push_back({KvTransfer::Kind::Copy, m_pages->of(from)[c], m_pages->of(to)[c]});
}

void KvCache::swapOutPages(BlockId block, HostSlot slot, bool window)
{
    if (m_pages == nullptr) {
        m_transfers.push_back({KvTransfer::Kind::SwapOut, block.value, slot.value});
        return;
    }
    const auto all = static_cast<std::int32_t>(m_options.shape.blockPages());
    const std::uint32_t columns = window ? m_options.shape.blockPages() : m_options.shape.fullPages;
    m_hostWindow[static_cast<std::size_t>(slot.value)] = window ? 1 : 0;
    for (std::uint32_t c = 0; c < columns; ++c)
        m_transfers.push_back({KvTransfer::Kind::SwapOut, m_pages->of(block)[c],
                               slot.value * all + static_cast<std::int32_t>(c)});
}

void KvCache::swapInPages(HostSlot slot, BlockId block, bool full, bool window)
{
    if (m_pages == nullptr) {
        m_transfers.push_back({KvTransfer::Kind::SwapIn, slot.value, block.value});
        return;
    }
    const auto all = static_cast<std::int32_t>(m_options.shape.blockPages());
    const std::uint32_t end = window ? m_options.shape.blockPages() : m_options.shape.fullPages;
    for (std::uint32_t c = full ? 0 : m_options.shape.fullPages; c < end; ++c)
        m_transfers.push_back({KvTransfer::Kind::SwapIn, slot.value * all + static_cast<std::int32_t>(c),
                               m_pages->of(block)[c]});
}

std::uint32_t KvCache::available() const
{
    if (m_pages == nullptr)
        return m_pool->available();
    return m_pages->free() + m_pool->cached() * m_options.shape.fullPages +
           m_pages->idle() * m_options.shape.windowPages;
}

std::uint32_t KvCache::totalPages() const
{
    return m_options.blocks * m_options.shape.blockPages();
}

std::uint32_t KvCache::pagesAlone(std::uint32_t blocks) const
{
    const std::uint32_t windows = m_pages == nullptr ? 0 : std::min(blocks, windowCap());
    return blocks * m_options.shape.fullPages + windows * m_options.shape.windowPages;
}

std::uint64_t KvCache::mostTokens(std::uint32_t blocks) const
{
    const KvShape& shape = m_options.shape;
    std::uint64_t most = blocks;
    if (m_pages != nullptr && blocks > windowCap())
        most += std::uint64_t{blocks - windowCap()} * shape.windowPages / shape.fullPages;
    return most * m_options.blockSize;
}

std::uint32_t KvCache::exclusivePages(RequestId request) const
{
    if (m_pages == nullptr)
        return exclusiveBlocks(request);
    const BlockTable& table = *m_tables.at(request);
    std::uint32_t windows = 0;
    for (std::size_t i = table.windowFirst; i < table.windowEnd; ++i)
        windows += table.blocks[i] != kNullBlock && m_pages->looks(table.blocks[i]) == 1 ? 1 : 0;
    return exclusiveBlocks(request) * m_options.shape.fullPages + windows * m_options.shape.windowPages;
}

std::uint32_t KvCache::heldPages(RequestId request) const
{
    const auto found = m_tables.find(request);
    if (found == m_tables.end())
        return 0;
    const BlockTable& table = *found->second;
    return static_cast<std::uint32_t>(table.blocks.size()) * m_options.shape.fullPages +
           (table.windowEnd - table.windowFirst) * m_options.shape.windowPages;
}

std::uint32_t KvCache::growthPages(std::uint32_t blocks, std::uint32_t tokens) const
{
    const KvShape& shape = m_options.shape;
    return blocks * (tokens < shape.window ? shape.blockPages() : shape.fullPages);
}

std::int32_t KvCache::page(RequestId request, std::uint32_t column, std::size_t index) const
{
    const BlockTable& table = *m_tables.at(request);
    const BlockId block = table.blocks[index];
    if (block == kNullBlock || (column >= m_options.shape.fullPages && !looksAt(table, index)))
        return kNullBlock.value;
    return m_pages->of(block)[column];
}

} // namespace vitrine::engine
