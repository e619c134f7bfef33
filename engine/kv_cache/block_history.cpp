// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kv_cache/block_history.h"

#include <algorithm>

namespace vitrine::engine {

BlockHistory::Block* BlockHistory::at(BlockId block)
{
    const auto index = static_cast<std::size_t>(block.value);
    return block.value >= 0 && index < m_blocks.size() ? &m_blocks[index] : nullptr;
}

BlockHistory::Slot* BlockHistory::slotAt(std::int32_t slot)
{
    const auto index = static_cast<std::size_t>(slot);
    return slot >= 0 && index < m_slots.size() ? &m_slots[index] : nullptr;
}

void BlockHistory::apply(std::span<const BlockEvent> events)
{
    for (const BlockEvent& event : events)
        apply(event);
}

void BlockHistory::apply(const BlockEvent& event)
{
    switch (event.kind) {
    case BlockEventKind::Take:
    case BlockEventKind::Share:
    case BlockEventKind::Fork:
    case BlockEventKind::CopyOnWrite:
        return put(event);
    case BlockEventKind::Fill:
    case BlockEventKind::Evict:
        if (Block* block = at(event.block))
            block->findable = event.kind == BlockEventKind::Fill;
        return;
    case BlockEventKind::Drop:
    case BlockEventKind::Release:
        return giveBack(event);
    case BlockEventKind::Close:
        m_places -= table(event.request).size();
        m_tables.erase(event.request);
        return;
    case BlockEventKind::Move:
        return move(event.block, BlockId{event.other});
    case BlockEventKind::Resize:
        return resize(event.index);
    case BlockEventKind::WindowTake:
    case BlockEventKind::WindowDrop:
        if (Block* block = at(event.block))
            block->window = event.kind == BlockEventKind::WindowTake;
        return;
    case BlockEventKind::Look:
        if (Block* block = at(event.block))
            ++block->looks;
        return;
    case BlockEventKind::Leave:
        if (Block* block = at(event.block); block != nullptr && block->looks > 0)
            --block->looks;
        return;
    case BlockEventKind::SwapOut:
        if (Slot* slot = slotAt(event.other))
            *slot = {event.request, true};
        return;
    case BlockEventKind::HostFree:
        if (Slot* slot = slotAt(event.other))
            *slot = {};
        return;
    case BlockEventKind::SwapIn:
        return; // where it lies now others say
    }
}

/// Events that touch much are few in what an engine recorded; in a file that lies they could be all.
bool BlockHistory::affords(std::uint64_t touched)
{
    constexpr std::uint64_t kMost = std::uint64_t{1} << 33U; // blocks and places, seconds of work
    if (m_touched + touched > kMost)
        return false;
    m_touched += touched;
    return true;
}

void BlockHistory::resize(std::uint32_t blocks)
{
    constexpr std::uint32_t kMostBlocks = 1U << 24U; // of a recording that lies
    if (blocks > kMostBlocks || !affords(blocks))
        return;
    m_pages = blocks * m_shape.blockPages();
    m_blocks.resize(m_pages / m_shape.fullPages);
}

void BlockHistory::put(const BlockEvent& event)
{
    std::vector<BlockId>& table = m_tables[event.request];
    constexpr std::size_t kMostPlaces = std::size_t{1} << 24U; // of all tables, of a recording that lies
    if (event.index >= kMostPlaces)
        return;
    if (const std::size_t wanted = std::size_t{event.index} + 1; table.size() < wanted) {
        if (m_places + wanted - table.size() > kMostPlaces || !affords(wanted - table.size()))
            return;
        m_places += wanted - table.size();
        table.resize(wanted, kNullBlock);
    }
    if (event.kind == BlockEventKind::CopyOnWrite)
        if (Block* shared = at(BlockId{event.other}); shared != nullptr && shared->references > 0)
            --shared->references;
    table[event.index] = event.block;
    if (Block* block = at(event.block))
        ++block->references;
}

void BlockHistory::giveBack(const BlockEvent& event)
{
    if (Block* block = at(event.block); block != nullptr && block->references > 0)
        --block->references;
    const auto table = m_tables.find(event.request);
    if (table != m_tables.end() && event.index < table->second.size())
        table->second[event.index] = kNullBlock;
}

void BlockHistory::move(BlockId from, BlockId to)
{
    if (at(from) == nullptr || at(to) == nullptr)
        return;
    const bool inTables = at(from)->references > 0;
    if (inTables && !affords(m_places))
        return;
    *at(to) = *at(from);
    *at(from) = {};
    if (inTables)
        for (auto& [request, table] : m_tables)
            std::replace(table.begin(), table.end(), from, to);
}

std::span<const BlockId> BlockHistory::table(RequestId request) const
{
    const auto found = m_tables.find(request);
    return found == m_tables.end() ? std::span<const BlockId>() : found->second;
}

BlockUsage BlockHistory::usage() const
{
    BlockUsage usage;
    for (const Block& block : m_blocks) {
        if (block.references > 0 || block.findable)
            (block.references > 0 ? usage.referenced : usage.cached) += m_shape.fullPages;
        if (block.window)
            (block.looks > 0 ? usage.referenced : usage.cached) += m_shape.windowPages;
    }
    usage.free = m_pages - std::min(m_pages, usage.referenced + usage.cached);
    for (const Slot& slot : m_slots)
        ++(!slot.used ? usage.hostFree : slot.request.value != 0 ? usage.hostPinned : usage.hostPrefix);
    return usage;
}

} // namespace vitrine::engine
