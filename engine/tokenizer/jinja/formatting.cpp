// SPDX-License-Identifier: GPL-3.0-or-later
// Python's "%" on text.
#include <algorithm>
#include <cstdio>

#include "engine/tokenizer/jinja/filters.h"
#include "engine/tokenizer/jinja/operators.h"
#include "engine/tokenizer/unicode.h"

namespace vitrine::engine::jinja {

namespace {

constexpr int kWidest = 1000;

struct Directive
{
    bool left = false, zeros = false, sign = false;
    int width = 0;
    int precision = -1;
    char type = 0;
};

int readNumber(std::string_view format, std::size_t& at)
{
    int number = 0;
    for (; at < format.size() && format[at] >= '0' && format[at] <= '9'; ++at)
        number = std::min(number * 10 + (format[at] - '0'), kWidest);
    return number;
}

Directive readDirective(std::string_view format, std::size_t& at)
{
    Directive directive;
    for (; at < format.size() && std::string_view("-0+ #").find(format[at]) != std::string_view::npos; ++at) {
        directive.left |= format[at] == '-';
        directive.zeros |= format[at] == '0';
        directive.sign |= format[at] == '+';
    }
    directive.width = readNumber(format, at);
    if (at < format.size() && format[at] == '.')
        directive.precision = readNumber(format, ++at);
    if (at < format.size())
        directive.type = format[at++];
    return directive;
}

std::string formatNumber(const Directive& directive, const Value& value)
{
    char buffer[2200];
    const double number = *asNumber(value);
    if (directive.type == 'd' || directive.type == 'i') {
        std::snprintf(buffer, sizeof buffer, directive.sign ? "%+lld" : "%lld",
                      static_cast<long long>(asInteger(value).value_or(
                          static_cast<std::int64_t>(std::clamp(number, -9.2e18, 9.2e18)))));
    } else if (directive.type == 'x' || directive.type == 'X') {
        std::snprintf(buffer, sizeof buffer, directive.type == 'x' ? "%llx" : "%llX",
                      static_cast<unsigned long long>(asInteger(value).value_or(0)));
    } else {
        const char format[] = {'%', '.', '*', directive.type, '\0'};
        const int precision = directive.precision < 0 ? 6 : directive.precision;
        std::snprintf(buffer, sizeof buffer, format, precision, number);
        if (directive.sign && number >= 0)
            return std::string("+") + buffer;
    }
    return buffer;
}

std::string padded(const Directive& directive, std::string text, bool number)
{
    const auto length = static_cast<int>(unicode::length(text));
    if (length >= directive.width)
        return text;
    const auto missing = static_cast<std::size_t>(directive.width - length);
    if (directive.left)
        return text.append(missing, ' ');
    const bool zeros = directive.zeros && number;
    const std::size_t at = zeros && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    return text.insert(at, missing, zeros ? '0' : ' ');
}

std::string formatOne(Interpreter& interpreter, const Directive& directive, const Value& value)
{
    if (directive.type == 's' || directive.type == 'r') {
        std::string text = directive.type == 's' ? print(interpreter, value) : toRepr(value);
        return padded(directive, std::move(text), false);
    }
    if (std::string_view("dixXeEfFgG").find(directive.type) == std::string_view::npos ||
        directive.type == 0) {
        interpreter.fail(std::string("unsupported format character '") + directive.type + "'");
        return {};
    }
    if (!value.isNumber()) {
        interpreter.fail(std::string("%") + directive.type + " format: a real number is required, not " +
                         std::string(typeName(value)));
        return {};
    }
    return padded(directive, formatNumber(directive, value), true);
}

} // namespace

Value formatted(Interpreter& interpreter, std::string_view format, const Value& arguments)
{
    const Sequence* tuple = arguments.sequence();
    if (tuple != nullptr && tuple->kind != SequenceKind::Tuple)
        tuple = nullptr;
    const std::size_t count = tuple != nullptr ? tuple->items.size() : 1;
    std::size_t used = 0;
    std::string out;
    for (std::size_t at = 0; at < format.size();) {
        if (format[at] != '%') {
            out += format[at++];
            continue;
        }
        const Directive directive = readDirective(format, ++at);
        if (directive.type == '%') {
            out += '%';
            continue;
        }
        if (used == count)
            return interpreter.fail("not enough arguments for format string");
        out += formatOne(interpreter, directive, tuple != nullptr ? tuple->items[used] : arguments);
        ++used;
        if (interpreter.failed() || !interpreter.allow(out.size() / 64))
            return {};
    }
    if (used < count && (tuple != nullptr || arguments.mapping() == nullptr))
        return interpreter.fail("not all arguments converted during string formatting");
    return interpreter.text(std::move(out));
}

} // namespace vitrine::engine::jinja
