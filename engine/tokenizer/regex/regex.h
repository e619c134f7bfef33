// SPDX-License-Identifier: GPL-3.0-or-later
// Regular expressions as tokenisers use them: the first match, leftmost, alternatives in their order.
// Compiled once; immutable, any thread. Work is bounded: a search stops after so many steps, whatever the
// expression.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/base/result.h"
#include "engine/tokenizer/regex/matcher.h"

namespace vitrine::engine::regex {

struct Span
{
    std::size_t begin, end; ///< bytes
};

class Regex
{
public:
    static Result<Regex> compile(std::string_view pattern);

    /// The first match that begins at `from` or later. Broken UTF-8 counts as U+FFFD, byte by byte.
    std::optional<Span> find(std::string_view text, std::size_t from, Budget& budget) const;

private:
    friend class Matches;
    explicit Regex(Program program) : m_program(std::move(program)) {}
    std::optional<Span> find(Matcher& matcher, std::string_view text, std::size_t from,
                             const Budget& budget) const;

    Program m_program;
};

/// All matches of a text in turn. Those that take nothing count, other than right behind another.
class Matches
{
public:
    /// Borrows all three.
    Matches(const Regex& regex, std::string_view text, Budget& budget)
        : m_regex(regex), m_text(text), m_budget(budget), m_matcher(regex.m_program, text, budget)
    {}
    std::optional<Span> next();

private:
    const Regex& m_regex;
    std::string_view m_text;
    Budget& m_budget;
    Matcher m_matcher;
    std::size_t m_from = 0;
    std::optional<std::size_t> m_lastEnd;
};

} // namespace vitrine::engine::regex
