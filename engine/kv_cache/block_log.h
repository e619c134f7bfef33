// SPDX-License-Identifier: GPL-3.0-or-later
// What happened to which KV block, in order: enough to rebuild every block table and the state of every block
// at any moment (block_history.h). Filled by the KvCache on the engine thread, emptied once a step.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/ids.h"

namespace vitrine::engine {

enum class BlockEventKind : std::uint8_t {
    Take,        ///< `request` got a free block at `index` of its table
    Share,       ///< `request` shares a block that was found, at `index`
    Fork,        ///< `request` shares a block of the request it was forked from, at `index`
    CopyOnWrite, ///< `request` got `block` at `index` in place of `other`, with a copy of its contents
    Fill,        ///< the block is full and findable from now on
    Drop,        ///< `request` gave the block at `index` back early; its table has a hole there
    Release,     ///< `request` gave the block at `index` back at its end
    Close,       ///< `request` has no table any more
    Evict,       ///< the block's contents are findable no more
    Move,        ///< the contents of `block` lie in `other` from now on
    Resize,      ///< the pool has `index` blocks from now on
    SwapOut,     ///< the contents of `block` were copied to host slot `other`
    SwapIn,      ///< the contents of host slot `other` were copied to `block`
    HostFree,    ///< host slot `other` holds nothing any more
    // Models that mix full and sliding-window layers:
    WindowTake, ///< the block got window pages
    Look,       ///< `request` looks at the window pages of `block`, at `index` of its table
    Leave,      ///< it does no more: its window has passed, or it gives the block back
    WindowDrop  ///< the block's window pages hold nothing any more
};

struct BlockEvent
{
    BlockEventKind kind = BlockEventKind::Take;
    RequestId request;
    BlockId block = kNullBlock;
    std::int32_t other = -1;
    std::uint32_t index = 0;
    bool operator==(const BlockEvent&) const = default;
};

using BlockLog = std::vector<BlockEvent>;

} // namespace vitrine::engine
