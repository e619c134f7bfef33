// SPDX-License-Identifier: GPL-3.0-or-later
// Filters on text.
#include <algorithm>
#include <array>

#include "engine/tokenizer/jinja/filters.h"
#include "engine/tokenizer/jinja/operators.h"
#include "engine/tokenizer/jinja/text_tools.h"
#include "engine/tokenizer/unicode.h"

namespace vitrine::engine::jinja {

namespace {

template<std::string (*change)(std::string_view)>
Value changed(Interpreter& interpreter, const Value& input, const Arguments&)
{
    return interpreter.text(change(print(interpreter, input)));
}

/// Unlike str.title, only white space and opening brackets begin a word.
std::string titleWords(std::string_view text)
{
    std::string out;
    bool begins = true;
    for (const std::string_view character : characters(text)) {
        out += begins ? unicode::capitalized(character) : unicode::lower(character);
        begins = character.find_first_of("-([{<") != character.npos || stripLeft(character).empty();
    }
    return out;
}

Value trim(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    const std::string text = print(interpreter, input);
    const Value* given = arguments.find(0, "chars");
    if (given == nullptr || given->isNone())
        return interpreter.text(std::string(stripRight(stripLeft(text))));
    const std::string set = print(interpreter, *given);
    return interpreter.text(std::string(stripRight(stripLeft(text, set), set)));
}

Value toStringFilter(Interpreter& interpreter, const Value& input, const Arguments&)
{
    return input.text() != nullptr ? input : interpreter.text(print(interpreter, input));
}

Value replace(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    const Value* from = arguments.find(0, "old");
    const Value* to = arguments.find(1, "new");
    if (from == nullptr || to == nullptr)
        return interpreter.fail("the filter \"replace\" needs the old and the new text");
    const Value text = toStringFilter(interpreter, input, {});
    Arguments passed;
    passed.positional = {toStringFilter(interpreter, *from, {}), toStringFilter(interpreter, *to, {})};
    if (const Value* count = arguments.find(2, "count"); count != nullptr && !count->isNone())
        passed.positional.push_back(*count);
    const Value method = interpreter.failed() ? Value() : attributeOf(interpreter, text, "replace");
    return interpreter.failed() ? Value() : method.object()->call(interpreter, passed);
}

Value indent(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    const Value* width = arguments.find(0, "width");
    std::string margin;
    if (width != nullptr && width->text() != nullptr)
        margin = *width->text();
    else if (const auto spaces = integerArgument(interpreter, arguments, 0, "width", 4); spaces <= 10'000)
        margin.assign(static_cast<std::size_t>(std::max<std::int64_t>(spaces, 0)), ' ');
    else
        return interpreter.fail("the indent is too wide");
    const bool first = flagArgument(arguments, 1, "first", false),
               blank = flagArgument(arguments, 2, "blank", false);
    const std::string text =
        print(interpreter, input) + "\n"; // as Jinja does, so that a last empty line counts
    const auto lines = splitLines(text, false);
    if (!interpreter.allow(text.size() + lines.size() * (margin.size() + 1)))
        return {};
    std::string out;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        out += i == 0 ? "" : "\n";
        if (i == 0 ? first : (blank || !lines[i].empty()))
            out += margin;
        out += lines[i];
    }
    return interpreter.text(std::move(out));
}

Value center(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    const std::int64_t width = integerArgument(interpreter, arguments, 0, "width", 80);
    const std::string text = print(interpreter, input);
    const auto have = static_cast<std::int64_t>(unicode::length(text));
    if (width <= have)
        return interpreter.text(text);
    if (!interpreter.allow(static_cast<std::uint64_t>(width)))
        return {};
    const std::int64_t missing = width - have;
    const std::int64_t left = missing / 2 + (missing & width & 1);
    return interpreter.text(std::string(static_cast<std::size_t>(left), ' ') + text +
                            std::string(static_cast<std::size_t>(missing - left), ' '));
}

Value escape(Interpreter& interpreter, const Value& input, const Arguments&)
{
    static constexpr std::array<std::pair<char, std::string_view>, 5> kEntities{
        {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&#34;"}, {'\'', "&#39;"}}};
    std::string out;
    for (const char c : print(interpreter, input)) {
        const auto* found =
            std::find_if(kEntities.begin(), kEntities.end(), [&](auto& e) { return e.first == c; });
        if (found != kEntities.end())
            out += found->second;
        else
            out += c;
    }
    return interpreter.text(std::move(out));
}

Value truncate(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    const std::int64_t length = integerArgument(interpreter, arguments, 0, "length", 255);
    const bool anywhere = flagArgument(arguments, 1, "killwords", false);
    const std::string end = textArgument(interpreter, arguments, 2, "end", "...");
    const std::int64_t leeway = integerArgument(interpreter, arguments, 3, "leeway", 5);
    const std::string text = print(interpreter, input);
    const auto offsets = characterOffsets(text);
    const auto endLength = static_cast<std::int64_t>(unicode::length(end));
    if (interpreter.failed() || length < endLength || leeway < 0 || leeway > length + (1 << 30))
        return interpreter.fail("the filter \"truncate\" expects a length of at least " +
                                std::to_string(endLength));
    if (static_cast<std::int64_t>(offsets.size()) - 1 <= length + leeway)
        return interpreter.text(text);
    std::string kept = text.substr(0, offsets[static_cast<std::size_t>(length - endLength)]);
    if (const std::size_t space = kept.rfind(' '); !anywhere && space != std::string::npos)
        kept.resize(space);
    return interpreter.text(kept + end);
}

Value urlEncode(Interpreter& interpreter, const Value& input, const Arguments&)
{
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    for (const char c : print(interpreter, input)) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain =
            byte < 0x80 && (unicode::isLetter(unicode::classOf(byte)) || (c >= '0' && c <= '9') ||
                            std::string_view("_.-~/").find(c) != std::string_view::npos);
        if (plain)
            out += c;
        else
            out.append("%").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
    }
    return interpreter.text(std::move(out));
}

Value wordCount(Interpreter& interpreter, const Value& input, const Arguments&)
{
    std::int64_t count = 0;
    bool inside = false;
    const std::string text = print(interpreter, input);
    for (const std::string_view character : characters(text)) {
        const auto kind = unicode::classOf(unicode::decodeAt(character, 0).code);
        const bool word = unicode::isLetter(kind) || unicode::isNumber(kind) || character == "_";
        count += word && !inside ? 1 : 0;
        inside = word;
    }
    return Value(count);
}

Value json(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    // The order of the arguments is that of the function published templates are written against.
    const bool ascii = flagArgument(arguments, 0, "ensure_ascii", false);
    const std::int64_t indent = integerArgument(interpreter, arguments, 1, "indent", -1);
    return toJson(interpreter, input, static_cast<int>(std::clamp<std::int64_t>(indent, -1, 1000)), ascii,
                  flagArgument(arguments, 3, "sort_keys", false));
}

Value format(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    const std::string text = print(interpreter, input);
    const Value values = interpreter.sequence(arguments.positional, SequenceKind::Tuple);
    return interpreter.failed() ? Value() : formatted(interpreter, text, values);
}

constexpr NamedFilter kFilters[] = {
    {"upper", changed<unicode::upper>},
    {"lower", changed<unicode::lower>},
    {"capitalize", changed<unicode::capitalized>},
    {"title", changed<titleWords>},
    {"trim", trim},
    {"string", toStringFilter},
    {"safe", toStringFilter},
    {"replace", replace},
    {"indent", indent},
    {"center", center},
    {"escape", escape},
    {"e", escape},
    {"forceescape", escape},
    {"truncate", truncate},
    {"urlencode", urlEncode},
    {"wordcount", wordCount},
    {"tojson", json},
    {"format", format},
};

} // namespace

Filter findTextFilter(std::string_view name)
{
    for (const NamedFilter& entry : kFilters)
        if (entry.name == name)
            return entry.filter;
    return nullptr;
}

} // namespace vitrine::engine::jinja
