// SPDX-License-Identifier: GPL-3.0-or-later
// Characters: UTF-8 in and out, the classes that pre-tokenisers ask for, case mapping.
// Pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace vitrine::engine::unicode {

enum class CharClass : std::uint8_t {
    Other,
    Upper,
    Title,
    Lower,
    Modifier, ///< a modifier letter (Lm)
    Letter,   ///< a letter without case (Lo)
    Mark,
    Digit,
    Number, ///< Nl and No
    Punctuation,
    Symbol,
    Space, ///< White_Space of the Unicode database, what \s matches
    Control,
};

struct ClassRange
{
    char32_t first;
    CharClass kind;
};
struct CaseRange
{
    char32_t first, last;
    std::uint32_t stride;
    std::int32_t delta;
};
struct LongCase
{
    char32_t code;
    const char* text;
};

inline constexpr char32_t kReplacement = 0xFFFD;

enum class DecodeStatus : std::uint8_t {
    Valid,
    Invalid,   ///< these bytes can never become a character
    Truncated, ///< a character begins here and the text ends within it
};
struct Decoded
{
    char32_t code = kReplacement; ///< kReplacement unless Valid
    std::uint8_t length = 1; ///< bytes taken: the longest part that could begin a character, at least one
    DecodeStatus status = DecodeStatus::Invalid;
};

/// The character at `at`, which must be inside `text`.
Decoded decodeAt(std::string_view text, std::size_t at);
void append(std::string& text, char32_t code);
bool isValidUtf8(std::string_view text);
/// Number of characters; each broken part counts as one.
std::size_t length(std::string_view text);

/// Moves everything from `pending` to `out` that is decided: whole characters as they are, broken bytes as
/// U+FFFD. A character that has only begun stays in `pending`.
void moveComplete(std::string& pending, std::string& out);
/// Valid UTF-8: broken parts become U+FFFD.
std::string sanitized(std::string_view text);

CharClass classOf(char32_t code);
constexpr bool isLetter(CharClass kind)
{
    return kind >= CharClass::Upper && kind <= CharClass::Letter;
}
constexpr bool isNumber(CharClass kind)
{
    return kind == CharClass::Digit || kind == CharClass::Number;
}

/// Calls with every character and the one character that is its upper or lower case, where that differs.
void forEachCasePair(const std::function<void(char32_t, char32_t)>& call);
std::string upper(std::string_view text);
std::string lower(std::string_view text);
/// The first character as a title letter, the rest in lower case.
std::string capitalized(std::string_view text);

} // namespace vitrine::engine::unicode
