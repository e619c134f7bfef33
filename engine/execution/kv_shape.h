// SPDX-License-Identifier: GPL-3.0-or-later
// How the KV memory of one block is cut into pages. A page is the K and V of `blockSize` tokens in some of
// the layers; all pages are equally large and come from one pool. Layers that see everything need their pages
// as long as the block is of use; layers with a sliding window give theirs back once the window has passed.
#pragma once

#include <cstdint>

namespace vitrine::engine {

struct KvShape
{
    std::uint32_t fullPages = 1;   ///< of a block, for layers that see everything
    std::uint32_t windowPages = 0; ///< for layers with a sliding window; 0: those are not told apart
    std::uint32_t window = 0;      ///< keys that the widest of these sees, the query's own included

    bool mixed() const { return windowPages > 0; }
    std::uint32_t blockPages() const { return fullPages + windowPages; }
    bool operator==(const KvShape&) const = default;
};

} // namespace vitrine::engine
