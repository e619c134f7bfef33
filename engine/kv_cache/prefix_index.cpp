// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kv_cache/prefix_index.h"

#include <algorithm>
#include <bit>

#include "engine/base/check.h"

namespace vitrine::engine {

PrefixIndex::PrefixIndex(std::uint32_t blocks, std::uint32_t blockSize)
    : m_blockSize(blockSize), m_heads(std::bit_ceil(std::max(blocks, 1U)), kEnd), m_next(blocks, kEnd),
      m_prev(blocks, kEnd), m_presence(blocks, Presence::None), m_keys(blocks), m_parents(blocks),
      m_scopes(blocks), m_tokens(static_cast<std::size_t>(blocks) * blockSize)
{}

void PrefixIndex::insert(BlockId block, const Entry& entry, Presence presence)
{
    const std::size_t i = at(block);
    VT_CHECK(i < m_presence.size() && m_presence[i] == Presence::None && presence != Presence::None &&
             entry.tokens.size() == m_blockSize);
    m_keys[i] = entry.key;
    m_parents[i] = entry.parent;
    m_scopes[i] = entry.scope;
    std::copy(entry.tokens.begin(), entry.tokens.end(), m_tokens.begin() + i * m_blockSize);

    std::int32_t& head = m_heads[bucket(entry.key)];
    m_next[i] = head;
    m_prev[i] = kEnd;
    if (head != kEnd)
        m_prev[static_cast<std::size_t>(head)] = block.value;
    head = block.value;
    m_presence[i] = presence;
    ++m_size;
}

void PrefixIndex::erase(BlockId block)
{
    const std::size_t i = at(block);
    VT_CHECK(i < m_presence.size() && m_presence[i] != Presence::None);
    if (m_prev[i] == kEnd)
        m_heads[bucket(m_keys[i])] = m_next[i];
    else
        m_next[static_cast<std::size_t>(m_prev[i])] = m_next[i];
    if (m_next[i] != kEnd)
        m_prev[static_cast<std::size_t>(m_next[i])] = m_prev[i];
    m_presence[i] = Presence::None;
    --m_size;
}

void PrefixIndex::setPresence(BlockId block, Presence presence)
{
    VT_CHECK(m_presence[at(block)] != Presence::None && presence != Presence::None);
    m_presence[at(block)] = presence;
}

PrefixIndex::Entry PrefixIndex::entry(BlockId block) const
{
    const std::size_t i = at(block);
    return {m_keys[i], m_parents[i], m_scopes[i], std::span(m_tokens).subspan(i * m_blockSize, m_blockSize)};
}

bool PrefixIndex::matches(std::int32_t block, const Entry& wanted) const
{
    if (!(m_keys[static_cast<std::size_t>(block)] == wanted.key))
        return false;
    const Entry here = entry(BlockId{block});
    return here.parent == wanted.parent && here.scope == wanted.scope &&
           std::equal(here.tokens.begin(), here.tokens.end(), wanted.tokens.begin(), wanted.tokens.end());
}

BlockId PrefixIndex::findFrom(std::int32_t block, const Entry& wanted) const
{
    for (; block != kEnd; block = m_next[static_cast<std::size_t>(block)])
        if (isFull(BlockId{block}) && matches(block, wanted))
            return BlockId{block};
    return kNullBlock;
}

BlockId PrefixIndex::find(const Entry& wanted) const
{
    return findFrom(m_heads[bucket(wanted.key)], wanted);
}

BlockId PrefixIndex::findNext(BlockId block) const
{
    return findFrom(m_next[at(block)], entry(block));
}

BlockId PrefixIndex::findCopy(BlockId block) const
{
    const BlockId first = find(entry(block));
    return first == block ? findNext(block) : first;
}

BlockId PrefixIndex::findBest(const Entry& wanted) const
{
    BlockId best = kNullBlock;
    for (std::int32_t block = m_heads[bucket(wanted.key)]; block != kEnd;
         block = m_next[static_cast<std::size_t>(block)]) {
        if (!matches(block, wanted))
            continue;
        if (isFull(BlockId{block}))
            return BlockId{block};
        if (best == kNullBlock || presence(BlockId{block}) > presence(best))
            best = BlockId{block};
    }
    return best;
}

std::string PrefixIndex::checkInvariants(const PrefixHasher& hasher) const
{
    std::uint32_t reached = 0;
    for (std::size_t b = 0; b < m_heads.size(); ++b) {
        std::int32_t previous = kEnd;
        for (std::int32_t block = m_heads[b]; block != kEnd;
             block = m_next[static_cast<std::size_t>(block)]) {
            const std::string name = "prefix index: block " + std::to_string(block);
            const Entry here = entry(BlockId{block});
            if (presence(BlockId{block}) == Presence::None ||
                m_prev[static_cast<std::size_t>(block)] != previous)
                return name + " is chained but not indexed, or does not point back";
            if (bucket(here.key) != b || !(hasher.key(here.parent, here.scope, here.tokens) == here.key))
                return name + " has a key that is not that of its contents";
            if (++reached > m_size)
                return name + " is in a loop";
            previous = block;
        }
    }
    const auto flagged = static_cast<std::uint32_t>(
        std::count_if(m_presence.begin(), m_presence.end(), [](Presence p) { return p != Presence::None; }));
    return reached == m_size && flagged == m_size ? std::string() : "prefix index: counts are wrong";
}

} // namespace vitrine::engine
