// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/block_tracker.h"

#include <algorithm>

namespace vitrine::engine {

void BlockTracker::apply(const BlockEvent& event, std::int64_t timeNs)
{
    switch (event.kind) {
    case BlockEventKind::CopyOnWrite:
        drop(BlockId{event.other}, timeNs);
        [[fallthrough]];
    case BlockEventKind::Take:
    case BlockEventKind::Share:
    case BlockEventKind::Fork:
        return take(event, timeNs);
    case BlockEventKind::Drop:
    case BlockEventKind::Release:
        return drop(event.block, timeNs);
    case BlockEventKind::Fill:
    case BlockEventKind::Evict: {
        TrackedBlock& block = m_blocks[event.block.value];
        count(block, -1);
        block.findable = event.kind == BlockEventKind::Fill;
        return count(block, 1);
    }
    case BlockEventKind::Move:
        return move(event.block, BlockId{event.other});
    case BlockEventKind::Resize:
        m_pool = event.index;
        return;
    default:
        return; // host memory and windows
    }
}

const TrackedBlock* BlockTracker::find(BlockId block) const
{
    const auto found = m_blocks.find(block.value);
    return found == m_blocks.end() ? nullptr : &found->second;
}

std::uint32_t BlockTracker::free() const
{
    const std::uint64_t used = std::uint64_t{m_referenced} + m_cached;
    return used < m_pool ? static_cast<std::uint32_t>(m_pool - used) : 0;
}

void BlockTracker::count(const TrackedBlock& block, int sign)
{
    m_referenced += block.references > 0 ? sign : 0;
    m_shared += block.references > 1 ? sign : 0;
    m_cached += block.references == 0 && block.findable ? sign : 0;
    m_references += static_cast<std::uint64_t>(sign) * block.references;
}

void BlockTracker::take(const BlockEvent& event, std::int64_t timeNs)
{
    TrackedBlock& block = m_blocks[event.block.value];
    count(block, -1);
    if (event.kind == BlockEventKind::Take || event.kind == BlockEventKind::CopyOnWrite) {
        block.taker = event.request;
        block.takenNs = timeNs;
    }
    ++block.references;
    count(block, 1);
}

void BlockTracker::drop(BlockId id, std::int64_t timeNs)
{
    const auto found = m_blocks.find(id.value);
    if (found == m_blocks.end() || found->second.references == 0)
        return;
    TrackedBlock& block = found->second;
    count(block, -1);
    if (--block.references == 0)
        block.idleNs = timeNs;
    count(block, 1);
}

void BlockTracker::move(BlockId from, BlockId to)
{
    const auto found = m_blocks.find(from.value);
    if (found == m_blocks.end() || from == to)
        return;
    const TrackedBlock moved = found->second;
    m_blocks.erase(found);
    TrackedBlock& place = m_blocks[to.value];
    count(place, -1);
    place = moved; // counted already, wherever it lies
}

} // namespace vitrine::engine
