// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/block_story.h"

#include <algorithm>

#include "engine/analysis/time_range.h"

namespace vitrine::engine {

BlockStory::BlockStory(const RecordingStart& pool)
    : m_history(pool.blocks, pool.hostBlocks, pool.shape), m_blocks(pool.blocks),
      m_notes(m_history.blocks().size())
{}

BlockStory::Note* BlockStory::at(BlockId block)
{
    const auto index = static_cast<std::size_t>(block.value);
    return block.value >= 0 && index < m_notes.size() ? &m_notes[index] : nullptr;
}

void BlockStory::apply(const RecordedStep& step)
{
    m_nowNs = std::max(m_nowNs, saneNs(step.record.step == 0 ? m_nowNs : step.record.endNs));
    m_step = std::max(m_step, step.record.step);
    for (const BlockEvent& event : step.blocks) {
        m_history.apply({&event, 1});
        m_notes.resize(m_history.blocks().size());
        note(event);
    }
}

void BlockStory::note(const BlockEvent& event)
{
    switch (event.kind) {
    case BlockEventKind::Take:
    case BlockEventKind::CopyOnWrite:
        return noteTaken(event);
    case BlockEventKind::Share:
    case BlockEventKind::Fork:
        if (Note* note = at(event.block))
            note->releasedNs = 0;
        return;
    case BlockEventKind::Drop:
    case BlockEventKind::Release:
        if (Note* note = at(event.block);
            note != nullptr &&
            m_history.blocks()[static_cast<std::size_t>(event.block.value)].references == 0) {
            note->releasedNs = m_nowNs;
            note->releasedStep = m_step;
        }
        return;
    case BlockEventKind::Resize:
        m_blocks = event.index;
        return;
    case BlockEventKind::Move:
        if (Note* from = at(event.block), *to = at(BlockId{event.other}); from != nullptr && to != nullptr) {
            *to = *from;
            *from = {};
        }
        return;
    default:
        return;
    }
}

void BlockStory::noteTaken(const BlockEvent& event)
{
    if (Note* note = at(event.block))
        *note = {event.request, event.index, m_nowNs, 0, m_step, 0};
}

std::vector<BlockStory::Holder> BlockStory::holders() const
{
    std::vector<Holder> holders(m_notes.size());
    for (const auto& [request, table] : m_history.tables()) {
        for (std::size_t place = 0; place < table.size(); ++place) {
            const auto block = static_cast<std::size_t>(table[place].value);
            if (table[place].value < 0 || block >= holders.size())
                continue;
            Holder& holder = holders[block];
            if (++holder.count == 1) {
                holder.request = request;
                holder.place = static_cast<std::uint32_t>(place);
            }
        }
    }
    return holders;
}

namespace {

/// Of one block that a table holds: taken by the first who holds it, shared by the others.
void addHeld(std::vector<BlockEvent>& events, std::vector<bool>& taken, RequestId request, BlockId block,
             std::size_t place)
{
    const auto index = static_cast<std::size_t>(block.value);
    if (block.value < 0 || index >= taken.size())
        return;
    events.push_back({taken[index] ? BlockEventKind::Share : BlockEventKind::Take, request, block, -1,
                      static_cast<std::uint32_t>(place)});
    taken[index] = true;
}

} // namespace

std::vector<BlockEvent> BlockStory::events() const
{
    std::vector<BlockEvent> events;
    const auto& blocks = m_history.blocks();
    events.push_back({BlockEventKind::Resize, {}, kNullBlock, -1, m_blocks});
    std::vector<bool> taken(blocks.size());
    for (const auto& [request, table] : m_history.tables())
        for (std::size_t place = 0; place < table.size(); ++place)
            addHeld(events, taken, request, table[place], place);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const BlockId block{static_cast<std::int32_t>(i)};
        const RequestId writer = m_notes[i].request;
        if (blocks[i].findable)
            events.push_back({BlockEventKind::Fill, writer, block, -1, m_notes[i].place});
        if (blocks[i].window)
            events.push_back({BlockEventKind::WindowTake, writer, block, -1, 0});
        for (std::uint32_t look = 0; look < std::min(blocks[i].looks, blocks[i].references); ++look)
            events.push_back({BlockEventKind::Look, writer, block, -1, m_notes[i].place});
    }
    const auto& slots = m_history.hostSlots();
    for (std::size_t i = 0; i < slots.size(); ++i)
        if (slots[i].used)
            events.push_back(
                {BlockEventKind::SwapOut, slots[i].request, kNullBlock, static_cast<std::int32_t>(i), 0});
    return events;
}

std::size_t BlockStory::bytes() const
{
    std::size_t bytes = sizeof *this + m_notes.size() * sizeof(Note) +
                        m_history.blocks().size() * sizeof(BlockHistory::Block) +
                        m_history.hostSlots().size() * sizeof(BlockHistory::Slot);
    for (const auto& [request, table] : m_history.tables())
        bytes += sizeof request + table.size() * sizeof(BlockId);
    return bytes;
}

} // namespace vitrine::engine
