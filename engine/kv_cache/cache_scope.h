// SPDX-License-Identifier: GPL-3.0-or-later
// What keys and values depend on besides tokens and model. Part of every prefix key and compared on a hit:
// requests share KV only within equal scopes.
#pragma once

#include <cstdint>

namespace vitrine::engine {

struct CacheScope
{
    std::uint64_t salt = 0;    ///< per client where others must not learn by timing what it asked
    std::uint64_t adapter = 0; ///< weights laid over the model's
    std::uint64_t content = 0; ///< images and the like that stand for tokens
    bool operator==(const CacheScope&) const = default;
};

} // namespace vitrine::engine
