// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/jinja/text_tools.h"

#include <algorithm>

#include "engine/tokenizer/unicode.h"

namespace vitrine::engine::jinja {

namespace {

bool isSpace(char32_t code)
{
    // Python counts the information separators as white space too.
    return (code >= 0x1C && code <= 0x1F) || unicode::classOf(code) == unicode::CharClass::Space;
}

bool strips(std::string_view character, const std::optional<std::string_view>& set)
{
    if (!set)
        return isSpace(unicode::decodeAt(character, 0).code);
    for (std::size_t at = 0; at < set->size();) {
        const std::size_t length = unicode::decodeAt(*set, at).length;
        if (set->substr(at, length) == character)
            return true;
        at += length;
    }
    return false;
}

/// Start of the last character of text that is not empty.
std::size_t lastCharacter(std::string_view text)
{
    std::size_t at = text.size() - 1;
    while (at > 0 && text.size() - at < 4 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
        --at;
    return unicode::decodeAt(text, at).length == text.size() - at ? at : text.size() - 1;
}

std::vector<std::string_view> splitSpace(std::string_view text, std::int64_t most, bool fromRight)
{
    std::vector<std::string_view> parts;
    for (text = fromRight ? stripRight(text) : stripLeft(text); !text.empty();) {
        if (most >= 0 && static_cast<std::int64_t>(parts.size()) == most) {
            parts.push_back(text);
            break;
        }
        std::size_t length = 0;
        while (length < text.size()) {
            const std::string_view rest =
                fromRight ? text.substr(0, text.size() - length) : text.substr(length);
            const std::size_t at = fromRight ? lastCharacter(rest) : 0;
            const std::string_view character =
                fromRight ? rest.substr(at) : rest.substr(0, unicode::decodeAt(rest, 0).length);
            if (strips(character, {}))
                break;
            length += character.size();
        }
        parts.push_back(fromRight ? text.substr(text.size() - length) : text.substr(0, length));
        text = fromRight ? stripRight(text.substr(0, text.size() - length)) : stripLeft(text.substr(length));
    }
    return parts;
}

std::vector<std::string_view> splitAt(std::string_view text, std::string_view separator, std::int64_t most,
                                      bool fromRight)
{
    std::vector<std::string_view> parts;
    while (most < 0 || static_cast<std::int64_t>(parts.size()) < most) {
        const std::size_t at = fromRight ? text.rfind(separator) : text.find(separator);
        if (at == text.npos)
            break;
        parts.push_back(fromRight ? text.substr(at + separator.size()) : text.substr(0, at));
        text = fromRight ? text.substr(0, at) : text.substr(at + separator.size());
    }
    parts.push_back(text);
    return parts;
}

} // namespace

std::string_view stripLeft(std::string_view text, std::optional<std::string_view> characters)
{
    while (!text.empty()) {
        const std::size_t length = unicode::decodeAt(text, 0).length;
        if (!strips(text.substr(0, length), characters))
            break;
        text.remove_prefix(length);
    }
    return text;
}

std::string_view stripRight(std::string_view text, std::optional<std::string_view> characters)
{
    while (!text.empty()) {
        const std::size_t at = lastCharacter(text);
        if (!strips(text.substr(at), characters))
            break;
        text = text.substr(0, at);
    }
    return text;
}

std::vector<std::size_t> characterOffsets(std::string_view text)
{
    std::vector<std::size_t> offsets;
    offsets.reserve(text.size() + 1);
    for (std::size_t at = 0; at < text.size(); at += unicode::decodeAt(text, at).length)
        offsets.push_back(at);
    offsets.push_back(text.size());
    return offsets;
}

std::vector<std::string_view> characters(std::string_view text)
{
    std::vector<std::string_view> all;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = unicode::decodeAt(text, at).length;
        all.push_back(text.substr(at, length));
        at += length;
    }
    return all;
}

std::vector<std::string_view> split(std::string_view text, std::optional<std::string_view> separator,
                                    std::int64_t most, bool fromRight)
{
    auto parts = separator ? splitAt(text, *separator, most, fromRight) : splitSpace(text, most, fromRight);
    if (fromRight)
        std::reverse(parts.begin(), parts.end());
    return parts;
}

std::vector<std::string_view> splitLines(std::string_view text, bool keepEnds)
{
    std::vector<std::string_view> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find_first_of("\n\r\v\f\x1C\x1D\x1E", begin), text.size());
        std::size_t next = std::min(end + 1, text.size());
        if (text.substr(end).starts_with("\r\n"))
            ++next;
        lines.push_back(text.substr(begin, (keepEnds ? next : end) - begin));
        begin = next;
    }
    return lines;
}

std::size_t occurrences(std::string_view text, std::string_view part)
{
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
        ++count;
    return count;
}

std::string titled(std::string_view text)
{
    std::string out;
    bool inWord = false;
    for (const std::string_view character : characters(text)) {
        const auto kind = unicode::classOf(unicode::decodeAt(character, 0).code);
        out += inWord ? unicode::lower(character) : unicode::capitalized(character);
        inWord = kind == unicode::CharClass::Upper || kind == unicode::CharClass::Lower ||
                 kind == unicode::CharClass::Title;
    }
    return out;
}

} // namespace vitrine::engine::jinja
