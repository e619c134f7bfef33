// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/jinja/filters.h"

#include <cmath>

#include "engine/tokenizer/jinja/operators.h"
#include "engine/tokenizer/jinja/text_tools.h"

namespace vitrine::engine::jinja {

Value applyFilter(Interpreter& interpreter, const std::string& name, const Value& input,
                  const Arguments& arguments)
{
    for (const auto find : {findTextFilter, findNumberFilter, findListFilter, findSelectionFilter})
        if (const Filter filter = find(name))
            return filter(interpreter, input, arguments);
    return interpreter.fail("No filter named '" + name + "'.");
}

std::string print(Interpreter& interpreter, const Value& value)
{
    if (value.text() == nullptr && !interpreter.allow(value.extent().weight * 16))
        return {};
    return toText(value);
}

Value attributePath(Interpreter& interpreter, const Value& object, const Value* path)
{
    if (path == nullptr || path->isNone())
        return object;
    if (asInteger(*path))
        return itemOf(interpreter, object, *path);
    Value value = object;
    const std::string text = print(interpreter, *path);
    for (const std::string_view part : split(text, ".", -1, false)) {
        if (interpreter.failed())
            return {};
        const bool number =
            !part.empty() && part.size() < 10 && part.find_first_not_of("0123456789") == part.npos;
        value = itemOf(interpreter, value,
                       number ? Value(std::int64_t{std::stoll(std::string(part))}) : Value::literal(part));
    }
    return value;
}

std::int64_t integerArgument(Interpreter& interpreter, const Arguments& arguments, std::size_t place,
                             std::string_view name, std::int64_t otherwise)
{
    const Value* given = arguments.find(place, name);
    if (given == nullptr || given->isNone())
        return otherwise;
    const auto integer = asInteger(*given);
    if (!integer)
        interpreter.fail("the argument \"" + std::string(name) + "\" must be a whole number");
    return integer.value_or(otherwise);
}

bool flagArgument(const Arguments& arguments, std::size_t place, std::string_view name, bool otherwise)
{
    const Value* given = arguments.find(place, name);
    return given != nullptr ? truthy(*given) : otherwise;
}

std::string textArgument(Interpreter& interpreter, const Arguments& arguments, std::size_t place,
                         std::string_view name, std::string_view otherwise)
{
    const Value* given = arguments.find(place, name);
    return given != nullptr ? print(interpreter, *given) : std::string(otherwise);
}

} // namespace vitrine::engine::jinja
