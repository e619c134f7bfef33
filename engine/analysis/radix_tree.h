// SPDX-License-Identifier: GPL-3.0-or-later
// Sequences of tokens by their common beginnings, in chunks of one block. Edges are views into the sequences,
// which must outlive the tree. Any thread, one owner.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/base/ids.h"

namespace vitrine::engine {

class RadixTree
{
public:
    static constexpr std::uint32_t kRoot = 0;

    struct Node
    {
        std::uint32_t parent = kRoot;
        std::span<const TokenId> tokens; ///< whole chunks, but for the end of a sequence
        std::uint32_t firstToken = 0;    ///< so many stand before `tokens` in the sequence, and in memory
    };

    /// REQUIRES: chunk ≥ 1.
    explicit RadixTree(std::uint32_t chunk) : m_chunk(chunk), m_nodes(1) {}

    /// The node at which the sequence ends; it keeps this number when nodes are split later.
    std::uint32_t insert(std::span<const TokenId> sequence);

    const std::vector<Node>& nodes() const { return m_nodes; }

private:
    std::uint32_t child(std::uint32_t node, std::span<const TokenId> chunk) const;
    std::uint64_t keyOf(std::uint32_t node, std::span<const TokenId> chunk) const;
    std::size_t common(std::span<const TokenId> a, std::span<const TokenId> b) const;
    std::span<const TokenId> firstChunk(std::span<const TokenId> tokens) const;
    std::uint32_t append(std::uint32_t parent, std::span<const TokenId> tokens, std::uint32_t firstToken);
    std::uint32_t split(std::uint32_t node, std::size_t tokens);
    void link(std::uint32_t child);
    void unlink(std::uint32_t child);

    std::uint32_t m_chunk;
    std::vector<Node> m_nodes;
    std::unordered_multimap<std::uint64_t, std::uint32_t> m_children; // by parent and first chunk
};

} // namespace vitrine::engine
