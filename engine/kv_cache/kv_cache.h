// SPDX-License-Identifier: GPL-3.0-or-later
// The paged KV cache as the scheduler sees it: block tables by request, granted from one pool, prefixes
// shared through an index. Bookkeeping only: the memory itself belongs to the executor.
// Paper: Kwon et al., "Efficient Memory Management for Large Language Model Serving with PagedAttention"
// (2023). Owned by the Engine; engine thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/base/ids.h"
#include "engine/kv_cache/prefix_key.h"

namespace vitrine::engine {

class BlockPool;
class PrefixIndex;

struct KvCacheOptions
{
    std::uint32_t blocks = 0;
    std::uint32_t blockSize = 16;
    bool prefixCache = true;
    std::uint64_t modelKey = 0; ///< part of every prefix key
    std::uint64_t seed = 0;     ///< keys differ between processes
};

struct BlockUsage
{
    std::uint32_t referenced = 0, cached = 0, free = 0;
};

class KvCache
{
public:
    /// REQUIRES: blockSize ≥ 1 and blocks * blockSize < 2^31.
    explicit KvCache(const KvCacheOptions& options);
    ~KvCache();

    /// Opens a table for the request, filled with the longest indexed prefix of `tokens`, capped at
    /// tokens.size() - 1. Returns the number of tokens found (a multiple of the block size).
    /// REQUIRES: the request has no table.
    std::uint32_t open(RequestId request, std::span<const TokenId> tokens, std::uint64_t salt);
    /// As `open` would find, without taking anything.
    std::uint32_t lookUp(std::span<const TokenId> tokens, std::uint64_t salt) const;
    /// How many of the available() blocks `open` and then `grow` to all of `tokens` would take.
    std::uint32_t demand(std::span<const TokenId> tokens, std::uint64_t salt) const;
    /// Makes the table cover `tokens` tokens. False, and nothing changed, when the pool cannot give the
    /// blocks.
    bool grow(RequestId request, std::uint32_t tokens);
    /// Says that the next tokens of the request now lie in KV, so that blocks they fill become findable.
    void markComputed(RequestId request, std::span<const TokenId> tokens);
    /// Gives the blocks back, tail first, so that prefixes live longest; full ones stay findable until
    /// evicted, but of several copies only one.
    void close(RequestId request);

    std::span<const BlockId> table(RequestId request) const; ///< empty when there is none
    std::uint32_t slot(RequestId request, std::uint32_t position) const;
    std::uint32_t available() const; ///< blocks that grow() could hand out now: free and cached
    BlockUsage usage() const;
    const KvCacheOptions& options() const { return m_options; }
    std::uint32_t blocksFor(std::uint32_t tokens) const
    {
        return tokens / m_options.blockSize + (tokens % m_options.blockSize != 0 ? 1 : 0);
    }
    void dropPrefixes(); ///< forgets everything that is only cached

    /// Empty when all invariants hold, else a description. Cost grows with blocks and tables.
    std::string checkInvariants() const;

private:
    struct Table;

    std::vector<BlockId> match(std::span<const TokenId> tokens, std::uint64_t salt) const;
    void fillBlock(Table& table);
    void release(BlockId block);
    std::string checkTable(RequestId request, const Table& table) const;

    KvCacheOptions m_options;
    PrefixHasher m_hasher;
    std::unique_ptr<BlockPool> m_pool;
    std::unique_ptr<PrefixIndex> m_index;
    std::unordered_map<RequestId, std::unique_ptr<Table>> m_tables;
};

} // namespace vitrine::engine
