// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/regex/regex.h"

#include "engine/tokenizer/unicode.h"

namespace vitrine::engine::regex {

Result<Regex> Regex::compile(std::string_view pattern)
{
    auto tree = parse(pattern);
    if (!tree)
        return tree.error();
    auto program = regex::compile(std::move(*tree));
    if (!program)
        return program.error();
    return Regex(std::move(*program));
}

std::optional<Span> Regex::find(std::string_view text, std::size_t from, Budget& budget) const
{
    Matcher matcher(m_program, text, budget);
    return find(matcher, text, from, budget);
}

std::optional<Span> Regex::find(Matcher& matcher, std::string_view text, std::size_t from,
                                const Budget& budget) const
{
    const FirstBytes& firsts = m_program.firsts.back();
    const Instruction& first = m_program.code[0];
    const bool beginsWithRun = first.operation == Operation::RepeatSet && first.most == Node::kEndless;
    for (std::size_t at = from; at < text.size() && !budget.exhausted();) {
        if (!firsts[static_cast<unsigned char>(text[at])]) {
            at = matcher.after(at);
            continue;
        }
        if (const auto end = matcher.run(0, at))
            return Span{at, *end};
        // A run of one set that leads nowhere from its end, nor from any character before, leads nowhere from
        // within either: without this, "\s+$" would take the square of the spaces.
        at = beginsWithRun ? std::max(matcher.after(at), matcher.reached()) : matcher.after(at);
    }
    if (!m_program.matchesEmpty || from > text.size() || budget.exhausted())
        return std::nullopt;
    const auto end = matcher.run(0, text.size());
    return end ? std::optional(Span{text.size(), *end}) : std::nullopt;
}

std::optional<Span> Matches::next()
{
    auto match = m_regex.find(m_matcher, m_text, m_from, m_budget);
    if (match && match->begin == match->end && m_lastEnd == match->end) {
        if (match->end >= m_text.size())
            return std::nullopt;
        const unicode::Decoded passed = unicode::decodeAt(m_text, match->end);
        const bool valid = passed.status == unicode::DecodeStatus::Valid;
        match = m_regex.find(m_matcher, m_text, match->end + (valid ? passed.length : 1U), m_budget);
    }
    if (match) {
        m_from = match->end;
        m_lastEnd = match->end;
    }
    return match;
}

} // namespace vitrine::engine::regex
