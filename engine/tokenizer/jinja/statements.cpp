// SPDX-License-Identifier: GPL-3.0-or-later
// How statements execute.
#include "engine/tokenizer/jinja/ast.h"
#include "engine/tokenizer/jinja/filters.h"
#include "engine/tokenizer/jinja/objects.h"

namespace vitrine::engine::jinja {

namespace {

void assignAttribute(Interpreter& interpreter, const Target& target, const Value& value)
{
    const Value holder = interpreter.lookUp(target.name);
    auto* space = dynamic_cast<Namespace*>(holder.object());
    if (space == nullptr) {
        interpreter.fail("cannot assign attribute on non-namespace object");
        return;
    }
    if (interpreter.spend(space->values.entries.size() / 8))
        space->values.set(Value::literal(target.attribute), value);
}

Value filtered(Interpreter& interpreter, const std::vector<std::unique_ptr<FilterCall>>& filters,
               std::string text)
{
    Value value = interpreter.text(std::move(text));
    for (const auto& filter : filters)
        if (!interpreter.failed())
            value = filter->apply(interpreter, value);
    return value;
}

} // namespace

void Target::assign(Interpreter& interpreter, const Value& value) const
{
    if (several.empty())
        return attribute.empty() ? interpreter.assign(name, value)
                                 : assignAttribute(interpreter, *this, value);
    if (value.isUndefined() ||
        (value.sequence() == nullptr && value.mapping() == nullptr && value.text() == nullptr)) {
        interpreter.fail("cannot unpack non-iterable " + std::string(typeName(value)) + " object");
        return;
    }
    const auto items = interpreter.iterate(value);
    if (!items)
        return;
    if (items->size() > several.size())
        interpreter.fail("too many values to unpack (expected " + std::to_string(several.size()) + ")");
    else if (items->size() < several.size())
        interpreter.fail("not enough values to unpack (expected " + std::to_string(several.size()) +
                         ", got " + std::to_string(items->size()) + ")");
    for (std::size_t i = 0; i < several.size() && !interpreter.failed(); ++i)
        several[i].assign(interpreter, (*items)[i]);
}

Flow Data::execute(Interpreter& interpreter) const
{
    interpreter.write(text);
    return Flow::Next;
}

Flow Output::execute(Interpreter& interpreter) const
{
    const Value value = interpreter.evaluate(*expression);
    if (!interpreter.failed())
        interpreter.write(print(interpreter, value));
    return Flow::Next;
}

Flow If::execute(Interpreter& interpreter) const
{
    for (const auto& [condition, block] : branches) {
        const bool holds = truthy(interpreter.evaluate(*condition));
        if (interpreter.failed())
            return Flow::Next;
        if (holds)
            return interpreter.execute(block);
    }
    return interpreter.execute(otherwise);
}

std::optional<std::vector<Value>> For::chosen(Interpreter& interpreter) const
{
    auto all = interpreter.iterate(interpreter.evaluate(*items));
    if (!all || !condition)
        return all;
    std::vector<Value> kept;
    for (Value& item : *all) {
        const ScopeGuard guard(interpreter);
        interpreter.assign(
            "loop", Value::undefined("'loop' is undefined. the filter section of a loop as well as the "
                                     "else block don't have access to the special 'loop' variable of "
                                     "the current loop."));
        target.assign(interpreter, item);
        if (truthy(interpreter.evaluate(*condition)))
            kept.push_back(std::move(item));
        if (interpreter.failed())
            return std::nullopt;
    }
    return kept;
}

Flow For::execute(Interpreter& interpreter) const
{
    const auto all = chosen(interpreter);
    if (!all)
        return Flow::Next;
    if (all->empty()) {
        const ScopeGuard guard(interpreter);
        return interpreter.execute(otherwise);
    }
    const auto loop = std::make_shared<Loop>(*all);
    for (std::size_t i = 0; i < all->size() && interpreter.spend(1); ++i) {
        const ScopeGuard guard(interpreter);
        loop->moveTo(i);
        interpreter.assign("loop", Value(std::static_pointer_cast<Object>(loop)));
        target.assign(interpreter, (*all)[i]);
        if (interpreter.failed() || interpreter.execute(body) == Flow::Break)
            break;
    }
    return Flow::Next;
}

Flow Set::execute(Interpreter& interpreter) const
{
    Value result;
    if (value) {
        result = interpreter.evaluate(*value);
    } else {
        const ScopeGuard guard(interpreter);
        result = filtered(interpreter, filters, interpreter.capture(body));
    }
    if (!interpreter.failed())
        target.assign(interpreter, result);
    return Flow::Next;
}

Flow MacroDefinition::execute(Interpreter& interpreter) const
{
    interpreter.assign(
        name, Value(std::static_pointer_cast<Object>(std::make_shared<Macro>(*this, interpreter.scope()))));
    return Flow::Next;
}

Flow CallBlock::execute(Interpreter& interpreter) const
{
    const Value function = interpreter.evaluate(*call->function);
    Arguments arguments = call->arguments.evaluate(interpreter);
    if (interpreter.failed())
        return Flow::Next;
    arguments.named.emplace_back("caller", Value(std::static_pointer_cast<Object>(
                                               std::make_shared<Macro>(*caller, interpreter.scope()))));
    Object* object = function.object();
    if (object == nullptr || !object->callable())
        interpreter.fail("'" + std::string(typeName(function)) + "' object is not callable");
    else
        interpreter.write(print(interpreter, object->call(interpreter, arguments)));
    return Flow::Next;
}

Flow FilterBlock::execute(Interpreter& interpreter) const
{
    const ScopeGuard guard(interpreter);
    const Value result = filtered(interpreter, filters, interpreter.capture(body));
    if (!interpreter.failed())
        interpreter.write(print(interpreter, result));
    return Flow::Next;
}

Flow With::execute(Interpreter& interpreter) const
{
    std::vector<Value> values;
    for (const auto& [target, expression] : variables)
        values.push_back(interpreter.evaluate(*expression));
    const ScopeGuard guard(interpreter);
    for (std::size_t i = 0; i < values.size() && !interpreter.failed(); ++i)
        variables[i].first.assign(interpreter, values[i]);
    return interpreter.failed() ? Flow::Next : interpreter.execute(body);
}

} // namespace vitrine::engine::jinja
