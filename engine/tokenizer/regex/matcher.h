// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a program at one place of a text: takes the first way that leads through, and goes back to the last
// choice where one does not. The choices are on a list, not on the stack, so long texts are safe.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/tokenizer/regex/program.h"

namespace vitrine::engine::regex {

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

class Matcher
{
public:
    Matcher(const Program& program, std::string_view text, Budget& budget)
        : m_program(program), m_text(text), m_budget(budget)
    {}

    /// Where the match ends that begins at `position`.
    std::optional<std::size_t> run(std::uint32_t instruction, std::size_t position);
    /// How far the repeat of a set that begins the program came, the last time it ran from its begin.
    std::size_t reached() const { return m_reached; }
    /// Where the character ends that begins at `position`, inside the text.
    std::size_t after(std::size_t position) const;

private:
    struct Choice
    {
        std::uint32_t instruction;
        std::size_t position;
        std::size_t lowest; // a repeat may give characters back down to here; else the same as `position`
    };

    bool step(std::uint32_t& instruction, std::size_t& position);
    bool repeatSet(const Instruction& code, std::uint32_t instruction, std::size_t& position);
    bool part(const Instruction& code, std::uint32_t& instruction, std::size_t& position);
    bool holds(const Instruction& code, std::size_t position) const;
    bool goBack(std::size_t base, std::uint32_t& instruction, std::size_t& position);
    bool takes(const CharacterSet& set, std::size_t& position) const;
    bool isWord(std::size_t position) const;
    std::size_t before(std::size_t position) const;
    char32_t codeAt(std::size_t position) const;

    const Program& m_program;
    std::string_view m_text;
    Budget& m_budget;
    std::vector<Choice> m_choices;
    std::size_t m_reached = 0;
};

} // namespace vitrine::engine::regex
