// SPDX-License-Identifier: GPL-3.0-or-later
// The part of a pattern that is being read, and the reading of sets in it: [a-z&&[^\p{Lu}]], \p{L}, \s.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/tokenizer/regex/character_set.h"

namespace vitrine::engine::regex {

/// A pattern and how much of it has been read.
struct PatternReader
{
    std::string_view text;
    std::size_t at = 0;

    bool atEnd() const { return at >= text.size(); }
    char peek() const { return atEnd() ? '\0' : text[at]; }
    bool startsWith(std::string_view part) const { return text.substr(at).starts_with(part); }
    /// Takes `part` where it comes next.
    bool take(std::string_view part);
    Result<char32_t> character();
    Error wrong(const std::string& what) const;
};

/// A class after "\": d, s, w, h, p{…} and their negations. Nothing read and no value when it is not one.
Result<std::optional<CharacterSet>> readClassEscape(PatternReader& reader);
/// The character that an escape after "\" stands for.
Result<char32_t> readCharacterEscape(PatternReader& reader);
/// What follows "[" up to and with the "]" that closes it.
Result<CharacterSet> readSet(PatternReader& reader, int depth);

} // namespace vitrine::engine::regex
