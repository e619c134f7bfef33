// SPDX-License-Identifier: GPL-3.0-or-later
// Methods of texts.
#include <algorithm>

#include "engine/tokenizer/jinja/filters.h"
#include "engine/tokenizer/jinja/methods.h"
#include "engine/tokenizer/jinja/operators.h"
#include "engine/tokenizer/jinja/text_tools.h"
#include "engine/tokenizer/unicode.h"

namespace vitrine::engine::jinja {

namespace {

using Strip = std::string_view (*)(std::string_view, std::optional<std::string_view>);

std::string_view stripBoth(std::string_view text, std::optional<std::string_view> set)
{
    return stripRight(stripLeft(text, set), set);
}

/// A text argument; failure when there is something else.
const std::string* textAt(Interpreter& interpreter, const Arguments& arguments, std::size_t place)
{
    const Value* given = arguments.find(place, "");
    const std::string* text = given != nullptr ? given->text() : nullptr;
    if (text == nullptr)
        interpreter.fail("a text is expected as argument " + std::to_string(place + 1));
    return text;
}

template<Strip strip>
Value stripped(Interpreter& interpreter, const Value& self, const Arguments& arguments)
{
    const Value* set = arguments.find(0, "chars");
    if (set == nullptr || set->isNone())
        return interpreter.text(std::string(strip(*self.text(), {})));
    const std::string* characters = textAt(interpreter, arguments, 0);
    return characters != nullptr && interpreter.spend(characters->size())
               ? interpreter.text(std::string(strip(*self.text(), *characters)))
               : Value();
}

Value listOf(Interpreter& interpreter, const std::vector<std::string_view>& parts,
             SequenceKind kind = SequenceKind::List)
{
    std::vector<Value> items;
    for (const std::string_view part : parts)
        items.push_back(interpreter.text(std::string(part)));
    return interpreter.sequence(std::move(items), kind);
}

template<bool fromRight>
Value splitText(Interpreter& interpreter, const Value& self, const Arguments& arguments)
{
    const Value* separator = arguments.find(0, "sep");
    const std::int64_t most = integerArgument(interpreter, arguments, 1, "maxsplit", -1);
    if (!interpreter.spend(self.text()->size() / 8))
        return {};
    if (separator == nullptr || separator->isNone())
        return listOf(interpreter, split(*self.text(), {}, most, fromRight));
    if (separator->text() == nullptr || separator->text()->empty())
        return interpreter.fail("the separator must be a text that is not empty");
    return listOf(interpreter, split(*self.text(), *separator->text(), most, fromRight));
}

Value splitIntoLines(Interpreter& interpreter, const Value& self, const Arguments& arguments)
{
    return listOf(interpreter, splitLines(*self.text(), flagArgument(arguments, 0, "keepends", false)));
}

template<bool fromRight>
Value partition(Interpreter& interpreter, const Value& self, const Arguments& arguments)
{
    const std::string* separator = textAt(interpreter, arguments, 0);
    if (separator == nullptr || separator->empty())
        return interpreter.fail("the separator must be a text that is not empty");
    const std::string_view text = *self.text();
    const std::size_t at = fromRight ? text.rfind(*separator) : text.find(*separator);
    if (at == text.npos)
        return fromRight ? listOf(interpreter, {"", "", text}, SequenceKind::Tuple)
                         : listOf(interpreter, {text, "", ""}, SequenceKind::Tuple);
    return listOf(interpreter, {text.substr(0, at), *separator, text.substr(at + separator->size())},
                  SequenceKind::Tuple);
}

bool hasEnd(std::string_view text, std::string_view part, bool atStart)
{
    return atStart ? text.starts_with(part) : text.ends_with(part);
}

template<bool atStart>
Value hasAffix(Interpreter& interpreter, const Value& self, const Arguments& arguments)
{
    const Value* given = arguments.find(0, "");
    if (given != nullptr && given->sequence() != nullptr) {
        const auto& all = given->sequence()->items;
        return Value(std::any_of(all.begin(), all.end(), [&](const Value& part) {
            return interpreter.spend(1) && part.text() != nullptr &&
                   hasEnd(*self.text(), *part.text(), atStart);
        }));
    }
    const std::string* part = textAt(interpreter, arguments, 0);
    return part != nullptr ? Value(hasEnd(*self.text(), *part, atStart)) : Value();
}

template<bool atStart>
Value withoutAffix(Interpreter& interpreter, const Value& self, const Arguments& arguments)
{
    const std::string* part = textAt(interpreter, arguments, 0);
    if (part == nullptr || !hasEnd(*self.text(), *part, atStart))
        return part != nullptr ? self : Value();
    return interpreter.text(atStart ? self.text()->substr(part->size())
                                    : self.text()->substr(0, self.text()->size() - part->size()));
}

Value replace(Interpreter& interpreter, const Value& self, const Arguments& arguments)
{
    const std::string *from = textAt(interpreter, arguments, 0), *to = textAt(interpreter, arguments, 1);
    const std::int64_t given = integerArgument(interpreter, arguments, 2, "count", -1);
    if (interpreter.failed() || !interpreter.spend(self.text()->size() / 16))
        return {};
    const std::string& text = *self.text();
    std::uint64_t most = from->empty() ? unicode::length(text) + 1 : occurrences(text, *from);
    if (given >= 0)
        most = std::min(most, static_cast<std::uint64_t>(given));
    if (most > interpreter.limits().created / (to->size() + 1) ||
        !interpreter.allow(text.size() + most * to->size()))
        return interpreter.fail("the template makes too much text");
    std::string out;
    std::size_t at = 0;
    for (; most > 0; --most) {
        const std::size_t found = text.find(*from, at);
        out.append(text, at, found - at).append(*to);
        at = found + from->size();
        if (from->empty() && at < text.size()) { // between all characters
            const std::size_t length = unicode::decodeAt(text, at).length;
            out.append(text, at, length);
            at += length;
        }
    }
    return interpreter.text(out.append(text, std::min(at, text.size())));
}

template<std::string (*change)(std::string_view)>
Value changed(Interpreter& interpreter, const Value& self, const Arguments&)
{
    return interpreter.text(change(*self.text()));
}

std::string swapped(std::string_view text)
{
    std::string out;
    for (const std::string_view character : characters(text)) {
        std::string lower = unicode::lower(character);
        out += lower == character ? unicode::upper(character) : lower;
    }
    return out;
}

/// Where a part begins, in characters; -1 when it is not there.
template<bool fromRight, bool mustBe>
Value find(Interpreter& interpreter, const Value& self, const Arguments& arguments)
{
    const std::string* part = textAt(interpreter, arguments, 0);
    if (part == nullptr || !interpreter.spend(self.text()->size() / 16))
        return {};
    const std::string_view text = *self.text();
    const auto offsets = characterOffsets(text);
    const auto size = static_cast<std::int64_t>(offsets.size()) - 1;
    const auto bound = [&](std::size_t place, std::int64_t otherwise) {
        const std::int64_t at = integerArgument(interpreter, arguments, place, "", otherwise);
        return std::clamp<std::int64_t>(at < 0 ? std::max<std::int64_t>(at, -size) + size : at, 0, size);
    };
    const std::int64_t from = bound(1, 0), to = bound(2, size);
    if (from <= to) {
        const std::size_t begin = offsets[static_cast<std::size_t>(from)];
        const std::string_view window = text.substr(begin, offsets[static_cast<std::size_t>(to)] - begin);
        const std::size_t at = fromRight ? window.rfind(*part) : window.find(*part);
        if (at != window.npos)
            return Value(from + static_cast<std::int64_t>(unicode::length(window.substr(0, at))));
    }
    return mustBe ? interpreter.fail("substring not found") : Value(std::int64_t{-1});
}

Value count(Interpreter& interpreter, const Value& self, const Arguments& arguments)
{
    const std::string* part = textAt(interpreter, arguments, 0);
    if (part == nullptr || !interpreter.spend(self.text()->size() / 16))
        return {};
    const std::size_t found =
        part->empty() ? unicode::length(*self.text()) + 1 : occurrences(*self.text(), *part);
    return Value(static_cast<std::int64_t>(found));
}

Value join(Interpreter& interpreter, const Value& self, const Arguments& arguments)
{
    const Value* given = arguments.find(0, "");
    const auto items = interpreter.iterate(given != nullptr ? *given : Value(None{}));
    std::string out;
    for (std::size_t i = 0; items && i < items->size(); ++i) {
        const std::string* part = (*items)[i].text();
        if (part == nullptr)
            return interpreter.fail("sequence item " + std::to_string(i) + ": expected str instance, " +
                                    std::string(typeName((*items)[i])) + " found");
        if (!interpreter.spend(part->size() / 64) ||
            out.size() + part->size() + self.text()->size() > interpreter.limits().created)
            return interpreter.fail("the template makes too much text");
        out.append(i == 0 ? "" : *self.text()).append(*part);
    }
    return interpreter.text(std::move(out));
}

/// str.ljust, str.rjust, str.center, str.zfill.
template<char side>
Value justified(Interpreter& interpreter, const Value& self, const Arguments& arguments)
{
    const std::int64_t width = integerArgument(interpreter, arguments, 0, "width", 0);
    std::string fill = side == 'z' ? "0" : textArgument(interpreter, arguments, 1, "fillchar", " ");
    const std::int64_t missing = width - static_cast<std::int64_t>(unicode::length(*self.text()));
    if (unicode::length(fill) != 1)
        return interpreter.fail("the fill character must be exactly one character long");
    if (missing <= 0)
        return self;
    if (!interpreter.allow(static_cast<std::uint64_t>(missing) * fill.size()))
        return {};
    const bool sign = side == 'z' && (self.text()->starts_with('-') || self.text()->starts_with('+'));
    const std::int64_t left = side == 'l' ? 0 : side == 'c' ? missing / 2 + (missing & width & 1) : missing;
    std::string out = sign ? self.text()->substr(0, 1) : "";
    for (std::int64_t i = 0; i < left; ++i)
        out += fill;
    out += sign ? self.text()->substr(1) : *self.text();
    for (std::int64_t i = left; i < missing; ++i)
        out += fill;
    return interpreter.text(std::move(out));
}

/// Not empty, and every character is of the kind.
template<bool (*holds)(unicode::CharClass)>
Value every(Interpreter& interpreter, const Value& self, const Arguments&)
{
    const std::string& text = *self.text();
    bool all = !text.empty() && interpreter.spend(text.size() / 16);
    for (std::size_t at = 0; all && at < text.size();) {
        const unicode::Decoded decoded = unicode::decodeAt(text, at);
        all = holds(unicode::classOf(decoded.code));
        at += decoded.length;
    }
    return Value(all);
}
bool isDigit(unicode::CharClass kind)
{
    return kind == unicode::CharClass::Digit;
}
bool isAlpha(unicode::CharClass kind)
{
    return unicode::isLetter(kind);
}
bool isNumeric(unicode::CharClass kind)
{
    return unicode::isNumber(kind);
}
bool isAlphaNumeric(unicode::CharClass kind)
{
    return unicode::isLetter(kind) || unicode::isNumber(kind);
}
bool isSpace(unicode::CharClass kind)
{
    return kind == unicode::CharClass::Space;
}

template<std::string (*change)(std::string_view), std::string (*opposite)(std::string_view)>
Value hasCase(Interpreter&, const Value& self, const Arguments&)
{
    return Value(change(*self.text()) == *self.text() && opposite(*self.text()) != *self.text());
}

constexpr NamedMethod kMethods[] = {
    {"strip", stripped<stripBoth>},
    {"lstrip", stripped<stripLeft>},
    {"rstrip", stripped<stripRight>},
    {"split", splitText<false>},
    {"rsplit", splitText<true>},
    {"splitlines", splitIntoLines},
    {"partition", partition<false>},
    {"rpartition", partition<true>},
    {"startswith", hasAffix<true>},
    {"endswith", hasAffix<false>},
    {"removeprefix", withoutAffix<true>},
    {"removesuffix", withoutAffix<false>},
    {"replace", replace},
    {"upper", changed<unicode::upper>},
    {"lower", changed<unicode::lower>},
    {"casefold", changed<unicode::lower>},
    {"title", changed<titled>},
    {"capitalize", changed<unicode::capitalized>},
    {"swapcase", changed<swapped>},
    {"find", find<false, false>},
    {"rfind", find<true, false>},
    {"index", find<false, true>},
    {"rindex", find<true, true>},
    {"count", count},
    {"join", join},
    {"ljust", justified<'l'>},
    {"rjust", justified<'r'>},
    {"center", justified<'c'>},
    {"zfill", justified<'z'>},
    {"isdigit", every<isDigit>},
    {"isdecimal", every<isDigit>},
    {"isnumeric", every<isNumeric>},
    {"isalpha", every<isAlpha>},
    {"isalnum", every<isAlphaNumeric>},
    {"isspace", every<isSpace>},
    {"isupper", hasCase<unicode::upper, unicode::lower>},
    {"islower", hasCase<unicode::lower, unicode::upper>},
};

} // namespace

Method findTextMethod(std::string_view name)
{
    for (const NamedMethod& entry : kMethods)
        if (entry.name == name)
            return entry.method;
    return nullptr;
}

} // namespace vitrine::engine::jinja
