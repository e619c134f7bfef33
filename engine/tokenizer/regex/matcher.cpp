// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/regex/matcher.h"

#include <algorithm>

#include "engine/tokenizer/unicode.h"

namespace vitrine::engine::regex {

namespace {

using unicode::DecodeStatus;

} // namespace

std::size_t Matcher::after(std::size_t position) const
{
    const unicode::Decoded decoded = unicode::decodeAt(m_text, position);
    return position + (decoded.status == DecodeStatus::Valid ? decoded.length : 1U);
}

char32_t Matcher::codeAt(std::size_t position) const
{
    return unicode::decodeAt(m_text, position).code;
}

/// Where the character begins that ends at `position`.
std::size_t Matcher::before(std::size_t position) const
{
    const std::size_t longest = std::min<std::size_t>(position, 4);
    for (std::size_t length = 1; length <= longest; ++length) {
        const unicode::Decoded decoded = unicode::decodeAt(m_text, position - length);
        if (decoded.status == DecodeStatus::Valid && decoded.length == length)
            return position - length;
    }
    return position - 1; // a broken byte
}

bool Matcher::takes(const CharacterSet& set, std::size_t& position) const
{
    if (position >= m_text.size())
        return false;
    const auto byte = static_cast<unsigned char>(m_text[position]);
    if (byte < 0x80) {
        if (!set.contains(byte))
            return false;
        ++position;
        return true;
    }
    const unicode::Decoded decoded = unicode::decodeAt(m_text, position);
    if (!set.contains(decoded.code))
        return false;
    position += decoded.status == DecodeStatus::Valid ? decoded.length : 1U;
    return true;
}

bool Matcher::isWord(std::size_t position) const
{
    return m_program.sets.back().contains(codeAt(position));
}

bool Matcher::holds(const Instruction& code, std::size_t position) const
{
    const bool atStart = position == 0, atEnd = position >= m_text.size();
    switch (code.operation) {
    case Operation::Behind:
        return (!atStart && m_program.sets[code.set].contains(codeAt(before(position)))) != code.negated;
    case Operation::TextStart:
        return atStart;
    case Operation::TextEnd:
        return atEnd;
    case Operation::LineStart:
        return atStart || (m_text[position - 1] == '\n' && !atEnd);
    case Operation::LineEnd:
        return atEnd || m_text[position] == '\n';
    default:
        break;
    }
    const bool left = !atStart && isWord(before(position)), right = !atEnd && isWord(position);
    return (left != right) != code.negated;
}

bool Matcher::repeatSet(const Instruction& code, std::uint32_t instruction, std::size_t& position)
{
    const CharacterSet& set = m_program.sets[code.set];
    std::size_t lowest = position;
    std::uint32_t count = 0;
    while (count < code.most && m_budget.spend() && takes(set, position))
        if (++count <= code.least)
            lowest = position;
    if (instruction == 0)
        m_reached = position;
    if (count < code.least)
        return false;
    if (!code.possessive && position > lowest)
        m_choices.push_back({instruction + 1, position, lowest});
    return true;
}

/// An Atomic or Ahead with the part behind it.
bool Matcher::part(const Instruction& code, std::uint32_t& instruction, std::size_t& position)
{
    const auto end = run(instruction + 1, position);
    instruction = code.target;
    if (code.operation == Operation::Ahead)
        return end.has_value() != code.negated;
    if (end)
        position = *end;
    return end.has_value();
}

/// Does one instruction; false where it does not hold.
bool Matcher::step(std::uint32_t& instruction, std::size_t& position)
{
    const Instruction& code = m_program.code[instruction];
    switch (code.operation) {
    case Operation::Set:
        ++instruction;
        return takes(m_program.sets[code.set], position);
    case Operation::RepeatSet: {
        const bool enough = repeatSet(code, instruction, position);
        ++instruction;
        return enough;
    }
    case Operation::Branch: {
        const bool inside = position < m_text.size();
        const bool may = inside ? m_program.firsts[code.set][static_cast<unsigned char>(m_text[position])]
                                : m_program.firsts[code.set].all();
        if (!may) {
            instruction = code.target;
            return true;
        }
        [[fallthrough]];
    }
    case Operation::Prefer:
        m_choices.push_back({code.target, position, position});
        ++instruction;
        return true;
    case Operation::PreferFar:
        m_choices.push_back({instruction + 1, position, position});
        instruction = code.target;
        return true;
    case Operation::Jump:
        instruction = code.target;
        return true;
    case Operation::Atomic:
    case Operation::Ahead:
        return part(code, instruction, position);
    default:
        break;
    }
    ++instruction;
    return holds(code, position);
}

/// To the last choice that is left above `base`.
bool Matcher::goBack(std::size_t base, std::uint32_t& instruction, std::size_t& position)
{
    if (m_choices.size() == base)
        return false;
    Choice& choice = m_choices.back();
    instruction = choice.instruction;
    if (choice.position == choice.lowest) {
        position = choice.position;
        m_choices.pop_back();
        return true;
    }
    choice.position = position = before(choice.position);
    if (choice.position == choice.lowest)
        m_choices.pop_back();
    return true;
}

std::optional<std::size_t> Matcher::run(std::uint32_t instruction, std::size_t position)
{
    const std::size_t base = m_choices.size();
    std::optional<std::size_t> end;
    while (m_budget.spend()) {
        if (m_program.code[instruction].operation == Operation::Match) {
            end = position;
            break;
        }
        if (!step(instruction, position) && !goBack(base, instruction, position))
            break;
    }
    m_choices.resize(base);
    return end;
}

} // namespace vitrine::engine::regex
