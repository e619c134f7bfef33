// SPDX-License-Identifier: GPL-3.0-or-later
// Regular expressions as tokenisers use them: the first match, leftmost, alternatives in their order.
// Compiled once; immutable, any thread. Work is bounded: a search stops after so many steps, whatever the
// expression.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/base/result.h"
#include "engine/tokenizer/regex/program.h"

namespace vitrine::engine::regex {

struct Span
{
    std::size_t begin, end; ///< bytes
};

/// Steps that searches may still take; they find nothing once it is used up.
class Budget
{
public:
    /// Many times what published expressions need for a text of this length.
    explicit Budget(std::size_t bytes) : m_steps(20000 + 500 * static_cast<std::uint64_t>(bytes)) {}
    bool spend()
    {
        if (m_steps == 0)
            return false;
        --m_steps;
        return true;
    }
    bool exhausted() const { return m_steps == 0; }

private:
    std::uint64_t m_steps;
};

class Regex
{
public:
    static Result<Regex> compile(std::string_view pattern);

    /// The first match that begins at `from` or later. Broken UTF-8 counts as U+FFFD, byte by byte.
    std::optional<Span> find(std::string_view text, std::size_t from, Budget& budget) const;

private:
    explicit Regex(Program program) : m_program(std::move(program)) {}
    Program m_program;
};

/// All matches of a text in turn. Those that take nothing count, other than right behind another.
class Matches
{
public:
    /// Borrows all three.
    Matches(const Regex& regex, std::string_view text, Budget& budget)
        : m_regex(regex), m_text(text), m_budget(budget)
    {}
    std::optional<Span> next();

private:
    const Regex& m_regex;
    std::string_view m_text;
    Budget& m_budget;
    std::size_t m_from = 0;
    std::optional<std::size_t> m_lastEnd;
};

} // namespace vitrine::engine::regex
