// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/alignment.h"

#include <algorithm>
#include <deque>
#include <unordered_map>

namespace vitrine::engine {

Alignment alignRequests(std::span<const RequestFigures> a, std::span<const RequestFigures> b)
{
    Alignment alignment;
    const std::size_t most = std::min(a.size(), b.size());
    if (most == 0)
        return alignment;
    std::unordered_map<std::uint64_t, std::deque<std::size_t>> byPrompt;
    for (std::size_t i = 0; i < b.size(); ++i)
        if (b[i].promptKey != 0)
            byPrompt[b[i].promptKey].push_back(i);
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto same = byPrompt.find(a[i].promptKey);
        if (a[i].promptKey == 0 || same == byPrompt.end() || same->second.empty())
            continue;
        alignment.pairs.emplace_back(i, same->second.front());
        same->second.pop_front();
    }
    alignment.pairing = Pairing::SamePrompt;
    if (alignment.pairs.size() * 2 >= most)
        return alignment;
    alignment = {.pairing = Pairing::Arrival, .pairs = {}};
    for (std::size_t i = 0; i < most; ++i)
        alignment.pairs.emplace_back(i, i);
    return alignment;
}

} // namespace vitrine::engine
