// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/unicode.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "engine/tokenizer/unicode_tables_generated.h"

namespace vitrine::engine::unicode {

namespace {

CharClass searchClass(char32_t code)
{
    const auto* after = std::upper_bound(std::begin(kClassRanges), std::end(kClassRanges), code,
                                         [](char32_t c, const ClassRange& range) { return c < range.first; });
    return std::prev(after)->kind;
}

const std::array<CharClass, 128> kAsciiClasses = [] {
    std::array<CharClass, 128> classes{};
    for (char32_t code = 0; code < classes.size(); ++code)
        classes[code] = searchClass(code);
    return classes;
}();

template<std::size_t N>
char32_t mapped(const CaseRange (&ranges)[N], char32_t code)
{
    const auto* after = std::upper_bound(std::begin(ranges), std::end(ranges), code,
                                         [](char32_t c, const CaseRange& range) { return c < range.first; });
    if (after == std::begin(ranges))
        return code;
    const CaseRange& range = *std::prev(after);
    if (code > range.last || (code - range.first) % range.stride != 0)
        return code;
    return static_cast<char32_t>(static_cast<std::int64_t>(code) + range.delta);
}

template<std::size_t N>
const char* longMapping(const LongCase (&table)[N], char32_t code)
{
    const auto* found = std::lower_bound(std::begin(table), std::end(table), code,
                                         [](const LongCase& entry, char32_t c) { return entry.code < c; });
    return found != std::end(table) && found->code == code ? found->text : nullptr;
}

void appendUpper(std::string& out, char32_t code)
{
    if (const char* several = longMapping(kLongUpper, code))
        out += several;
    else
        append(out, mapped(kUpperRanges, code));
}

void appendTitle(std::string& out, char32_t code)
{
    if (const char* several = longMapping(kLongTitle, code))
        out += several;
    else
        append(out, mapped(kUpperRanges, code));
}

void appendLower(std::string& out, char32_t code)
{
    if (code == 0x130) // the only character whose lower case is two
        out += "i\xCC\x87";
    else
        append(out, mapped(kLowerRanges, code));
}

struct LeadByte
{
    std::uint8_t length;               // of the whole character; 0: cannot begin one
    std::uint8_t secondMin, secondMax; // narrower than 80..BF where overlong or out of range forms lurk
};

LeadByte leadByte(std::uint8_t byte)
{
    if (byte >= 0xC2 && byte <= 0xDF)
        return {2, 0x80, 0xBF};
    if (byte >= 0xE0 && byte <= 0xEF)
        return {3, static_cast<std::uint8_t>(byte == 0xE0 ? 0xA0 : 0x80),
                static_cast<std::uint8_t>(byte == 0xED ? 0x9F : 0xBF)};
    if (byte >= 0xF0 && byte <= 0xF4)
        return {4, static_cast<std::uint8_t>(byte == 0xF0 ? 0x90 : 0x80),
                static_cast<std::uint8_t>(byte == 0xF4 ? 0x8F : 0xBF)};
    return {0, 0, 0};
}

} // namespace

Decoded decodeAt(std::string_view text, std::size_t at)
{
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    if (byte(at) < 0x80)
        return {byte(at), 1, DecodeStatus::Valid};
    const LeadByte lead = leadByte(byte(at));
    if (lead.length == 0)
        return {};
    char32_t code = byte(at) & (0xFFU >> (lead.length + 1));
    for (std::uint8_t i = 1; i < lead.length; ++i) {
        if (at + i >= text.size())
            return {kReplacement, i, DecodeStatus::Truncated};
        const std::uint8_t next = byte(at + i);
        const bool fits = i == 1 ? next >= lead.secondMin && next <= lead.secondMax : (next & 0xC0) == 0x80;
        if (!fits)
            return {kReplacement, i, DecodeStatus::Invalid};
        code = code << 6 | (next & 0x3F);
    }
    return {code, lead.length, DecodeStatus::Valid};
}

void append(std::string& text, char32_t code)
{
    const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
    if (code < 0x80)
        return put(code);
    if (code < 0x800) {
        put(0xC0 | code >> 6);
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3F));
    } else {
        put(0xF0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3F));
        put(0x80 | (code >> 6 & 0x3F));
    }
    put(0x80 | (code & 0x3F));
}

bool isValidUtf8(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const Decoded decoded = decodeAt(text, at);
        if (decoded.status != DecodeStatus::Valid)
            return false;
        at += decoded.length;
    }
    return true;
}

std::size_t length(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count)
        at += decodeAt(text, at).length;
    return count;
}

void moveComplete(std::string& pending, std::string& out)
{
    std::size_t at = 0;
    while (at < pending.size()) {
        const Decoded decoded = decodeAt(pending, at);
        if (decoded.status == DecodeStatus::Truncated)
            break;
        if (decoded.status == DecodeStatus::Valid)
            out.append(pending, at, decoded.length);
        else
            append(out, kReplacement);
        at += decoded.length;
    }
    pending.erase(0, at);
}

std::string sanitized(std::string_view text)
{
    if (isValidUtf8(text))
        return std::string(text);
    std::string pending(text), out;
    moveComplete(pending, out);
    if (!pending.empty())
        append(out, kReplacement);
    return out;
}

CharClass classOf(char32_t code)
{
    return code < kAsciiClasses.size() ? kAsciiClasses[code] : searchClass(code);
}

void forEachCasePair(const std::function<void(char32_t, char32_t)>& call)
{
    const auto each = [&](const auto& ranges) {
        for (const CaseRange& range : ranges)
            for (char32_t code = range.first; code <= range.last; code += range.stride)
                call(code, static_cast<char32_t>(static_cast<std::int64_t>(code) + range.delta));
    };
    each(kUpperRanges);
    each(kLowerRanges);
}

std::string upper(std::string_view text)
{
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const Decoded decoded = decodeAt(text, at);
        appendUpper(out, decoded.code);
        at += decoded.length;
    }
    return out;
}

std::string lower(std::string_view text)
{
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const Decoded decoded = decodeAt(text, at);
        appendLower(out, decoded.code);
        at += decoded.length;
    }
    return out;
}

std::string capitalized(std::string_view text)
{
    if (text.empty())
        return {};
    std::string out;
    const Decoded first = decodeAt(text, 0);
    appendTitle(out, first.code);
    return out + lower(text.substr(first.length));
}

} // namespace vitrine::engine::unicode
