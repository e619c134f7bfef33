// SPDX-License-Identifier: GPL-3.0-or-later
// The added_tokens of a tokenizer.json: texts that are found whole before words are cut, with the spaces
// around them that their flags take. Immutable; any thread.
#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/tokenizer/regex/character_set.h"
#include "engine/tokenizer/special_token_matcher.h"

namespace vitrine::engine {

struct AddedToken
{
    TokenId id = -1;
    std::string text;
    bool special = false;    ///< a control token: found only where that is asked for
    bool singleWord = false; ///< not within a word
    bool takesLeft = false;  ///< with the spaces before it
    bool takesRight = false;
    bool normalized = false; ///< found in the text as the normaliser leaves it
};

class AddedTokens
{
public:
    explicit AddedTokens(std::vector<AddedToken> tokens);
    AddedTokens(const AddedTokens&) = delete;
    AddedTokens& operator=(const AddedTokens&) = delete;

    bool empty() const { return m_tokens.empty(); }
    struct Match
    {
        std::size_t begin, end; ///< with the spaces that it takes
        TokenId id;
        std::size_t textEnd; ///< of its text: the next search goes on from here
    };
    /// The next match whose text begins at `from` or later; it takes no spaces before `taken`. Special tokens
    /// cover none of the bytes at the rising offsets `typed`, other than such spaces.
    std::optional<Match> next(std::string_view text, std::size_t from, std::size_t taken,
                              SpecialTokens special, std::span<const std::size_t> typed) const;
    bool isSpecial(TokenId id) const;

private:
    bool withinWord(std::string_view text, const SpecialTokenMatcher::Match& match) const;
    std::size_t spacesBefore(std::string_view text, std::size_t from, std::size_t at) const;
    std::size_t spacesAfter(std::string_view text, std::size_t at) const;

    std::unordered_map<TokenId, AddedToken> m_tokens; // the matcher's texts are in here
    SpecialTokenMatcher m_matcher;
    regex::CharacterSet m_spaces, m_letters;
};

} // namespace vitrine::engine
