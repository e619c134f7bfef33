// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/radix_tree.h"

#include <algorithm>

#include <xxhash.h>

namespace vitrine::engine {

std::span<const TokenId> RadixTree::firstChunk(std::span<const TokenId> tokens) const
{
    return tokens.first(std::min<std::size_t>(tokens.size(), m_chunk));
}

std::uint64_t RadixTree::keyOf(std::uint32_t node, std::span<const TokenId> chunk) const
{
    return XXH3_64bits_withSeed(chunk.data(), chunk.size_bytes(), node);
}

std::uint32_t RadixTree::child(std::uint32_t node, std::span<const TokenId> chunk) const
{
    const auto [from, to] = m_children.equal_range(keyOf(node, chunk));
    for (auto at = from; at != to; ++at) {
        const Node& one = m_nodes[at->second];
        if (one.parent == node && std::ranges::equal(firstChunk(one.tokens), chunk))
            return at->second;
    }
    return kRoot; // which is nobody's child
}

/// In whole chunks; a last chunk that is not full counts when both end with it.
std::size_t RadixTree::common(std::span<const TokenId> a, std::span<const TokenId> b) const
{
    const std::size_t most = std::min(a.size(), b.size());
    const auto differ = std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(most), b.begin());
    const auto same = static_cast<std::size_t>(differ.first - a.begin());
    if (same == a.size() && same == b.size())
        return same;
    return same / m_chunk * m_chunk;
}

void RadixTree::link(std::uint32_t child)
{
    const Node& node = m_nodes[child];
    m_children.emplace(keyOf(node.parent, firstChunk(node.tokens)), child);
}

void RadixTree::unlink(std::uint32_t child)
{
    const Node& node = m_nodes[child];
    auto [from, to] = m_children.equal_range(keyOf(node.parent, firstChunk(node.tokens)));
    for (; from != to; ++from)
        if (from->second == child) {
            m_children.erase(from);
            return;
        }
}

std::uint32_t RadixTree::append(std::uint32_t parent, std::span<const TokenId> tokens,
                                std::uint32_t firstToken)
{
    const auto node = static_cast<std::uint32_t>(m_nodes.size());
    m_nodes.push_back({parent, tokens, firstToken});
    link(node);
    return node;
}

/// The first `tokens` of the node become a node above it.
std::uint32_t RadixTree::split(std::uint32_t node, std::size_t tokens)
{
    unlink(node);
    Node& lower = m_nodes[node];
    const Node first{lower.parent, lower.tokens.first(tokens), lower.firstToken};
    lower.tokens = lower.tokens.subspan(tokens);
    lower.firstToken += static_cast<std::uint32_t>(tokens);
    const std::uint32_t upper = append(first.parent, first.tokens, first.firstToken);
    m_nodes[node].parent = upper; // the list may have moved
    link(node);
    return upper;
}

std::uint32_t RadixTree::insert(std::span<const TokenId> sequence)
{
    std::uint32_t node = kRoot, position = 0;
    while (!sequence.empty()) {
        const std::uint32_t next = child(node, firstChunk(sequence));
        if (next == kRoot)
            return append(node, sequence, position);
        const std::size_t same = common(m_nodes[next].tokens, sequence);
        node = same == m_nodes[next].tokens.size() ? next : split(next, same);
        position += static_cast<std::uint32_t>(same);
        sequence = sequence.subspan(same);
    }
    return node;
}

} // namespace vitrine::engine
