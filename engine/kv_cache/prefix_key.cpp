// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kv_cache/prefix_key.h"

#include <array>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace vitrine::engine {

PrefixKey PrefixHasher::key(const PrefixKey& parent, const CacheScope& scope,
                            std::span<const TokenId> tokens) const
{
    const XXH128_hash_t own = XXH3_128bits_withSeed(tokens.data(), tokens.size_bytes(), m_seed);
    const std::array<std::uint64_t, 8> all{parent.high,   parent.low,    m_modelKey, scope.salt,
                                           scope.adapter, scope.content, own.high64, own.low64};
    const XXH128_hash_t key = XXH3_128bits_withSeed(all.data(), sizeof all, m_seed);
    return {key.high64, key.low64};
}

} // namespace vitrine::engine
