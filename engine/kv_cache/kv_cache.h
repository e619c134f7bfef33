// SPDX-License-Identifier: GPL-3.0-or-later
// The paged KV cache as the scheduler sees it: block tables by request, granted from one pool, prefixes
// shared through an index, forks shared copy-on-write, a tier of host memory below, a pool that can be
// resized. Bookkeeping only: the memory itself belongs to the executor, which carries out takeTransfers() in
// order before the next forward pass.
//
// Models that mix full and sliding-window layers (KvShape): a block stays in its table to the end for the
// full layers, but its window pages are there only where some table's window reaches. A prefix can be shared
// up to where the window before that point is still there. Room is then counted in pages, else in blocks; a
// page is a block where layers are not told apart.
//
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
#include "engine/execution/kv_shape.h"
#include "engine/execution/kv_transfer.h"
#include "engine/kv_cache/block_log.h"
#include "engine/kv_cache/block_table.h"
#include "engine/kv_cache/cache_scope.h"
#include "engine/kv_cache/prefix_index.h"
#include "engine/kv_cache/prefix_key.h"

namespace vitrine::engine {

class BlockPool;
class PagePool;

struct KvCacheOptions
{
    std::uint32_t blocks = 0; ///< in memory, with all their pages
    std::uint32_t blockSize = 16;
    KvShape shape = {};
    bool prefixCache = true;
    std::uint64_t modelKey = 0;   ///< part of every prefix key
    std::uint64_t seed = 0;       ///< keys differ between processes
    std::uint32_t hostBlocks = 0; ///< slots of the host tier; 0: none
};

/// In pages on the device, in blocks in host memory.
struct BlockUsage
{
    std::uint32_t referenced = 0, cached = 0, free = 0; ///< on the device
    std::uint32_t hostPinned = 0, hostPrefix = 0, hostFree = 0;
    bool operator==(const BlockUsage&) const = default;
};

/// Where the longest prefix lies, in tokens; capped at one less than were asked for.
struct PrefixMatch
{
    std::uint32_t device = 0;  ///< in KV
    std::uint32_t landing = 0; ///< computed by another request in the step being planned
    std::uint32_t host = 0;    ///< brought back from host memory
    std::uint32_t later = 0;   ///< promised by a running request, but not for this step: cannot be shared yet
    std::uint32_t found() const { return device + landing + host; }
};

class KvCache
{
public:
    /// REQUIRES: blockSize ≥ 1 and blocks * blockSize < 2^31, likewise of the host tier.
    explicit KvCache(const KvCacheOptions& options);
    ~KvCache();

    // Tables

    /// Opens a table for the request, filled with the longest prefix of `tokens` that can be found, capped at
    /// tokens.size() - 1. Returns the number of tokens found (a multiple of the block size).
    /// REQUIRES: the request has no table, neither here nor in host memory.
    std::uint32_t open(RequestId request, std::span<const TokenId> tokens, const CacheScope& scope);
    /// As `open` would find, without taking anything.
    PrefixMatch lookUp(std::span<const TokenId> tokens, const CacheScope& scope) const;
    /// How many of the available() pages `open` and then `grow` to all of `tokens` would take; of window
    /// pages as many as are held at once.
    std::uint32_t demand(std::span<const TokenId> tokens, const CacheScope& scope) const;
    /// Makes the table cover `tokens` tokens, and the blocks that the next ones are written to the request's
    /// own: a shared one is copied first. Window pages are taken for the tokens before `written` only, those
    /// of the next step. False, and nothing changed, when the pool cannot give the memory.
    bool grow(RequestId request, std::uint32_t tokens, std::uint32_t written);
    bool grow(RequestId request, std::uint32_t tokens) { return grow(request, tokens, tokens); }
    std::uint32_t growDemand(RequestId request, std::uint32_t tokens, std::uint32_t written) const;
    std::uint32_t growDemand(RequestId request, std::uint32_t tokens) const
    {
        return growDemand(request, tokens, tokens);
    }
    /// How many of the next `most` tokens, which the table covers, can be written with what is available.
    std::uint32_t writable(RequestId request, std::uint32_t most) const;
    /// Says that the next tokens of the request lie in KV once the step being planned is computed, so that
    /// blocks they fill become findable.
    void markComputed(RequestId request, std::span<const TokenId> tokens);
    /// Gives the blocks back, tail first, so that prefixes live longest; full ones stay findable until
    /// evicted, but of several copies only one.
    void close(RequestId request);

    // Sharing within a step and between samples

