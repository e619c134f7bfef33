// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/text.h"

#include <array>
#include <cstdint>

namespace vitrine::engine {

namespace {

struct Utf8Form
{
    std::size_t length = 0;
    std::uint32_t bits = 0;  // of the code point in the first byte
    std::uint32_t least = 0; // smallest code point that needs this length
};

Utf8Form formOf(std::uint8_t first)
{
    if (first < 0x80)
        return {1, first, 0};
    if ((first & 0xE0U) == 0xC0)
        return {2, first & 0x1FU, 0x80};
    if ((first & 0xF0U) == 0xE0)
        return {3, first & 0x0FU, 0x800};
    if ((first & 0xF8U) == 0xF0)
        return {4, first & 0x07U, 0x10000};
    return {};
}

void appendByte(std::string& out, std::uint8_t byte)
{
    constexpr std::array<char, 17> kDigits{"0123456789abcdef"};
    switch (byte) {
    case '\n':
        out += "\\n";
        return;
    case '\r':
        out += "\\r";
        return;
    case '\t':
        out += "\\t";
        return;
    default:
        out += "\\x";
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 15U];
    }
}

/// Control characters, and those that turn the direction of the text after them.
bool isUnshowable(std::string_view character)
{
    const auto first = static_cast<std::uint8_t>(character[0]);
    if (first < 0x20 || first == 0x7F)
        return true;
    if (character.size() == 2)
        return first == 0xC2 && static_cast<std::uint8_t>(character[1]) < 0xA0;
    const bool turns = character >= "\u202A" && character <= "\u202E";
    const bool isolates = character >= "\u2066" && character <= "\u2069";
    return character.size() == 3 && (turns || isolates);
}

/// `text` with everything escaped that is not UTF-8 or not showable.
template<class IsShowable>
std::string shown(std::string_view text, std::size_t limit, IsShowable isShowable)
{
    std::string out;
    while (!text.empty()) {
        if (out.size() >= limit)
            return out + "…";
        const std::size_t length = utf8CharacterLength(text);
        const std::size_t taken = length == 0 ? 1 : length;
        if (length == 0 || !isShowable(text.substr(0, length))) {
            for (const char byte : text.substr(0, taken))
                appendByte(out, static_cast<std::uint8_t>(byte));
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(taken);
    }
    return out;
}

} // namespace

std::size_t utf8CharacterLength(std::string_view text)
{
    if (text.empty())
        return 0;
    const Utf8Form form = formOf(static_cast<std::uint8_t>(text[0]));
    if (form.length == 0 || form.length > text.size())
        return 0;
    std::uint32_t point = form.bits;
    for (std::size_t i = 1; i < form.length; ++i) {
        const auto byte = static_cast<std::uint8_t>(text[i]);
        if ((byte & 0xC0U) != 0x80)
            return 0;
        point = (point << 6U) | (byte & 0x3FU);
    }
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    return point < form.least || point > 0x10FFFF || surrogate ? 0 : form.length;
}

std::string printable(std::string_view text, std::size_t limit)
{
    return shown(text, limit, [](std::string_view character) { return !isUnshowable(character); });
}

std::string printableLines(std::string_view text, std::size_t limit)
{
    return shown(text, limit, [](std::string_view character) {
        return character == "\n" || character == "\t" || !isUnshowable(character);
    });
}

std::string quoted(std::string_view text, std::size_t limit)
{
    return '"' + printable(text, limit) + '"';
}

} // namespace vitrine::engine
