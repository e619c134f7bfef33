// SPDX-License-Identifier: GPL-3.0-or-later
// Tables and the pool. Sharing, host memory, resizing and the invariants have files of their own.
#include "engine/kv_cache/kv_cache.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/base/check.h"
#include "engine/kv_cache/block_pool.h"
#include "engine/kv_cache/block_table.h"
#include "engine/kv_cache/host_tier.h"
#include "engine/kv_cache/page_pool.h"

namespace vitrine::engine {

KvCache::KvCache(const KvCacheOptions& options)
    : m_options(options), m_hasher(options.seed, options.modelKey),
      m_pages(options.shape.mixed()
                  ? std::make_unique<PagePool>(options.shape, options.blocks * options.shape.blockPages())
                  : nullptr),
      m_host(options.hostBlocks > 0 ? std::make_unique<HostTier>(options.hostBlocks, options.blockSize)
                                    : nullptr),
      m_hostWindow(m_pages != nullptr ? options.hostBlocks : 0, 0)
{
    VT_CHECK(options.blockSize >= 1 && options.shape.fullPages >= 1);
    VT_CHECK(options.blocks <= std::numeric_limits<std::int32_t>::max() / options.blockSize);
    VT_CHECK(options.hostBlocks <= std::numeric_limits<std::int32_t>::max() / options.blockSize);
    const std::uint32_t blocks = m_pages != nullptr ? m_pages->blocks() : options.blocks;
    m_pool = std::make_unique<BlockPool>(blocks);
    m_index = std::make_unique<PrefixIndex>(options.prefixCache ? blocks : 0, options.blockSize);
    m_generations.resize(blocks, 0);
}

KvCache::~KvCache() = default;

void KvCache::log(BlockEventKind kind, RequestId request, BlockId block, std::size_t index,
                  std::int32_t other)
{
    ++m_changes;
    if (m_log != nullptr)
        m_log->push_back({kind, request, block, other, static_cast<std::uint32_t>(index)});
}

PrefixIndex::Entry KvCache::nextEntry(const PrefixKey& parent, const CacheScope& scope,
                                      std::span<const TokenId> tokens, std::size_t block) const
{
    const auto part = tokens.subspan(block * m_options.blockSize, m_options.blockSize);
    return {m_hasher.key(parent, scope, part), parent, scope, part};
}

/// Leaves at least one token to compute: its logits are what the request is after.
KvCache::Chain KvCache::match(std::span<const TokenId> tokens, const CacheScope& scope) const
{
    Chain chain;
    if (!m_options.prefixCache || tokens.empty())
        return chain;
    PrefixKey parent;
    const std::size_t most = (tokens.size() - 1) / m_options.blockSize;
    bool shareable = true; // false from the first block on that is merely promised
    for (std::size_t i = 0; i < most; ++i) {
        const PrefixIndex::Entry entry = nextEntry(parent, scope, tokens, i);
        const BlockId block = withWindow(m_index->findBest(entry));
        const Presence presence = block == kNullBlock ? Presence::None : m_index->presence(block);
        const HostSlot slot =
            presence < Presence::Landing && m_host != nullptr ? m_host->peek(entry) : kNullBlock;
        const bool onHost = slot != kNullBlock;
        if (presence == Presence::None && !onHost)
            break;
        shareable = shareable && (onHost || presence >= Presence::Landing);
        if (!shareable)
            chain.match.later += m_options.blockSize;
        else
            chain.blocks.push_back({onHost ? kNullBlock : block, onHost, presence == Presence::Landing,
                                    m_pages && (onHost ? m_hostWindow[std::size_t(slot.value)] != 0
                                                       : m_pages->hasWindow(block))});
        parent = entry.key;
    }
    shorten(chain);
    countMatch(chain);
    return chain;
}

void KvCache::countMatch(Chain& chain) const
{
    for (const Found& found : chain.blocks)
        (found.onHost    ? chain.match.host
         : found.landing ? chain.match.landing
                         : chain.match.device) += m_options.blockSize;
}

PrefixMatch KvCache::lookUp(std::span<const TokenId> tokens, const CacheScope& scope) const
{
    return match(tokens, scope).match;
}

std::uint32_t KvCache::demand(std::span<const TokenId> tokens, const CacheScope& scope) const
{
    const std::uint32_t all = blocksFor(static_cast<std::uint32_t>(tokens.size()));
    const Chain chain = match(tokens, scope);
    std::uint32_t blocks = all;
    for (const Found& found : chain.blocks)
        blocks -= !found.onHost && m_pool->references(found.block) > 0 ? 1 : 0;
    if (m_pages == nullptr)
        return blocks;
    const std::uint32_t windows =
        matchedWindows(chain) + all - static_cast<std::uint32_t>(chain.blocks.size());
    return blocks * m_options.shape.fullPages + std::min(windows, windowCap()) * m_options.shape.windowPages;
}

/// Before anything is brought back, which must not push them out.
void KvCache::retainFound(RequestId request, const Chain& chain, std::uint32_t firstLooked)
{
    for (std::size_t i = 0; i < chain.blocks.size(); ++i) {
        if (chain.blocks[i].onHost)
            continue;
        m_pool->retain(chain.blocks[i].block);
        if (i >= firstLooked)
            lookAt(request, chain.blocks[i].block, i);
    }
}

/// The pool ran out: those from `from` on are not taken.
void KvCache::releaseFound(RequestId request, const Chain& chain, std::size_t from, std::uint32_t firstLooked)
{
    for (std::size_t i = from; i < chain.blocks.size(); ++i) {
        if (chain.blocks[i].onHost)
            continue;
        if (i >= firstLooked)
            leave(request, chain.blocks[i].block, i);
        release(chain.blocks[i].block);
    }
}

std::uint32_t KvCache::open(RequestId request, std::span<const TokenId> tokens, const CacheScope& scope)
{
    VT_CHECK(!m_swapped.contains(request));
    const Chain chain = match(tokens, scope);
    auto table = std::make_unique<BlockTable>();
    table->scope = scope;
    const std::uint32_t first = firstLooked(chain.blocks.size() * m_options.blockSize);
    retainFound(request, chain, first);
    for (std::size_t i = 0; i < chain.blocks.size(); ++i) {
        const PrefixIndex::Entry entry = nextEntry(table->tail, scope, tokens, i);
        const Found& found = chain.blocks[i];
        const BlockId block = found.onHost ? bringBack(entry, m_pages && i >= first) : found.block;
        if (block == kNullBlock) {
            releaseFound(request, chain, i, first);
            break;
        }
        if (found.onHost && i >= first)
            lookAt(request, block, i);
        table->tail = entry.key;
        log(BlockEventKind::Share, request, block, i);
        table->blocks.push_back(block);
    }
    table->windowEnd = m_pages != nullptr ? static_cast<std::uint32_t>(table->blocks.size()) : 0;
    table->windowFirst = std::min(first, table->windowEnd);
    if (m_pages != nullptr && table->blocks.size() < chain.blocks.size())
        forgetOpened(request, *table); // the window before what is left may not be there
    table->computed = static_cast<std::uint32_t>(table->blocks.size()) * m_options.blockSize;
    const std::uint32_t computed = table->computed;
    VT_CHECK(m_tables.try_emplace(request, std::move(table)).second);
    return computed;
}

/// A block to write to, with one reference; what was cached in it goes down to host memory or is forgotten.
BlockId KvCache::takeBlock()
{
    makeRoom(m_options.shape.fullPages);
    const BlockId block = m_pool->take();
    m_generations[static_cast<std::size_t>(block.value)] = ++m_takings;
    if (m_options.prefixCache && m_index->presence(block) != Presence::None)
        evict(block);
    if (m_pages != nullptr)
        m_pages->takeFull(block);
    return block;
}

void KvCache::evict(BlockId block)
{
    if (m_host != nullptr) {
        const HostSlot slot = m_host->keep(m_index->entry(block));
        if (slot != kNullBlock) {
            swapOutPages(block, slot, m_pages != nullptr && m_pages->hasWindow(block));
            log(BlockEventKind::SwapOut, {}, block, 0, slot.value);
        }
    }
    m_index->erase(block);
    log(BlockEventKind::Evict, {}, block);
}

std::uint32_t KvCache::sharedAhead(const BlockTable& table) const
{
    std::uint32_t shared = 0;
    for (std::size_t i = table.computed / m_options.blockSize; i < table.blocks.size(); ++i)
        shared += m_pool->references(table.blocks[i]) > 1 ? 1 : 0;
    return shared;
}

std::uint32_t KvCache::growDemand(RequestId request, std::uint32_t tokens, std::uint32_t written) const
{
    const BlockTable& table = *m_tables.at(request);
    const std::size_t wanted = blocksFor(tokens);
    const std::size_t missing = wanted > table.blocks.size() ? wanted - table.blocks.size() : 0;
    const std::uint32_t blocks = static_cast<std::uint32_t>(missing) + sharedAhead(table);
    return blocks * m_options.shape.fullPages + windowsMissing(table, written) * m_options.shape.windowPages;
}

bool KvCache::grow(RequestId request, std::uint32_t tokens, std::uint32_t written)
{
    BlockTable& table = *m_tables.at(request);
    const std::size_t wanted = blocksFor(tokens);
    if (growDemand(request, tokens, written) > available())
        return false;
    for (std::size_t i = table.computed / m_options.blockSize; i < table.blocks.size(); ++i)
        if (m_pool->references(table.blocks[i]) > 1)
            copyOnWrite(request, table, i);
    while (table.blocks.size() < wanted) {
        table.blocks.push_back(takeBlock());
        log(BlockEventKind::Take, request, table.blocks.back(), table.blocks.size() - 1);
    }
    for (; m_pages != nullptr && table.windowEnd < blocksFor(written); ++table.windowEnd) {
        const BlockId block = table.blocks[table.windowEnd];
        takeWindow(block);
        lookAt(request, block, table.windowEnd);
    }
    return true;
}

void KvCache::markComputed(RequestId request, std::span<const TokenId> tokens)
{
    BlockTable& table = *m_tables.at(request);
    VT_CHECK(table.computed + tokens.size() <= table.blocks.size() * m_options.blockSize);
    for (const TokenId token : tokens) {
        table.unfilled.push_back(token);
        ++table.computed;
        if (table.unfilled.size() == m_options.blockSize)
            fillBlock(table);
    }
    table.planned -= std::min<std::uint32_t>(table.planned, static_cast<std::uint32_t>(tokens.size()));
}

void KvCache::fillBlock(BlockTable& table)
{
    const std::uint32_t index = table.computed / m_options.blockSize - 1;
    if (m_options.prefixCache && !(table.approximate && index >= table.firstApproximate)) {
        const PrefixKey key = m_hasher.key(table.tail, table.scope, table.unfilled);
        const BlockId block = table.blocks[index];
        if (table.promisedBlocks > 0) {
            VT_CHECK(m_index->presence(block) != Presence::None && m_index->entry(block).key == key);
            m_index->setPresence(block, Presence::Full);
            --table.promisedBlocks;
        } else {
            m_index->insert(block, {key, table.tail, table.scope, table.unfilled});
        }
        table.tail = key;
        log(BlockEventKind::Fill, {}, block, index);
    }
    table.unfilled.clear();
}

void KvCache::close(RequestId request)
{
    const auto found = m_tables.find(request);
    VT_CHECK(found != m_tables.end());
    BlockTable& table = *found->second;
    forgetPromises(table);
    for (std::size_t i = table.blocks.size(); i-- > 0;) {
        if (table.blocks[i] == kNullBlock)
            continue;
        if (looksAt(table, i))
            leave(request, table.blocks[i], i);
        log(BlockEventKind::Release, request, table.blocks[i], i);
        release(table.blocks[i]);
    }
    log(BlockEventKind::Close, request, kNullBlock);
    m_tables.erase(found);
}

void KvCache::release(BlockId block)
{
    bool keep = m_options.prefixCache && m_index->isFull(block);
    if (keep && m_pool->references(block) == 1 && hasCopyAsGood(block)) {
        m_index->erase(block);
        log(BlockEventKind::Evict, {}, block);
        keep = false;
    }
    const bool last = m_pool->references(block) == 1;
    m_pool->release(block, keep);
    if (!last || m_pages == nullptr)
        return;
    keep ? m_pages->noteCached(block) : freeBlock(block);
}

std::span<const BlockId> KvCache::table(RequestId request) const
{
    const auto found = m_tables.find(request);
    return found == m_tables.end() ? std::span<const BlockId>() : found->second->blocks;
}

std::uint32_t KvCache::exclusiveBlocks(RequestId request) const
{
    const std::span<const BlockId> blocks = table(request);
    return static_cast<std::uint32_t>(std::count_if(blocks.begin(), blocks.end(), [this](BlockId block) {
        return block != kNullBlock && m_pool->references(block) == 1;
    }));
}

std::uint32_t KvCache::slot(RequestId request, std::uint32_t position) const
{
    const BlockId block = m_tables.at(request)->blocks.at(position / m_options.blockSize);
    return static_cast<std::uint32_t>(block.value) * m_options.blockSize + position % m_options.blockSize;
}

BlockUsage KvCache::usage() const
{
    BlockUsage usage;
    usage.referenced = totalPages() - available();
    usage.free = m_pages != nullptr ? m_pages->free() : m_pool->available() - m_pool->cached();
    usage.cached = available() - usage.free;
    if (m_host != nullptr) {
        usage.hostPinned = m_host->pinned();
        usage.hostPrefix = m_host->prefixes();
        usage.hostFree = m_host->room() - m_host->prefixes();
    }
    return usage;
}

BlockUsage KvCache::usageInBlocks() const
{
    BlockUsage blocks = usage();
    const std::uint32_t pages = m_options.shape.blockPages();
    blocks.referenced = (blocks.referenced + pages - 1) / pages;
    blocks.cached = std::min((blocks.cached + pages - 1) / pages, m_options.blocks - blocks.referenced);
    blocks.free = m_options.blocks - blocks.referenced - blocks.cached;
    return blocks;
}

std::vector<KvTransfer> KvCache::takeTransfers()
{
    return std::exchange(m_transfers, {});
}

void KvCache::dropPrefixes()
{
    for (const BlockId block : m_pool->cachedBlocks()) {
        m_index->erase(block);
        m_pool->forget(block);
        log(BlockEventKind::Evict, {}, block);
        if (m_pages != nullptr)
            freeBlock(block);
    }
    if (m_host == nullptr)
        return;
    for (const HostSlot slot : m_host->dropPrefixes())
        log(BlockEventKind::HostFree, {}, kNullBlock, 0, slot.value);
}

} // namespace vitrine::engine