    /// The tokens that the request computes next, behind its computed ones; full blocks of them are known to
    /// come. Once, after open() and grow().
    void promise(RequestId request, std::span<const TokenId> tokens);
    /// The next `tokens` of them are computed in this step: who opens later in the step may share the blocks
    /// they fill, since an executor writes K and V of a layer before attention reads them.
    void plan(RequestId request, std::uint32_t tokens);
    /// The step is not going to happen. REQUIRES: who opened in it has been closed.
    void cancelPlans();
    /// The child shares everything of the parent, the partial last block too. REQUIRES: nothing of the parent
    /// is promised any more.
    void fork(RequestId parent, RequestId child);

    // Blocks given back early: kNullBlock in the table, unseen by attention

    /// Full blocks between the first `sinkTokens` and `firstNeeded` go; returns how many. With `exact` no
    /// layer would have looked there. Without, later tokens differ from what they would have been: their
    /// blocks are not shared with others.
    std::uint32_t trim(RequestId request, std::uint32_t firstNeeded, std::uint32_t sinkTokens, bool exact);
    /// Layers with a sliding window look at nothing before token `firstNeeded` any more: their pages of the
    /// blocks before it become idle.
    void passWindow(RequestId request, std::uint32_t firstNeeded);
    /// One full block goes, not exact. False when there is none at that index.
    bool dropBlock(RequestId request, std::uint32_t index);

    // Host memory

    /// All blocks to host memory; the table is closed. False, and nothing changed, when the host has no room.
    bool swapOut(RequestId request);
    bool isSwapped(RequestId request) const { return m_swapped.contains(request); }
    /// How many of the available() pages swapIn() and then growing to `tokens` would take.
    std::uint32_t swapInDemand(RequestId request, std::uint32_t tokens) const;
    /// The same table again; blocks whose contents still lie on the device are not copied. False, and nothing
    /// changed, when the pool cannot give the blocks.
    bool swapIn(RequestId request);
    void dropSwapped(RequestId request);
    /// Brings at most `most` blocks of a prefix back as cached ones, into blocks that hold nothing.
    std::uint32_t prefetch(std::span<const TokenId> tokens, const CacheScope& scope, std::uint32_t most);
    std::uint32_t hostRoom() const; ///< blocks that swapOut() could take

    // The pool

    /// Grows or shrinks it; who lies in a part that goes moves. False, and nothing changed, when more blocks
    /// are referenced than would be left. REQUIRES: no plan is open.
    bool resize(std::uint32_t blocks);
    void dropPrefixes(); ///< forgets everything that is only cached, here and in host memory

    std::span<const BlockId> table(RequestId request) const; ///< empty when there is none
    std::uint32_t exclusiveBlocks(RequestId request) const;  ///< that nobody else shares
    std::uint32_t exclusivePages(RequestId request) const;   ///< that would become available without it
    std::uint32_t heldPages(RequestId request) const;        ///< with shared ones
    /// That a request takes on its way from `tokens` tokens on with `blocks` more blocks, less those that its
    /// window leaves behind.
    std::uint32_t growthPages(std::uint32_t blocks, std::uint32_t tokens) const;
    std::uint32_t slot(RequestId request, std::uint32_t position) const;
    std::uint32_t available() const;  ///< pages that grow() could hand out now: free, cached and idle
    std::uint32_t totalPages() const; ///< of the pool
    std::uint32_t pagesAlone(std::uint32_t blocks) const; ///< for a request with so many, at most at once
    std::uint64_t mostTokens() const { return mostTokens(m_options.blocks); } ///< that one request can hold
    std::uint64_t mostTokens(std::uint32_t blocks) const;                     ///< in a pool of that size
    /// Pages by column (kv_columns.h) that the request's next step uses of its block at `index`; -1 where
    /// there is none. Only for mixed models.
    std::int32_t page(RequestId request, std::uint32_t column, std::size_t index) const;
    BlockUsage usage() const;
    BlockUsage usageInBlocks() const; ///< as memory of so many whole blocks, rounded up
    const KvCacheOptions& options() const { return m_options; }
    std::uint32_t blocksFor(std::uint32_t tokens) const
    {
        return tokens / m_options.blockSize + (tokens % m_options.blockSize != 0 ? 1 : 0);
    }

    /// What the executor has to carry out, since the last call.
    std::vector<KvTransfer> takeTransfers();
    /// Goes on whenever something may be found, or not be found, that was otherwise before.
    std::uint64_t changes() const { return m_changes; }
    /// Appends to `log` from now on; null: to nothing.
    void setLog(BlockLog* log) { m_log = log; }

