// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kv_cache/kv_cache.h"

#include <limits>

#include "engine/base/check.h"
#include "engine/kv_cache/block_pool.h"
#include "engine/kv_cache/prefix_index.h"

namespace vitrine::engine {

/// One request's blocks. Those below computed / blockSize are full and, with the prefix cache on, indexed.
struct KvCache::Table
{
    std::vector<BlockId> blocks;
    std::uint64_t salt = 0;
    std::uint32_t computed = 0;    ///< tokens in KV
    PrefixKey tail;                ///< key of the last full block
    std::vector<TokenId> unfilled; ///< tokens in the block after it
};

KvCache::KvCache(const KvCacheOptions& options)
    : m_options(options), m_hasher(options.seed, options.modelKey),
      m_pool(std::make_unique<BlockPool>(options.blocks)),
      m_index(std::make_unique<PrefixIndex>(options.prefixCache ? options.blocks : 0, options.blockSize))
{
    VT_CHECK(options.blockSize >= 1);
    VT_CHECK(options.blocks <= std::numeric_limits<std::int32_t>::max() / options.blockSize);
}

KvCache::~KvCache() = default;

/// Leaves at least one token to compute: its logits are what the request is after.
std::vector<BlockId> KvCache::match(std::span<const TokenId> tokens, std::uint64_t salt) const
{
    std::vector<BlockId> found;
    if (!m_options.prefixCache || tokens.empty())
        return found;
    PrefixKey parent;
    const std::size_t most = (tokens.size() - 1) / m_options.blockSize;
    while (found.size() < most) {
        const auto part = tokens.subspan(found.size() * m_options.blockSize, m_options.blockSize);
        const PrefixKey key = m_hasher.key(parent, salt, part);
        const BlockId block = m_index->find({key, parent, salt, part});
        if (block == kNullBlock)
            break;
        found.push_back(block);
        parent = key;
    }
    return found;
}

std::uint32_t KvCache::open(RequestId request, std::span<const TokenId> tokens, std::uint64_t salt)
{
    auto table = std::make_unique<Table>();
    table->blocks = match(tokens, salt);
    table->salt = salt;
    table->computed = static_cast<std::uint32_t>(table->blocks.size()) * m_options.blockSize;
    if (!table->blocks.empty())
        table->tail = m_index->entry(table->blocks.back()).key;
    for (const BlockId block : table->blocks)
        m_pool->retain(block);
    const std::uint32_t computed = table->computed;
    VT_CHECK(m_tables.try_emplace(request, std::move(table)).second);
    return computed;
}

std::uint32_t KvCache::lookUp(std::span<const TokenId> tokens, std::uint64_t salt) const
{
    return static_cast<std::uint32_t>(match(tokens, salt).size()) * m_options.blockSize;
}

std::uint32_t KvCache::demand(std::span<const TokenId> tokens, std::uint64_t salt) const
{
    std::uint32_t blocks = blocksFor(static_cast<std::uint32_t>(tokens.size()));
    for (const BlockId block : match(tokens, salt))
        blocks -= m_pool->references(block) > 0 ? 1 : 0;
    return blocks;
}

bool KvCache::grow(RequestId request, std::uint32_t tokens)
{
    Table& table = *m_tables.at(request);
    const std::size_t wanted = blocksFor(tokens);
    if (wanted > table.blocks.size() + m_pool->available())
        return false;
    while (table.blocks.size() < wanted) {
        const BlockId block = m_pool->take();
        if (m_options.prefixCache && m_index->contains(block))
            m_index->erase(block);
        table.blocks.push_back(block);
    }
    return true;
}

void KvCache::markComputed(RequestId request, std::span<const TokenId> tokens)
{
    Table& table = *m_tables.at(request);
    VT_CHECK(table.computed + tokens.size() <= table.blocks.size() * m_options.blockSize);
    for (const TokenId token : tokens) {
        table.unfilled.push_back(token);
        ++table.computed;
        if (table.unfilled.size() == m_options.blockSize)
            fillBlock(table);
    }
}

void KvCache::fillBlock(Table& table)
{
    if (m_options.prefixCache) {
        const PrefixKey key = m_hasher.key(table.tail, table.salt, table.unfilled);
        const BlockId block = table.blocks[table.computed / m_options.blockSize - 1];
        m_index->insert(block, {key, table.tail, table.salt, table.unfilled});
        table.tail = key;
    }
    table.unfilled.clear();
}

void KvCache::close(RequestId request)
{
    const auto found = m_tables.find(request);
    VT_CHECK(found != m_tables.end());
    const std::vector<BlockId>& blocks = found->second->blocks;
    for (auto block = blocks.rbegin(); block != blocks.rend(); ++block)
        release(*block);
    m_tables.erase(found);
}

void KvCache::release(BlockId block)
{
    bool keep = m_options.prefixCache && m_index->contains(block);
    if (keep && m_pool->references(block) == 1 && m_index->findCopy(block) != kNullBlock) {
        m_index->erase(block);
        keep = false;
    }
    m_pool->release(block, keep);
}

std::span<const BlockId> KvCache::table(RequestId request) const
{
    const auto found = m_tables.find(request);
    return found == m_tables.end() ? std::span<const BlockId>() : found->second->blocks;
}

std::uint32_t KvCache::slot(RequestId request, std::uint32_t position) const
{
    const BlockId block = m_tables.at(request)->blocks.at(position / m_options.blockSize);
    return static_cast<std::uint32_t>(block.value) * m_options.blockSize + position % m_options.blockSize;
}

std::uint32_t KvCache::available() const
{
    return m_pool->available();
}

BlockUsage KvCache::usage() const
{
    return {m_pool->blocks() - m_pool->available(), m_pool->cached(), m_pool->available() - m_pool->cached()};
}

void KvCache::dropPrefixes()
{
    for (std::uint32_t i = 0; i < m_pool->blocks(); ++i) {
        const BlockId block{static_cast<std::int32_t>(i)};
        if (m_pool->state(block) != BlockState::Cached)
            continue;
        m_index->erase(block);
        m_pool->forget(block);
    }
}

std::string KvCache::checkTable(RequestId request, const Table& table) const
{
    const std::string name = "table of request " + std::to_string(request.value);
    if (table.computed > table.blocks.size() * m_options.blockSize ||
        table.unfilled.size() != table.computed % m_options.blockSize)
        return name + " does not cover its tokens";
    const std::size_t full = table.computed / m_options.blockSize;
    PrefixKey parent;
    for (std::size_t i = 0; i < table.blocks.size(); ++i) {
        const BlockId block = table.blocks[i];
        if (i >= full && m_pool->references(block) != 1)
            return name + " shares block " + std::to_string(block.value) + ", which is not full";
        if (!m_options.prefixCache)
            continue;
        if (m_index->contains(block) != (i < full))
            return name + ": block " + std::to_string(block.value) + " is full but not indexed, or reverse";
        if (i >= full)
            continue;
        const PrefixIndex::Entry entry = m_index->entry(block);
        if (!(entry.parent == parent) || entry.salt != table.salt)
            return name + ": block " + std::to_string(block.value) + " is indexed under another prefix";
        parent = entry.key;
    }
    return m_options.prefixCache && !(parent == table.tail) ? name + " has a wrong last key" : std::string();
}

std::string KvCache::checkInvariants() const
{
    std::vector<std::uint32_t> references(m_pool->blocks(), 0);
    for (const auto& [request, table] : m_tables) {
        for (const BlockId block : table->blocks)
            ++references.at(static_cast<std::size_t>(block.value));
        if (std::string fault = checkTable(request, *table); !fault.empty())
            return fault;
    }
    for (std::uint32_t i = 0; i < m_pool->blocks(); ++i) {
        const BlockId block{static_cast<std::int32_t>(i)};
        if (references[i] != m_pool->references(block))
            return "block " + std::to_string(i) + " has a reference count that is not that of the tables";
        const bool indexed = m_options.prefixCache && m_index->contains(block);
        if (references[i] == 0 && indexed != (m_pool->state(block) == BlockState::Cached))
            return "block " + std::to_string(i) + " is indexed but not cached, or reverse";
    }
    if (std::string fault = m_pool->checkInvariants(); !fault.empty())
        return fault;
    return m_index->checkInvariants(m_hasher);
}

} // namespace vitrine::engine
