// SPDX-License-Identifier: GPL-3.0-or-later
// Filters on numbers, and those that take anything.
#include <charconv>
#include <cmath>

#include "engine/tokenizer/jinja/filters.h"
#include "engine/tokenizer/jinja/operators.h"
#include "engine/tokenizer/jinja/text_tools.h"
#include "engine/tokenizer/unicode.h"

namespace vitrine::engine::jinja {

namespace {

Value failIfUndefined(Interpreter& interpreter, const Value& value)
{
    const Undefined* missing = value.as<Undefined>();
    return missing != nullptr ? interpreter.fail(missing->why ? *missing->why : "a value is undefined")
                              : Value();
}

Value absolute(Interpreter& interpreter, const Value& input, const Arguments&)
{
    if (const double* number = input.as<double>())
        return Value(std::fabs(*number));
    if (const auto integer = asInteger(input))
        return *integer < 0 ? negated(interpreter, input) : Value(*integer);
    failIfUndefined(interpreter, input);
    return interpreter.fail("bad operand type for abs(): '" + std::string(typeName(input)) + "'");
}

template<class Number>
std::optional<Number> parsed(std::string_view text)
{
    text = stripRight(stripLeft(text));
    if (text.starts_with('+'))
        text.remove_prefix(1);
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

Value toInteger(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    failIfUndefined(interpreter, input);
    if (const auto integer = asInteger(input))
        return Value(*integer);
    std::optional<double> number = asNumber(input);
    if (const std::string* text = input.text()) {
        if (const auto integer = parsed<std::int64_t>(*text))
            return Value(*integer);
        number = parsed<double>(*text);
    }
    if (number && std::fabs(*number) < 9.2e18)
        return Value(static_cast<std::int64_t>(*number));
    const Value* fallback = arguments.find(0, "default");
    return fallback != nullptr ? *fallback : Value(std::int64_t{0});
}

Value toFloat(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    failIfUndefined(interpreter, input);
    if (const auto number = asNumber(input))
        return Value(*number);
    if (const std::string* text = input.text())
        if (const auto number = parsed<double>(*text))
            return Value(*number);
    const Value* fallback = arguments.find(0, "default");
    return fallback != nullptr ? *fallback : Value(0.0);
}

Value roundNumber(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    const std::int64_t precision = integerArgument(interpreter, arguments, 0, "precision", 0);
    const std::string method = textArgument(interpreter, arguments, 1, "method", "common");
    const auto number = asNumber(input);
    if (!number || precision < -300 || precision > 300) {
        failIfUndefined(interpreter, input);
        return interpreter.fail("the filter \"round\" needs a number");
    }
    if (method != "common" && method != "ceil" && method != "floor")
        return interpreter.fail("method must be common, ceil or floor");
    if (method == "common" && precision >= 0) { // correctly rounded, as Python's round
        char buffer[700];
        const auto end = std::to_chars(buffer, buffer + sizeof buffer, *number, std::chars_format::fixed,
                                       static_cast<int>(precision))
                             .ptr;
        const auto rounded = parsed<double>({buffer, static_cast<std::size_t>(end - buffer)});
        if (const auto integer = asInteger(input))
            return Value(*integer);
        return Value(rounded.value_or(*number));
    }
    const double scale = std::pow(10.0, static_cast<double>(precision));
    const double scaled = *number * scale;
    return Value((method == "ceil"    ? std::ceil(scaled)
                  : method == "floor" ? std::floor(scaled)
                                      : std::nearbyint(scaled)) /
                 scale);
}

Value fallback(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    const Value* otherwise = arguments.find(0, "default_value");
    const bool falseToo = flagArgument(arguments, 1, "boolean", false);
    if (!input.isUndefined() && !(falseToo && !truthy(input)))
        return input;
    return otherwise != nullptr ? *otherwise : interpreter.text({});
}

Value length(Interpreter& interpreter, const Value& input, const Arguments&)
{
    if (const std::string* text = input.text())
        return interpreter.spend(text->size() / 64) ? Value(static_cast<std::int64_t>(unicode::length(*text)))
                                                    : Value();
    if (const Mapping* mapping = input.mapping())
        return Value(static_cast<std::int64_t>(mapping->entries.size()));
    if (const Sequence* sequence = input.sequence();
        sequence != nullptr && sequence->kind != SequenceKind::Generator)
        return Value(static_cast<std::int64_t>(sequence->items.size()));
    if (input.isUndefined())
        return Value(std::int64_t{0});
    return interpreter.fail("object of type '" + std::string(typeName(input)) + "' has no len()");
}

Value attribute(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    const std::string name = textArgument(interpreter, arguments, 0, "name", "");
    const Value found = attributeOf(interpreter, input, name);
    // Unlike a dot, this does not look at a dict's keys.
    const bool key = input.mapping() != nullptr && found.object() == nullptr;
    return key ? Value::undefined("'dict object' has no attribute " + textRepr(name)) : found;
}

constexpr NamedFilter kFilters[] = {
    {"abs", absolute}, {"int", toInteger}, {"float", toFloat}, {"round", roundNumber}, {"default", fallback},
    {"d", fallback},   {"length", length}, {"count", length},  {"attr", attribute},
};

} // namespace

Filter findNumberFilter(std::string_view name)
{
    for (const NamedFilter& entry : kFilters)
        if (entry.name == name)
            return entry.filter;
    return nullptr;
}

} // namespace vitrine::engine::jinja
