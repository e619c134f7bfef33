// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/added_tokens.h"

#include <algorithm>

#include "engine/tokenizer/unicode.h"

namespace vitrine::engine {

namespace {

std::unordered_map<TokenId, AddedToken> byId(std::vector<AddedToken> tokens)
{
    std::unordered_map<TokenId, AddedToken> all;
    for (AddedToken& token : tokens)
        if (!token.text.empty())
            all.emplace(token.id, std::move(token));
    return all;
}

std::vector<SpecialTokenMatcher::Entry> entriesOf(const std::unordered_map<TokenId, AddedToken>& tokens)
{
    std::vector<SpecialTokenMatcher::Entry> entries;
    for (const auto& [id, token] : tokens)
        entries.push_back({token.text, id, !token.special});
    return entries;
}

/// Where the character begins that ends at `end`.
std::size_t lastCharacter(std::string_view text, std::size_t end)
{
    std::size_t at = end - 1;
    while (at > 0 && end - at < 4 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
        --at;
    return at;
}

} // namespace

AddedTokens::AddedTokens(std::vector<AddedToken> tokens)
    : m_tokens(byId(std::move(tokens))), m_matcher(entriesOf(m_tokens)), m_spaces(regex::spaceSet()),
      m_letters(regex::wordSet())
{
    m_letters.add(0x200C, 0x200D); // joiners are within words
    m_letters.freeze();
}

bool AddedTokens::isSpecial(TokenId id) const
{
    const auto found = m_tokens.find(id);
    return found != m_tokens.end() && found->second.special;
}

bool AddedTokens::withinWord(std::string_view text, const SpecialTokenMatcher::Match& match) const
{
    const auto letter = [&](std::size_t at) { return m_letters.contains(unicode::decodeAt(text, at).code); };
    return (match.begin > 0 && letter(lastCharacter(text, match.begin))) ||
           (match.end < text.size() && letter(match.end));
}

std::size_t AddedTokens::spacesBefore(std::string_view text, std::size_t from, std::size_t at) const
{
    while (at > from) {
        const std::size_t begin = lastCharacter(text, at);
        if (begin < from || !m_spaces.contains(unicode::decodeAt(text, begin).code))
            break;
        at = begin;
    }
    return at;
}

std::size_t AddedTokens::spacesAfter(std::string_view text, std::size_t at) const
{
    while (at < text.size()) {
        const unicode::Decoded next = unicode::decodeAt(text, at);
        if (!m_spaces.contains(next.code))
            break;
        at += next.length;
    }
    return at;
}

std::optional<AddedTokens::Match> AddedTokens::next(std::string_view text, std::size_t from,
                                                    std::size_t taken, SpecialTokens special,
                                                    std::span<const std::size_t> typed) const
{
    auto found = m_matcher.next(text, from, special, typed);
    while (found && m_tokens.at(found->id).singleWord && withinWord(text, *found))
        found = m_matcher.next(text, found->end, special, typed);
    if (!found)
        return std::nullopt;
    Match match{std::max(found->begin, taken), found->end, found->id, found->end};
    const AddedToken& token = m_tokens.at(match.id);
    if (token.takesLeft)
        match.begin = spacesBefore(text, taken, match.begin);
    if (token.takesRight)
        match.end = spacesAfter(text, match.end);
    match.end = std::max(match.end, taken);
    return match;
}

} // namespace vitrine::engine
