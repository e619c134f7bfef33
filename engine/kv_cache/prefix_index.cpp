// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kv_cache/prefix_index.h"

#include <algorithm>
#include <bit>

#include "engine/base/check.h"

namespace vitrine::engine {

PrefixIndex::PrefixIndex(std::uint32_t blocks, std::uint32_t blockSize)
    : m_blockSize(blockSize), m_heads(std::bit_ceil(std::max(blocks, 1U)), kEnd), m_next(blocks, kEnd),
      m_prev(blocks, kEnd), m_indexed(blocks, 0), m_keys(blocks), m_parents(blocks), m_salts(blocks, 0),
      m_tokens(static_cast<std::size_t>(blocks) * blockSize)
{}

void PrefixIndex::insert(BlockId block, const Entry& entry)
{
    const std::size_t i = at(block);
    VT_CHECK(i < m_indexed.size() && m_indexed[i] == 0 && entry.tokens.size() == m_blockSize);
    m_keys[i] = entry.key;
    m_parents[i] = entry.parent;
    m_salts[i] = entry.salt;
    std::copy(entry.tokens.begin(), entry.tokens.end(), m_tokens.begin() + i * m_blockSize);

    std::int32_t& head = m_heads[bucket(entry.key)];
    m_next[i] = head;
    m_prev[i] = kEnd;
    if (head != kEnd)
        m_prev[static_cast<std::size_t>(head)] = block.value;
    head = block.value;
    m_indexed[i] = 1;
    ++m_size;
}

void PrefixIndex::erase(BlockId block)
{
    const std::size_t i = at(block);
    VT_CHECK(i < m_indexed.size() && m_indexed[i] != 0);
    if (m_prev[i] == kEnd)
        m_heads[bucket(m_keys[i])] = m_next[i];
    else
        m_next[static_cast<std::size_t>(m_prev[i])] = m_next[i];
    if (m_next[i] != kEnd)
        m_prev[static_cast<std::size_t>(m_next[i])] = m_prev[i];
    m_indexed[i] = 0;
    --m_size;
}

PrefixIndex::Entry PrefixIndex::entry(BlockId block) const
{
    const std::size_t i = at(block);
    return {m_keys[i], m_parents[i], m_salts[i], std::span(m_tokens).subspan(i * m_blockSize, m_blockSize)};
}

BlockId PrefixIndex::findFrom(std::int32_t block, const Entry& wanted) const
{
    for (; block != kEnd; block = m_next[static_cast<std::size_t>(block)]) {
        if (!(m_keys[static_cast<std::size_t>(block)] == wanted.key))
            continue;
        const Entry here = entry(BlockId{block});
        if (here.parent == wanted.parent && here.salt == wanted.salt &&
            std::equal(here.tokens.begin(), here.tokens.end(), wanted.tokens.begin(), wanted.tokens.end()))
            return BlockId{block};
    }
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

std::string PrefixIndex::checkInvariants(const PrefixHasher& hasher) const
{
    std::uint32_t reached = 0;
    for (std::size_t b = 0; b < m_heads.size(); ++b) {
        std::int32_t previous = kEnd;
        for (std::int32_t block = m_heads[b]; block != kEnd;
             block = m_next[static_cast<std::size_t>(block)]) {
            const std::string name = "prefix index: block " + std::to_string(block);
            const Entry here = entry(BlockId{block});
            if (!contains(BlockId{block}) || m_prev[static_cast<std::size_t>(block)] != previous)
                return name + " is chained but not indexed, or does not point back";
            if (bucket(here.key) != b || !(hasher.key(here.parent, here.salt, here.tokens) == here.key))
                return name + " has a key that is not that of its contents";
            if (++reached > m_size)
                return name + " is in a loop";
            previous = block;
        }
    }
    const auto flagged = static_cast<std::uint32_t>(std::count(m_indexed.begin(), m_indexed.end(), 1));
    return reached == m_size && flagged == m_size ? std::string() : "prefix index: counts are wrong";
}

} // namespace vitrine::engine
