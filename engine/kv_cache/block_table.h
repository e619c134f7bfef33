// SPDX-License-Identifier: GPL-3.0-or-later
// One request's KV blocks, and what is needed to name the next full one. Owned by KvCache.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/ids.h"
#include "engine/kv_cache/cache_scope.h"
#include "engine/kv_cache/host_tier.h"
#include "engine/kv_cache/prefix_key.h"

namespace vitrine::engine {

/// Blocks below computed / blockSize are full and, with the prefix cache on, findable unless `approximate`.
struct BlockTable
{
    std::vector<BlockId> blocks; ///< kNullBlock: given back early, nobody looks there
    CacheScope scope;
    std::uint32_t computed = 0;       ///< tokens in KV
    PrefixKey tail;                   ///< key of the last full block
    std::vector<TokenId> unfilled;    ///< tokens in the block after it
    std::uint32_t planned = 0;        ///< tokens beyond `computed` that the step being planned computes
    std::uint32_t promisedBlocks = 0; ///< blocks from the first not full one on that are promised
    std::uint32_t windowFirst = 0, windowEnd = 0; ///< blocks whose window pages it looks at; holes aside
    std::uint32_t trimmed = 0;                    ///< blocks before this one were looked at by trim()
    bool approximate = false;                     ///< tokens were dropped that later ones would have seen
    std::uint32_t firstApproximate = 0;           ///< the first block that may not be shared for that reason
};

/// A table whose blocks lie in host memory.
struct SwappedTable
{
    struct Place
    {
        HostSlot slot = kNullBlock;   ///< kNullBlock: a hole
        BlockId block = kNullBlock;   ///< where it lay on the device,
        std::uint64_t generation = 0; ///< and which contents of that block it is
        bool window = false;          ///< the table looked at its window pages: they are in the slot
        std::vector<TokenId> tokens;  ///< of a block that can be found by others, else empty,
        PrefixKey key, parent;        ///< and its names
    };
    BlockTable table; ///< its `blocks` are out of date
    std::vector<Place> places;
};

} // namespace vitrine::engine
