// SPDX-License-Identifier: GPL-3.0-or-later
// The prefix cache as one would explain it: blocks are named by all tokens up to their end, kept in a list by
// last use, and the one unused for longest makes room. Slow and obvious; the real one must agree.
#pragma once

#include <algorithm>
#include <list>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "engine/kv_cache/kv_cache.h"

namespace vitrine::engine::test {

class ReferencePrefixCache
{
public:
    ReferencePrefixCache(std::uint32_t blocks, std::uint32_t blockSize) : m_blocks(blocks), m_size(blockSize)
    {}

    /// Tokens of the longest prefix in full blocks, but never all of them.
    std::uint32_t lookUp(std::span<const TokenId> tokens, const CacheScope& scope) const
    {
        std::uint32_t found = 0;
        while (found + m_size < tokens.size() && holder(nameOf(tokens, found + m_size, scope)))
            found += m_size;
        return found;
    }

    /// A request that shares what is found and computes the rest at once.
    void run(RequestId id, std::span<const TokenId> tokens, const CacheScope& scope)
    {
        const std::uint32_t found = lookUp(tokens, scope);
        std::vector<Block*> table;
        for (std::uint32_t end = m_size; end <= found; end += m_size) {
            Block* block = *holder(nameOf(tokens, end, scope));
            ++block->references;
            table.push_back(block);
        }
        for (std::uint32_t begin = found; begin < tokens.size(); begin += m_size)
            table.push_back(take());
        for (std::uint32_t end = found + m_size; end <= tokens.size(); end += m_size)
            *table[end / m_size - 1] = {nameOf(tokens, end, scope), 1, ++m_namings};
        m_tables[id] = table;
    }

    /// Blocks go back tail first, as the ones used last; of several copies one is kept.
    void close(RequestId id)
    {
        const std::vector<Block*> table = m_tables.at(id);
        m_tables.erase(id);
        for (auto block = table.rbegin(); block != table.rend(); ++block) {
            if (--(*block)->references > 0)
                continue;
            const bool copy = !(*block)->name.empty() && copies((*block)->name) > 1;
            if (copy)
                (*block)->name.clear();
            const auto place =
                std::find_if(m_all.begin(), m_all.end(), [&](const Block& b) { return &b == *block; });
            if ((*block)->name.empty())
                m_all.erase(place); // holds nothing: as if it did not exist
            else
                m_all.splice(m_all.end(), m_all, place);
        }
    }

    std::uint32_t cached() const
    {
        return count([](const Block& b) { return b.references == 0; });
    }
    std::uint32_t referenced() const
    {
        return count([](const Block& b) { return b.references > 0; });
    }

private:
    using Name = std::vector<std::uint64_t>; // scope and every token up to the block's end
    struct Block
    {
        Name name;
        int references = 0;
        std::uint64_t naming = 0; ///< of several copies the one named last is found
    };

    static Name nameOf(std::span<const TokenId> tokens, std::uint32_t end, const CacheScope& scope)
    {
        Name name{scope.salt, scope.adapter, scope.content};
        name.insert(name.end(), tokens.begin(), tokens.begin() + end);
        return name;
    }

    std::optional<Block*> holder(const Name& name) const
    {
        const Block* last = nullptr;
        for (const Block& block : m_all)
            if (block.name == name && (last == nullptr || block.naming > last->naming))
                last = &block;
        return last == nullptr ? std::nullopt : std::optional(const_cast<Block*>(last));
    }

    long copies(const Name& name) const
    {
        return std::count_if(m_all.begin(), m_all.end(), [&](const Block& b) { return b.name == name; });
    }

    template<class Condition>
    std::uint32_t count(Condition condition) const
    {
        return static_cast<std::uint32_t>(std::count_if(m_all.begin(), m_all.end(), condition));
    }

    /// A new block; when the pool is full the cached one used longest ago makes room.
    Block* take()
    {
        if (m_all.size() == m_blocks)
            m_all.erase(
                std::find_if(m_all.begin(), m_all.end(), [](const Block& b) { return b.references == 0; }));
        m_all.push_back({{}, 1, 0});
        return &m_all.back();
    }

    std::uint32_t m_blocks, m_size;
    std::uint64_t m_namings = 0;
    std::list<Block> m_all; // by last release; only blocks that hold something
    std::map<RequestId, std::vector<Block*>> m_tables;
};

} // namespace vitrine::engine::test
