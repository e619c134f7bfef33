// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/jinja/objects.h"

#include <algorithm>

#include "engine/tokenizer/jinja/filters.h"

namespace vitrine::engine::jinja {

Value Object::call(Interpreter& interpreter, const Arguments&)
{
    return interpreter.fail("'" + std::string(typeName()) + "' object is not callable");
}

Value Macro::attribute(Interpreter& interpreter, std::string_view name) const
{
    if (name == "name")
        return interpreter.text(m_definition.name);
    if (name != "arguments")
        return {};
    std::vector<Value> names;
    for (const auto& parameter : m_definition.parameters)
        names.push_back(interpreter.text(parameter.name));
    return interpreter.sequence(std::move(names), SequenceKind::Tuple);
}

/// Parameters from places, names and defaults, in that order.
bool Macro::bind(Interpreter& interpreter, const Arguments& arguments) const
{
    for (std::size_t i = 0; i < m_definition.parameters.size(); ++i) {
        const auto& parameter = m_definition.parameters[i];
        if (const Value* given = arguments.find(i, parameter.name))
            interpreter.assign(parameter.name, *given);
        else if (parameter.fallback)
            interpreter.assign(parameter.name, interpreter.evaluate(*parameter.fallback));
        else
            interpreter.assign(parameter.name,
                               Value::undefined("parameter '" + parameter.name + "' was not provided"));
    }
    return bindRest(interpreter, arguments);
}

bool Macro::bindRest(Interpreter& interpreter, const Arguments& arguments) const
{
    const auto& all = m_definition.parameters;
    std::vector<Value> places;
    for (std::size_t i = all.size(); i < arguments.positional.size(); ++i)
        places.push_back(arguments.positional[i]);
    if (!places.empty() && !m_definition.takesMorePlaces)
        interpreter.fail("macro " + textRepr(m_definition.name) + " takes not more than " +
                         std::to_string(all.size()) + " argument(s)");
    Mapping names;
    for (const auto& argument : arguments.named) {
        const auto parameter =
            std::find_if(all.begin(), all.end(), [&](auto& p) { return p.name == argument.first; });
        const auto place = static_cast<std::size_t>(parameter - all.begin());
        if (parameter != all.end() && place >= arguments.positional.size())
            continue;
        if (argument.first == "caller")
            interpreter.assign("caller", argument.second);
        else if (m_definition.takesMoreNames)
            names.set(Value::literal(argument.first), argument.second);
        else
            interpreter.fail("macro " + textRepr(m_definition.name) + " takes no keyword argument " +
                             textRepr(argument.first));
    }
    interpreter.assign("varargs", interpreter.sequence(std::move(places), SequenceKind::Tuple));
    interpreter.assign("kwargs", interpreter.mapping(std::move(names)));
    return !interpreter.failed();
}

Value Macro::call(Interpreter& interpreter, const Arguments& arguments)
{
    std::shared_ptr<Scope> scope = m_scope.lock();
    const ScopeGuard guard(interpreter, scope ? std::move(scope) : interpreter.root());
    if (!bind(interpreter, arguments))
        return {};
    return interpreter.text(interpreter.capture(m_definition.body));
}

namespace {

Value cycle(std::size_t index)
{
    return makeFunction("cycle", [index](Interpreter& interpreter, const Arguments& arguments) {
        const auto& values = arguments.positional;
        return values.empty() ? interpreter.fail("no items for cycling given")
                              : values[index % values.size()];
    });
}

Value changed(std::shared_ptr<std::optional<std::string>> last)
{
    return makeFunction(
        "changed", [last = std::move(last)](Interpreter& interpreter, const Arguments& arguments) {
            std::string now;
            for (const Value& value : arguments.positional)
                now += (value.text() != nullptr ? textRepr(*value.text()) : print(interpreter, value)) + ",";
            if (!interpreter.allow(now.size()))
                return Value();
            const bool differs = *last != now;
            *last = std::move(now);
            return Value(differs);
        });
}

} // namespace

Value Loop::attribute(Interpreter&, std::string_view name) const
{
    const auto index = static_cast<std::int64_t>(m_index), size = static_cast<std::int64_t>(m_items.size());
    const std::pair<std::string_view, std::int64_t> numbers[] = {
        {"index", index + 1},
        {"index0", index},
        {"revindex", size - index},
        {"revindex0", size - index - 1},
        {"length", size},
        {"depth", 1},
        {"depth0", 0},
    };
    for (const auto& [known, value] : numbers)
        if (known == name)
            return Value(value);
    if (name == "first" || name == "last")
        return Value(index == (name == "first" ? 0 : size - 1));
    if (name == "previtem")
        return index > 0 ? m_items[m_index - 1] : Value::undefined("there is no previous item");
    if (name == "nextitem")
        return index + 1 < size ? m_items[m_index + 1] : Value::undefined("there is no next item");
    if (name == "cycle")
        return cycle(m_index);
    return name == "changed" ? changed(m_last) : Value();
}

} // namespace vitrine::engine::jinja
