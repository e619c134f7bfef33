// SPDX-License-Identifier: GPL-3.0-or-later
// What a regular expression says, as a tree, and the parser of the dialect that tokenisers are written in:
// Oniguruma's, as far as published files use it. Sets, groups, inline (?i), alternatives, greedy, lazy and
// possessive repeats, atomic groups, look-ahead, look-behind at one character, anchors, \p{…}, && in sets.
// Back references and names are refused.
// Language: https://github.com/kkos/oniguruma/blob/master/doc/RE
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/tokenizer/regex/character_set.h"

namespace vitrine::engine::regex {

enum class NodeKind : std::uint8_t {
    Sequence,    ///< all children, in order; none: matches emptiness
    Alternation, ///< the first child that leads to a match
    Set,         ///< one character
    Repeat,      ///< the child, `least` to `most` times
    Atomic,      ///< the child; what it took is not given back
    Ahead,       ///< the child matches here, or does not where negated; takes nothing
    Behind,      ///< the child, a set, holds the character before
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    WordEdge, ///< \b, or \B where negated
};

enum class Greed : std::uint8_t { Greedy, Lazy, Possessive };

struct Node
{
    static constexpr std::uint32_t kEndless = 0xFFFFFFFF;

    NodeKind kind = NodeKind::Sequence;
    bool negated = false;
    Greed greed = Greed::Greedy;
    std::uint32_t least = 0, most = 0;
    std::uint32_t set = 0; ///< index into SyntaxTree::sets
    std::vector<Node> children;
};

struct SyntaxTree
{
    Node root;
    std::vector<CharacterSet> sets; ///< frozen
};

/// Errors say where in the pattern, counted in bytes from 0. Depth and size are bounded.
Result<SyntaxTree> parse(std::string_view pattern);

} // namespace vitrine::engine::regex
