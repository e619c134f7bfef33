// SPDX-License-Identifier: GPL-3.0-or-later
// A regular expression as instructions for the matcher.
#pragma once

#include <bitset>
#include <cstdint>
#include <vector>

#include "engine/base/result.h"
#include "engine/tokenizer/regex/syntax_tree.h"

namespace vitrine::engine::regex {

enum class Operation : std::uint8_t {
    Match,     ///< all of it, or the part of an Atomic or Ahead, has matched
    Set,       ///< takes one character of `set`
    RepeatSet, ///< takes `least` to `most` characters of `set`; gives some back unless possessive
    Prefer,    ///< goes on; where that fails, at `target`
    PreferFar, ///< goes to `target`; where that fails, on
    Branch,    ///< as Prefer, and straight to `target` where the next byte cannot begin this branch
    Jump,      ///< goes to `target`
    Atomic,    ///< the part behind it; then at `target`, without a way back into the part
    Ahead,     ///< likewise, and gives back what the part took; negated: only where the part fails
    Behind,    ///< the character before is in `set`; negated: is not, or there is none
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    WordEdge,
};

struct Instruction
{
    Operation operation = Operation::Match;
    bool negated = false;
    bool possessive = false;
    std::uint32_t set = 0;    ///< index into Program::sets; of a Branch, into Program::firsts
    std::uint32_t target = 0; ///< index of an instruction
    std::uint32_t least = 0, most = 0;
};

using FirstBytes = std::bitset<256>; ///< that a match can begin with

struct Program
{
    std::vector<Instruction> code;
    std::vector<CharacterSet> sets; ///< the last one is \w
    std::vector<FirstBytes> firsts; ///< the last one is that of the whole
    bool matchesEmpty = false;      ///< a match may take nothing
};

/// Refuses what could run for ever or grow too large: an endless repeat of what may be empty, for one.
Result<Program> compile(SyntaxTree tree);

} // namespace vitrine::engine::regex