    /// Empty when all invariants hold, else a description. Cost grows with blocks and tables.
    std::string checkInvariants() const;

private:
    /// A block of a prefix, on the device or in host memory.
    struct Found
    {
        BlockId block = kNullBlock;
        bool onHost = false;
        bool landing = false;
        bool window = false; ///< its window pages are there too
    };
    struct Chain
    {
        std::vector<Found> blocks;
        PrefixMatch match;
    };

    Chain match(std::span<const TokenId> tokens, const CacheScope& scope) const;
    void retainFound(RequestId request, const Chain& chain, std::uint32_t firstLooked);
    void releaseFound(RequestId request, const Chain& chain, std::size_t from, std::uint32_t firstLooked);
    void shorten(Chain& chain) const;
    void countMatch(Chain& chain) const;
    BlockId withWindow(BlockId block) const;
    PrefixIndex::Entry nextEntry(const PrefixKey& parent, const CacheScope& scope,
                                 std::span<const TokenId> tokens, std::size_t block) const;
    BlockId takeBlock();
    void evict(BlockId block);
    void swapOutPages(BlockId block, HostSlot slot, bool window);
    void swapInPages(HostSlot slot, BlockId block, bool full, bool window);
    BlockId bringBack(const PrefixIndex::Entry& entry, bool window);
    void copyOnWrite(RequestId request, BlockTable& table, std::size_t index);
    bool hasCopyAsGood(BlockId block) const;
    void forgetOpened(RequestId request, BlockTable& table);
    std::uint32_t sharedAhead(const BlockTable& table) const;
    void fillBlock(BlockTable& table);
    void release(BlockId block);
    // kv_cache_window.cpp
    std::uint32_t firstLooked(std::uint64_t tokens) const;
    std::uint32_t windowCap() const;
    bool looksAt(const BlockTable& table, std::size_t index) const;
    void lookAt(RequestId request, BlockId block, std::size_t index);
    void leave(RequestId request, BlockId block, std::size_t index);
    void takeWindow(BlockId block);
    void dropWindow(BlockId block);
    void freeBlock(BlockId block);
    void makeRoom(std::uint32_t pages);
    std::uint32_t windowsMissing(const BlockTable& table, std::uint32_t written) const;
    std::uint32_t matchedWindows(const Chain& chain) const;
    void dropAt(RequestId request, BlockTable& table, std::uint32_t index, bool exact);
    void forgetPromises(BlockTable& table);
    void log(BlockEventKind kind, RequestId request, BlockId block, std::size_t index = 0,
             std::int32_t other = -1);
    void copyPages(BlockId from, BlockId to, bool window);
    SwappedTable::Place placeOf(BlockId block, HostSlot slot) const;
    bool isRevivable(const SwappedTable::Place& place) const;
    void unpin(HostSlot slot);
    BlockId swapBlockIn(RequestId request, std::size_t index, const SwappedTable::Place& place,
                        const CacheScope& scope);
    void shrinkPages(std::uint32_t pages);
    std::vector<BlockId> chooseMoves(std::uint32_t blocks);
    void rebuild(std::uint32_t blocks, const std::vector<BlockId>& moves);

    std::string checkTable(RequestId request, const BlockTable& table) const;
    std::string checkHost() const;
    std::string checkReferences() const;
    std::string checkPages() const;

    KvCacheOptions m_options;
    PrefixHasher m_hasher;
    std::unique_ptr<BlockPool> m_pool;
    std::unique_ptr<PagePool> m_pages; ///< of mixed models; else null: a block is its own page
    std::unique_ptr<PrefixIndex> m_index;
    std::unique_ptr<HostTier> m_host;       ///< null without a host tier
    std::vector<std::uint8_t> m_hostWindow; ///< [hostBlocks]: the slot holds window pages too
    std::unordered_map<RequestId, std::unique_ptr<BlockTable>> m_tables;
    std::unordered_map<RequestId, std::unique_ptr<SwappedTable>> m_swapped;
    std::vector<std::uint64_t> m_generations; ///< [blocks]: number of the taking that its contents are of
    std::uint64_t m_takings = 0;
    std::vector<RequestId> m_planned; ///< requests with an open plan, possibly more than once
    std::vector<KvTransfer> m_transfers;
    std::uint64_t m_changes = 0; ///< whatever changes the cache is logged
    BlockLog* m_log = nullptr;
};

} // namespace vitrine::engine
