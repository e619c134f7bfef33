// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/regex/set_parser.h"

#include "engine/tokenizer/unicode.h"

namespace vitrine::engine::regex {

namespace {

constexpr int kDeepestSet = 16;

CharacterSet frozen(char32_t first, char32_t last)
{
    CharacterSet set;
    set.add(first, last);
    set.freeze();
    return set;
}

/// What Oniguruma takes for parts of words: small digits and fractions of Latin-1 as well.
CharacterSet wordEscape()
{
    CharacterSet set = wordSet();
    for (const char32_t code : {0xB2, 0xB3, 0xB9, 0xBC, 0xBD, 0xBE})
        set.add(code, code);
    return set;
}

CharacterSet hexDigits()
{
    CharacterSet set = frozen('0', '9');
    set.add('A', 'F');
    set.add('a', 'f');
    set.freeze();
    return set;
}

void invertWhere(bool negated, CharacterSet& set)
{
    if (negated)
        set.invert();
    set.freeze();
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char small = static_cast<char>(c | 0x20);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/// Hexadecimal digits, `least` to `most` of them.
Result<char32_t> readHex(PatternReader& reader, int least, int most)
{
    char32_t code = 0;
    int count = 0;
    for (int digit = 0; count < most && (digit = hexValue(reader.peek())) >= 0; ++count, ++reader.at)
        code = code * 16 + static_cast<char32_t>(digit);
    if (count < least || code > 0x10FFFF)
        return reader.wrong("is not the number of a character");
    return code;
}

Result<std::optional<CharacterSet>> readProperty(PatternReader& reader, bool negated)
{
    if (!reader.take("{"))
        return reader.wrong("\\p needs a name in braces");
    const bool inverted = reader.take("^") != negated;
    const std::size_t close = reader.text.find('}', reader.at);
    if (close == std::string_view::npos)
        return reader.wrong("\\p{ is not closed");
    const std::string_view name = reader.text.substr(reader.at, close - reader.at);
    auto set = propertySet(name);
    if (!set)
        return reader.wrong("\\p{" + unicode::sanitized(name.substr(0, 40)) +
                            "} is not a property that this version knows");
    reader.at = close + 1;
    invertWhere(inverted, *set);
    return set;
}

/// A character, or a range of them.
Result<void> readRange(PatternReader& reader, CharacterSet& set)
{
    const auto one = [&]() -> Result<char32_t> {
        return reader.take("\\") ? readCharacterEscape(reader) : reader.character();
    };
    const auto first = one();
    if (!first)
        return first.error();
    const bool ranged = reader.peek() == '-' && reader.at + 1 < reader.text.size() &&
                        reader.text[reader.at + 1] != ']' && reader.text[reader.at + 1] != '[';
    if (!ranged) {
        set.add(*first, *first);
        return {};
    }
    ++reader.at;
    const auto last = one();
    if (!last)
        return last.error();
    if (*last < *first)
        return reader.wrong("a range of characters runs backwards");
    set.add(*first, *last);
    return {};
}

/// What one item of a set adds: a nested set, a class, a character or a range of them.
Result<void> readSetItem(PatternReader& reader, CharacterSet& set, int depth)
{
    if (reader.startsWith("[:"))
        return reader.wrong("named sets such as [:alpha:] are not supported");
    if (reader.take("[")) {
        auto inner = readSet(reader, depth + 1);
        if (!inner)
            return inner.error();
        set.add(*inner);
        return {};
    }
    if (!reader.startsWith("\\"))
        return readRange(reader, set);
    ++reader.at;
    auto named = readClassEscape(reader);
    if (!named)
        return named.error();
    if (*named) {
        set.add(**named);
        return {};
    }
    --reader.at;
    return readRange(reader, set);
}

} // namespace

bool PatternReader::take(std::string_view part)
{
    if (!startsWith(part))
        return false;
    at += part.size();
    return true;
}

Result<char32_t> PatternReader::character()
{
    if (atEnd())
        return wrong("ends too early");
    const unicode::Decoded decoded = unicode::decodeAt(text, at);
    if (decoded.status != unicode::DecodeStatus::Valid)
        return wrong("is not valid UTF-8");
    at += decoded.length;
    return decoded.code;
}

Error PatternReader::wrong(const std::string& what) const
{
    return badInput("the expression, at byte " + std::to_string(at) + ": " + what);
}

Result<std::optional<CharacterSet>> readClassEscape(PatternReader& reader)
{
    const char name = reader.peek();
    const bool negated = name >= 'A' && name <= 'Z';
    std::optional<CharacterSet> set;
    switch (static_cast<char>(name | 0x20)) {
    case 'd':
        set = propertySet("Nd");
        break;
    case 's':
        set = spaceSet();
        break;
    case 'w':
        set = wordEscape();
        break;
    case 'h':
        set = hexDigits();
        break;
    case 'p':
        ++reader.at;
        return readProperty(reader, negated);
    default:
        return set;
    }
    ++reader.at;
    invertWhere(negated, *set);
    return set;
}

Result<char32_t> readCharacterEscape(PatternReader& reader)
{
    const auto code = reader.character();
    if (!code)
        return code.error();
    switch (*code) {
    case 'n':
        return U'\n';
    case 'r':
        return U'\r';
    case 't':
        return U'\t';
    case 'v':
        return U'\v';
    case 'f':
        return U'\f';
    case 'a':
        return U'\a';
    case 'e':
        return char32_t{0x1B};
    case '0':
        return char32_t{0};
    case 'u':
        return readHex(reader, 4, 4);
    case 'x':
        if (reader.take("{")) {
            const auto braced = readHex(reader, 1, 8);
            return !braced || reader.take("}") ? braced : reader.wrong("\\x{ is not closed");
        }
        return readHex(reader, 1, 2);
    default:
        break;
    }
    const bool letter = (*code >= 'a' && *code <= 'z') || (*code >= 'A' && *code <= 'Z');
    const bool digit = *code >= '1' && *code <= '9';
    if (letter || digit)
        return reader.wrong(std::string("\\") + static_cast<char>(*code) + " is not supported");
    return code;
}

Result<CharacterSet> readSet(PatternReader& reader, int depth)
{
    if (depth > kDeepestSet)
        return reader.wrong("sets lie too deep in each other");
    const bool negated = reader.take("^");
    CharacterSet set;
    std::optional<CharacterSet> before; // what stands before "&&"
    const auto closePart = [&] {
        if (before)
            set.intersect(*before);
        before = set;
    };
    for (bool first = true; first || !reader.startsWith("]"); first = false) {
        if (reader.atEnd())
            return reader.wrong("a set is not closed");
        if (reader.take("&&")) {
            closePart();
            set = {};
        } else if (auto read = readSetItem(reader, set, depth); !read) {
            return read.error();
        }
    }
    reader.take("]");
    if (before)
        closePart();
    invertWhere(negated, set);
    return set;
}

} // namespace vitrine::engine::regex
