// SPDX-License-Identifier: GPL-3.0-or-later
// Names the contents of a full KV block together with everything before it: a 128-bit hash of the parent
// block's key, the block's tokens and what else the K and V depend on. Seeded, so that keys cannot be
// predicted from outside the process.
#pragma once

#include <cstdint>
#include <span>

#include "engine/base/ids.h"
#include "engine/kv_cache/cache_scope.h"

namespace vitrine::engine {

struct PrefixKey
{
    std::uint64_t high = 0, low = 0; ///< both 0: the empty prefix
    bool operator==(const PrefixKey&) const = default;
};

class PrefixHasher
{
public:
    PrefixHasher(std::uint64_t seed, std::uint64_t modelKey) : m_seed(seed), m_modelKey(modelKey) {}

    PrefixKey key(const PrefixKey& parent, const CacheScope& scope, std::span<const TokenId> tokens) const;

private:
    std::uint64_t m_seed;
    std::uint64_t m_modelKey;
};

} // namespace vitrine::engine
