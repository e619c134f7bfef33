// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/jinja/text_literal.h"

#include <cstddef>

#include "engine/tokenizer/unicode.h"

namespace vitrine::engine::jinja {

namespace {

int digitOf(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char low = static_cast<char>(c | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : 99;
}

/// Up to `most` digits of `base` at `at`, which moves past them.
char32_t number(std::string_view text, std::size_t& at, std::size_t most, int base)
{
    char32_t value = 0;
    for (std::size_t i = 0; i < most && at < text.size() && digitOf(text[at]) < base; ++i, ++at)
        value = value * static_cast<char32_t>(base) + static_cast<char32_t>(digitOf(text[at]));
    return value;
}

void appendCode(std::string& out, char32_t code)
{
    const bool character = code < 0x110000 && (code < 0xD800 || code > 0xDFFF);
    unicode::append(out, character ? code : unicode::kReplacement);
}

/// The escape after a backslash at `at`.
void appendEscape(std::string& out, std::string_view text, std::size_t& at)
{
    static constexpr std::string_view kPlain = "\\'\"abfnrtv", kMeaning = "\\'\"\a\b\f\n\r\t\v";
    const char c = text[at];
    if (const std::size_t known = kPlain.find(c); known != kPlain.npos) {
        out += kMeaning[known];
        ++at;
    } else if (c == '\n') {
        ++at; // the line goes on
    } else if (c >= '0' && c <= '7') {
        appendCode(out, number(text, at, 3, 8));
    } else if (c == 'x' || c == 'u' || c == 'U') {
        ++at;
        appendCode(out, number(text, at, c == 'x' ? 2 : c == 'u' ? 4 : 8, 16));
    } else {
        out += '\\'; // no escape: the backslash stays
    }
}

} // namespace

std::string unescaped(std::string_view text)
{
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] != '\\' || at + 1 == text.size()) {
            out += text[at++];
            continue;
        }
        appendEscape(out, text, ++at);
    }
    return out;
}

} // namespace vitrine::engine::jinja
