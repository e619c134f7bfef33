// SPDX-License-Identifier: GPL-3.0-or-later
// Which prefixes a replica was sent lately, by the keys of their full KV blocks: what its prefix cache is
// likely to hold. A guess that costs nothing to be wrong about. As many keys as the replica has blocks, those
// used last. One owner, one thread.
#pragma once

#include <cstddef>
#include <list>
#include <span>
#include <unordered_map>

#include "engine/kv_cache/prefix_key.h"

namespace vitrine::engine {

class PrefixMemory
{
public:
    explicit PrefixMemory(std::size_t blocks) : m_most(blocks) {}

    /// Keys of one sequence, its first block first. The first ones stay longest: more depends on them.
    void remember(std::span<const PrefixKey> keys);
    /// How many of the first keys are there.
    std::size_t known(std::span<const PrefixKey> keys) const;
    std::size_t size() const { return m_places.size(); }

private:
    struct KeyHash
    {
        std::size_t operator()(const PrefixKey& key) const { return static_cast<std::size_t>(key.low); }
    };

    void touch(const PrefixKey& key);

    std::size_t m_most;
    std::list<PrefixKey> m_byUse; ///< the last one used is the first
    std::unordered_map<PrefixKey, std::list<PrefixKey>::iterator, KeyHash> m_places;
};

} // namespace vitrine::engine
